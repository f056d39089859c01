"""A function of the user's applied along axes."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.stating import spelled
from chainrule._core.traces import joined
from chainrule._core.values import Value, cast, dtype_of, ndim_of, shape_of

__all__ = ["apply_along_axis", "apply_over_axes"]


def apply_along_axis(
    func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any
) -> Any:
    """Return what `func1d` makes of each line along `axis`, in place of the lines.

    >>> import chainrule
    >>> import chainrule.numpy as np
    >>> chainrule.grad(lambda x: np.apply_along_axis(np.prod, 1, np.array([[x, 2.0]]))[0])(3.0)
    2.0
    """
    arr = joined(arr)
    arr = arr if isinstance(arr, Value) else np.asanyarray(arr)
    axis = normalised(axis, ndim_of(arr))
    lines = np.moveaxis(arr, axis, -1)
    around = shape_of(lines)[:-1]
    if 0 in around:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    results = [
        array_of(func1d(line, *args, **kwargs))
        for line in np.reshape(lines, (-1, shape_of(lines)[-1]))
    ]
    inner, dtype = shape_of(results[0]), dtype_of(results[0])
    whole = np.stack([fitting(v, inner, dtype) for v in results])
    whole = np.reshape(whole, (*around, *inner))
    return np.moveaxis(whole, range(len(around), ndim_of(whole)), range(axis, axis + len(inner)))


def normalised(axis: Any, ndim: int) -> int:
    at = operator.index(axis)
    if not -ndim <= at < ndim:
        raise np.exceptions.AxisError(at, ndim)
    return at % ndim


def array_of(v: Any) -> Any:
    v = joined(v)
    return v if isinstance(v, Value) else np.asarray(v)


def fitting(v: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Return `v` as NumPy writes it into an array made for the first result."""
    v = v if shape_of(v) == shape else np.broadcast_to(v, shape)
    return v if dtype_of(v) == dtype else cast(v, dtype)


def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Any:
    """Return what `func` makes of `a` along one of `axes` after the other, axes being kept.

    >>> import chainrule
    >>> import chainrule.numpy as np
    >>> chainrule.grad(lambda x: np.apply_over_axes(np.sum, np.full((2, 3), x), 0)[0, 0])(1.0)
    2.0
    """
    a = array_of(a)
    ndim = ndim_of(a)
    for axis in np.ravel(axes).tolist():
        axis = axis + ndim if axis < 0 else axis
        y = func(a, axis)
        y = y if ndim_of(y) == ndim else np.expand_dims(y, axis)
        if ndim_of(y) != ndim:
            raise ValueError("function is not returning an array of the correct shape")
        a = y
    return a


def fromfunction(
    function: Callable[..., Any], shape: Any, *, dtype: Any = float, like: Any = None, **kwargs: Any
) -> Any:
    return function(*np.indices(shape, dtype=dtype), **kwargs)


spelled(np.fromfunction, fromfunction, lists=True)
spelled(np.apply_along_axis, apply_along_axis, lists=True)
spelled(np.apply_over_axes, apply_over_axes, lists=True)
