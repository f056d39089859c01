"""Sums, means, spreads and extremes of the numbers that are not NaN."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.batching import along
from chainrule._core.stating import pulled, spelled
from chainrule._core.values import recordable, shape_of

from .extremes import bounded, to_extreme
from .factors import prod
from .reductions import cumsum, mean, spread, sum_of
from .running import cumprod
from .spreads import freedom, std, var

__all__ = ["sum_of_present"]


def filled(x: Any, otherwise: Any) -> Any:
    """Return `x` with `otherwise` in place of NaN."""
    return np.where(np.isnan(x), otherwise, x)


def nansum(
    a: Any, axis: Any = None, dtype: Any = None, out: None = None, keepdims: Any = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    return sum_of(filled(a, 0), axis, dtype, None, keepdims, initial, where)


def nanprod(
    a: Any, axis: Any = None, dtype: Any = None, out: None = None, keepdims: Any = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    return prod(filled(a, 1), axis, dtype, None, keepdims, initial, where)


def nanmean(
    a: Any, axis: Any = None, dtype: Any = None, out: None = None, keepdims: Any = False, *,
    where: Any = True,
) -> Any:  # fmt: skip
    return mean(a, axis, dtype, None, keepdims, where=~np.isnan(a) & where)


def spread_of_present(spread: Any) -> Any:
    def nanspread(
        a: Any, axis: Any = None, dtype: Any = None, out: None = None, ddof: Any = 0,
        keepdims: Any = False, *, where: Any = True, mean: Any = None, correction: Any = None,
    ) -> Any:  # fmt: skip
        there = ~np.isnan(a) & where
        y = spread(
            a, axis, dtype, None, ddof, keepdims, where=there, mean=mean, correction=correction
        )
        free = freedom(a, axis, there, ddof, correction, keepdims)
        return np.where(free > 0, y, np.nan)[()]  # where np.var says inf

    return nanspread


@recordable
def sum_of_present(x: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """Return the sum of the numbers that are not NaN; the slope at those that are is 0."""
    return np.nansum(x, axis, keepdims=keepdims)


def to_present(g: Any, x: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return spread(g, shape_of(x), axis, keepdims=keepdims) * ~np.isnan(x)


pulled(sum_of_present, to_present, batched=along)
spelled(np.nansum, nansum)
spelled(np.nanprod, nanprod)
spelled(np.nanmean, nanmean)
spelled(np.nanvar, spread_of_present(var))
spelled(np.nanstd, spread_of_present(std))
pulled(np.nanmax, to_extreme, batched=along)
pulled(np.nanmin, to_extreme, batched=along)
spelled(np.nanmax, bounded(np.nanmax, np.fmax, -math.inf))
spelled(np.nanmin, bounded(np.nanmin, np.fmin, math.inf))
spelled(np.nancumsum, lambda a, axis=None, dtype=None, out=None: cumsum(filled(a, 0), axis, dtype))
spelled(
    np.nancumprod, lambda a, axis=None, dtype=None, out=None: cumprod(filled(a, 1), axis, dtype)
)
