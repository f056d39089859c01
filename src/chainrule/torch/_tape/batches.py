"""Tensors of a batch: the way of gradients into `vmap` and out of it.

Inside of `vmap` a tensor's array is a batched value of the engine: one example, standing for all.
Operations inside leave the nodes that they always do. Three kinds of node lead from outside to
there and back, and each pass of gradients goes through their transposes:

    entered   a stack, whose examples lie along one dimension, becomes a batched value
    left      a batched value becomes a stack; what all examples share is repeated
    shared    a tensor from outside is used inside, by all examples: its gradients are added up

Later levels lie inside earlier ones; recorded values lie inside all of them (`values.TAPE`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from chainrule._core.examples import Batch
from chainrule._core.traces import tick
from chainrule._core.values import BATCHES, Batched, made, shape_of

from .edges import chained, edges_of
from .nodes import FREED, HELD, MORE, ORDER, PLAN, PULL
from .plans import RULELESS, Plan, bare_plan
from .values import Taped, as_taped

__all__ = ["Level", "alone", "batched_at", "entered", "left", "passing", "share"]


class Level:
    """One call of `vmap`: its place among the engine's levels, and how many examples it has.

    As long as there is one, also in a graph, the engine looks for batched values where it could
    not see them else.
    """

    def __init__(self, size: int) -> None:
        self.order, self.size, self.batch = tick(), size, Batch(size, says=False)
        BATCHES.append(self.order)

    def __del__(self) -> None:
        if self.order in BATCHES:
            BATCHES.remove(self.order)


Kept = tuple[Level, int]


def batched_at(x: Any, level: Level) -> bool:
    """Say whether the examples of `level` differ in `x`."""
    while isinstance(x, (Taped, Batched)):
        if type(x) is Batched and x.level == level.order:
            return True
        x = x.value
    return False


# ---------------------------------------------------------------- the three, and their transposes


def entered(x: Any, kept: Kept) -> Any:
    """Return the stack `x`, with examples along a dimension, as a batched value."""
    level, dim = kept
    if type(x) is Taped:
        return taped(entered(x.value, kept), x, left, kept)
    if inside(x, level):
        return made(Batched, entered(x.value, (level, dim + 1)), x.level, x.link)
    return made(Batched, np.moveaxis(x, dim, 0), level.order, level.batch)


def left(x: Any, kept: Kept) -> Any:
    """Return all examples of `x`, stacked along a dimension."""
    level, dim = kept
    if type(x) is Taped:
        return taped(left(x.value, kept), x, entered, kept)
    if inside(x, level):
        return made(Batched, left(x.value, (level, dim + 1)), x.level, x.link)
    if type(x) is Batched and x.level == level.order:
        return np.moveaxis(x.value, 0, dim)
    return np.moveaxis(np.broadcast_to(x, (level.size, *shape_of(x))), 0, dim)


def alone(g: Any, kept: Kept) -> Any:
    """Return the change of what all examples share as one of examples: the first has it whole."""
    level, dim = kept
    return entered(np.stack([g, *[np.zeros_like(g)] * (level.size - 1)]), (level, dim))


def summed(x: Any, level: Level) -> Any:
    """Return the sum of all examples of `x`."""
    if type(x) is Taped:
        return taped(summed(x.value, level), x, unchanged, None)
    if inside(x, level):
        return made(Batched, summed(x.value, level), x.level, x.link)
    if type(x) is Batched and x.level == level.order:
        return np.sum(x.value, axis=0)
    return x * level.size


def unchanged(g: Any, _: Any) -> Any:
    return g  # a sum's gradient is the same for all examples: it is shared


def inside(x: Any, level: Level) -> bool:
    """Say whether `x` is a batched value of a level inside of `level`."""
    return type(x) is Batched and x.level < level.order


def taped(y: Any, x: Taped, pull: Any, kept: Any) -> Taped:
    return as_taped(y, passing(tick(), pull, x.link, kept, x.link[PLAN]))


# ---------------------------------------------------------------- nodes


def passing(order: Any, pull: Any, parent: Any, kept: Any, like: Plan) -> Any:
    """Return a node that passes gradients on by `pull`; it is shown as the one beside it is."""
    plan = bare_plan(like.name, RULELESS)
    return [order, pull, parent, kept, None, plan, None, None, None]


def share(nodes: Iterable[Any], level: Level) -> Callable[[Any], Any]:
    """Let what goes from inside of `level` to the outside be summed over the examples.

    `nodes` are the last ones inside. An edge that leads from inside to outside gets a node of its
    own in between, whose order lies between theirs. Return what does so for other nodes.
    """
    ways: dict[int, Any] = {}

    def way(node: Any) -> Any:
        if node is None or node[ORDER] < level.order:
            return node
        if node[ORDER] not in ways:
            order = level.order + (len(ways) + 1) / 2**20
            ways[node[ORDER]] = passing(order, summed, node, level, node[PLAN])
        return ways[node[ORDER]]

    seen: set[int] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node[ORDER] > level.order or node[ORDER] in seen:
            continue
        seen.add(node[ORDER])
        if node[PULL] is None or node[PULL] is left:
            continue
        edges = edges_of(node[PULL : MORE + 1])
        waiting += [parent for _, parent, _ in edges]
        if any(parent[ORDER] > level.order for _, parent, _ in edges):
            node[PULL : MORE + 1] = chained([(f, way(parent), kept) for f, parent, kept in edges])
            if (held := node[HELD]) is not None and held is not FREED:
                node[HELD] = rewired(held, way)
    return way


def rewired(held: Any, way: Any) -> Any:
    """Return what a node holds with other nodes of its inputs."""
    if len(held) == 7:
        a, a_node, a_writes, b, b_node, b_writes, y = held
        return a, way(a_node), a_writes, b, way(b_node), b_writes, y
    if len(held) == 5:
        x, node, writes, options, y = held
        return x, way(node), writes, options, y
    inputs, options, y = held
    return relinked(inputs, way), options, y


def relinked(inputs: list[Any] | tuple[Any, ...], way: Any) -> Any:
    return type(inputs)(
        relinked(v, way) if isinstance(v, (list, tuple))
        else as_taped(v.value, way(v.link), v.writes) if type(v) is Taped
        else v
        for v in inputs
    )  # fmt: skip
