"""What stands on the card of a node, and how large that makes the card."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .grouping import Folded
from .model import Node
from .texts import clean, shortened, wide

__all__ = ["FRAME", "NOTE_SIZE", "ROW", "SIZE", "Card", "Line", "card", "summed", "told"]

SIZE, NOTE_SIZE, ROW = 14, 12, 19  # pixels: letters, small letters, from line to line
PAD = 12
FRAME = 4  # between the two frames of an output, and the cards of a stack
MOST = 38  # columns of a line, as `shortened` counts them
ADDENDS = 4  # that a sum shows, of as many as there are


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
    lines = [Line("label", _label(node))]
    if node.value and node.value != node.label:
        lines.append(Line("value", clean(node.value)))
    if total := summed(node):
        lines.append(Line("gradient", total))
    lines += [Line("note", clean(note)) for note in node.note.splitlines()]
    lines = [Line(line.part, shortened(line.text, MOST)) for line in lines if line.text.strip()]
    height = ROW * len(lines) + PAD
    side = {"leaf": height / 2 - PAD + 6, "constant": 4.0}.get(node.kind, 0.0) + PAD
    width = max((_wide(line) for line in lines), default=0.0) + 2 * max(side, PAD)
    # Room for the edges, up to where a card would be all side.
    least = min(8.0 * ends, 240.0) + 18
    return Card(node, tuple(lines), max(width, least, 44), max(height, least), told(node))


def summed(node: Node) -> str:
    """Return what has flowed back to `node`, as the sum of what came along its edges.

    >>> summed(Node("w", "w", "leaf", flows={"a": "3", "b": "−2"}, gradient="1"))
    '3 − 2 = 1'
    """
    flows = [clean(flow) for flow in node.flows.values() if flow]
    gradient = clean(node.gradient)
    if len(flows) < 2:
        return gradient or _added(flows)
    if len(flows) > ADDENDS:
        flows = [*flows[: ADDENDS - 1], "…", flows[-1]]
    total = _added(flows)
    return f"{total} = {gradient}" if gradient else total


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
    if isinstance(node, Folded) or not node.formula:
        return clean(node.label)
    return f"{clean(node.label)} = {clean(node.formula)}"


def _added(flows: Iterable[str]) -> str:
    return " + ".join(flows).replace("+ −", "− ").replace("+ -", "− ")


def _wide(line: Line) -> float:
    if line.part == "note":
        return wide(line.text, NOTE_SIZE)
    mark = 0.0 if line.part == "label" else wide("▸ ", SIZE)
    return wide(line.text, SIZE, bold=line.part == "label") + mark
