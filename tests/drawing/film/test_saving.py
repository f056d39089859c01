"""Writing films: by their ending, whole or not at all, and told before the training if not."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from chainrule._languages import UnknownLanguageError, speaking
from chainrule._optional import MissingLibraryError
from chainrule.drawing.film import check_film, save_film
from chainrule.drawing.style import PictureError
from chainrule.lessons.training import Training, record


@pytest.fixture(scope="module")
def training() -> Training:
    return record(1.7, 1, iterations=5)


@pytest.mark.parametrize("name", ["film.html", "film.HTM", "film.gif", "动画 1.html"])
def test_the_ending_says_which(training: Training, tmp_path: Path, name: str) -> None:
    pytest.importorskip("PIL")
    pytest.importorskip("matplotlib")
    path = tmp_path / name
    assert save_film(training, str(path)) == []
    begins = path.read_bytes()[:15]
    assert begins.startswith(b"GIF89a" if name.endswith("gif") else b"<!doctype html>")
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["film.mp4", "film", "film.html.txt", ".html"])
def test_other_endings_are_refused(training: Training, tmp_path: Path, name: str) -> None:
    with pytest.raises(PictureError, match=r"is no film that can be written here; end it in \.ht"):
        save_film(training, tmp_path / name)
    with speaking("zh"), pytest.raises(PictureError, match=r"请以 \.html 或 \.gif 结尾"):
        check_film(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written(training: Training, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_film(tmp_path / "no" / "film.html")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(IsADirectoryError):
        save_film(training, tmp_path / "folder.html")


def test_a_film_that_fails_leaves_the_old_one(
    training: Training, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.html"
    path.write_text("the old one")

    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("chainrule.drawing.film.page.page", full)
    with pytest.raises(OSError, match="No space"):
        save_film(training, path)
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_the_page_needs_no_library_and_the_gif_says_which(
    training: Training, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("matplotlib", "PIL"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    assert save_film(training, tmp_path / "film.html") == []
    with pytest.raises(MissingLibraryError, match=r"chainrule\[plot\]"):
        check_film(tmp_path / "film.gif")


def test_a_language_that_is_not_there(training: Training, tmp_path: Path) -> None:
    with pytest.raises(UnknownLanguageError):
        save_film(training, tmp_path / "film.html", lang="fr")
    assert list(tmp_path.iterdir()) == []


def test_the_same_training_gives_the_same_file(training: Training, tmp_path: Path) -> None:
    for name in ("one.html", "two.html"):
        save_film(record(1.7, 1, iterations=5), tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
