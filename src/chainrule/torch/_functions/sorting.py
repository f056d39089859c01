"""Numbers in their order: sorted, the first of them, the one in the middle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.choosing import middle, picked
from chainrule._rules.indexing import gathered

from .._checks import dimension, not_implemented
from .._tape.plans import Op, op_named
from .._tape.recording import recorded
from .._tensor import Tensor, made
from .._writing.out import into_out
from .extremes import chosen
from .reductions import check_input, renamed
from .results import answered, result_type

__all__ = ["argsort", "kthvalue", "median", "msort", "sort", "topk"]

SORT = Op("SortBackward0", gathered, ("indices", ""), "self indices")
SORT_STABLE = Op("SortBackward1", gathered, ("indices", ""), "self indices")
TOPK = Op("TopkBackward0", gathered, ("indices", ""), "self indices")
KTH = Op("KthvalueBackward0", picked, ("indices", ""), "self indices")
MEDIAN = Op("MedianBackward0", middle, ("self result",), "self")
MEDIAN_ALONG = Op("MedianBackward1", picked, ("indices", ""), "self indices")
Sorted = result_type("sort", "values", "indices")
Top = result_type("topk", "values", "indices")
Kth = result_type("kthvalue", "values", "indices")
Middle = result_type("median", "values", "indices")


def check_ordered(said: str, t: Tensor) -> None:
    if t._array.dtype.kind == "c":
        raise RuntimeError(f"{said} does not support complex dtypes on CPU")


def order_of(x: Any, axis: int, descending: bool) -> Any:
    """Return the indices that sort `x` along `axis`; equals stay in their order, NaN is largest."""
    if not x.ndim:
        return np.zeros((), np.int64)
    if not descending:
        return np.argsort(x, axis, kind="stable")
    backward = np.argsort(np.flip(x, axis), axis, kind="stable")
    return x.shape[axis] - 1 - np.flip(backward, axis)


def arranged(op: Op, input: Any, index: Any, axis: int) -> tuple[Any, Any]:
    """Return the elements that `index` names along `axis`, and the index, as tensors."""
    places = made(
        np.ascontiguousarray(index) if type(index) is np.ndarray and index.ndim else index
    )
    return recorded(op, (input, places), {"axis": axis}, gathered, None), places


def sort(
    input: Tensor,
    dim: int = -1,
    descending: bool = False,
    *,
    stable: bool | None = None,
    out: Any = None,
    **other: Any,
) -> Any:
    """Return the numbers along `dim` in their order, and where they were; equals keep theirs.

    >>> import chainrule.torch as torch
    >>> torch.sort(torch.tensor([3.0, 1.0, 2.0]), descending=True).values
    tensor([3., 2., 1.])
    """
    check_input("sort", input)
    check_ordered(" Sort", input)
    dim, _ = renamed("sort", other, dim, False)
    axis = dimension(dim, input._array.ndim)
    op = SORT if stable is None else SORT_STABLE
    parts = arranged(op, input, order_of(input._array, axis, descending), axis)
    return answered(Sorted, parts, out)


def msort(input: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the numbers along the first dimension in their order.

    >>> import chainrule.torch as torch
    >>> torch.msort(torch.tensor([3.0, 1.0, 2.0]))
    tensor([1., 2., 3.])
    """
    check_input("msort", input)
    result = sort(input, 0).values
    return result if out is None else into_out("msort", result, out)


def argsort(
    input: Tensor, dim: int = -1, descending: bool = False, *, stable: bool = False, **other: Any
) -> Any:
    """Return the indices that put the numbers along `dim` in their order.

    >>> import chainrule.torch as torch
    >>> torch.argsort(torch.tensor([3.0, 1.0, 2.0]))
    tensor([1, 2, 0])
    """
    check_input("argsort", input)
    check_ordered(" Sort", input)
    dim, _ = renamed("argsort", other, dim, False)
    axis = dimension(dim, input._array.ndim)
    return made(order_of(input._array, axis, descending).copy())


