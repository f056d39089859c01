"""Where numbers would stand in a sorted row, and where numbered places lie in a shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._arguments import whole
from .._checks import argument_error, check_tensors
from .._kinds.dtypes import promoted, scalar_name
from .._tape.promotion import kind_of
from .._tensor import Tensor, made
from .._writing.out import into_out

__all__ = ["bucketize", "searchsorted", "unravel_index"]


def side_of(name: str, right: bool, side: str | None) -> str:
    if side is not None and side not in ("left", "right"):
        raise RuntimeError(f"torch.{name}(): side can only be 'left' or 'right' but got {side}")
    if side == "left" and right:
        raise RuntimeError(
            f"torch.{name}(): side and right can't be set to opposites, got side of {side} while "
            "right was True"
        )
    return "right" if right else side or "left"


def searchsorted(
    sorted_sequence: Tensor,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    out: Tensor | None = None,
    sorter: Tensor | None = None,
) -> Any:
    """Return at which places the numbers of `input` keep a sorted row sorted.

    Before those that are equal, or behind them with side="right". `sorted_sequence` may be a
    stack of rows, `input` then has as many. `sorter` are the places of a row that is not sorted.

    >>> import chainrule.torch as torch
    >>> torch.searchsorted(torch.tensor([1, 3, 5]), torch.tensor([3, 4]))
    tensor([1, 2])
    """
    check_tensors("searchsorted", sorted_sequence=sorted_sequence)
    which = side_of("searchsorted", right, side)
    rows = sorted_sequence._array
    v = input._array if isinstance(input, Tensor) else np.asarray(input)
    if rows.ndim != 1 and rows.shape[:-1] != v.shape[:-1]:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 "
            "dimensions of boundaries tensor and input value tensor must match, but we got "
            f"boundaries tensor {list(rows.shape)} and input value tensor {list(v.shape)}"
        )
    if sorter is not None:
        order = sorter._array
        if order.shape != rows.shape:
            raise RuntimeError(
                "torch.searchsorted(): boundary and sorter must have the same size, but got "
                f"boundary tensor {list(rows.shape)}and got sorter tensor {list(order.shape)}"
            )
        if order.dtype != np.int64:
            raise RuntimeError(
                "torch.searchsorted(): sorter must be a tensor of long dtype but got dtype "
                f"{scalar_name(order.dtype)}"
            )
        rows = np.take_along_axis(rows, order, -1)
    return places("searchsorted", rows, v, which, out_int32, out)


def places(name: str, rows: Any, v: Any, which: Any, out_int32: bool, out: Tensor | None) -> Any:
    if rows.dtype != v.dtype:
        kind = promoted([kind_of(rows), kind_of(v)])
        rows, v = rows.astype(kind), v.astype(kind)
    if rows.ndim == 1:
        found = np.searchsorted(rows, v, which)
    else:
        lines, values = rows.reshape(-1, rows.shape[-1]), v.reshape(len(rows.reshape(-1, rows.shape[-1])), -1)  # noqa: E501  # fmt: skip
        found = np.array(
            [np.searchsorted(a, b, which) for a, b in zip(lines, values, strict=True)]
        ).reshape(v.shape)
    result: Any = made(np.asarray(found, np.int32 if out_int32 else np.int64))
    return result if out is None else into_out(name, result, out)


def bucketize(
    input: Any,
    boundaries: Tensor,
    *,
    out_int32: bool = False,
    right: bool = False,
    out: Tensor | None = None,
) -> Any:
    """Return between which of the sorted `boundaries` each number lies: 0 is before the first.

    A number that is a boundary belongs before it, or behind it if `right`.

    >>> import chainrule.torch as torch
    >>> torch.bucketize(torch.tensor([3, 4, 9]), torch.tensor([1, 3, 5]))
    tensor([1, 2, 3])
    """
    if not isinstance(boundaries, Tensor):
        raise argument_error("bucketize", "boundaries", 2, boundaries)
    rows = boundaries._array
    if rows.ndim != 1:
        raise RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({rows.ndim})")
    v = input._array if isinstance(input, Tensor) else np.asarray(input)
    return places("bucketize", rows, v, "right" if right else "left", out_int32, out)


def unravel_index(indices: Tensor, shape: Any) -> tuple[Any, ...]:
    """Return, for places counted in a row, the index along each dimension of `shape`.

    >>> import chainrule.torch as torch
    >>> torch.unravel_index(torch.tensor([3, 5]), (2, 3))
    (tensor([1, 1]), tensor([0, 2]))
    """
    check_tensors("unravel_index", indices=indices)
    x = indices._array
    if x.dtype.kind not in "iu":
        raise TypeError(f"expected 'indices' to be integer dtype, but got {indices.dtype}")
    sizes = (int(shape),) if whole(shape) else tuple(int(n) for n in shape)
    if any(n < 0 for n in sizes):
        raise ValueError(f"'shape' cannot have negative values, but got {sizes}")
    found, rest = [], x.astype(np.int64, copy=False)
    for n in reversed(sizes):
        rest, at = np.divmod(rest, n)
        found.append(made(np.asarray(at)))
    return tuple(found[::-1])
