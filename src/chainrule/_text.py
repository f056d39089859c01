"""How wide texts are, shortening and wrapping them: a Chinese character takes two columns."""

from __future__ import annotations

import re
from functools import cache
from unicodedata import east_asian_width

__all__ = ["shortened", "width", "wrapped"]

# Chinese breaks between any two characters, but no line begins with what closes or ends with what
# opens: such marks stay with the character before or after them.
WIDE = "\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6"
WIDE += "\U0001f300-\U0001f64f\U00020000-\U0003fffd"
OPENING, CLOSING = "（《“‘「『【〈([", "，。；：、）》”’」』】〉！？…—,.;:!?)]%"


def width(text: str) -> int:
    """Return how many columns `text` takes.

    >>> width("数a")
    3
    """
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def shortened(text: str, most: int) -> str:
    """Return `text` on one line, in at most so many columns, its end left out if need be.

    >>> shortened("mean_fractal_dimension", 12)
    'mean_fracta…'
    """
    text = " ".join(text.split())
    if width(text) <= most:
        return text
    return _beginning(text, most - 1) + "…"


def wrapped(text: str, most: int, indent: str = "") -> list[str]:
    """Return `text` in lines of at most so many columns, those after the first indented.

    >>> wrapped("the slope of a curve", 12, indent="  ")
    ['the slope of', '  a curve']
    >>> wrapped("导数是曲线的斜率。", 10)
    ['导数是曲线', '的斜率。']
    """
    lines, line = [], ""
    for match in _piece().finditer(" ".join(text.split())):
        piece = match[0]
        if line.strip() and width(line) + width(piece) > most:
            lines.append(line)
            line = indent
        piece = piece if line.strip() else piece.lstrip()
        while width(line) + width(piece) > most:  # a word too long for any line
            taken = _beginning(piece, max(1, most - width(line))) or piece[:1]
            lines.append(line + taken)
            line, piece = indent, piece[len(taken) :]
        line += piece
    return [*lines, line] if line.strip() else lines


def _beginning(text: str, most: int) -> str:
    text = text[: max(0, most)]  # every character takes a column at least
    while width(text) > most:
        text = text[:-1]
    return text


@cache
def _piece() -> re.Pattern[str]:
    """What a line may be broken before: 3 ms to compile, which only wrapping should pay."""
    opening, closing = re.escape(OPENING), re.escape(CLOSING)
    # The point of .svg or .5 closes nothing.
    closed = rf"(?:(?!\.\w)[{closing}])*"
    return re.compile(rf" *(?:[{opening}]*(?:[{WIDE}]|[^\s“‘{WIDE}]+){closed}|\S)")
