"""The layout of a graph: cards, edges and what is written beside them, without overlaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from chainrule._languages import tr

from ..cards import Card, card
from ..model import Graph, GraphError
from .layers import layered
from .ordering import ordered
from .placing import Layout, Placing

__all__ = ["laid_out"]

PAGE = 1200.0  # how wide a picture may be before it rather goes downwards


def laid_out(graph: Graph, downward: bool | None = None) -> Layout:
    """Return where the nodes and edges of `graph` stand.

    The computation goes from left to right, or `downward`; None chooses what is not too wide for
    a page. Raises `GraphError` if the nodes are not in the order of computation.
    """
    pairs = _pairs(graph)
    structure = layered(len(graph.nodes), pairs)
    leaving, entering = (Counter(link[side] for link in structure.links) for side in (0, 1))
    drawn = [card(node, max(leaving[i], entering[i])) for i, node in enumerate(graph.nodes)]
    order = ordered(structure)
    if downward is None:
        downward = _is_better_downward(drawn, order)
    return Placing(graph, drawn, structure, order, downward).layout(pairs)


def _pairs(graph: Graph) -> list[tuple[int, int]]:
    place = {node.key: i for i, node in enumerate(graph.nodes)}
    if len(place) < len(graph.nodes):
        raise GraphError(
            tr("two nodes of the graph have the same key; give each node one of its own")
        )
    pairs = []
    for i, node in enumerate(graph.nodes):
        for user in node.flows:
            if place.get(user, -1) <= i:
                raise GraphError(
                    tr(
                        "the graph's node {key} is used by {user}, which does not come after it; "
                        "list the nodes in the order of computation",
                        key=repr(node.key),
                        user=repr(user),
                    )
                )
            pairs.append((i, place[user]))
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))


def _is_better_downward(drawn: Sequence[Card], order: Sequence[Sequence[int]]) -> bool:
    cards = [[drawn[spot] for spot in layer if spot < len(drawn)] for layer in order]
    across = sum(max(card.width for card in layer) + 90 for layer in cards)
    down = max((sum(card.width + 26 for card in layer) for layer in cards), default=0.0)
    return across > PAGE and down < across
