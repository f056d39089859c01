"""A picture that Matplotlib draws: shown by notebooks, written to files."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chainrule._files import check_writable, replacing
from chainrule._languages import tr
from chainrule._optional import library
from chainrule.drawing.style import check_format, style

__all__ = ["Picture"]

DPI = 150
SHOWN = 2  # a notebook shows half of the pixels a side, for screens that have two to a point


@dataclass(frozen=True)
class Picture:
    """A Matplotlib figure, and what is to be said of it.

    `figure` can be changed further, as any that Matplotlib made; pyplot does not know it, so
    nothing has to be closed. `notes` are sentences, most often none. Notebooks show the picture.
    """

    figure: Any
    notes: tuple[str, ...] = ()

    @property
    def axes(self) -> list[Any]:
        """The panels of the figure."""
        return list(self.figure.axes)

    def savefig(self, path: str | Path, **options: Any) -> list[str]:
        """Write the picture to `path`, whose ending chooses the kind; return the notes on it.

        The file appears whole or not at all. `options` are those of Matplotlib's `savefig`.
        Raises PictureError for an ending that no picture has, and OSError for a place where
        nothing can be written.
        """
        path = Path(path)
        check_format(path)
        check_writable(path)
        with replacing(path) as new, _told() as notes:
            self.figure.savefig(new, **{"dpi": DPI, **options})
        return [*self.notes, *notes]

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        target = io.BytesIO()
        with _told():
            self.figure.savefig(target, format="png", dpi=DPI)
        width, height = (round(side * DPI / SHOWN) for side in self.figure.get_size_inches())
        return _with_palette(target), {"width": width, "height": height}


def _with_palette(png: io.BytesIO) -> bytes:
    """The picture in 256 colours, a third of the bytes: notebooks are kept with what they show."""
    images = library("PIL.Image", extra="plot")
    smaller = io.BytesIO()
    with images.open(png) as image:
        reduced = image.convert("RGB").quantize(256, dither=images.Dither.NONE)
        reduced.save(smaller, "PNG", optimize=True)
    return smaller.getvalue()


@contextmanager
def _told() -> Iterator[list[str]]:
    """A context for rendering; the list that it gives gets what went wrong with its texts."""
    notes: list[str] = []
    with warnings.catch_warnings(record=True) as raised, style():
        warnings.filterwarnings("always", message="Glyph .* missing from font")
        yield notes
    if any(re.match("Glyph .* missing", str(warning.message)) for warning in raised):
        notes.append(
            tr(
                "No font on this computer has all characters of the picture, which shows boxes "
                "instead; install one such as Noto Sans CJK."
            )
        )
