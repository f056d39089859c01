"""The error function, which is the normal distribution's, without SciPy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.stating import elementwise
from chainrule._core.values import dtype_of, recordable

from .fractions_of_erf import erf_in_double, erf_in_single

__all__ = ["erf", "erfc", "erfinv"]

ERF, ERFC = np.frompyfunc(math.erf, 1, 1), np.frompyfunc(math.erfc, 1, 1)
HEIGHT = 2 / math.sqrt(math.pi)
MANY = 400  # from so many numbers on, the fractions are faster than one number after another


@recordable
def erf(x: Any) -> Any:
    """Return 2 / sqrt(pi) times the integral of exp(-t*t) from 0 to `x`."""
    kind = dtype_of(x)
    if np.size(x) >= MANY and kind.kind == "f" and kind.itemsize <= 8:
        return (erf_in_double if kind.itemsize == 8 else erf_in_single)(x)
    return np.asarray(ERF(x), dtype_of(x))[()]


@recordable
def erfc(x: Any) -> Any:
    """Return 1 - erf(x), which keeps its digits where that is near 0."""
    return np.asarray(ERFC(x), dtype_of(x))[()]


def guess(x: Any) -> Any:
    """Return erfinv(x) to three digits: Winitzki (2008), "A handy approximation for erf"."""
    a = 0.147
    low = np.log1p(-x * x)
    middle = 2 / (math.pi * a) + low / 2
    return np.sign(x) * np.sqrt(np.sqrt(middle * middle - low / a) - middle)


@recordable
def erfinv(x: Any) -> Any:
    """Return the number whose `erf` is `x`: between -1 and 1, inf at 1.

    The guess is bettered by Halley's steps, which square its digits and more. Beyond a half they
    solve erfc(y) = 1 - x, which keeps the digits of what is left to 1.
    """
    given = np.asarray(x).astype(float, casting="same_kind")
    inside = np.abs(given) < 1
    size = np.abs(np.where(inside, given, 0))
    y, outer = guess(size), size > 0.5
    for _ in range(3):
        off = np.where(
            outer, 1 - size - np.asarray(ERFC(y), float), np.asarray(ERF(y), float) - size
        )
        step = off / (HEIGHT * np.exp(-y * y))
        y = y - step / (1 + y * step)
    beyond = np.where(np.abs(given) == 1, np.inf, np.nan)
    return np.copysign(np.where(inside, y, beyond), given).astype(dtype_of(x))[()]


elementwise(erf, lambda g, x: g * HEIGHT * np.exp(-x * x))
elementwise(erfc, lambda g, x: g * -HEIGHT * np.exp(-x * x))
elementwise(erfinv, lambda g, y: g / HEIGHT * np.exp(y * y))
