"""A page for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule._languages import tr
from chainrule._text import width, wrapped

from .page import Command, Graph, Heading, Output, Paragraph, Part, Picture, Table, Written

__all__ = ["heading", "part"]

TERMINAL = 80
# A column of a table is as wide as its longest cell, but leaves the others this much.
NARROWEST = 12
GAP = "  "


def heading(title: str, line: str = "═") -> str:
    """Return `title`, underlined.

    >>> print(heading("The graph", "─"))
    The graph
    ─────────
    """
    return f"{title}\n{line * width(title)}"


def part(shown: Part) -> str:
    """Return the lines of a part of a page, without a line's end at the end."""
    match shown:
        case Heading(text):
            return heading(text, "─")
        case Paragraph(text):
            return "\n".join(wrapped(text, TERMINAL))
        case Command(line):
            return f"    {line}"
        case Output(text):
            return text.rstrip("\n")
        case Picture(path, seen):
            return "\n".join(wrapped(tr("Picture {name}: {seen}", name=path.name, seen=seen), 80))
        case Written(derivation):
            return derivation.text()
        case Graph(_, seen):
            return "\n".join(wrapped(seen, TERMINAL))
        case Table(caption, header, rows):
            return "\n".join([*wrapped(caption, TERMINAL), "", *table(header, rows)])


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table, long cells on several lines.

    >>> print(*table(["name", "what it is"], [["a", "first"], ["b", "second"]]), sep="\\n")
    name  what it is
    ────────────────
    a     first
    b     second
    """
    widths = _widths([max(map(width, column)) for column in zip(header, *rows, strict=True)])
    rule = "─" * (sum(widths) + len(GAP) * (len(widths) - 1))
    return [*_row(header, widths), rule, *(line for row in rows for line in _row(row, widths))]


def _widths(longest: list[int]) -> list[int]:
    """Columns that fit a terminal together: the widest give way first."""
    widths = list(longest)
    room = TERMINAL - len(GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    columns = [wrapped(cell, wide) for cell, wide in zip(cells, widths, strict=True)]
    lines = []
    for number in range(max(map(len, columns))):
        texts = [column[number] if number < len(column) else "" for column in columns]
        padded = [
            text + " " * (wide - width(text)) for text, wide in zip(texts, widths, strict=True)
        ]
        lines.append(GAP.join(padded).rstrip())
    return lines
