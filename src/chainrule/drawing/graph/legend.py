"""The lines under a picture: what its shapes and colours mean, and what else must be known."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule._languages import mark, tr

from .cards import NOTE_SIZE
from .grouping import Folded
from .layout import Box, Layout
from .model import Graph
from .shapes import BACKWARD, FORWARD, GREY, INK, kind_of, shape
from .texts import clean, is_chinese, safe, wide

__all__ = ["legend"]

KINDS = {
    "leaf": mark("differentiated by"),
    "constant": mark("constant"),
    "operation": mark("operation"),
    "output": mark("output"),
    "folded": mark("several values in one"),
}
ROW = 22.0
KEY = 26.0  # the width of a small shape
BETWEEN = 16.0


def legend(graph: Graph, layout: Layout, width: float) -> tuple[str, float]:
    """Return the legend as SVG, at most `width` wide from (0, 0), and its height."""
    down = layout.downward
    kinds = {kind_of(card.node) for card in layout.cards}
    # A kind of card or none, a colour, a text.
    items = [(kind, INK, tr(said)) for kind, said in KINDS.items() if kind in kinds]
    shapes = len(items)
    if any(card.node.value for card in layout.cards):
        items.append(("", FORWARD, f"{'▾' if down else '▸'} {tr('value, computed forward')}"))
    flowed = any(card.node.gradient or any(card.node.flows.values()) for card in layout.cards)
    if flowed:
        items.append(("", BACKWARD, f"{'▴' if down else '◂'} {tr('gradient, flowing back')}"))
    drawn, x, y = [], 0.0, 0.0
    for i, (kind, colour, said) in enumerate(items):
        text = wide(said, NOTE_SIZE)
        room = (KEY + 6 if kind else 0.0) + text
        if x and (x + room > width or i == shapes):
            x, y = 0.0, y + ROW
        if kind:
            drawn.append(shape(kind, Box(x + 4, y + 5, KEY - 8, 12)))
        start = x + (KEY + 6 if kind else 0.0)
        drawn.append(_text(start, y + 15, colour, said))
        x += room + BETWEEN
    y += ROW if items else 0.0
    for said in _notes(graph, layout, flowed):
        for line in _broken(said, width):
            drawn.append(_text(0, y + 15, GREY, line))
            y += ROW - 4
    return f'<g font-size="{NOTE_SIZE}">{"".join(drawn)}</g>', y


def _notes(graph: Graph, layout: Layout, flowed: bool) -> list[str]:
    notes = [clean(note) for note in graph.note.splitlines()]
    if layout.cards and not flowed and not graph.note:
        notes.append(tr("backward has not run: no gradients yet"))
    folds = [card.node for card in layout.cards if isinstance(card.node, Folded)]
    if folds:
        count = sum(fold.count for fold in folds)
        notes.append(
            tr(
                "{count} of the {total} values are not drawn one by one, but stand together in "
                "stacks of cards.",
                count=count,
                total=len(layout.cards) - len(folds) + count,
            )
        )
    if any(edge.flow and edge.box is None for edge in layout.edges):
        notes.append(tr("Where edges lie close, what flows back is said when one is pointed at."))
    return notes


def _text(x: float, y: float, colour: str, said: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}">{safe(said)}</text>'


def _broken(said: str, width: float) -> Sequence[str]:
    """Return `said` in lines of at most `width`, broken between words or after Chinese."""
    lines = [""]
    for piece in _pieces(said):
        if lines[-1] and wide(lines[-1] + piece.rstrip(), NOTE_SIZE) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines if line.strip()]


def _pieces(said: str) -> list[str]:
    pieces = [""]
    for character in said:
        pieces[-1] += character
        if character == " " or is_chinese(character):
            pieces.append("")
    return pieces
