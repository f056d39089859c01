"""What all pictures share: colours, fonts, and the language of their labels.

Whatever draws with Matplotlib draws inside of `style`:

    with style(lang) as notes:
        axes.set_xlabel(tr("iteration"))

There `tr` speaks the language that the picture can be drawn in: the one asked for, or English
where no font on the computer has its characters. `notes` then holds the sentence that says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chainrule._languages import language, speaking, tr
from chainrule._optional import library
from chainrule._text import shortened
from chainrule.drawing.fonts import chinese_fonts

__all__ = ["COLOURS", "GREY", "PictureError", "check_format", "label", "style"]

# Okabe and Ito's colours, which colour-blind readers tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
GREY = "#555555"
# Of what Matplotlib writes, the kinds that need no other program and that people open.
ENDINGS = (".png", ".svg", ".pdf", ".jpg", ".webp")


class PictureError(ValueError):
    """A picture that cannot be written, as one sentence."""


def check_format(path: Path) -> None:
    """Raise `PictureError` if pictures of the kind that `path` ends in cannot be written."""
    library("matplotlib", extra="plot")
    if path.suffix.lower() not in ENDINGS:
        raise PictureError(
            tr(
                "{path} does not say which kind of picture it is; end it in .png, .svg or .pdf",
                path=path,
            )
        )


@contextmanager
def style(lang: str | None = None) -> Iterator[list[str]]:
    """A context for drawing with labels in `lang`, by default the language that is spoken.

    Texts are drawn in fonts that are there, Chinese too where possible. Where it is not, the
    language spoken inside is English, and the list that the context gives says so.
    """
    notes = []
    with speaking(lang):
        fonts = chinese_fonts()
        if language() == "zh" and not fonts:
            notes.append(
                tr(
                    "No font on this computer has Chinese characters; the labels are in English. "
                    "Install one such as Noto Sans CJK."
                )
            )
            lang = "en"
    with speaking(lang), _settings(["DejaVu Sans", *fonts]):
        yield notes


@contextmanager
def _settings(fonts: list[str]) -> Iterator[None]:
    settings = {
        "font.family": fonts,
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
