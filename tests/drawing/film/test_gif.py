"""The film as a GIF, read back by Pillow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainrule.drawing.film import save_film
from chainrule.drawing.film.scene import moments
from chainrule.drawing.style import COLOURS
from chainrule.lessons.training import Training, record

image = pytest.importorskip("PIL.Image")
pytest.importorskip("matplotlib")


@contextmanager
def film(training: Training, path: Path, lang: str = "en") -> Iterator[Any]:
    assert save_film(training, path, lang) == []
    with image.open(path) as opened:
        yield opened


def picture(opened: Any, n: int) -> np.ndarray[Any, Any]:
    opened.seek(n)
    return np.asarray(opened.convert("RGB")).astype(int)


def near(pixels: np.ndarray[Any, Any], colour: str) -> np.ndarray[Any, Any]:
    wanted = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    return np.abs(pixels - wanted).max(axis=-1) < 25


@pytest.fixture(scope="module")
def training() -> Training:
    return record(1.7, 1, seed=10)


@pytest.fixture(scope="module")
def in_english(training: Training, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.gif"
    assert save_film(training, path, "en") == []
    return path


def test_a_hundred_pictures_below_two_megabytes(training: Training, in_english: Path) -> None:
    with image.open(in_english) as opened:
        assert opened.n_frames == len(moments(training, 100)) > 80
        assert opened.size == (840, 460)
        assert opened.info["loop"] == 0
    assert in_english.stat().st_size < 2e6


def test_it_begins_at_iteration_0_and_the_line_moves(in_english: Path, tmp_path: Path) -> None:
    with image.open(in_english) as opened:
        first, last = picture(opened, 0), picture(opened, opened.n_frames - 1)
        durations = []
        for n in range(opened.n_frames):
            opened.seek(n)
            durations.append(opened.info["duration"])
    assert durations[0] > durations[1] == durations[-2] < durations[-1]
    # Alone, iteration 0 looks as it does in the film.
    alone = record(1.7, 1, seed=10, iterations=1)
    with film(alone, tmp_path / "alone.gif") as opened:
        assert opened.n_frames == 1
        line_alone = near(picture(opened, 0)[:, :400], COLOURS[2])
    lines = [near(each[:, :400], COLOURS[2]) for each in (first, last)]
    assert (lines[0] ^ line_alone).mean() < 0.001
    # At the end its left end is high up: it falls from there, as -w0/w1 is below -0.9.
    ends = [np.nonzero(line)[0][np.nonzero(line)[1].argmin()] for line in lines]
    assert ends[1] < ends[0] - 50
    # What stays is the same in all of them, and white is white.
    assert (first[-20:] == last[-20:]).all()
    assert (first[0] == 255).all()


def test_the_points_are_all_there(in_english: Path) -> None:
    with image.open(in_english) as opened:
        pixels = picture(opened, 3)[80:, :400]
    for colour in COLOURS[:2]:
        assert 400 < near(pixels, colour).sum() < 4000  # a hundred points of some thirty pixels


def test_a_film_of_one_picture(tmp_path: Path) -> None:
    with film(record(5, 1), tmp_path / "film.gif") as opened:
        assert opened.n_frames == 1


def test_steps_without_measure(tmp_path: Path) -> None:
    with film(record(lr=1e38), tmp_path / "film.gif") as opened:
        assert opened.n_frames == 6


def test_in_chinese_other_words_stand_there(tmp_path: Path) -> None:
    short = record(1.7, 1, iterations=2)
    with (
        film(short, tmp_path / "en.gif") as english,
        film(short, tmp_path / "zh.gif", "zh") as ours,
    ):
        differs = (picture(english, 0) != picture(ours, 0)).any(axis=-1)
    assert differs[:80].any()  # the numbers' names
    assert not differs[100:400, 40:380].any()  # the plane
