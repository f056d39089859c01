"""The Bessel functions that NumPy's window functions are made of."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.stating import elementwise, spelled
from chainrule._core.values import dtype_of, recordable

__all__ = ["modified_bessel"]

FAR = 30.0  # from here on the series in 1 / x has all digits


@recordable
def modified_bessel(x: Any, order: int) -> Any:
    """Return I of a whole order, right to about 10 eps times the order."""
    size = np.abs(np.asarray(x, np.float64))
    y = np.where(size < FAR, near_zero(np.minimum(size, FAR), order), far_out(size, order))
    y = np.copysign(y, x) if order % 2 else y
    return y.astype(dtype_of(x))[()]


def near_zero(x: Any, order: int) -> Any:
    """The power series: all its terms are positive, so no digit is lost."""
    y = term = (x / 2) ** order / math.factorial(order)
    for k in range(1, 60):
        term = term * (x / 2) ** 2 / (k * (k + order))
        y = y + term
    return y


def far_out(x: Any, order: int) -> Any:
    """exp(x) / sqrt(2 pi x), times a series in 1 / x that is cut where its terms are smallest."""
    x = np.maximum(x, FAR)
    total, term = np.ones_like(x), np.ones_like(x)
    for k in range(1, 30):
        term = -term * (4 * order**2 - (2 * k - 1) ** 2) / (8 * k * x)
        total = total + term
    root = np.exp(x / 2)  # in halves: exp(x) overflows before the result does
    return root / np.sqrt(2 * math.pi * x) * total * root


def neighbours(g: Any, x: Any, order: int) -> Any:
    """The slope of I of `order` is the mean of the two beside it."""
    return g * (modified_bessel(x, order + 1) + modified_bessel(x, abs(order - 1))) / 2


def kaiser(M: Any, beta: Any) -> Any:
    if M == 1:
        return np.ones(1) + 0.0 * beta
    alpha = (M - 1) / 2.0
    places = (np.arange(M) - alpha) / alpha
    return np.i0(beta * np.sqrt(1 - places**2)) / np.i0(beta)


elementwise(modified_bessel, neighbours)
elementwise(np.i0, lambda g, x: g * modified_bessel(x, 1))
spelled(np.kaiser, kaiser)
