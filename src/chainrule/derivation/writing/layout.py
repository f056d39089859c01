"""Lines of equations, aligned at their signs, with captions, within a width: in any alphabet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import NamedTuple

from chainrule._text import width as columns
from chainrule._text import wrapped

from ..expressions import Expr, Name, Slope, rowed
from .alphabet import Alphabet
from .breaking import broken
from .latex import LATEX
from .linear import Linear
from .mathml import MATHML, cell
from .walk import INDICES, higher, write

__all__ = ["Equation", "Page", "as_html", "as_latex", "as_mathml", "as_text"]

WIDTH = 80  # of a terminal
WIDE = 90  # of mathematics set in type: characters, of which a fraction has two lines
GAP = 3  # columns between a line and its caption


class Equation(NamedTuple):
    """A line: two sides, the sign between them, and why it holds.

    Without a left side it goes on from the line before. `times` is 2 if the left side, the slope
    of y′, is to be told as the second derivative of y, too.
    """

    left: Expr | None
    sign: str
    right: Expr
    caption: str = ""
    times: int = 1


@dataclass(frozen=True)
class Page:
    """Groups of equations, each aligned for itself, and sentences under them."""

    groups: Sequence[Sequence[Equation]]
    notes: Sequence[str] = ()
    title: str = ""
    indices: str = field(init=False)

    def __post_init__(self) -> None:
        # A variable that the user calls i is not to be taken for an index.
        taken = {name for group in self.groups for line in group for name in _names(line)}
        free = "".join(letter for letter in INDICES if letter not in taken)
        object.__setattr__(self, "indices", free or INDICES)


class _Row(NamedTuple):
    """A line in an alphabet: its right side in as many lines as its width needs."""

    left: str
    sign: str
    right: list[tuple[int, str]]  # each line with how far in it stands
    caption: str


def as_text(page: Page, s: Linear, width: int | None = None) -> str:
    """Return `page` in an alphabet for a terminal of `width` columns, 80 if None."""
    width = WIDTH if width is None else width
    blocks = [s.prose(page.title)] if page.title else []
    blocks += ["\n".join(_aligned(group, page, s, width)) for group in page.groups if group]
    blocks += ["\n".join(wrapped(s.prose(note), width)) for note in page.notes]
    return "\n\n".join(blocks)


def _aligned(group: Sequence[Equation], page: Page, s: Linear, width: int) -> Iterator[str]:
    indent = max(columns(_left(line, page, s)) for line in group)
    shown: list[tuple[str, str]] = []  # line and caption
    for row in _rows(group, page, s, width - indent - columns(s.sign("="))):
        start = " " * (indent - columns(row.left)) + row.left + s.sign(row.sign)
        lines = [start + row.right[0][1]]
        lines += [" " * (columns(start) + further) + more for further, more in row.right[1:]]
        captions = [""] * len(lines)
        if caption := s.prose(row.caption):
            # Beside the first line if it fits there, else beside the last, or under it.
            room = width - GAP - columns(caption)
            at = next((k for k in (0, -1) if columns(lines[k]) <= room), None)
            if at is None:
                lines.append("")
                captions.append(caption)
            else:
                captions[at] = caption
        shown += zip(lines, captions, strict=True)
    beside = max((columns(line) for line, caption in shown if caption), default=0)
    for line, caption in shown:
        # A caption stands in the common column unless it would pass the edge there.
        column = max(columns(line), min(beside, width - GAP - columns(caption)))
        yield (line + " " * (column - columns(line) + GAP) + caption).rstrip()


def as_latex(page: Page) -> str:
    """Return `page` as LaTeX, an environment align* without packages but amsmath."""
    s, rows = LATEX, []
    if page.title:
        rows.append(f"& {s.prose(page.title)}")
    for group in page.groups:
        for row in _rows(group, page, s, WIDE):
            caption = f" && {s.prose(row.caption)}" if row.caption else ""
            (_, first), *rest = row.right
            rows.append(f"{row.left} &{s.sign(row.sign).strip()} {first}".lstrip() + caption)
            rows += ["& " + r"\quad " * further + more for further, more in rest]
        if group:
            rows[-1] += r" \\[1ex]"
    rows += [f"& {s.prose(note)}" for note in page.notes]
    lines = [row if row.endswith(r"\\[1ex]") else row + r" \\" for row in rows]
    lines[-1] = lines[-1].removesuffix(r" \\").removesuffix(r" \\[1ex]")
    return "\n".join([r"\begin{align*}", *lines, r"\end{align*}"])


def as_mathml(page: Page) -> str:
    """Return `page` as MathML, one `<math>` that is a table."""
    s = MATHML
    rows = [_across(s.prose(page.title))] if page.title else []
    for g, group in enumerate(page.groups):
        for k, row in enumerate(_rows(group, page, s, WIDE)):
            above = f"padding-top:{1.2 if g and k == 0 else 0.4}em;"
            (_, first), *rest = row.right
            caption = s.prose(row.caption) if row.caption else ""
            rows.append(_table_row(row.left, s.sign(row.sign), first, caption, above))
            for further, more in rest:
                indented = f'<mspace width="{further}em"/>{more}'
                rows.append(_table_row("", "", indented, "", ""))
    rows += [_across(s.prose(note)) for note in page.notes]
    return (
        '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block" '
        'style="text-align:left;width:max-content">'
        '<mtable displaystyle="true" columnalign="right center left left">'
        f"{''.join(rows)}</mtable></math>"
    )


def as_html(page: Page) -> str:
    """Return `page` as HTML: MathML that scrolls where it is wide, notes that wrap."""
    title = f"<p><strong>{escape(page.title)}</strong></p>" if page.title else ""
    notes = "".join(f"<p>{escape(note)}</p>" for note in page.notes)
    math = as_mathml(replace(page, title="", notes=()))
    return f'{title}<div style="overflow-x:auto" tabindex="0">{math}</div>{notes}'


def _across(text: str) -> str:
    return f'<mtr><mtd columnspan="4" style="padding-top:1.2em">{text}</mtd></mtr>'


def _table_row(left: str, sign: str, right: str, caption: str, above: str) -> str:
    cells = (
        cell(left, "right", above),
        cell(sign, "center", above),
        cell(right, "left", above),
        cell(caption, "left", above + "padding-left:2em;opacity:.75;"),
    )
    return f"<mtr>{''.join(cells)}</mtr>"


def _rows(group: Sequence[Equation], page: Page, s: Alphabet, room: int) -> Iterator[_Row]:
    in_row = False
    for line in group:
        if line.left is not None:
            in_row = rowed(line.left)
        written = write(line.right, s, in_row=in_row, indices=page.indices)
        lines = broken(written.pieces, s.measure, room)
        right = s.balanced([text for _, text in lines])
        indented = [(further, text) for (further, _), text in zip(lines, right, strict=True)]
        yield _Row(_left(line, page, s), line.sign, indented, line.caption)


def _left(line: Equation, page: Page, s: Alphabet) -> str:
    if line.left is None:
        return ""
    left = write(line.left, s, indices=page.indices).text
    if line.times == 1 or not isinstance(line.left.head, Slope):
        return left
    return higher(line.left.head, line.times, s) + s.sign("=") + left


def _names(line: Equation) -> Iterator[str]:
    for leaf in (*line.right.leaves(), *(line.left.leaves() if line.left is not None else ())):
        head = leaf.head
        for name in head[:2] if isinstance(head, Slope) else [head]:
            assert isinstance(name, Name)
            yield name.text
