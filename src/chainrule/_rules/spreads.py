"""Variance and standard deviation."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import along, of_loops
from chainrule._core.stating import pulled, spelled
from chainrule._core.traces import joined
from chainrule._core.values import dtype_of, recordable, shape_of

from .reductions import as_dtype, counted, kept_shape, merged, met, selected, spread

__all__ = ["freedom", "length", "std", "to_deviation", "to_variance", "var"]


def deviations(x: Any, axis: Any, where: Any, mean: Any) -> Any:
    middle = np.mean(x, axis, keepdims=True, where=where) if mean is None else mean
    return selected(x - middle, where, 0)


def freedom(x: Any, axis: Any, where: Any, ddof: Any, correction: Any, keepdims: Any) -> Any:
    """What the squares are divided by: how many they are, less `ddof`, and not below 0."""
    if correction is not None and ddof != 0:
        raise ValueError("ddof and correction can't be provided simultaneously.")
    n = counted(x, axis, where, keepdims)
    return np.maximum(n - (ddof if correction is None else correction), 0)


def var(
    x: Any, axis: Any = None, dtype: Any = None, out: None = None, ddof: Any = 0,
    keepdims: Any = False, *, where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    x = as_dtype(x, dtype)
    d = deviations(x, axis, where, mean)
    # real numbers about a complex mean: NumPy squares without a conjugate
    squares = np.real(d * np.conj(d)) if dtype_of(x).kind == "c" else d * d
    squares = np.sum(squares, axis=axis, keepdims=keepdims)
    y = squares / freedom(x, axis, where, ddof, correction, keepdims)
    return as_dtype(y, dtype)  # complex, if that is what was asked for


@recordable
def length(x: Any) -> Any:
    """The Euclidean norm along the last axis."""
    return np.sqrt(np.sum(np.real(x * np.conj(x)), axis=-1))


def std(
    x: Any, axis: Any = None, dtype: Any = None, out: None = None, ddof: Any = 0,
    keepdims: Any = False, *, where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    x = as_dtype(x, dtype)
    if dtype_of(x).kind != "c" and mean is not None and dtype_of(joined(mean)).kind == "c":
        return np.sqrt(
            var(x, axis, dtype, None, ddof, keepdims, where=where, mean=mean, correction=correction)
        )
    y = length(merged(deviations(x, axis, where, mean), axis))
    y = np.reshape(y, kept_shape(shape_of(x), axis)) if keepdims else y
    return as_dtype(y / np.sqrt(freedom(x, axis, where, ddof, correction, keepdims)), dtype)


def length_pull(g: Any, x: Any, y: Any) -> Any:
    return (g / np.where(y == 0, 1, y))[..., None] * np.conj(x)  # 0 at 0: equal numbers' spread


def to_variance(
    g: Any, x: Any, axis: Any = None, correction: Any = 1, keepdims: Any = False
) -> Any:
    """Every number's distance from the mean, times two shares of the change."""
    free = met(shape_of(x), axis) - correction
    # np.mean warns of no numbers, of which there is no distance either
    apart = x - np.mean(x, axis, keepdims=True) if met(shape_of(x), axis) else x
    g = spread(g * (2 / free if free > 0 else np.inf), shape_of(x), axis, keepdims=keepdims)
    return g * (np.conj(apart) if dtype_of(x).kind == "c" else apart)


def to_deviation(
    g: Any, x: Any, y: Any, axis: Any = None, correction: Any = 1, keepdims: Any = False
) -> Any:
    """The same over twice the deviation; 0 where all numbers are equal, as for a norm."""
    g = np.where(y == 0, 0, g / (2 * np.where(y == 0, 1, y)))
    return to_variance(g, x, axis, correction, keepdims)


pulled(length, length_pull, batched=of_loops(1))
pulled(
    np.var,
    lambda g, x, axis=None, *, ddof=0, keepdims=False: to_variance(g, x, axis, ddof, keepdims),
    batched=along,
)
pulled(
    np.std,
    lambda g, x, y, axis=None, *, ddof=0, keepdims=False: to_deviation(
        g, x, y, axis, ddof, keepdims
    ),
    batched=along,
)
spelled(np.var, var)
spelled(np.std, std)
