"""A page for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from operator import gt

from chainrule._languages import tr
from chainrule._text import width, wrapped

from .page import Command, Graph, Heading, Output, Paragraph, Part, Picture, Table, Written

__all__ = ["heading", "part"]

TERMINAL = 80
MOST_OF_A_WORD = 20  # of which a column is made as wide as the word is, if it can be
GAP = "  "


def heading(title: str, line: str = "=") -> str:
    """Return `title`, underlined.

    >>> print(heading("The graph", "─"))
    The graph
    ─────────
    """
    return f"{title}\n{line * width(title)}"


def part(shown: Part, alphabet: str = "unicode") -> str:
    """Return the lines of a part of a page, without a line's end at the end.

    `alphabet` is how derivations are written: "unicode", or "ascii".
    """
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
            return derivation.text(alphabet=alphabet)
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
    widths = _widths([[header[n], *(row[n] for row in rows)] for n in range(len(header))])
    rule = "─" * (sum(widths) + len(GAP) * (len(widths) - 1))
    return [*_row(header, widths), rule, *(line for row in rows for line in _row(row, widths))]


def _widths(columns: Sequence[Sequence[str]]) -> list[int]:
    """Columns that fit a terminal together: the widest give way first, and no word is broken."""
    widths = [max(map(width, column)) for column in columns]
    least = [max(map(_longest_word, column)) for column in columns]
    room = TERMINAL - len(GAP) * (len(widths) - 1)
    while sum(widths) > room and any(map(gt, widths, least)):
        n = max(range(len(widths)), key=lambda n: (widths[n] > least[n], widths[n]))
        widths[n] -= 1
    return widths


def _longest_word(cell: str) -> int:
    """How many columns a cell needs: Chinese can be broken anywhere, and needs but a few."""
    words = (8 if width(word) > len(word) else len(word) for word in cell.split())
    return min(max(words, default=0), MOST_OF_A_WORD)


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
