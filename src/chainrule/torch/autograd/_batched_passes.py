"""Gradients for a stack of weights by one pass: what travels back is a batched value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .._tape.batches import Level, entered, left
from .._tape.edges import edges_of
from .._tape.nodes import EXTRA, MORE, PLAN, PULL, WATCH
from .._tape.plans import LIST_PLAN
from .._tape.saved import free
from .._tape.walk import inspector, on_the_way, walk
from .._tensor import Tensor, made
from .._writing.views import is_dead_end

__all__ = ["at_once"]


def at_once(
    outputs: list[Tensor],
    inputs: list[Tensor],
    seeds: list[Any],
    retain: bool,
    unused_allowed: bool,
) -> list[Any] | None:
    """Return the gradients of `inputs` for each row of `seeds`, stacked.

    None where a pass for each is needed: if a program's own code lies on the way, which need not
    work with batched values, and where something is wrong, which the first pass tells.
    """
    ends = [*outputs, *inputs]
    if inspector.get() is not None or any(t._node is None or is_dead_end(t) for t in ends):
        return None
    roots = [t._node for t in outputs]
    wanted = {t._node[0]: t._node for t in inputs}
    nodes = list(nodes_between(roots, wanted))
    if any(node[EXTRA] is not None and node[PULL] is not None for node in nodes) or any(
        node[PULL] is None and node[EXTRA].hooks for node in nodes
    ):
        return None
    if any(node[PLAN].special and node[PLAN] is not LIST_PLAN for node in nodes):
        return None
    level, found = Level(len(seeds[0])), dict[int, Any]()
    pairs = [(node, entered(seed, (level, 0))) for node, seed in zip(roots, seeds, strict=True)]
    try:
        walk(pairs, retain=True, create=False, wanted=wanted, captured=found)
        rows = [found.get(t._node[0]) for t in inputs]
        if not unused_allowed and any(g is None for g in rows):
            return None
        stacks = [None if g is None else np.array(left(g, (level, 0))) for g in rows]
    except (TypeError, AttributeError, ValueError, IndexError):
        return None
    if not retain:
        for node in nodes:
            if node[WATCH] is not None and node[0] not in wanted:
                free(node)
    return [None if g is None else made(np.conj(g) if g.dtype.kind == "c" else g) for g in stacks]


def nodes_between(roots: list[Any], wanted: dict[int, Any]) -> Iterator[Any]:
    """Return the nodes that a pass from `roots` to those that are wanted goes through."""
    needed = on_the_way(roots, wanted)
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if needed.pop(node[0], None) is None:
            continue
        yield node
        if node[PULL] is not None:
            waiting += [parent for _, parent, _ in edges_of(node[PULL : MORE + 1])]
