"""Losses of numbers that grow like a square near 0 and like a line far off: outliers count less."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.composing import composed
from chainrule._core.stating import pulled
from chainrule._core.values import recordable

from .activations import hard_tanh
from .losses import Reduction, reduced, weighed

__all__ = ["huber", "smooth_absolute_error"]


@recordable
def smooth_absolute_error(x: Any, target: Any, beta: Any, reduction: Reduction = "mean") -> Any:
    """Return |d| - beta / 2 of d = x - target, and d * d / (2 * beta) where |d| < beta."""
    d = x - target
    size = np.absolute(d)
    each = np.where(size < beta, d * d * 0.5 / beta, size - 0.5 * beta)[()]
    return reduced(each, None, reduction)


@recordable
def huber(x: Any, target: Any, delta: Any, reduction: Reduction = "mean") -> Any:
    """Return d * d / 2 of d = x - target, and delta * (|d| - delta / 2) where |d| > delta."""
    d = x - target
    size = np.absolute(d)
    each = np.where(size <= delta, d * d * 0.5, delta * (size - 0.5 * delta))[()]
    return reduced(each, None, reduction)


def smooth_slope(g: Any, a: Any, b: Any, beta: Any, reduction: Reduction = "mean") -> Any:
    d = a - b
    return weighed(hard_tanh(d / beta, -1, 1) * g, d, None, reduction)


def huber_slope(g: Any, a: Any, b: Any, delta: Any, reduction: Reduction = "mean") -> Any:
    d = a - b
    return weighed(hard_tanh(d, -delta, delta) * g, d, None, reduction)


pulled(
    smooth_absolute_error,
    smooth_slope,
    lambda g, a, b, beta, reduction="mean": -smooth_slope(g, a, b, beta, reduction),
    batched=composed,
)
pulled(
    huber,
    huber_slope,
    lambda g, a, b, delta, reduction="mean": -huber_slope(g, a, b, delta, reduction),
    batched=composed,
)
