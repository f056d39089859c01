"""Products of many numbers, and running sums and products."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules import running  # noqa: F401  (states the rule of cumprod)

from .._checks import argument_error, dimension
from .._kinds.dtypes import as_numpy
from .._tape.plans import Op
from .._tape.recording import recorded
from .._tensor import Tensor
from .._writing.out import into_out
from .reductions import INT64, axes, check_input, check_slope, renamed

__all__ = ["cumprod", "cumsum", "prod"]

multiply_up: Any = np.multiply.reduce

PROD = Op("ProdBackward0", np.prod, ("self result",), "self")
PROD_ALONG = Op("ProdBackward1", np.prod, ("self result",), "self")
CUMSUM = Op("CumsumBackward0", np.cumsum, ("",), "self")
CUMPROD = Op("CumprodBackward0", np.cumprod, ("self result",), "self")


def in_kind(input: Tensor, dtype: Any) -> Tensor:
    """Return the tensor in the type `dtype`; without one, whole numbers in int64."""
    kind = as_numpy(dtype)
    if kind is None:
        kind = INT64 if input._array.dtype.kind in "biu" else input._array.dtype
    if kind == input._array.dtype:
        return input
    check_slope(input, kind)
    from .._conversions.casts import cast_tensor

    return cast_tensor(input, kind)


def multiplied(x: Any, axis: Any = None, *, keepdims: Any = False) -> Any:
    return multiply_up(x, axis, x.dtype, None, keepdims)


def added_up(x: Any, axis: Any) -> Any:
    """Running sums; single precision is added up in double, as PyTorch does."""
    wide = np.float64 if x.dtype.kind == "f" else None
    return np.add.accumulate(x, axis, wide).astype(x.dtype, copy=False)


def multiplied_up(x: Any, axis: Any) -> Any:
    wide = np.float64 if x.dtype.kind == "f" else None
    return np.multiply.accumulate(x, axis, wide).astype(x.dtype, copy=False)


def prod(
    input: Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Return the product of all numbers, or along one dimension; of whole ones in int64.

    >>> import chainrule.torch as torch
    >>> torch.prod(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([3., 8.])
    """
    check_input("prod", input)
    if other:
        dim, keepdim = renamed("prod", other, dim, keepdim)
    options = {"axis": axes("prod", input, dim, several=False), "keepdims": keepdim}
    op = PROD if dim is None else PROD_ALONG
    result = recorded(op, (in_kind(input, dtype),), options, multiplied, None)
    return result if out is None else into_out("prod", result, out)


def running_total(
    function: str, op: Op, call: Any, input: Any, dim: Any, dtype: Any, out: Any, other: Any
) -> Any:
    check_input(function, input)
    if other:
        dim, _ = renamed(function, other, dim, False)
    if not isinstance(dim, int):
        raise argument_error(function, "dim", 2, dim, "int")
    input, options = in_kind(input, dtype), {"axis": dimension(dim, input._array.ndim)}
    if input._array.ndim == 0:
        op, options, call = Op(op.name, np.copy, ("",), "self"), {}, np.copy
    result = recorded(op, (input,), options, call, None)
    return result if out is None else into_out(function, result, out)


def cumsum(
    input: Tensor,
    dim: int | None = None,
    *,
    dtype: Any = None,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Return, along `dim`, the sums of each number and all before it; of whole ones in int64.

    >>> import chainrule.torch as torch
    >>> torch.cumsum(torch.tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 3., 6.])
    """
    return running_total("cumsum", CUMSUM, added_up, input, dim, dtype, out, other)


def cumprod(
    input: Tensor,
    dim: int | None = None,
    *,
    dtype: Any = None,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Return, along `dim`, the products of each number and all before it; of whole ones in int64.

    >>> import chainrule.torch as torch
    >>> torch.cumprod(torch.tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 2., 6.])
    """
    return running_total("cumprod", CUMPROD, multiplied_up, input, dim, dtype, out, other)


METHODS: dict[str, Callable[..., Any]] = {"cumprod": cumprod, "cumsum": cumsum, "prod": prod}
