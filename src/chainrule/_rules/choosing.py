"""Numbers chosen by their rank: by the index of a maximum, in the middle, and spreads around it."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import along, looped
from chainrule._core.composing import composed
from chainrule._core.stating import linear, pulled
from chainrule._core.values import cast, dtype_of, ndim_of, recordable, shape_of

from .extremes import to_extreme
from .indexing import gathered, scattered
from .reductions import met
from .spreads import to_deviation, to_variance

__all__ = ["deviation", "greatest", "least", "middle", "middle_present", "picked", "variance"]


@recordable
def picked(x: Any, index: Any, axis: int, keepdims: bool = False) -> Any:
    """Return, along `axis`, the one element that the whole numbers `index` name.

    `index` has 1 at `axis`, or not that axis at all; in the result it is gone unless `keepdims`.
    """
    if ndim_of(x) == 0:
        return np.copy(x)[()]
    y = gathered(x, with_axis(index, ndim_of(x), axis), axis)
    return y if keepdims else np.squeeze(y, axis)


def with_axis(index: Any, ndim: int, axis: int) -> Any:
    return index if ndim_of(index) == ndim else np.expand_dims(index, axis)


def placed(g: Any, into: Any, b: Any, axis: int, keepdims: bool = False) -> Any:
    if not into:
        return g
    b = with_axis(b, len(into), axis)
    return scattered(np.reshape(g, shape_of(b)), b, axis, into)


linear(picked, placed, None, batched=composed)


@recordable
def middle(x: Any) -> Any:
    """Return the number in the middle of all, the lower one of two; NaN if there is one.

    Its equals share its change, as in PyTorch.
    """
    flat = np.ravel(x)
    if not flat.size or (dtype_of(x).kind == "f" and np.isnan(flat).any()):
        with np.errstate(invalid="ignore"):  # whole numbers have no NaN
            return np.float64(np.nan).astype(dtype_of(x))
    k = (flat.size - 1) // 2
    return np.partition(flat, k)[k]


def middle_batch(f: Any, values: Any, ranks: Any, size: int, options: Any) -> Any:
    """NumPy puts a NaN last, where it is found."""
    rows = np.sort(np.reshape(values[0], (size, -1)), axis=1)
    n = shape_of(rows)[1]
    if not n:
        return looped(f, values, ranks, size, options)
    last = rows[:, -1]
    return np.where(np.isnan(last), last, rows[:, (n - 1) // 2])


pulled(middle, lambda g, x, y: to_extreme(g, x, y), batched=middle_batch)


@recordable
def middle_present(x: Any) -> Any:
    """Return the number in the middle of those that are not NaN; NaN if all are."""
    flat = np.ravel(x)
    return middle(flat[~np.isnan(flat)]) if dtype_of(x).kind == "f" else middle(flat)


pulled(middle_present, lambda g, x, y: to_extreme(g, x, y))


@recordable
def greatest(x: Any) -> Any:
    """Return the largest number of all; NaN if there is one."""
    return np.max(x)


@recordable
def least(x: Any) -> Any:
    """Return the smallest number of all; NaN if there is one."""
    return np.min(x)


def to_equals(g: Any, x: Any, y: Any) -> Any:
    """Share among the equals of what was chosen; NaN is taken for the equal of NaN, as PyTorch."""
    equal = cast((x == y) | ((x != x) & (y != y)), dtype_of(g))
    return g / np.sum(equal) * equal


pulled(greatest, to_equals, batched=composed)
pulled(least, to_equals, batched=composed)

# ---------------------------------------------------------------- spreads


@recordable
def variance(x: Any, axis: Any = None, correction: Any = 1, keepdims: bool = False) -> Any:
    """Return the sum of the squared distances from the mean, over their number less `correction`.

    Single precision is computed in double precision, as PyTorch does.
    """
    dtype = dtype_of(x)
    wide = x if dtype.itemsize >= 8 else cast(x, np.dtype(np.float64))
    count = met(shape_of(x), axis)
    apart = wide - np.sum(wide, axis, keepdims=True) / max(count, 1)  # np.mean warns of none
    free = max(count - correction, 0)
    squares = np.sum(apart * apart, axis, keepdims=keepdims)
    return cast(np.divide(squares, free), dtype)


@recordable
def deviation(x: Any, axis: Any = None, correction: Any = 1, keepdims: bool = False) -> Any:
    """Return the square root of `variance`, whose slope is 0 where all numbers are equal."""
    return np.sqrt(variance(x, axis, correction, keepdims))


def variance_pull(
    g: Any, x: Any, axis: Any = None, correction: Any = 1, keepdims: Any = False
) -> Any:
    """That of `var`; where all are too few for the correction, PyTorch's slopes without a sign."""
    if axis is None and correction >= met(shape_of(x), None):
        middle = np.mean(x) if met(shape_of(x), None) else x  # np.mean warns of no numbers
        return g * np.where(x == middle, np.nan, np.inf).astype(dtype_of(x))
    return to_variance(g, x, axis, correction, keepdims)


pulled(variance, variance_pull, batched=along)
pulled(deviation, to_deviation, batched=along)
