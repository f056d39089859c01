"""Which layer each node of a graph stands in, and where its long edges bend.

The first step of the layered drawings of Sugiyama, Tagawa and Toda ("Methods for visual
understanding of hierarchical system structures", IEEE Transactions on Systems, Man, and
Cybernetics 11, 1981): every edge leads from a layer to a later one; where it passes layers, it
gets a bend in each of them, so that all that follows sees neighbouring layers only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Layered", "layered"]


@dataclass(frozen=True)
class Layered:
    """A graph in layers. A spot is a node (0 to `count` - 1), or a bend (`count` and above)."""

    count: int
    layers: list[list[int]]  # the spots of each layer, in the order in which they stand
    paths: list[list[int]]  # for every edge the spots that it passes, a layer each
    links: list[tuple[int, int]]  # the pairs of neighbouring spots on some path, each once


def layered(count: int, edges: Sequence[tuple[int, int]]) -> Layered:
    """Return the layers of a graph whose `edges` (u, v) have u < v < `count`.

    A node stands as early as what it is computed from allows (the longest path to it), and then,
    where more edges leave it than enter it, as late as those who use it allow: that shortens them.
    Edges of the same node share their bends: one value travels, and branches off to its users.

    >>> layered(4, [(0, 2), (2, 3), (1, 3), (0, 3)])
    Layered(count=4, layers=[[0], [1, 2, 4], [3]], paths=[[0, 2], [2, 3], [1, 3], [0, 4, 3]],
            links=[(0, 2), (2, 3), (1, 3), (0, 4), (4, 3)])
    """
    depth = _depths(count, edges)
    layers: list[list[int]] = [[] for _ in range(max(depth, default=-1) + 1)]
    for node, level in enumerate(depth):
        layers[level].append(node)
    bends: dict[tuple[int, int], int] = {}
    paths = []
    for u, v in edges:
        path = [u]
        for level in range(depth[u] + 1, depth[v]):
            if (bend := bends.get((u, level))) is None:
                bend = bends[u, level] = count + len(bends)
                layers[level].append(bend)
            path.append(bend)
        paths.append([*path, v])
    links = dict.fromkeys(pair for path in paths for pair in pairwise(path))
    return Layered(count, layers, paths, list(links))


def _depths(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    entering: list[list[int]] = [[] for _ in range(count)]
    leaving: list[list[int]] = [[] for _ in range(count)]
    for u, v in edges:
        entering[v].append(u)
        leaving[u].append(v)
    depth = [0] * count
    for node in range(count):
        depth[node] = max((depth[u] + 1 for u in entering[node]), default=0)
    for node in reversed(range(count)):
        if len(leaving[node]) > len(entering[node]):
            depth[node] = min(depth[v] for v in leaving[node]) - 1
    return depth
