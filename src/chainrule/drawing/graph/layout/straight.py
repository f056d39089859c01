"""Long edges made straight, where there is room: fewer turns are easier for the eye to follow."""

from __future__ import annotations

from collections.abc import Sequence

from .layers import Layered

__all__ = ["straightened"]


def straightened(
    graph: Layered,
    layers: Sequence[Sequence[int]],
    gaps: Sequence[Sequence[float]],
    y: Sequence[float],
) -> list[float]:
    """Return the heights `y` with the bends of each edge at the same height as far as that goes.

    Bends move between their neighbours in the layer, no nearer than `gaps`; cards stay. Along an
    edge, each height is kept as long as there is one for all bends up to here.
    """
    y = list(y)
    beside: dict[int, tuple[int | None, float, int | None, float]] = {}
    for layer, between in zip(layers, gaps, strict=True):
        for i, spot in enumerate(layer):
            above = (layer[i - 1], between[i - 1]) if i else (None, 0.0)
            below = (layer[i + 1], between[i]) if i + 1 < len(layer) else (None, 0.0)
            beside[spot] = (*above, *below)

    def room(spot: int) -> tuple[float, float]:
        above, over, below, under = beside[spot]
        low = float("-inf") if above is None else y[above] + over
        high = float("inf") if below is None else y[below] - under
        return low, high

    for bends in _chains(graph):
        run: list[int] = []
        low, high = float("-inf"), float("inf")
        for bend in bends:
            least, most = room(bend)
            if run and max(low, least) > min(high, most):
                _level(y, run, low, high)
                run, low, high = [], float("-inf"), float("inf")
            run.append(bend)
            low, high = max(low, least), min(high, most)
        _level(y, run, low, high)
    return y


def _chains(graph: Layered) -> list[list[int]]:
    """The bends of each node's edges, in the order in which these pass them."""
    longest: dict[int, list[int]] = {}
    for path in graph.paths:
        if len(path) - 2 > len(longest.get(path[0], ())):
            longest[path[0]] = path[1:-1]
    return list(longest.values())


def _level(y: list[float], run: Sequence[int], low: float, high: float) -> None:
    wanted = sum(y[bend] for bend in run) / len(run)
    for bend in run:
        y[bend] = min(max(wanted, low), high)
