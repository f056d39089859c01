"""Products that are summed over chosen dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.linear_algebra import square  # noqa: F401  (states the rule of the trace)

from .._checks import check_tensors, not_implemented
from .._tape.plans import Op
from .._tape.quiet import QUIET, hush, unhush
from .._tape.recording import recorded
from .._tape.values import as_array, cell, recording, taped
from .._tensor import Tensor, made
from .._writing.out import into_out

__all__ = ["ger", "inner", "outer", "spelled", "tensordot", "trace"]


def spelled(f: Callable[..., Any], *inputs: Any) -> Any:
    """Return `f` of the tensors' arrays, each of NumPy's functions that it calls recorded."""
    wanted = recording.get() and any(v._node is not None for v in inputs)
    token = hush(QUIET)
    try:
        y = f(*(taped(v) if wanted else v._array for v in inputs))
    finally:
        unhush(token)
    return cell(y) if wanted else made(as_array(y))


TRACE = Op("TraceBackward0", np.trace, ("",), "self")


def outer(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the matrix of all products of the numbers of two vectors.

    >>> import chainrule.torch as torch
    >>> torch.outer(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    check_tensors("outer", input=input, vec2=vec2)
    for name, v in (("self", input), ("vec2", vec2)):
        if v._array.ndim != 1:
            raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {v._array.ndim}-D")
    result = input.unsqueeze(1) * vec2  # type: ignore[attr-defined]
    return result if out is None else into_out("outer", result, out)


def inner(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the sums of products over the last dimension of both.

    >>> import chainrule.torch as torch
    >>> torch.inner(torch.tensor([[1.0, 2.0], [0.0, 1.0]]), torch.tensor([3.0, 4.0]))
    tensor([11.,  4.])
    """
    check_tensors("inner", input=input, other=other)
    a, b = input._array, other._array
    if not a.ndim or not b.ndim:
        result = input * other  # type: ignore[operator]
    else:
        check_kinds(a, b)
        if a.shape[-1] != b.shape[-1]:
            raise RuntimeError(
                "inner() the last dimension must match on both input tensors but got shapes "
                f"{list(a.shape)} and {list(b.shape)}"
            )
        result = spelled(np.inner, input, other)
    return result if out is None else into_out("inner", result, out)


def check_kinds(a: Any, b: Any) -> None:
    if a.dtype != b.dtype:
        raise RuntimeError("both inputs should have same dtype")


def tensordot(a: Tensor, b: Tensor, dims: Any = 2, out: Tensor | None = None) -> Any:
    """Return the sums of products over the last `dims` dimensions of `a` and the first of `b`.

    Two lists say which dimensions of each instead.

    >>> import chainrule.torch as torch
    >>> torch.tensordot(torch.ones(2, 3, 4), torch.ones(4, 3), dims=([1, 2], [1, 0]))
    tensor([12., 12.])
    """
    check_tensors("tensordot", a=a, b=b)
    x, y = a._array, b._array
    if isinstance(dims, Tensor):
        dims = dims._array.tolist()
    if isinstance(dims, int):
        if not 0 <= dims <= min(x.ndim, y.ndim):
            raise RuntimeError(
                f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}"
                if dims > 0
                else f"tensordot expects dims >= 0, but got dims={dims}"
            )
        dims = list(range(-dims, 0)), list(range(dims))
    left, right = ([i] if isinstance(i, int) else list(i) for i in dims)
    check_kinds(x, y)
    for i, j in zip(left, right, strict=True):
        if x.shape[i] != y.shape[j]:
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {x.shape[i]} in dim {i} "
                f"and second has size {y.shape[j]} in dim {j}"
            )
    result = spelled(lambda v, w: np.tensordot(v, w, axes=(left, right)), a, b)
    return result if out is None else into_out("tensordot", result, out)


def trace(input: Tensor) -> Any:
    """Return the sum of a matrix's diagonal.

    >>> import chainrule.torch as torch
    >>> torch.trace(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(5.)
    """
    check_tensors("trace", input=input)
    if input._array.dtype.kind == "b":
        not_implemented("trace", input._array.dtype)
    if input._array.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input._array.ndim}")
    return recorded(TRACE, (input,), {}, np.trace, None)


ger = outer
METHODS: dict[str, Callable[..., Any]] = {
    "ger": ger, "inner": inner, "outer": outer, "trace": trace,
}  # fmt: skip
