"""The forward reading: what a call does to the tangents of its inputs.

No rule states it. A linear function pushes itself, an elementwise slope is the same in both
directions, and of any other pull the transpose is found by recording it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .pieces import LATE, bundled, zeros
from .traces import READ, backward, fitted, holds, leaf, tick, typed
from .values import Moving, Recorded, dtype_of, made, shape_of

if TYPE_CHECKING:
    from .stating import Rule

__all__ = ["settled", "transposed"]


def read_forward(
    rule: Rule,
    level: int,
    inputs: Sequence[Any],
    values: list[Any],
    options: dict[str, Any],
    y: Any,
    several: bool,
) -> Any:
    """Carry the tangents of one call forward."""
    total: Any = None
    for i, v in enumerate(inputs):
        several_in = type(v) is list or type(v) is tuple
        moves = holds(v, Moving, level) if several_in else type(v) is Moving and v.level == level
        if not moves or not rule.argument(i):
            continue
        if type(v) is Moving:
            t = v.link
        else:
            mine = [type(w) is Moving and w.level == level for w in v]
            t = [
                w.link if own else zeros(shape_of(w), dtype_of(w))
                for w, own in zip(v, mine, strict=True)
            ]
        t = pushed(rule, i, t, y, values, options)
        total = (
            t
            if total is None
            else [a + b for a, b in zip(total, t, strict=True)]
            if several
            else total + t
        )
    if total is None:
        return y
    if several:
        return bundled(
            type(y), [made(Moving, v, level, settled(t, v)) for v, t in zip(y, total, strict=True)]
        )
    return made(Moving, y, level, settled(total, y))


def settled(t: Any, y: Any) -> Any:
    """Return a tangent in the shape and dtype of its value; a real value moves by the real part."""
    if shape_of(t) != (into := shape_of(y)):
        t = np.broadcast_to(t, into)
    return t if dtype_of(t) == (dtype := dtype_of(y)) else typed(t, dtype)


def pushed(rule: Rule, i: int, t: Any, y: Any, values: list[Any], options: dict[str, Any]) -> Any:
    """Return the change of `y` when input `i` changes by `t`."""
    if rule.word == "linear":
        return rule.call(*values[:i], t, *values[i + 1 :], **options)
    pull, keep = rule.argument(i)  # type: ignore[misc]
    kept = keep(i, y, *values, **options)
    if rule.word == "elementwise":
        return pull(t, kept)
    return transposed(lambda g: pull(g, kept), y, values[i], t)


def transposed(pull: Callable[[Any], Any], y: Any, x: Any, t: Any) -> Any:
    """Push `t` from `x` to `y` through the transpose of the linear `pull`."""
    level, several = tick(), isinstance(y, (tuple, list))
    leaves = [leaf(zeros(shape_of(v), dtype_of(v)), level) for v in (y if several else (y,))]
    h = pull(bundled(type(y), leaves) if several else leaves[0])
    if isinstance(x, list):
        seeds = [(v, u, s) for v, u, s in zip(h, x, t, strict=True)]
    else:
        seeds = [(h, x, t)]
    nodes = []
    for v, u, s in seeds:
        v = fitted(v, (take_whole, None, shape_of(u), dtype_of(u)))
        v = v.whole() if type(v) in LATE else v
        if type(v) is Recorded and v.level == level:
            nodes.append((v.link, s))
    reached = backward(*nodes[0], nodes[1:]) if nodes else {}
    moves = [reached.get(v.link[0], v.value) for v in leaves]
    return moves if several else moves[0]


def take_whole(g: Any, kept: None) -> Any:
    return g


READ[Moving] = read_forward
