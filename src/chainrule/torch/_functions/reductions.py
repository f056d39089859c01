"""Functions that make few numbers of many: sums and means.

`dim` and `keepdim` may be called `axis` and `keepdims`, as NumPy does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.traces import fitted, tick
from chainrule._rules import running  # noqa: F401  (states the rule of cumprod)

from .._checks import argument_error, combination_error, dimensions
from .._kinds.dtypes import as_numpy, scalar_name
from .._tape.plans import Op
from .._tape.quiet import QUIET, hush, unhush
from .._tape.values import as_array, recording
from .._tensor import Tensor, made
from .._writing.out import into_out

__all__ = ["mean", "sum"]

add_up: Any = np.add.reduce
multiply_up: Any = np.multiply.reduce
asarray, is_recording = as_array, recording.get
INT64, HALF, SINGLE = np.dtype(np.int64), np.dtype(np.float16), np.dtype(np.float32)
DIMS = "Tensor input, tuple of ints dim, bool keepdim = False, *, torch.dtype dtype = None"
ONE_DIM = "Tensor input, int dim, bool keepdim = False, *, torch.dtype dtype = None"

# ---------------------------------------------------------------- arguments


def renamed(function: str, other: dict[str, Any], dim: Any, keepdim: Any) -> tuple[Any, Any]:
    """Return `dim` and `keepdim`, which may have been given by NumPy's names."""
    dim, keepdim = other.pop("axis", dim), other.pop("keepdims", keepdim)
    for name in other:
        raise TypeError(f"{function}() got an unexpected keyword argument '{name}'")
    return dim, keepdim


def axes(function: str, input: Tensor, dim: Any, *, several: bool = True) -> Any:
    """Return the dimensions as NumPy takes them: a number, a tuple, or None for all."""
    if type(dim) is not int and dim is not None:
        items = dim if isinstance(dim, (tuple, list)) else [dim]
        whole = [isinstance(i, (int, np.integer)) and not isinstance(i, bool) for i in items]
        if not np.all(whole) or (items is dim and not several):
            dims = (DIMS if several else ONE_DIM) + ", Tensor out = None"
            signatures = ("Tensor input, *, torch.dtype dtype = None", dims)
            raise combination_error(function, (input, dim), signatures)
    return dimensions(dim, input._array.ndim)


def check_input(function: str, input: Any) -> None:
    if not isinstance(input, Tensor):
        raise argument_error(function, "input", 1, input)


# ---------------------------------------------------------------- sums and means

SUM = Op("SumBackward0", np.sum, ("",), "self")
SUM_ALONG = Op("SumBackward1", np.sum, ("",), "self")
MEAN = Op("MeanBackward0", np.mean, ("",), "self")
MEAN_ALONG = Op("MeanBackward1", np.mean, ("",), "self")
SPREAD, _ = SUM.stated().argument(0) or (None, None)
SHARED_OUT, _ = MEAN.stated().argument(0) or (None, None)
PLANS = {op: op.plan(1) for op in (SUM, SUM_ALONG, MEAN, MEAN_ALONG)}


def check_slope(input: Any, kind: Any) -> None:
    """Raise if numbers that want a gradient are to be added up in a type that has none."""
    if kind.kind in "biu" and input._node is not None and is_recording():
        raise RuntimeError(f"Autograd not support dtype: {scalar_name(kind)}")


def total(op: Op, pull: Any, input: Any, axis: Any, keepdim: Any, dtype: Any) -> Any:
    """Return the sum, or the mean, as a tensor with its node: nothing is saved for it."""
    x, parent = input._array, input._node
    kind = x.dtype if dtype is None else dtype
    wide = SINGLE if kind is HALF else kind  # half precision is added up in single
    token = hush(QUIET)
    try:
        y = add_up(x, axis, wide, None, keepdim)
        if pull is SHARED_OUT:
            y = y / (x.size // y.size if y.size else 1)
    finally:
        unhush(token)
    out = made(asarray(y, kind))
    if parent is not None and is_recording():
        kept = (x.shape, axis, keepdim)
        if kind is x.dtype:
            edge: Any = (pull, parent, kept)
        else:
            check_slope(input, kind)
            edge = (fitted, parent, (pull, kept, x.shape, x.dtype))
        out._node = [tick(), *edge, None, PLANS[op], None, None, None]
    return out


def sum(
    input: Tensor,
    dim: Any = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Return the sum of all numbers, or along `dim`, one dimension or several.

    Whole numbers and truth values are added up in int64; `dtype` says otherwise, and the numbers
    are cast before. Those dimensions are gone from the result, or 1 with `keepdim`.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> torch.sum(x), torch.sum(x, dim=0), torch.sum(x, 1, keepdim=True).shape
    (tensor(10.), tensor([4., 6.]), torch.Size([2, 1]))
    """
    check_input("sum", input)
    if other:
        dim, keepdim = renamed("sum", other, dim, keepdim)
    kind = as_numpy(dtype)
    if kind is None and input._array.dtype.kind in "biu":
        kind = INT64
    if dim is None:
        result = total(SUM_ALONG if keepdim else SUM, SPREAD, input, None, keepdim, kind)
    else:
        result = total(SUM_ALONG, SPREAD, input, axes("sum", input, dim), keepdim, kind)
    return result if out is None else into_out("sum", result, out)


def mean(
    input: Tensor,
    dim: Any = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Return the mean of all numbers, or along `dim`, one dimension or several.

    Whole numbers have none, unless `dtype` says in which floating-point type. Those dimensions
    are gone from the result, or 1 with `keepdim`.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> torch.mean(x), torch.mean(x, dim=0)
    (tensor(2.5000), tensor([2., 3.]))
    """
    check_input("mean", input)
    if other:
        dim, keepdim = renamed("mean", other, dim, keepdim)
    kind = as_numpy(dtype)
    if (input._array.dtype if kind is None else kind).kind in "biu":
        which = "Input" if kind is None else "Optional"
        raise RuntimeError(
            f"mean(): could not infer output dtype. {which} dtype must be either a floating point "
            f"or complex dtype. Got: {scalar_name(input._array.dtype if kind is None else kind)}"
        )
    if dim is None:
        result = total(MEAN_ALONG if keepdim else MEAN, SHARED_OUT, input, None, keepdim, kind)
    else:
        result = total(MEAN_ALONG, SHARED_OUT, input, axes("mean", input, dim), keepdim, kind)
    return result if out is None else into_out("mean", result, out)


METHODS: dict[str, Callable[..., Any]] = {"mean": mean, "sum": sum}
