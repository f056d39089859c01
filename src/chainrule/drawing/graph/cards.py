"""What stands on the card of a node, and how large that makes the card."""

from __future__ import annotations

from dataclasses import dataclass

from chainrule._languages import tr
from chainrule._text import width

from .grouping import Folded
from .model import Node
from .numerals import sum_text
from .texts import broken, clean, shortened, wide

__all__ = ["FRAME", "NOTE_SIZE", "ROW", "SIZE", "Card", "Line", "card", "summed", "told"]

SIZE, NOTE_SIZE, ROW = 14, 12, 19  # pixels: letters, small letters, from line to line
PAD = 12
FRAME = 4  # between the two frames of an output, and the cards of a stack
MOST, MOST_VALUE = 36, 46  # columns of a line, as `shortened` counts them
LABEL_LINES = 3


@dataclass(frozen=True)
class Line:
    """A line on a card; `part` says of what: "label", "value", "gradient" or "note"."""

    part: str
    text: str


@dataclass(frozen=True)
class Card:
    """A card: its node, what stands on it, its size in pixels, and all of it untruncated."""

    node: Node
    lines: tuple[Line, ...]
    width: float
    height: float
    whole: str


def card(node: Node, ends: int = 1) -> Card:
    """Return the card of `node`; `ends` edges at most come in or go out on one side."""
    lines = [Line("label", line) for line in broken(_terms(_label(node)), MOST, LABEL_LINES)]
    if node.value and node.value != node.label:
        lines.append(Line("value", clean(node.value)))
    # What stands for many shows the last of them, as its value is.
    if total := clean(node.gradient) if isinstance(node, Folded) else summed(node, MOST_VALUE):
        lines.append(Line("gradient", total))
    lines += [Line("note", clean(note)) for note in node.note.splitlines()]
    lines = [Line(line.part, shortened(line.text, MOST_VALUE)) for line in lines if line.text]
    height = ROW * len(lines) + PAD
    side = PAD + (6 if node.kind in {"leaf", "constant"} else 0)
    broad = max((_wide(line) for line in lines), default=0.0) + 2 * side
    # Room for the edges, up to where a card would be all side.
    least = min(8.0 * ends, 240.0) + 18
    return Card(node, tuple(lines), max(broad, least, 44), max(height, least), told(node))


def summed(node: Node, most: int = 10**6) -> str:
    """Return what has flowed back to `node`, as the sum of what came along its edges.

    Of a sum longer than `most` columns some addends are left out, the last but at the end.

    >>> summed(Node("w", "w", "leaf", flows={"a": "3", "b": "−2"}, gradient="1"))
    '3 − 2 = 1'
    """
    flows = [clean(flow) for flow in (node.seed, *node.flows.values()) if flow]
    gradient = clean(node.gradient)
    if len(flows) < 2:
        return gradient or sum_text(flows)
    total = f" = {gradient}" if gradient else ""
    said = sum_text(flows) + total
    for shown in range(len(flows) - 2, -1, -1):
        if width(said) <= most:
            break
        said = sum_text([*flows[:shown], "…", flows[-1]]) + total
        if not shown and gradient:
            said = tr("sum of {count}: {total}", count=len(flows), total=gradient)
    return said


def told(node: Node) -> str:
    """Return all that is to be said of `node` as one line, for who hears the picture."""
    parts = [_label(node)]
    if node.value and node.value != node.label:
        parts.append(clean(node.value))
    said = " = ".join(parts)
    if gradient := clean(node.gradient):
        said += f"; ◂ {gradient}"
    return " ".join(f"{said}; {clean(node.note)}".split()) if node.note else " ".join(said.split())


def _label(node: Node) -> str:
    if isinstance(node, Folded) or not node.formula or not node.label:
        return clean(node.label or node.formula)
    return f"{clean(node.label)} = {clean(node.formula)}"


def _terms(label: str) -> list[str]:
    """Split a formula before + and −, where it may be broken: within as few parentheses as does."""
    for deepest in range(3):
        terms, depth = [""], 0
        for word in label.split():
            if depth <= deepest and word in {"+", "−", "-"}:
                terms.append("")
            terms[-1] = f"{terms[-1]} {word}".strip()
            depth += sum(map(word.count, "([{")) - sum(map(word.count, ")]}"))
        if all(width(term) <= MOST for term in terms):
            return terms
    return label.split()


def _wide(line: Line) -> float:
    if line.part == "note":
        return wide(line.text, NOTE_SIZE)
    mark = 0.0 if line.part == "label" else wide("▸ ", SIZE)
    return wide(line.text, SIZE, bold=line.part == "label") + mark
