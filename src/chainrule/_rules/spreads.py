"""Variance and standard deviation."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.stating import pulled, spelled
from chainrule._core.values import cast, ndim_of, recordable, shape_of

from .reductions import axes_of, counted, kept_shape, merged, selected

__all__ = ["length"]


def deviations(x: Any, axis: Any, where: Any, mean: Any) -> Any:
    middle = np.mean(x, axis, keepdims=True, where=where) if mean is None else mean
    return selected(x - middle, where, 0)


def freedom(x: Any, axis: Any, where: Any, ddof: Any, correction: Any, keepdims: Any) -> Any:
    """What the squares are divided by: how many they are, less `ddof`, and not below 0."""
    if correction is not None and ddof != 0:
        raise ValueError("ddof and correction can't be provided simultaneously.")
    n = np.maximum(counted(x, axis, where) - (ddof if correction is None else correction), 0)
    return n if keepdims else np.squeeze(n, axes_of(axis, ndim_of(x)))


def var(
    x: Any, axis: Any = None, dtype: Any = None, out: None = None, ddof: Any = 0,
    keepdims: Any = False, *, where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    x = x if dtype is None else cast(x, np.dtype(dtype))
    d = deviations(x, axis, where, mean)
    squares = np.sum(np.real(d * np.conj(d)), axis=axis, keepdims=keepdims)
    return squares / freedom(x, axis, where, ddof, correction, keepdims)


@recordable
def length(x: Any) -> Any:
    """The Euclidean norm along the last axis."""
    return np.sqrt(np.sum(np.real(x * np.conj(x)), axis=-1))


def std(
    x: Any, axis: Any = None, dtype: Any = None, out: None = None, ddof: Any = 0,
    keepdims: Any = False, *, where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    x = x if dtype is None else cast(x, np.dtype(dtype))
    y = length(merged(deviations(x, axis, where, mean), axis))
    y = np.reshape(y, kept_shape(shape_of(x), axis)) if keepdims else y
    return y / np.sqrt(freedom(x, axis, where, ddof, correction, keepdims))


def length_pull(g: Any, x: Any, y: Any) -> Any:
    return (g / np.where(y == 0, 1, y))[..., None] * np.conj(x)  # 0 at 0: equal numbers' spread


pulled(length, length_pull)
spelled(np.var, var)
spelled(np.std, std)
