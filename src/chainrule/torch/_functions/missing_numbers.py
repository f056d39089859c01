"""Tensors where some numbers are missing: NaN replaced, or left out of sums, means, medians."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.choosing import middle_present, picked
from chainrule._rules.floats import finite
from chainrule._rules.missing import sum_of_present

from .._checks import argument_error, dimension, not_implemented
from .._conversions.casts import cast_tensor
from .._kinds.dtypes import as_numpy, scalar_name
from .._tape.plans import Op, op_named
from .._tape.recording import recorded
from .._tape.values import recording
from .._tensor import Tensor, made
from .._writing.out import into_out
from .extremes import chosen
from .reductions import axes, check_input, renamed, sum
from .results import answered, result_type
from .sorting import order_of, ranked

__all__ = ["nan_to_num", "nanmean", "nanmedian", "nansum"]

NAN_TO_NUM = Op("NanToNumBackward0", finite, ("self",), "self")
NANSUM = Op("NansumBackward0", sum_of_present, ("self",), "self")
NANMEDIAN = Op("NanmedianBackward0", middle_present, ("self result",), "self")
NANMEDIAN_ALONG = Op("NanmedianBackward1", picked, ("indices", ""), "self indices")
Middle = result_type("nanmedian", "values", "indices")
op_named(finite, NAN_TO_NUM)
op_named(sum_of_present, NANSUM)
op_named(middle_present, NANMEDIAN)


def nan_to_num(
    input: Tensor,
    nan: float | None = None,
    posinf: float | None = None,
    neginf: float | None = None,
    *,
    out: Tensor | None = None,
) -> Any:
    """Return the numbers, with `nan` (0) for NaN, and the largest there are for infinities.

    The slope is 0 where a number is replaced.

    >>> import chainrule.torch as torch
    >>> torch.nan_to_num(torch.tensor([1.0, float("nan"), float("inf")]), posinf=9)
    tensor([1., 0., 9.])
    """
    if not isinstance(input, Tensor):
        raise argument_error("nan_to_num", "input", 1, input)
    x = input._array
    if x.dtype.kind == "f":
        options = {"nan": 0.0 if nan is None else nan, "posinf": posinf, "neginf": neginf}
        result = recorded(NAN_TO_NUM, (input,), options, NAN_TO_NUM.stated().call, None)
    elif x.dtype.kind == "c":
        from .complex_parts import of_parts, parts_of

        if input._node is not None and recording.get():
            raise RuntimeError(
                "nan_to_num does not support automatic differentiation for outputs with complex "
                "dtype."
            )
        result = of_parts(nan_to_num(parts_of(input), nan, posinf, neginf))
    else:
        result = made(x.copy())
    return result if out is None else into_out("nan_to_num", result, out)


def nansum(
    input: Tensor,
    dim: Any = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Return the sum of the numbers that are not NaN, of all or along `dim`.

    >>> import chainrule.torch as torch
    >>> torch.nansum(torch.tensor([1.0, float("nan"), 2.0]))
    tensor(3.)
    """
    check_input("nansum", input)
    if other:
        dim, keepdim = renamed("nansum", other, dim, keepdim)
    kind = as_numpy(dtype)
    if input._array.dtype.kind == "c":
        raise RuntimeError("nansum on CPU does not support complex inputs")
    if input._array.dtype.kind != "f" or (kind is not None and kind.kind != "f"):
        return sum(input, dim, keepdim, dtype=dtype, out=out)
    if kind is not None and kind != input._array.dtype:
        input = cast_tensor(input, kind)
    options = {"axis": axes("nansum", input, dim), "keepdims": bool(keepdim)}
    result = recorded(NANSUM, (input,), options, sum_of_present, None)
    return result if out is None else into_out("nansum", result, out)


def nanmean(
    input: Tensor,
    dim: Any = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Return the mean of the numbers that are not NaN, of all or along `dim`.

    >>> import chainrule.torch as torch
    >>> torch.nanmean(torch.tensor([1.0, float("nan"), 2.0]))
    tensor(1.5000)
    """
    check_input("nanmean", input)
    if other:
        dim, keepdim = renamed("nanmean", other, dim, keepdim)
    x = input._array
    if x.dtype.kind not in "fc":
        raise RuntimeError(
            "nanmean(): expected input to have floating point or complex dtype but got "
            f"{scalar_name(x.dtype)}"
        )
    total = nansum(input, dim, keepdim, dtype=dtype)
    count = sum(made(~np.isnan(x)), dim, keepdim)
    result = total / count
    return result if out is None else into_out("nanmean", result, out)


def nanmedian(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, out: Any = None, **other: Any
) -> Any:
    """Return the number in the middle of those that are not NaN, the lower one of two.

    With `dim`, also where it is.

    >>> import chainrule.torch as torch
    >>> torch.nanmedian(torch.tensor([4.0, float("nan"), 3.0]))
    tensor(3.)
    """
    check_input("nanmedian", input)
    if other:
        dim, keepdim = renamed("nanmedian", other, dim, keepdim)
    x = input._array
    if dim is not None:
        dimension(dim, x.ndim)
    if x.dtype.kind in "bc":
        not_implemented("median_cpu" if dim is None else "median_out", x.dtype)
    if dim is None:
        result = recorded(NANMEDIAN, (input,), {}, middle_present, None)
        return result if out is None else into_out("nanmedian", result, out)
    axis = dimension(dim, x.ndim)
    if x.ndim and not x.shape[axis]:
        raise IndexError(f"median(): Expected reduction dim {axis} to have non-zero size.")
    if x.ndim and x.dtype.kind == "f":
        there = np.maximum(np.sum(~np.isnan(x), axis, keepdims=True), 1)
        index = np.take_along_axis(order_of(x, axis, False), (there - 1) // 2, axis)
    else:
        index = ranked(x, ((x.shape[axis] if x.ndim else 1) - 1) // 2, axis)
    return answered(Middle, chosen(NANMEDIAN_ALONG, input, index, axis, keepdim), out)


METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__}
