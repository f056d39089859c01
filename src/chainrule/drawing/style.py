"""What all pictures share: colours, fonts, and how one is written to a file."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chainrule._files import replacing
from chainrule._optional import library
from chainrule._text import shortened

__all__ = ["COLOURS", "GREY", "PictureError", "check_format", "label", "save", "style"]

# Okabe and Ito's colours, which colour-blind readers tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
GREY = "#555555"
# Matplotlib's own font, and of each system's fonts with Chinese the first that is there.
FONTS = (
    *("DejaVu Sans", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei"),
    *("PingFang SC", "Hiragino Sans GB", "WenQuanYi Zen Hei", "Noto Sans CJK JP"),
    "Arial Unicode MS",
)


# Of what Matplotlib writes, the kinds that need no other program and that people open.
ENDINGS = (".png", ".svg", ".pdf", ".jpg", ".webp")


class PictureError(ValueError):
    """A picture that cannot be written, as one sentence."""


def check_format(path: Path) -> None:
    """Raise `PictureError` if pictures of the kind that `path` ends in cannot be written."""
    library("matplotlib", extra="plot")
    if path.suffix.lower() not in ENDINGS:
        raise PictureError(
            f"{path} does not say which kind of picture it is; end it in .png, .svg or .pdf"
        )


def save(draw: Callable[[], Any], path: Path) -> list[str]:
    """Write the figure that `draw` returns to `path`; return what is to be said of the picture.

    The file appears whole or not at all; its ending chooses the kind of picture.
    """
    with replacing(path) as new, warnings.catch_warnings(record=True) as raised, style():
        warnings.filterwarnings("always", message="Glyph .* missing from font")
        draw().savefig(new, dpi=150)
    if not any(re.match("Glyph .* missing", str(warning.message)) for warning in raised):
        return []
    return [
        "No font on this computer has all characters of the picture, which shows boxes instead; "
        "install one such as Noto Sans CJK."
    ]


@contextmanager
def style() -> Iterator[None]:
    """A context in which texts are drawn in fonts that are there, Chinese too where possible."""
    installed = set(library("matplotlib.font_manager", extra="plot").get_font_names())
    settings = {
        # Matplotlib warns of each font named that is not there.
        "font.family": [font for font in FONTS if font in installed] or ["sans-serif"],
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 11,
        "legend.framealpha": 1.0,
        "figure.constrained_layout.h_pad": 0.12,
        "figure.constrained_layout.w_pad": 0.12,
        "svg.fonttype": "none",
    }
    log = logging.getLogger("matplotlib.font_manager")
    level = log.level
    log.setLevel(logging.ERROR)  # it reports every font that lacks a weight nobody asked for
    try:
        with library("matplotlib", extra="plot").rc_context(settings):
            yield
    finally:
        log.setLevel(level)


def label(text: str, most: int = 24) -> str:
    """Return `text` as a label: short, on one line, and its dollar signs no mathematics.

    >>> label("price in $ of a house with a garden")
    'price in \\\\$ of a house w…'
    """
    return shortened(text, most).replace("$", r"\$")
