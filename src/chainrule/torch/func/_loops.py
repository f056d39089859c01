"""A function that has no form for a batch, called for one example after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._tape.transforms import transforming
from .._tensor import Tensor
from ..random._examples import MAPPED
from ._dims import out_dims_of
from ._trees import leaves_of, like

if TYPE_CHECKING:
    from ._batches import Call

__all__ = ["looped"]


def looped(call: Call) -> tuple[Any, list[Any], list[Any]]:
    """Return what the function gives for all examples: how it is nested, all leaves, where."""
    size = call.level.size
    results = [once(call, k) for k in range(size)] or [once(call, None)]
    outputs = results[0]
    dims = out_dims_of(call.name, call.out_dims, outputs)
    columns = zip(*map(leaves_of, results), strict=True)
    pairs = zip(columns, dims, strict=True)
    return outputs, [joined(column, dim, size) for column, dim in pairs], dims


def once(call: Call, k: int | None) -> Any:
    """Call the function for example `k`; for None, of harmless numbers, as there is none."""
    pairs = zip(call.leaves, call.dims, strict=True)
    leaves = [
        v if dim is None else v.sum(dim) if k is None else v.select(dim, k) for v, dim in pairs
    ]
    if call.randomness == "error":
        token = MAPPED.set((*MAPPED.get(), (call.level.order, call.level.batch, "error")))
    else:
        token = MAPPED.set(())
    try:
        with transforming():
            return call.func(*like(call.inputs, leaves), **call.options)
    finally:
        MAPPED.reset(token)


def joined(column: Any, dim: int | None, size: int) -> Any:
    from .._functions.joining import stack

    if dim is None or not isinstance(column[0], Tensor):
        return column[0]
    return stack(column, dim).narrow(dim, 0, size)
