"""The edges of a node: to which inputs an operation passes a gradient on, and what it passes.

The engine writes them last input first, `pull, parent, kept, more`. Here they are read in the
order of the inputs, as PyTorch shows them, with None for an input that wants no gradient.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chainrule._core.pieces import LATE

from .nodes import PLAN
from .plans import LIST_PLAN

__all__ = ["Change", "chained", "changes_of", "edges_of", "handed_on", "slots_of", "whole"]

Edge = tuple[Any, Any, Any]  # pull, parent, kept
Change = tuple[Any, Any]  # a parent, and the gradient that it is passed

NUMBER_FIRST = ("PowBackward2", "RsubBackward1")  # these have one tensor, behind a number


def edges_of(edge: Any) -> list[Edge]:
    """Return the edges that begin with `edge`, in the order of the inputs."""
    found = []
    while edge is not None:
        pull, parent, kept, edge = edge
        found.append((pull, parent, kept))
    return found[::-1]


def chained(edges: Iterable[Edge]) -> Any:
    """Return edges in the order of the inputs as the engine writes them; None if there are none."""
    more: Any = None
    for pull, parent, kept in edges:
        more = (pull, parent, kept, more)
    return more


def slots_of(node: Any) -> list[Any]:
    """Return, for each input of an operation, its node; None for one that wants no gradient."""
    edges = edges_of(node[1:5])
    parents = [parent for _, parent, _ in edges]
    plan = node[PLAN]
    if len(parents) == 1 and parents[0][PLAN] is LIST_PLAN:
        found = {kept[0]: parent for _, parent, kept in edges_of(parents[0][1:5]) if kept}
        places = node[3]._places if plan.special else range(max(found, default=-1) + 1)
        return [found.get(k) for k in places]
    mask, count = plan.mask, max(len(plan.op.inputs), 1)
    if mask.bit_count() != len(parents) or len(parents) >= count or plan.name in NUMBER_FIRST:
        return parents
    waiting, rule = iter(parents), plan.op.rule
    inputs = [i for i in range(count) if rule is None or rule.pull(i)]  # not a mask, an index
    return [next(waiting) if mask >> i & 1 else None for i in inputs]


def changes_of(step: Any) -> list[Change]:
    """Take a step of a backward pass: return what it passes to each parent.

    The items of a list are parents of their own; None is passed to those that get no gradient.
    """
    g, *edge = step
    found = []
    for pull, parent, kept in edges_of(edge):
        h = pull(g, kept)
        if parent[PLAN] is LIST_PLAN:
            for item_pull, item, place in edges_of(parent[1:5]):
                found.append((item, None if h[place[0]] is None else whole(item_pull(h, place))))
        else:
            found.append((parent, whole(h)))
    return found


def whole(h: Any) -> Any:
    return h.whole() if type(h) in LATE else h


def handed_on(changes: Sequence[Change]) -> Any:
    """Return the step that passes on what was computed already."""
    edge = chained((given, parent, h) for parent, h in changes if h is not None)
    return None if edge is None else (None, *edge)


def given(_: Any, h: Any) -> Any:
    return h
