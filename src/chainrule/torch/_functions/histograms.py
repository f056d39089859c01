"""How many numbers lie where: counts of whole numbers, and of those between edges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._checks import check_tensors, not_implemented
from .._tensor import Tensor, made
from .._writing.out import into_out
from .joint import without_derivative
from .results import answered, result_type

__all__ = ["bincount", "histc", "histogram"]

Histogram = result_type("histogram", "hist", "bin_edges")


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Any:
    """Return how often 0, 1, 2, … occur, or the sums of their weights.

    >>> import chainrule.torch as torch
    >>> torch.bincount(torch.tensor([0, 2, 2]))
    tensor([1, 0, 2])
    """
    check_tensors("bincount", input=input)
    x = input._array
    if x.dtype.kind not in "iu":
        not_implemented("bincount_cpu", x.dtype)
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    if x.ndim != 1 or (x.size and x.min() < 0):
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    if weights is None:
        return made(np.bincount(x, minlength=minlength).astype(np.int64))
    w = weights._array
    if w.shape != x.shape:
        raise RuntimeError("weights should be 1-d and have the same length as input")
    sums = np.bincount(x, w, minlength)
    sums = sums.astype(np.float32 if w.dtype == np.float32 else np.float64)
    return without_derivative("bincount", (weights,), sums)


# ---------------------------------------------------------------- between edges


def ends_of(name: str, x: Any, low: float, high: float) -> tuple[float, float]:
    """Return the ends; where they are equal, the least and the greatest of the numbers."""
    if low == high and x.size:
        low, high = float(x.min()), float(x.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise RuntimeError(f"{name}: range of [{low:g}, {high:g}] is not finite")
    return (low - 1, high + 1) if low == high else (low, high)


def check_bins(bins: int) -> None:
    if bins <= 0:
        raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {bins} for dimension 0")


def histc(
    input: Tensor, bins: int = 100, min: float = 0, max: float = 0, *, out: Tensor | None = None
) -> Any:
    """Return how many numbers lie in each of `bins` intervals of one width from `min` to `max`.

    Where both are equal, those of the numbers themselves are taken. Others are not counted.

    >>> import chainrule.torch as torch
    >>> torch.histc(torch.tensor([1.0, 2.0, 1.0]), bins=4, min=0, max=3)
    tensor([0., 2., 1., 0.])
    """
    check_tensors("histc", input=input)
    x = input._array
    if x.dtype.kind != "f":
        not_implemented("histogram_cpu", x.dtype)
    check_bins(bins)
    if min > max:
        raise RuntimeError("torch.histc: max must be larger than min")
    low, high = ends_of("torch.histc", x, min, max)
    counts = np.histogram(x, bins, (low, high))[0]
    result = made(counts.astype(x.dtype))
    return result if out is None else into_out("histc", result, out)


def histogram(
    input: Tensor,
    bins: Any = 100,
    *,
    range: Any = None,
    weight: Tensor | None = None,
    density: bool = False,
    out: Any = None,
) -> Any:
    """Return how many numbers lie between edges, and the edges.

    `bins` is the number of intervals of one width, or their edges. A `weight` counts a number that
    often; with `density`, areas have the sum 1.

    >>> import chainrule.torch as torch
    >>> torch.histogram(torch.tensor([1.0, 2.0, 1.0]), bins=2, range=(0.0, 3.0)).hist
    tensor([2., 1.])
    """
    check_tensors("histogram", input=input)
    x = input._array
    if x.dtype.kind != "f":
        not_implemented("histogramdd", x.dtype)
    if isinstance(bins, Tensor):
        edges = bins._array
    else:
        check_bins(bins)
        low, high = (0.0, 0.0) if range is None else range
        if low > high:
            raise RuntimeError(
                f"torch.histogramdd: min should not exceed max, but got min {low:g} max {high:g} "
                "for dimension 0"
            )
        low, high = ends_of("torch.histogramdd: dimension 0's", x, low, high)
        edges = np.linspace(low, high, bins + 1, dtype=x.dtype)
    w = None if weight is None else weight._array
    if w is not None and w.shape != x.shape:
        raise RuntimeError(
            "torch.histogramdd: if weight tensor is provided it should have the same shape as the "
            f"input tensor excluding its innermost dimension, but got input with shape "
            f"[{x.size}, 1] and weight with shape {[w.size]}"
        )
    counts = np.histogram(x, edges, weights=w, density=density)[0].astype(x.dtype)
    given = [v for v in (input, weight) if v is not None]
    parts = (counts, np.array(edges))
    found = [without_derivative("histogram", given, part) for part in parts]
    return answered(Histogram, found, out)


METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__}
