"""Where the spots of each layer stand: near their neighbours, in their order, with room between.

With the order given, each layer asks for the places nearest to those that its neighbours wish, at
least so far apart: a least-squares problem that isotonic regression solves by pooling adjacent
violators (Barlow, Bartholomew, Bremner and Brunk, "Statistical inference under order restrictions",
1972), a layer at a time, to and fro. Long edges weigh more, so that they run straight, for which
Brandes and Köpf ("Fast and simple horizontal coordinate assignment", Graph Drawing 2001) give the
inner parts of such edges the first say.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .layers import Layered
from .straight import straightened

__all__ = ["heights", "pooled", "ports"]

PORT = 20.0  # between ends of edges at a card, where there is room
GAP, BESIDE_BENDS = 26.0, 14.0  # between cards; between bends, and beside them
EFFORT = 2000  # spots to be placed, to and fro, in settling
# How much a link's wish weighs: between cards, from a card to a bend, between bends.
WEIGHTS = (1.0, 2.0, 8.0)


def pooled(wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Return the places nearest to `wanted` that keep `gaps` between neighbours.

    Nearest in the sum of the squares of the distances, each times its weight.

    >>> pooled([0, 0, 10], [1, 1, 1], [4, 4])
    [-2.0, 2.0, 10.0]
    """
    offset, offsets = 0.0, []
    pools: list[tuple[float, float, float, int]] = []  # mean, sum, weight, count
    for i, (want, weight) in enumerate(zip(wanted, weights, strict=True)):
        offset += gaps[i - 1] if i else 0.0
        offsets.append(offset)
        total, count = (want - offset) * weight, 1
        mean = want - offset
        while pools and pools[-1][0] > mean:
            _, more, heavier, members = pools.pop()
            total, weight, count = total + more, weight + heavier, count + members
            mean = total / weight
        pools.append((mean, total, weight, count))
    means = [mean for mean, _, _, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def ports(
    graph: Layered, layers: Sequence[Sequence[int]], sizes: Sequence[float]
) -> dict[tuple[int, int], tuple[float, float]]:
    """Return how far from the middles of its spots each link leaves and arrives.

    The ends of edges are spread over a card's side in the order of where they come from or go to;
    `sizes` are the cards' extents in the direction of the layers.
    """
    place = {spot: i for layer in layers for i, spot in enumerate(layer)}
    leaving: dict[int, list[int]] = {}
    entering: dict[int, list[int]] = {}
    for a, b in graph.links:
        leaving.setdefault(a, []).append(b)
        entering.setdefault(b, []).append(a)

    def spread(ends: dict[int, list[int]]) -> dict[tuple[int, int], float]:
        found: dict[tuple[int, int], float] = {}
        for spot, there in ends.items():
            if spot >= graph.count:
                found |= {(spot, end): 0.0 for end in there}
                continue
            step = min(PORT, (sizes[spot] - 16) / len(there))
            there = sorted(there, key=place.__getitem__)
            middle = (len(there) - 1) / 2
            found |= {(spot, end): step * (i - middle) for i, end in enumerate(there)}
        return found

    left, arrived = spread(leaving), spread(entering)
    return {(a, b): (left[a, b], arrived[b, a]) for a, b in graph.links}


def heights(
    graph: Layered,
    layers: Sequence[Sequence[int]],
    sizes: Sequence[float],
    ends: dict[tuple[int, int], tuple[float, float]],
) -> list[float]:
    """Return the place of the middle of every spot, such that the topmost edge of a card is at 0.

    `sizes` are the extents of the nodes' cards, `ends` what `ports` returned.
    """
    spots = sum(map(len, layers))
    size = [*sizes, *[0.0] * (spots - graph.count)]
    before: list[list[tuple[int, float, float]]] = [[] for _ in range(spots)]
    after: list[list[tuple[int, float, float]]] = [[] for _ in range(spots)]
    for (a, b), (left, arrived) in ends.items():
        weight = WEIGHTS[(a >= graph.count) + (b >= graph.count)]
        before[b].append((a, left - arrived, weight))
        after[a].append((b, arrived - left, weight))
    both = [one + other for one, other in zip(before, after, strict=True)]
    gaps = [
        [
            (size[a] + size[b]) / 2 + (BESIDE_BENDS if max(a, b) >= graph.count else GAP)
            for a, b in pairwise(layer)
        ]
        for layer in layers
    ]
    y = [0.0] * spots
    for layer, between in zip(layers, gaps, strict=True):
        _place(y, layer, pooled([0.0] * len(layer), [1.0] * len(layer), between))
    count = len(layers)
    to, fro = range(1, count), range(count - 2, -1, -1)
    # To and fro for the whole, then to what both sides wish: the smaller the graph, the nearer.
    settling = min(max(EFFORT // max(spots, 1), 2), 20)
    for levels, near in ((to, before), (fro, after)) * 2 + ((to, both), (fro, both)) * settling:
        for k in levels:
            wanted, weights = [], []
            for spot in layers[k]:
                total = weight = 0.0
                for other, shift, heavy in near[spot]:
                    total += (y[other] + shift) * heavy
                    weight += heavy
                # A spot without neighbours on this side wishes to stay, but hardly insists.
                wanted.append(total / weight if weight else y[spot])
                weights.append(weight or 0.1)
            _place(y, layers[k], pooled(wanted, weights, gaps[k]))
    y = straightened(graph, layers, gaps, y)
    top = min((y[node] - size[node] / 2 for node in range(spots)), default=0.0)
    return [place - top for place in y]


def _place(y: list[float], layer: Sequence[int], places: Sequence[float]) -> None:
    for spot, place in zip(layer, places, strict=True):
        y[spot] = place
