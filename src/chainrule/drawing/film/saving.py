"""Writing a film or a grid to a file, whose ending says what is written."""

from __future__ import annotations

from pathlib import Path

from chainrule._files import check_writable, replacing
from chainrule._languages import speaking, tr
from chainrule._optional import library
from chainrule.drawing.style import PictureError
from chainrule.lessons.training import Training

__all__ = ["check_film", "save_film"]

FILMS = (".html", ".htm", ".gif")


def check_film(path: Path | str) -> None:
    """Raise what `save_film` would raise for this path: to be told before the training.

    >>> check_film("film.mp4")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chainrule.drawing.style.PictureError: film.mp4 is no film that can be written here; end it ...
    """
    path = Path(path)
    if path.suffix.lower() not in FILMS:
        raise PictureError(
            tr("{path} is no film that can be written here; end it in .html or .gif", path=path)
        )
    if path.suffix.lower() == ".gif":
        library("matplotlib", extra="plot")
        library("PIL", extra="plot")
    check_writable(path)


def save_film(training: Training, path: Path | str, lang: str | None = None) -> list[str]:
    """Write the film of `training` to `path`, an HTML page or a GIF by its ending.

    The page is one file below 100 kB that asks for nothing from any network; it begins at
    iteration 0, paused. The GIF needs the extra `plot`. Both show each iteration, or evenly
    spaced ones where there are too many. Returns notes to be told: that the labels are English
    since no font has Chinese. The file appears whole or not at all.

    `lang` is "en" or "zh", by default the language that is spoken. Raises `PictureError` for
    another ending, `OSError` where no file can be written.
    """
    path = Path(path)
    check_film(path)
    with speaking(lang), replacing(path) as new:
        if path.suffix.lower() == ".gif":
            from .gif import write_gif

            return write_gif(training, new)
        from .page import page

        new.write_text(page(training), encoding="utf-8", newline="\n")
        return []
