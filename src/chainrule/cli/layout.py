"""Aligned tables for a terminal of 80 columns."""

from __future__ import annotations

import math
from collections.abc import Sequence

from chainrule._languages import tr_n
from chainrule._text import width, wrapped

__all__ = ["counted", "digits", "lined_up", "paragraph"]

TERMINAL = 80


def paragraph(text: str) -> list[str]:
    """Return `text` as lines that fit a terminal, those after the first indented.

    >>> paragraph("word " * 20)[1]
    '  word word word word'
    """
    return wrapped(text, TERMINAL, indent="  ")


def lined_up(header: Sequence[str], rows: Sequence[Sequence[str]], align: str) -> list[str]:
    """Return the lines of a table; `align` has `<` (left) or `>` (right) for each column.

    >>> print(*lined_up(["name", "n"], [["a", "1"], ["b", "23"]], "<>"), sep="\\n")
    name   n
    ────────
    a      1
    b     23
    """
    widths = [max(map(width, column)) for column in zip(header, *rows, strict=True)]
    lines = [
        "  ".join(
            _padded(cell, wide, side) for cell, wide, side in zip(row, widths, align, strict=True)
        )
        for row in (header, *rows)
    ]
    rule = "─" * max(width(line.rstrip()) for line in lines)
    return [lines[0].rstrip(), rule, *(line.rstrip() for line in lines[1:])]


def counted(rows: int) -> str:
    """Return how many rows there are, in words.

    >>> counted(1), counted(2)
    ('1 row', '2 rows')
    """
    return tr_n("{count} row", "{count} rows", rows)


def digits(number: float, significant: int = 4) -> str:
    """Return `number` with its sign and so many significant digits, as people write it.

    >>> digits(0.01234567), digits(-123456.7), digits(2.5e-9), digits(float("nan"))
    ('+0.01235', '-123457', '+2.500e-09', '?')
    """
    if not math.isfinite(number):
        return "?" if math.isnan(number) else f"{number:+}"
    if number == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(number)))
    if not -4 <= magnitude < 7:
        return f"{number:+.{significant - 1}e}"
    return f"{number:+.{max(0, significant - 1 - magnitude)}f}"


def _padded(cell: str, wide: int, side: str) -> str:
    gap = " " * (wide - width(cell))
    return cell + gap if side == "<" else gap + cell
