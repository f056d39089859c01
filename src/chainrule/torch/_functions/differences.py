"""Differences of neighbours, and areas under the lines between points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._checks import check_tensors, combination_error, dimension
from .._conversions.casts import as_kind
from .._indices import SLICE
from .._kinds.dtypes import get_default_dtype
from .._tape.plans import Op
from .._tape.recording import recorded
from .._tensor import Tensor, made
from .._writing.out import into_out
from .._writing.views import indexed
from .arithmetic import add, mul, sub
from .joining import cat
from .joint import joint
from .reductions import sum
from .running import cumsum
from .splitting import select

__all__ = ["cumulative_trapezoid", "diff", "trapezoid", "trapz"]

TIMES_NUMBER = Op("MulBackward1", np.multiply, ("",), "self other")
COPY = Op("torch::autograd::CopyBackwards", np.copy, ("",), "self")
BY_NUMBER = Op("DivBackward1", np.divide, ("",), "self other")


def times_number(t: Tensor, number: float) -> Any:
    return joint(TIMES_NUMBER, (t, number))


def over_number(t: Tensor, number: float) -> Any:
    return joint(BY_NUMBER, (t, number))


# ---------------------------------------------------------------- neighbours


def but_last(t: Any, axis: int) -> Any:
    return indexed(t, (slice(None),) * axis + (slice(None, -1), ...), SLICE)


def but_first(t: Any, axis: int) -> Any:
    return indexed(t, (slice(None),) * axis + (slice(1, None), ...), SLICE)


def diff(
    input: Tensor,
    n: int = 1,
    dim: int = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
    *,
    out: Tensor | None = None,
) -> Any:
    """Return each number less the one before it along `dim`, `n` times over.

    `prepend` and `append` are joined to the ends before; of truth values it says where they change.

    >>> import chainrule.torch as torch
    >>> torch.diff(torch.tensor([1, 4, 9]))
    tensor([3, 5])
    """
    check_tensors("diff", input=input)
    ndim = input._array.ndim
    if not ndim:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    axis = dimension(dim, ndim)
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    ends = [end for end in (prepend, append) if end is not None]
    if any(end._array.ndim != ndim for end in ends):
        raise RuntimeError("diff expects prepend or append to be the same dimension as input")
    if ends:
        parts = [part for part in (prepend, input, append) if part is not None]
        input = cat(parts, axis)
    result: Any = input
    of_truth = input._array.dtype.kind == "b"
    for _ in range(min(n, result._array.shape[axis])):
        after, before = but_first(result, axis), but_last(result, axis)
        result = after.logical_xor(before) if of_truth else sub(after, before)
    if result is input:
        result = recorded(COPY, (input,), {}, np.copy, None)
    return result if out is None else into_out("diff", result, out)


# ---------------------------------------------------------------- areas

SIGNATURES = ("Tensor y, Tensor x, *, int dim = -1", "Tensor y, *, Number dx = 1, int dim = -1")


def sides_of(function: str, y: Any, x: Any, dx: Any, dim: int) -> tuple[Any, int, Any]:
    """Return `y` as floating-point numbers, the axis, and the widths: a number or a tensor."""
    if not isinstance(y, Tensor) or not (x is None or isinstance(x, Tensor)):
        raise combination_error(function, (y, x) if x is not None else (y,), SIGNATURES)
    if y._array.dtype.kind == "b":
        raise RuntimeError(f"{function}: received a bool input for `y`, but bool is not supported")
    ndim = y._array.ndim
    if not ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    axis = dimension(dim, ndim)
    if x is None:
        return y, axis, dx
    if x._array.dtype.kind == "b":
        raise RuntimeError(f"{function}: received a bool input for `x`, but bool is not supported")
    if x._array.ndim == 1:
        if x._array.shape[0] != y._array.shape[axis]:
            raise RuntimeError(f"{function}: There must be one `x` value for each sample point")
        x = x.view((-1,) + (1,) * (ndim - axis - 1))  # type: ignore[attr-defined]
        axis_of_x = 0
    else:
        axis_of_x = axis - ndim + x._array.ndim
    return y, axis, sub(but_first(x, axis_of_x), but_last(x, axis_of_x))


def in_floats(t: Any) -> Any:
    x = t._array
    return t if x.dtype.kind in "fc" else as_kind(t, get_default_dtype().numpy)


def trapezoid(y: Tensor, x: Any = None, *, dx: Any = 1, dim: int = -1) -> Any:
    """Return the area under the lines that join the points, along `dim`.

    The points lie at `x`, or `dx` apart.

    >>> import chainrule.torch as torch
    >>> torch.trapezoid(torch.tensor([1.0, 5.0, 10.0]))
    tensor(10.5000)
    """
    y, axis, widths = sides_of("trapezoid", y, x, dx, dim)
    if isinstance(widths, Tensor):
        pairs = add(but_first(y, axis), but_last(y, axis))
        return over_number(in_floats(sum(mul(widths, pairs), axis)), 2.0)
    if not y._array.shape[axis]:
        return made(np.asarray(np.sum(in_floats(y)._array, axis)))
    ends = add(select(y, axis, 0), select(y, axis, -1))
    inner = sub(sum(y, axis), times_number(in_floats(ends), 0.5))
    return times_number(inner, widths)


trapz = trapezoid


def cumulative_trapezoid(y: Tensor, x: Any = None, *, dx: Any = 1, dim: int = -1) -> Any:
    """Return the areas under the lines from the first point to each other one, along `dim`.

    >>> import chainrule.torch as torch
    >>> torch.cumulative_trapezoid(torch.tensor([1.0, 5.0, 10.0]))
    tensor([ 3.0000, 10.5000])
    """
    y, axis, widths = sides_of("cumulative_trapezoid", y, x, dx, dim)
    pairs = add(but_first(y, axis), but_last(y, axis))
    if isinstance(widths, Tensor):
        return over_number(in_floats(cumsum(mul(widths, pairs), axis)), 2.0)
    return cumsum(times_number(in_floats(pairs), widths / 2), axis)


METHODS: dict[str, Callable[..., Any]] = {"diff": diff}