def topk(
    input: Tensor,
    k: int,
    dim: int = -1,
    largest: bool = True,
    sorted: bool = True,
    *,
    out: Any = None,
) -> Any:
    """Return the `k` largest numbers along `dim`, or the smallest, and where they are.

    >>> import chainrule.torch as torch
    >>> torch.topk(torch.tensor([3.0, 1.0, 2.0]), 2).indices
    tensor([0, 2])
    """
    check_input("topk", input)
    x = input._array
    axis = dimension(dim, x.ndim)
    if x.dtype.kind == "b":
        raise RuntimeError("topk does not support bool dtypes on CPU")
    check_ordered(" topk", input)
    if not 0 <= k <= (x.shape[axis] if x.ndim else 1):
        raise RuntimeError("selected index k out of range")
    index = order_of(x, axis, largest)
    if x.ndim:
        index = index[(slice(None),) * axis + (slice(k),)]
    return answered(Top, arranged(TOPK, input, index, axis), out)


def kthvalue(
    input: Tensor, k: int, dim: int = -1, keepdim: bool = False, *, out: Any = None
) -> Any:
    """Return the `k`-th smallest number along `dim`, counted from 1, and where it is.

    >>> import chainrule.torch as torch
    >>> torch.kthvalue(torch.tensor([3.0, 1.0, 2.0]), 2).values
    tensor(2.)
    """
    check_input("kthvalue", input)
    x = input._array
    axis = dimension(dim, x.ndim)
    if x.dtype.kind in "bc":
        not_implemented("kthvalue_cpu", x.dtype)
    if x.ndim and not x.shape[axis]:
        raise IndexError(f"kthvalue(): Expected reduction dim {axis} to have non-zero size.")
    if not 1 <= k <= (x.shape[axis] if x.ndim else 1):
        raise RuntimeError(f"kthvalue(): selected number k out of range for dimension {axis}")
    return answered(Kth, chosen(KTH, input, ranked(x, k - 1, axis), axis, keepdim), out)


def ranked(x: Any, k: int, axis: int) -> Any:
    """Return the index of the number with `k` before it, with 1 at `axis`."""
    if not x.ndim:
        return np.zeros((), np.int64)
    return order_of(x, axis, False)[(slice(None),) * axis + (slice(k, k + 1),)]


def median(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, out: Any = None, **other: Any
) -> Any:
    """Return the number in the middle, the lower one of two; with `dim`, and where it is.

    NaN if there is one. Numbers equal to the median of all share its gradient.

    >>> import chainrule.torch as torch
    >>> torch.median(torch.tensor([4.0, 1.0, 3.0, 2.0]))
    tensor(2.)
    """
    check_input("median", input)
    dim, keepdim = renamed("median", other, dim, keepdim)
    if dim is not None:
        dimension(dim, input._array.ndim)
    if input._array.dtype.kind in "bc":
        not_implemented("median_cpu" if dim is None else "median_out", input._array.dtype)
    if dim is None:
        result = recorded(MEDIAN, (input,), {}, middle, None)
        return result if out is None else into_out("median", result, out)
    x = input._array
    axis = dimension(dim, x.ndim)
    if x.ndim and not x.shape[axis]:
        raise IndexError(f"median(): Expected reduction dim {axis} to have non-zero size.")
    index = ranked(x, ((x.shape[axis] if x.ndim else 1) - 1) // 2, axis)
    if x.dtype.kind == "f" and x.ndim:
        isnan = np.isnan(x)
        first = np.argmax(isnan, axis, keepdims=True)
        index = np.where(isnan.any(axis, keepdims=True), first, index)
    return answered(Middle, chosen(MEDIAN_ALONG, input, index, axis, keepdim), out)


op_named(gathered, SORT)
op_named(middle, MEDIAN)

METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__}
