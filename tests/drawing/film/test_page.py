"""The film as a page: what it says and shows, in a real browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainrule._languages import speaking
from chainrule.drawing.film.page import page
from chainrule.drawing.film.scene import limits, sides, wrong
from chainrule.lessons.training import Training, record
from tests.browser import OpenPage


def at(page: Any) -> int:
    return int(page.text_content("#n-iteration"))


def numbers(path: str | None) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", path or "")]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("setting", [(1.7, 1), (1.7, 5), (5, 1)])
def test_it_is_small_and_asks_for_nothing(setting: tuple[float, float], lang: str) -> None:
    with speaking(lang):
        text = page(record(*setting))
    assert len(text.encode()) < 65_000
    assert not re.search(r"https?:|url\((?!#)|@import|\bsrc=|\bfetch\b|XMLHttp", text)
    assert f'<html lang="{"zh-Hans" if lang == "zh" else "en"}">' in text
    _check_nesting(text)


def test_the_longest_film_is_below_100_kB() -> None:
    training = record(1, 1, iterations=2000)  # of more, every second is shown
    text = page(training)
    assert len(text.encode()) < 100_000


def _check_nesting(text: str) -> None:
    alone = {"meta", "input", "path", "rect", "circle"}
    stack: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: Any) -> None:
            if tag not in alone:
                stack.append(tag)

        def handle_startendtag(self, tag: str, attributes: Any) -> None:
            pass

        def handle_endtag(self, tag: str) -> None:
            assert stack.pop() == tag

    Reader().feed(text)
    assert stack == []


def test_it_begins_at_iteration_0_and_waits(film: Callable[..., Any], training: Training) -> None:
    page = film()
    assert at(page) == 0
    assert page.text_content("#n-loss") == f"{training.loss[0]:.4f}"
    assert page.input_value("#seek") == "0"
    page.wait_for_timeout(200)
    assert at(page) == 0
    assert not page.evaluate("playing")


def test_without_javascript_it_shows_iteration_0(
    film: Callable[..., Any], training: Training
) -> None:
    page = film(java_script_enabled=False)
    assert at(page) == 0
    assert page.locator("noscript").is_visible()
    drawn = numbers(page.locator("#decision").get_attribute("d"))
    assert len(drawn) == 4
    assert page.locator("table").count() == 1


def test_each_iteration_is_told_as_it_was(film: Callable[..., Any], training: Training) -> None:
    page = film()
    script = """() => { const found = []; for (let n = 0; n <= end; n++) { show(n); found.push(
        ["iteration", "loss", "accuracy", "w0", "w1", "b"].map(
            name => document.getElementById("n-" + name).textContent)); } return found; }"""
    rows = page.evaluate(script)
    assert len(rows) == training.last + 1
    for n, row in enumerate(rows):
        weights = (f"{value:.2f}".replace("-", "−") for value in training.weights[n])
        expected = [str(n), f"{training.loss[n]:.4f}", f"{training.accuracy[n]:.1%}", *weights]
        assert row == expected


def test_the_line_and_the_sides_are_where_they_belong(
    film: Callable[..., Any], training: Training
) -> None:
    page = film()
    low, high = limits(training)
    frame = page.locator("rect.frame").evaluate(
        "r => [r.x, r.y, r.width, r.height].map(v => v.baseVal.value)"
    )
    for n in (0, 3, 100, training.last):
        page.evaluate(f"go({n})")
        found = sides(training.weights[n], low, high)
        for id, corners in (("decision", found.line), ("side", found.of_class_1)):
            drawn = np.reshape(numbers(page.locator(f"#{id}").get_attribute("d")), (-1, 2))
            unit = (drawn - frame[:2]) / frame[2:]
            expected = (np.array(corners) - low) / (high - low)
            expected[:, 1] = 1 - expected[:, 1]
            np.testing.assert_allclose(unit * frame[2], expected * frame[2], atol=0.06)
        # A ring for each point on the wrong side, and around it.
        rings = (page.locator("#wrong").get_attribute("d") or "").count("M")
        assert rings == wrong(training, n)


def test_points_are_drawn_where_they_are(film: Callable[..., Any], training: Training) -> None:
    page = film()
    left, top, wide, _ = page.locator("rect.frame").evaluate(
        "r => [r.x, r.y, r.width, r.height].map(v => v.baseVal.value)"
    )
    low, high = limits(training)
    for n in (0, 1):
        path = page.locator(f"main path.class{n}").first.get_attribute("d")
        places = [numbers(each) for each in re.findall(r"M(-?[\d.]+ -?[\d.]+)", path)]
        across, up = ((training.points[training.classes == n] - low) / (high - low)).T
        expected = np.column_stack([left + across * wide, top + (1 - up) * wide])
        np.testing.assert_allclose(places, expected, atol=0.06)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("width", "height"), [(320, 640), (360, 740), (800, 600), (1200, 800)])
def test_it_fits_every_screen(film: Callable[..., Any], width: int, height: int, lang: str) -> None:
    page = film(lang=lang, viewport={"width": width, "height": height})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # What is told is beside or above what moves, and not far from what moves it.
    plane, play = (page.locator(name).bounding_box() for name in (".plane > svg", "#play"))
    assert plane["width"] > 0.4 * width
    assert play["y"] - (plane["y"] + plane["height"]) < 140
    for name in ("#play", "#rewind", "#back", "#forward", "#speed"):
        box = page.locator(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert min(box["width"], box["height"]) >= 44  # a finger's width


def test_in_chinese(film: Callable[..., Any]) -> None:
    page = film(lang="zh")
    page.get_by_role("button", name="播放").click()
    page.wait_for_function("() => now > 3")
    page.get_by_role("button", name="暂停").click()
    page.wait_for_function("() => document.getElementById('told').textContent.startsWith('第 ')")
    text = page.evaluate("document.body.innerText")
    assert set(re.findall("[A-Za-z]{3,}", text)) <= {
        *("mean_value", "mean", "value", "bias", "seed", "Shift", "Home", "End"),
    }


def test_a_film_of_one_picture(film: Callable[..., Any]) -> None:
    page = film(record(5, 1))
    assert at(page) == 0
    page.click("#play")
    page.wait_for_function("() => !playing")
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    assert at(page) == 0
    page.wait_for_function("() => document.getElementById('told').textContent")
    assert "accuracy 100.0%, 0 of 200" in page.text_content("#told")


def test_a_long_training_is_thinned_and_keeps_its_end(film: Callable[..., Any]) -> None:
    long = record(1, 1, iterations=4100)
    page = film(long)
    page.keyboard.press("ArrowRight")
    assert at(page) == 3
    page.keyboard.press("End")
    assert at(page) == long.last == 4099
    assert page.text_content("#n-loss") == f"{long.loss[-1]:.4f}"


def test_steps_without_measure_are_shown(film: Callable[..., Any]) -> None:
    wild = record(lr=1e38)
    page = film(wild)
    assert "beyond the range of float32" in page.evaluate("document.body.innerText")
    page.keyboard.press("End")
    assert at(page) == 5
    assert page.text_content("#n-w0") == f"{wild.weights[5, 0]:.2e}".replace("-", "−")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    far = record(lr=1e300)
    assert far.overflowed
    page = film(far)
    assert at(page) == 0


def test_a_line_outside_of_the_picture(film: Callable[..., Any], training: Training) -> None:
    away = training.weights.copy()
    away[1] = 0.0, 0.0, -1.0
    away[2] = 1.0, 1.0, 1e30
    page = film(replace(training, weights=away))
    for corners in (0, 4):
        page.keyboard.press("ArrowRight")
        assert page.get_attribute("#decision", "d") == ""
        assert len(numbers(page.get_attribute("#side", "d"))) == 2 * corners


def test_its_pictures_are_seen_where_colours_are_forced(film: Callable[..., Any]) -> None:
    image = pytest.importorskip("PIL.Image")
    page = film(forced_colors="active", color_scheme="dark")
    page.keyboard.press("End")
    around = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert around == "rgb(0, 0, 0)"
    for name in (".plane > svg", ".curves > svg", ".legend svg"):
        shot = page.locator(name).first.screenshot()
        pixels = np.asarray(image.open(io.BytesIO(shot)).convert("L"))
        assert np.median(pixels) > 200  # paper under all that is drawn in black


def test_settings_are_told_with_all_their_digits() -> None:
    seeds = record(5, 1, seed=1234567), record(5, 1, seed=2**64 - 1)
    assert "seed 1234567 ·" in page(seeds[0])
    assert "seed 18446744073709551615 ·" in page(seeds[1])


def test_a_notebook_shows_the_film(training: Training, open_page: OpenPage, tmp_path: Path) -> None:
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><title>n</title>{training._repr_html_()}", encoding="utf-8")
    frame = open_page(path).frame_locator("iframe")
    frame.get_by_role("button", name="one iteration forward").click()
    assert frame.locator("#n-iteration").text_content() == "1"
