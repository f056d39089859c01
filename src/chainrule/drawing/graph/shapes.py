"""The shapes and colours of the kinds of nodes: no kind is told by its colour alone."""

from __future__ import annotations

from .cards import FRAME
from .grouping import Folded
from .layout import Box
from .model import Node

__all__ = ["BACKWARD", "FORWARD", "GREY", "INK", "LINE", "PAPER", "kind_of", "shape"]

# Dark enough on paper to be read: the blue and the vermilion of Okabe and Ito, darkened.
FORWARD, BACKWARD = "#00568a", "#a64600"
INK, GREY, LINE, PAPER = "#1f2328", "#57606a", "#8a8f98", "#ffffff"
# Of each kind: what it is filled with, and its outline.
PAINTS = {
    "leaf": ("#e2f4ed", "#00785a"),
    "constant": ("#f1f2f4", "#6b7280"),
    "operation": (PAPER, "#3b424b"),
    "output": ("#fff4da", "#8a6100"),
    "folded": ("#edf4fb", "#3b424b"),
}
CUT = 8  # of a constant's corners


def kind_of(node: Node) -> str:
    """Return the kind of `node` as pictures tell it: as in the model, or "folded"."""
    return "folded" if isinstance(node, Folded) else node.kind


def shape(kind: str, box: Box) -> str:
    """Return the outline of a card of a kind as SVG.

    What goes in and is differentiated by is round; constants have cut corners and a broken line;
    operations are square; outputs have two frames; what stands for many is a stack of cards.
    """
    fill, stroke = PAINTS[kind]
    paint = f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"'
    step = min(FRAME, box.height / 4)
    if kind == "leaf":
        return _rect(box, 0, min(box.height / 2, 19), paint)
    if kind == "constant":
        x, y, right, low = box.x, box.y, box.x + box.width, box.y + box.height
        cut = min(CUT, box.height / 4)
        way = (
            f"M{x + cut:.1f} {y:.1f}H{right - cut:.1f}L{right:.1f} {y + cut:.1f}V{low - cut:.1f}"
            f"L{right - cut:.1f} {low:.1f}H{x + cut:.1f}L{x:.1f} {low - cut:.1f}V{y + cut:.1f}z"
        )
        return f'<path d="{way}" {paint} stroke-dasharray="5 3"/>'
    if kind == "output":
        return _rect(box, step, 6, paint) + _rect(box, 0, 3, paint)
    if kind == "folded":
        behind = [_rect(_moved(box, by * step), 0, 3, paint) for by in (2, 1)]
        return "".join(behind) + _rect(box, 0, 3, paint)
    return _rect(box, 0, 3, paint)


def _rect(box: Box, grow: float, round_: float, paint: str) -> str:
    return (
        f'<rect x="{box.x - grow:.1f}" y="{box.y - grow:.1f}" width="{box.width + 2 * grow:.1f}" '
        f'height="{box.height + 2 * grow:.1f}" rx="{round_:g}" {paint}/>'
    )


def _moved(box: Box, by: float) -> Box:
    return Box(box.x + by, box.y + by, box.width, box.height)
