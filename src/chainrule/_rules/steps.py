"""Functions that rise in steps.

Their slope is 0 wherever there is one. Beside NumPy's own, which the engine takes for constants,
these are recorded, as PyTorch records them: a gradient of zeros arrives where none would.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.stating import elementwise, same
from chainrule._core.values import dtype_of, recordable

__all__ = [
    "flat",
    "fraction",
    "lower",
    "nearest",
    "rounded_down",
    "rounded_to_zero",
    "sign",
    "size",
    "turns",
    "upper",
    "whole_part",
]


@recordable
def lower(x: Any) -> Any:
    """Return the largest whole number that is not above `x`."""
    return np.floor(x)


@recordable
def upper(x: Any) -> Any:
    """Return the smallest whole number that is not below `x`."""
    return np.ceil(x)


@recordable
def whole_part(x: Any) -> Any:
    """Return `x` without the digits behind its point."""
    return np.trunc(x)


@recordable
def nearest(x: Any, decimals: int = 0) -> Any:
    """Return the nearest number with so many digits behind the point; of two, the even one."""
    return np.round(x, decimals) if decimals else np.rint(x)


@recordable
def sign(x: Any) -> Any:
    """Return -1, 0 or 1."""
    return np.sign(x)


@recordable
def size(x: Any) -> Any:
    """Return the absolute value, whose slope is recorded too: it is a step."""
    return np.absolute(x)


@recordable
def rounded_down(a: Any, b: Any) -> Any:
    """Return `a / b`, rounded down to a whole number."""
    return np.floor_divide(a, b)


@recordable
def rounded_to_zero(a: Any, b: Any) -> Any:
    """Return `a / b`, rounded towards zero."""
    if dtype_of(a).kind == dtype_of(b).kind == "f":
        return np.trunc(a / b)
    down = np.floor_divide(a, b)
    return down + ((down < 0) & (down * b != a))


@recordable
def turns(a: Any, b: Any) -> Any:
    """Return how often `b` goes into `a`, rounded towards zero, and exactly.

    The quotient would not do: 1 / 0.1 is 10, yet 0.1 goes into 1 but nine times.
    """
    rest = np.fmod(a, b)
    return np.where(np.isnan(rest), np.trunc(a / b), np.rint((a - rest) / b))


@recordable
def fraction(x: Any) -> Any:
    """Return the digits of `x` behind its point, with its sign."""
    return x - np.trunc(x)


def flat(g: Any) -> Any:
    return np.zeros_like(g)


def flat_to(g: Any, decimals: int = 0) -> Any:
    return np.zeros_like(g)


for step in (lower, upper, whole_part, sign):
    elementwise(step, flat)
elementwise(nearest, flat_to)
for quotient in (rounded_down, rounded_to_zero, turns):
    elementwise(quotient, flat, flat)
elementwise(fraction, same)
elementwise(size, lambda g, x: g * (sign(x) if dtype_of(x).kind != "c" else np.conj(np.sign(x))))
