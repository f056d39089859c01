"""Forward mode on the tape: tensors with a tangent, and what their results inherit of it.

A dual tensor has a node, so that operations on it are recorded as any others are. The tangent of
a result is found when it is asked for: the way back from the result is a linear function, and its
transpose takes the tangents forward.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from chainrule._core.traces import tick

from .._tape.edges import edges_of
from .._tape.extras import Leaf
from .._tape.inference import inferring
from .._tape.nodes import EXTRA, ORDER, PULL
from .._tape.observing import observe, unobserve
from .._tape.values import Taped, cell, recording, taped
from .._tape.walk import walk
from .._tensor import Tensor, made
from .._writing.views import Refused, reshaped
from . import _leaves
from ._leaves import ACCUMULATE, make_leaf
from ._modes import hidden, is_grad_enabled, pushing, turn

__all__ = [
    "DualLeaf",
    "Level",
    "dual",
    "level_now",
    "move",
    "open_level",
    "settle",
    "shown_tangent",
    "tangent_of",
    "wants",
]

SIZES = (
    "Trying to set a forward gradient that has a different size than that of the original Tensor, "
    "this is not supported. Tensor is of size {} while the given forward gradient is of size {}."
)


class DualLeaf(Leaf):
    """Where the history of a dual tensor begins that has no other: no gradient arrives there."""

    __slots__ = ()

    def __init__(self, tensor: Any) -> None:
        super().__init__(tensor)
        self.wanted = False


class Level:
    """What is known between entering a level and leaving it: tangents, by the orders of nodes."""

    def __init__(self) -> None:
        self.tangents: dict[int, tuple[Any, Any]] = {}  # node and tangent
        self.watching = observe(settle_now)


level: Level | None = None
LEADS: dict[int, bool] = {}  # by the orders of nodes: whether a leaf can be reached that counts


def open_level(new: Level | None) -> None:
    """Enter a level, or leave the one there is."""
    global level
    on = is_grad_enabled()
    if level is not None:
        unobserve(level.watching)
    level = new
    pushing.set(new is not None)
    turn(on, inferring.get())
    _leaves.duals = sys.modules[__name__]
    LEADS.clear()


def level_now() -> Level | None:
    """Return the level that is open."""
    return level


def wants(t: Tensor) -> bool:
    """Say whether the history of `t` leads to any leaf that gradients are wanted of."""
    return t._node is not None and (type(t._node) is Refused or leads(t._node))


def leads(node: Any) -> bool:
    """Say whether a node leads to any leaf that gradients are wanted of."""
    way = [node]
    while way:
        at = way[-1]
        if at[ORDER] in LEADS:
            way.pop()
        elif at[PULL] is None:
            LEADS[at[ORDER]] = type(at[EXTRA]) is not DualLeaf
        else:
            parents = [parent for _, parent, _ in edges_of(at[1:5])]
            if Refused in map(type, parents):  # a look at its order would raise
                LEADS[at[ORDER]] = True
            elif ahead := [parent for parent in parents if parent[ORDER] not in LEADS]:
                way += ahead
            else:
                LEADS[at[ORDER]] = any(LEADS[parent[ORDER]] for parent in parents)
    return LEADS[node[ORDER]]


def settle_now(t: Tensor, node: Any) -> Any:
    """Where nothing is to be recorded, take the tangent of a new result, and drop its history."""
    if not hidden.get() or node is None or node[PULL] is None:
        return None
    hidden.set(False)
    try:
        found = reached(t, node)
        if found is None:
            return (None,)
        leaf = dual_leaf(t)
        assert level is not None
        level.tangents[leaf[ORDER]] = leaf, made(found._array)
        return (leaf,)
    finally:
        hidden.set(True)


def dual_leaf(t: Tensor) -> Any:
    return [tick(), None, None, None, None, ACCUMULATE, None, None, DualLeaf(t)]


def dual(x: Tensor, t: Tensor) -> Any:
    """Return a tensor of the same numbers as `x` that has the tangent `t`."""
    if x._node is None:
        out = made(x._array)
        out._writes = x._writes
    else:
        out = reshaped(x, x._array.shape)
    move(out, t)
    return out


def move(out: Tensor, t: Tensor) -> None:
    """Let `out` have the tangent `t`."""
    assert level is not None
    if out._array.shape != t._array.shape:
        raise RuntimeError(SIZES.format(list(out._array.shape), list(t._array.shape)))
    if out._node is None:
        out._node = dual_leaf(out)
    if t._array.dtype != out._array.dtype:
        t = t.to(out.dtype)  # type: ignore[attr-defined]
    level.tangents[out._node[ORDER]] = out._node, t


def tangent_of(t: Tensor) -> Any:
    """Return the tangent of `t`; None if it has none."""
    return None if level is None or t._node is None else reached(t, t._node)


def reached(t: Tensor, node: Any) -> Any:
    """Return the tangent of `t`, whose node is `node`; None if it has none."""
    assert level is not None
    tangents = level.tangents
    if node[ORDER] not in tangents:
        sources = sources_of(node, tangents)
        if not sources:
            return None
        tangents[node[ORDER]] = node, settle(pushed(t, node, sources))
    return tangents[node[ORDER]][1]


def settle(t: Any) -> Any:
    """Let `t` have no tangent, whatever its history leads to; return it."""
    if level is not None and t._node is not None:
        level.tangents.setdefault(t._node[ORDER], (t._node, None))
    return t


def sources_of(node: Any, tangents: dict[int, Any]) -> dict[int, Any]:
    """Return the nearest nodes with a tangent that a node's history leads to, by their orders."""
    found, seen, waiting = {}, set(), [node]
    while waiting:
        at = waiting.pop()
        if at[ORDER] in seen:
            continue
        seen.add(at[ORDER])
        if at[ORDER] in tangents:
            if tangents[at[ORDER]][1] is not None:
                found[at[ORDER]] = at
        elif at[PULL] is not None:
            waiting += [parent for _, parent, _ in edges_of(at[1:5])]
    return found


def pushed(t: Tensor, node: Any, sources: dict[int, Any]) -> Any:
    """Return what the tangents of the sources make of `t`."""
    assert level is not None
    tangents = {order: level.tangents[order][1] for order in sources}
    weights = make_leaf(made(np.zeros_like(t._array)))
    changes: dict[int, Any] = {}
    walk([(node, taped(weights))], retain=True, create=True, wanted=sources, captured=changes)
    roots = [
        (h.link, taped(tangents[order]).astype(h.value.dtype))
        for order, h in changes.items() if type(h) is Taped
    ]  # fmt: skip
    moved: dict[int, Any] = {}
    create = recording.get() and (
        leads(node) or any(v._node is not None for v in tangents.values())
    )
    mine = {weights._node[ORDER]: weights._node}
    walk(roots, retain=True, create=create, wanted=mine, captured=moved)
    weights._node[EXTRA].wanted = False
    found = moved.get(weights._node[ORDER])
    if found is None:
        return made(np.zeros_like(t._array))
    return cell(found) if type(found) is Taped else made(np.array(found))


def shown_tangent(t: Tensor, suffixes: list[str]) -> list[str]:
    """Return what is printed behind the numbers of `t`: its tangent, too."""
    if t._node is not None and not t.requires_grad:
        suffixes = [text for text in suffixes if not text.startswith("grad_fn=")]
    found = tangent_of(t)
    return suffixes if found is None else [*suffixes, f"tangent={found}"]
