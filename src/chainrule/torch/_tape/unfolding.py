"""One index of several parts, `x[1:, 0]`, shown as the chain of views that PyTorch records.

The tape has one node for it, as it is faster so. When a program looks at the graph, the node is
taken apart: it becomes the last of the chain, the others come to stand between it and its parent.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.values import take

from .._indices import SELECT, SLICE, UNSQUEEZE
from .nodes import KEPT, ORDER, PARENT, PLAN, PULL
from .plans import bare_plan
from .walk import restricted

__all__ = ["unfold"]

WHOLE = slice(None)
OPS = (SELECT, SLICE, UNSQUEEZE)


def unfold(node: Any) -> None:
    """Take the node of an index of several parts apart; leave any other as it is."""
    if node[PLAN].op not in OPS or restricted.get():
        return  # a walk that knows its ways beforehand would not find the new nodes
    if node[PLAN].op.function is not take or type(node[KEPT]) is not tuple or len(node[KEPT]) != 2:
        return
    shape, at = node[KEPT]
    if type(at) is not tuple or sum(1 for item in at if item not in (WHOLE, ...)) < 2:
        return
    links, parent = parts_of(shape, at), node[PARENT]
    for k, (op, into, one) in enumerate(links[:-1]):
        order = node[ORDER] + 1 - (k + 1) / len(links)
        plan = bare_plan(op.name, op)
        parent = [order, node[PULL], parent, (into, one), None, plan, None, None, None]
    _, into, one = links[-1]
    node[PARENT], node[KEPT] = parent, (into, one)


def parts_of(shape: tuple[int, ...], at: tuple[Any, ...]) -> list[Any]:
    """Return the operation, the shape before and the index of each part, in PyTorch's order."""
    named = sum(item is not None and item is not Ellipsis for item in at)
    found, axis, like = [], 0, np.broadcast_to(np.False_, shape)
    for item in at:
        if item is Ellipsis:
            axis += len(shape) - named
            continue
        op = UNSQUEEZE if item is None else SLICE if isinstance(item, slice) else SELECT
        if item != WHOLE:
            one = (*(WHOLE,) * axis, item, ...)
            found.append((op, like.shape, one))
            like = like[one]
        axis += op is not SELECT
    return found
