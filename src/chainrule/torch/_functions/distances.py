"""Distances between the rows of matrices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._checks import broadcast_error, check_tensors
from .._kinds.dtypes import scalar_name
from .._tensor import made
from .spelling import called
from .spreads import vector_norm
from .unit_dimensions import unsqueeze

__all__ = ["cdist", "pdist"]

MODES = (
    "use_mm_for_euclid_dist_if_necessary",
    "use_mm_for_euclid_dist",
    "donot_use_mm_for_euclid_dist",
)


def cdist(
    x1: Any, x2: Any, p: float = 2.0, compute_mode: str = "use_mm_for_euclid_dist_if_necessary"
) -> Any:
    """Return the distance of each row of `x1` to each row of `x2`: the norm `p` of what is between.

    The slope is 0 where two rows are equal. Distances are computed from differences, whatever
    `compute_mode` says.

    >>> import chainrule.torch as torch
    >>> torch.cdist(torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0], [1.0, 0.0]]))
    tensor([[5., 1.]])
    """
    check_tensors("cdist", x1=x1, x2=x2)
    if compute_mode not in MODES:
        raise ValueError(f"{compute_mode} is not a valid value for compute_mode")
    a, b = x1._array, x2._array
    for k, v in enumerate((a, b), 1):
        if v.ndim < 2:
            raise RuntimeError(f"cdist only supports at least 2D tensors, X{k} got: {v.ndim}D")
    if a.shape[-1] != b.shape[-1]:
        raise RuntimeError(
            f"X1 and X2 must have the same number of columns. X1: {a.shape[-1]} X2: {b.shape[-1]}"
        )
    for k, v in enumerate((a, b), 1):
        if v.dtype.kind != "f":
            raise RuntimeError(
                f"cdist only supports floating-point dtypes, X{k} got: {scalar_name(v.dtype)}"
            )
    if p < 0:
        raise RuntimeError("cdist only supports non-negative p values")
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"expected scalar type {scalar_name(a.dtype)} but found {scalar_name(b.dtype)}"
        )
    try:
        np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        raise broadcast_error(a.shape[:-2], b.shape[:-2]) from None
    return called("CdistBackward0", between(unsqueeze(x1, -2) - unsqueeze(x2, -3), p))


def between(difference: Any, p: float) -> Any:
    if not difference._array.shape[-1]:
        return difference.sum(-1)
    return vector_norm(difference, 2 if p == 2 else float(p), -1, False, None)


def pdist(input: Any, p: float = 2.0) -> Any:
    """Return the distances of the rows of a matrix from those behind them.

    >>> import chainrule.torch as torch
    >>> torch.pdist(torch.tensor([[0.0], [1.0], [3.0]]))
    tensor([1., 3., 2.])
    """
    check_tensors("pdist", input=input)
    x = input._array
    if x.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {x.ndim}D")
    if x.dtype.kind != "f":
        raise RuntimeError("pdist only supports floating-point dtypes")
    if p < 0 or math.isnan(p):
        raise RuntimeError("pdist only supports non-negative p values")
    first, second = (made(at) for at in np.triu_indices(len(x), 1))
    return called("PdistBackward0", between(input[first] - input[second], p))
