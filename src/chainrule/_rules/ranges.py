"""Numbers at equal distances, on a line or in powers."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from chainrule._core.stating import spelled
from chainrule._core.traces import joined
from chainrule._core.values import awaits_numbers, bare, cast, dtype_of, ndim_of, shape_of


def first_of(num: int, ndim: int) -> Any:
    """Return 0, 1, ... as a column before `ndim` axes."""
    return np.reshape(np.arange(num), (num, *(1,) * ndim))


def placed(y: Any, dtype: Any, axis: int) -> Any:
    y = y if dtype_of(y) == dtype else cast(y, dtype)
    return y if axis == 0 else np.moveaxis(y, 0, axis)


def linspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: Any = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: Any = None,
) -> Any:
    num = operator.index(num)
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    start, stop = joined(start), joined(stop)
    kind = np.result_type(bare(start), bare(stop), 1.0)
    whole = stop - start
    count = num - 1 if endpoint else num
    step = whole / count if count > 0 else np.nan
    ramp = first_of(num, ndim_of(whole))
    y = start + cast(ramp, kind) * (step if count > 0 else whole)
    if endpoint and num > 1:
        y = np.where(ramp == count, stop, y)  # the last is `stop` itself, not what is near it
    dtype = kind if dtype is None else np.dtype(dtype)
    y = placed(np.floor(y) if dtype.kind in "iu" else y, dtype, axis)
    return (y, step) if retstep else y


def logspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: Any = True,
    base: Any = 10.0,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    start, stop, base = joined(start), joined(stop), joined(base)
    if ndim_of(base) > 0:
        ndim = max(map(ndim_of, (start, stop, base)))
        start, stop, base = (
            np.reshape(v, (1,) * (ndim - ndim_of(v)) + shape_of(v)) for v in (start, stop, base)
        )
        base = np.expand_dims(base, axis)
    y = np.power(base, np.linspace(start, stop, num, endpoint, axis=axis))
    return y if dtype is None else cast(y, np.dtype(dtype))


def geomspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: Any = True,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    start, stop = joined(start), joined(stop)
    if not awaits_numbers(start, stop) and (np.any(bare(start) == 0) or np.any(bare(stop) == 0)):
        raise ValueError("Geometric sequence cannot include zero")
    kind = np.result_type(bare(start), bare(stop), 1.0, np.zeros((), dtype))
    start, stop = (v * np.ones(shape_of(start - stop), kind) for v in (start, stop))
    direction = np.sign(bare(start))  # a constant: the result does not depend on it
    y = logspace(np.log10(start / direction), np.log10(stop / direction), num, endpoint) * direction
    at = first_of(operator.index(num), ndim_of(start))
    y = np.where(at == 0, start, y)
    if endpoint and num > 1:
        y = np.where(at == num - 1, stop, y)
    return placed(y, kind if dtype is None else np.dtype(dtype), axis)


spelled(np.linspace, linspace)
spelled(np.logspace, logspace)
spelled(np.geomspace, geomspace)
