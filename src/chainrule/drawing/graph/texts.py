"""Texts in a picture: made safe, how wide they are, and shortened to what fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from unicodedata import category, east_asian_width

from chainrule._text import shortened, width
from chainrule.drawing.fonts import FONTS as CHINESE_FONTS

__all__ = [
    "CHINESE_FIRST",
    "FONTS",
    "broken",
    "clean",
    "condensed",
    "is_chinese",
    "safe",
    "shortened",
    "wide",
]

# DejaVu Sans first: of the usual ones it is the widest, and widths are counted for it.
LATIN = "'DejaVu Sans', Verdana, 'Segoe UI', Roboto, Helvetica, Arial"
CHINESE = ", ".join(f"'{name}'" for name in CHINESE_FONTS)
FONTS = f"{LATIN}, {CHINESE}, sans-serif"
# For a program that looks for what the first font lacks in any other, as browsers do not.
CHINESE_FIRST = f"{CHINESE}, {LATIN}, sans-serif"

# The width of letters of DejaVu Sans, in parts of the size of the text, rounded up.
WIDTHS = {
    **dict.fromkeys("ijl'|I.,:; ·", 0.34),
    **dict.fromkeys('frt()[]/\\-!"{}₀₁₂₃₄₅₆₇₈₉ᵢⱼ⁰¹²³⁴⁵⁶⁷⁸⁹', 0.43),
    **dict.fromkeys("▸◂▾▴", 0.51),
    **dict.fromkeys("+=<>−×÷~^#ABCDEGHKNOPQRUVXYZw", 0.84),
    **dict.fromkeys("mMW@%…&→←", 1.02),
}
BOLD = 1.15


def clean(text: str) -> str:
    """Return `text` without what XML forbids and what turns the order of writing around.

    Unpaired surrogates and control characters become "�"; marks that have no shape of their own,
    those that make a name read backwards among them, are left out.

    >>> clean("a\\x00b\\u202ec")
    'a�bc'
    """
    if text.isprintable():
        return text
    return "".join(_seen(character) for character in text)


def is_chinese(character: str) -> bool:
    """Whether `character` is one of those that Chinese, and who else uses them, writes with.

    >>> [is_chinese(character) for character in "数a，−"]
    [True, False, True, False]
    """
    return character > "\u2e7f" and east_asian_width(character) in "WF"


def safe(text: str) -> str:
    """Return `text` as it may stand in XML, as content and between quotes.

    >>> safe('<script>"&')
    '&lt;script&gt;&quot;&amp;'
    """
    return escape(clean(text))


def broken(pieces: Sequence[str], most: int, lines: int) -> list[str]:
    """Return pieces of text on at most so many `lines` of `most` columns, broken between them.

    >>> broken(["l = a", "− b", "− c"], 9, 2)
    ['l = a − b', '− c']
    """
    found = [""]
    for piece in pieces:
        joined = f"{found[-1]} {piece}".strip()
        if found[-1] and width(joined) > most and len(found) < lines:
            found.append(piece)
        else:
            found[-1] = joined
    return [shortened(line, most) for line in found]


def condensed(text: str, most: int) -> str:
    """Return `text` on at most so many columns: an array by its shape and its ends, if need be.

    >>> text = "[0.0191, 0.5, …, 0.0198] (5×4)"
    >>> condensed(text, 40), condensed(text, 26), condensed(text, 20)
    ('[0.0191, 0.5, …, 0.0198] (5×4)', '[0.0191, 0.5, …, 0.0198]', '[0.0191, …, 0.0198]')
    """
    if width(text) > most and (array := re.fullmatch(r"(\[.*\])(?: \([\d×]+\))?", text)):
        text = array[1]
        items = text[1:-1].split(", ")
        if width(text) > most and len(items) > 2 and "[" not in text[1:]:
            text = f"[{items[0]}, …, {items[-1]}]"
    return shortened(text, most)


@lru_cache(maxsize=4096)
def wide(text: str, size: float = 14, bold: bool = False) -> float:
    """Return how many pixels `text` takes at most, in letters of `size` pixels.

    An estimate: which of `FONTS` is there is not known before the picture is shown.

    >>> wide("y = a·b") < wide("y = a·b", bold=True) < wide("y = a·b", size=18)
    True
    """
    return size * (BOLD if bold else 1) * sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(character: str) -> float:
    if character in WIDTHS:
        return WIDTHS[character]
    if category(character) in {"Mn", "Me", "Cf"}:
        return 0.0
    if east_asian_width(character) in "WF":
        return 1.02
    return 0.65 if character.isascii() else 0.8


def _seen(character: str) -> str:
    kind = category(character)
    if kind in {"Cc", "Cs", "Cn"}:
        return " " if character in "\t\n\r" else "�"
    return "" if kind == "Cf" else character
