"""How wide texts are, and shortening them: a Chinese character takes two columns."""

from __future__ import annotations

from unicodedata import east_asian_width

__all__ = ["shortened", "width"]


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
    text = text[:most]  # every character takes a column at least
    while width(text) > most - 1:
        text = text[:-1]
    return text + "…"
