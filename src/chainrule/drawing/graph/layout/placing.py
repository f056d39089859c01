"""Where the cards, edges and texts of a graph stand, once layers and orders are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..cards import FRAME, Card
from ..model import Graph
from ..texts import clean, condensed, wide
from .heights import heights, ports
from .layers import Layered
from .routes import ARROW, Channel, Text, channel

__all__ = ["FLOW_SIZE", "Box", "Edge", "Layout", "Placing"]

FLOW_SIZE = 12
FLOW_MOST = 24  # columns


@dataclass(frozen=True)
class Box:
    """A rectangle: its left upper corner, width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Edge:
    """An edge: from one node to another, its way as SVG paths, and what flows back along it.

    `trunk` is the part of the way on which an edge before it goes too; empty if there is none.
    `tip` is where its arrow ends. `label` is `flow`, shortened; `box` is where it is written, None
    where there is no room.
    """

    source: str
    target: str
    trunk: str
    way: str
    tip: tuple[float, float]
    towards: tuple[float, float]  # the direction of the arrow
    flow: str
    label: str
    box: Box | None


@dataclass(frozen=True)
class Layout:
    """A graph laid out: a box for every card, the edges, what frames it all, and which way."""

    cards: list[Card]
    boxes: list[Box]
    edges: list[Edge]
    frame: Box
    downward: bool


class Placing:
    """The steps of a layout that need to know which way the picture goes."""

    def __init__(
        self,
        graph: Graph,
        drawn: list[Card],
        structure: Layered,
        order: list[list[int]],
        downward: bool,
    ) -> None:
        self.graph, self.drawn, self.structure, self.order = graph, drawn, structure, order
        self.downward = downward
        self.along = [card.height if downward else card.width for card in drawn]
        self.across = [card.width if downward else card.height for card in drawn]
        self.ends = ports(structure, order, self.across)
        self.y = heights(structure, order, self.across, self.ends)
        self.level = {spot: k for k, layer in enumerate(order) for spot in layer}

    def layout(self, pairs: Sequence[tuple[int, int]]) -> Layout:
        flows = [self._flow(*pair) for pair in pairs]
        channels = self._channels(flows)
        starts, thick, at = [], [], 0.0
        for k, layer in enumerate(self.order):
            starts.append(at)
            thick.append(max(self.along[spot] for spot in layer if spot < len(self.drawn)))
            at += thick[k] + (channels[k].extent if k < len(channels) else 0.0)
        middle = {s: starts[k] + thick[k] / 2 for s, k in self.level.items()}
        bounds = [
            (start + broad + channel.curved[0], start + broad + channel.curved[1])
            for start, broad, channel in zip(starts, thick, channels, strict=False)
        ]
        boxes = [
            self._box(middle[i], self.y[i], self.along[i], self.across[i])
            for i in range(len(self.drawn))
        ]
        edges = []
        drawn: set[tuple[int, int]] = set()
        for i, (pair, path) in enumerate(zip(pairs, self.structure.paths, strict=True)):
            source, target = (self.graph.nodes[node] for node in pair)
            end = middle[pair[1]] - self.along[pair[1]] / 2
            if target.kind == "output":
                end -= FRAME
            leave = middle[pair[0]] + self.along[pair[0]] / 2
            shared = sum(link in drawn for link in pairwise(path))
            drawn.update(pairwise(path))
            trunk, way = self._ways(path, leave, end, bounds, shared)
            tip = self._turned(end, self._levels(path, len(path) - 2)[1])
            box, k = None, self.level[pair[1]] - 1
            if flows[i] and i in channels[k].spots:
                along, across = channels[k].spots[i]
                size = self._extents(flows[i])
                box = self._box(starts[k] + thick[k] + along, across, *size)
            edges.append(
                Edge(
                    source.key,
                    target.key,
                    trunk,
                    way,
                    tip,
                    self._turned(1, 0),
                    source.flows[target.key],
                    flows[i],
                    box,
                )
            )
        return Layout(self.drawn, boxes, edges, self._frame(boxes, edges), self.downward)

    def _frame(self, boxes: Sequence[Box], edges: Sequence[Edge]) -> Box:
        """Return the box around cards, texts and bends."""
        texts = [edge.box for edge in edges if edge.box]
        bends = [Box(*self._turned(0, self.y[s]), 0, 0) for s in self.level if s >= len(boxes)]
        every = [*boxes, *texts, *bends]
        if not every:
            return Box(0, 0, 0, 0)
        left, top = min(box.x for box in every), min(box.y for box in every)
        right = max(box.x + box.width for box in every)
        return Box(left, top, right - left, max(box.y + box.height for box in every) - top)

    def _flow(self, source: int, target: int) -> str:
        nodes = self.graph.nodes
        return condensed(clean(nodes[source].flows[nodes[target].key]), FLOW_MOST)

    def _extents(self, flow: str) -> tuple[float, float]:
        width = wide("◂ " + flow, FLOW_SIZE) + 4
        return (16.0, width) if self.downward else (width, 16.0)

    def _levels(self, path: Sequence[int], k: int) -> tuple[float, float]:
        """Where across an edge starts and arrives in the channel after the `k`th of its spots."""
        a, b = path[k], path[k + 1]
        left, arrived = self.ends[a, b]
        return self.y[a] + left, self.y[b] + arrived

    def _channels(self, flows: Sequence[str]) -> list[Channel]:
        texts: list[list[Text]] = [[] for _ in self.order]
        leaving = Counter(spot for spot, _ in self.structure.links)
        for i, (path, flow) in enumerate(zip(self.structure.paths, flows, strict=True)):
            if flow:
                levels = self._levels(path, len(path) - 2)
                last = path[-2]
                branching = last >= len(self.drawn) and leaving[last] > 1
                text = Text(i, *self._extents(flow), *levels, branching)
                texts[self.level[last]].append(text)
        steepest = [0.0] * len(self.order)
        for a, b in self.structure.links:
            start, end = self._levels((a, b), 0)
            k = self.level[a]
            steepest[k] = max(steepest[k], abs(end - start))
        return [channel(texts[k], steepest[k]) for k in range(len(self.order) - 1)]

    def _ways(
        self,
        path: Sequence[int],
        leave: float,
        end: float,
        curved: Sequence[tuple[float, float]],
        shared: int,
    ) -> tuple[str, str]:
        """Return the way of an edge, curved in channels and straight elsewhere, in two parts.

        The first has the `shared` first of its links.
        """
        along, across = leave, self._levels(path, 0)[0]
        ways, part = ["", ""], 0
        for i, spot in enumerate(path[:-1]):
            start, arrive = curved[self.level[spot]]
            if i in (0, shared):
                part = int(i == shared)
                ways[part] += "M" + self._point(along, across)
            before, across = self._levels(path, i)
            along = arrive
            half = (start + arrive) / 2
            ways[part] += f"L{self._point(start, before)}C{self._point(half, before)} "
            ways[part] += f"{self._point(half, across)} {self._point(arrive, across)}"
        return ways[0], ways[1] + "L" + self._point(end - ARROW, across)

    def _turned(self, along: float, across: float) -> tuple[float, float]:
        return (across, along) if self.downward else (along, across)

    def _point(self, along: float, across: float) -> str:
        return f"{across:.1f} {along:.1f}" if self.downward else f"{along:.1f} {across:.1f}"

    def _box(self, along: float, across: float, long: float, broad: float) -> Box:
        x, y = self._turned(along, across)
        width, height = self._turned(long, broad)
        return Box(x - width / 2, y - height / 2, width, height)
