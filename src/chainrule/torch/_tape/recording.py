"""Recording an operation on tensors: its result, with a node if a gradient is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule._core.traces import fitted, tick
from chainrule._core.values import BATCHES, Batched, is_batched

from .._tensor import Tensor, made
from .nodes import (
    node_of,
)
from .plans import Op, op_named
from .quiet import QUIET, hush, unhush
from .values import as_array, as_taped, recording, taped

__all__ = ["operation", "recorded"]

ndarray = np.ndarray


def recorded(op: Op, inputs: Sequence[Any], options: dict[str, Any], call: Any, to: Any) -> Any:
    """Return the tensor that `call` makes of `inputs`, with its node if one wants a gradient."""
    if len(inputs) == 1 and isinstance(inputs[0], Tensor):
        return recorded_one(op, inputs[0], options, call, to)
    on, active = recording.get(), False
    values: list[Any] = []
    kept: list[Any] = []
    counts: list[Any] = []
    for v in inputs:
        if isinstance(v, Tensor):
            values.append(v._array)
            counts.append(v._writes)
            if on and v._node is not None:
                active = True
                kept.append(as_taped(v._array, v._node, v._writes))
                continue
        elif type(v) is list:
            values.append([w._array for w in v])
            counts.append(None)
            if on and any(w._node is not None for w in v):
                active = True
                kept.append([taped(w) for w in v])
                continue
        else:
            values.append(v)
            counts.append(None)
        kept.append(values[-1])
    if to is not None:
        values = to(values)
    if BATCHES and is_batched(values):
        call = op.stated().call
    token = hush(QUIET)
    try:
        y = call(*values, **options)
    finally:
        unhush(token)
    out = made(y if type(y) is ndarray else as_array(y))
    if active:
        out._node = node_of(op, kept, counts, values, options, out._array, out._writes)
    return out


def recorded_one(op: Op, t: Any, options: dict[str, Any], call: Any, to: Any) -> Any:
    """The same for one tensor, in half the time."""
    x = own = t._array
    if to is not None and x.dtype.kind != "f":
        x = to([x])[0]
    if type(x) is Batched:
        call = op.stated().call
    token = hush(QUIET)
    try:
        y = call(x, **options)
    finally:
        unhush(token)
    out = made(y if type(y) is ndarray else (y := as_array(y)))
    node = t._node
    if node is None or not recording.get() or y.dtype.kind not in "fc":
        return out
    plan = op.plans.get(1) or op.plan(1)
    if (argument := op.stated().argument(0)) is None:
        return out
    pull, keep = argument
    kept_y = y.copy() if plan.copies_result else y
    kept = keep(0, kept_y, x.copy() if plan.copied else x, **options)
    edge = (fitted, node, (pull, kept, own.shape, own.dtype))
    if plan.bare and y.dtype is own.dtype:
        edge = (pull, node, kept)
    watch: Any = None
    if plan.saves:
        watch = (t._writes, t._writes[0], 0) if plan.watched else ()
        if plan.watches_result:
            watch += (out._writes, 0, -1)
    held = (own, node, t._writes, options, kept_y) if plan.holds else None
    out._node = [tick(), *edge, None, plan, watch, held, None]
    return out


def operation(
    name: str,
    function: Any,
    saves: str | Sequence[str] = "",
    inputs: str = "self other",
    *,
    to: Callable[[list[Any]], list[Any]] | None = None,
    call: Callable[..., Any] | None = None,
) -> Callable[..., Any]:
    """Return the function of tensors that calls `function` and records a node `{name}Backward0`.

    `saves` says what PyTorch saves, for each input or for all alike, by the names in `inputs` and
    "result". `to` prepares the arrays (`floating`, `common`), `call` computes instead of
    `function`, whose rule it has.
    """
    full = name if "Backward" in name else f"{name}Backward0"
    op = Op(full, function, (saves,) if isinstance(saves, str) else tuple(saves), inputs)
    op_named(function, op)
    compute = call

    def record(*inputs: Any, **options: Any) -> Any:
        nonlocal compute
        if compute is None:
            compute = op.stated().call
        return recorded(op, inputs, options, compute, to)

    record.__name__ = record.__qualname__ = getattr(function, "__name__", name)
    record.op = op  # type: ignore[attr-defined]
    return record
