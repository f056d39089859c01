"""Secants: the slopes between a point of a curve and others, which close in on the tangent's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .curve import Curve, value_and_slope

__all__ = ["Secant", "halvings", "secants"]


@dataclass(frozen=True)
class Secant:
    """The line through a curve's points at `at` and `at + h`: the other point, and its slope."""

    h: float
    x: float
    value: float
    slope: float


def secants(curve: Curve, at: float, steps: Sequence[float]) -> list[Secant]:
    """Return the secants of `curve` from `at` to `at + h` for each h of `steps`.

    The slope is (f(at + h) - f(at)) / h, divided by the h that is left after rounding; nan where
    one of the two has no finite value.

    >>> from chainrule.slopes import curve_of
    >>> [each.slope for each in secants(curve_of("x**2"), 1.0, [2.0, 1.0, 0.5])]
    [4.0, 3.0, 2.5]
    """
    start, _ = value_and_slope(curve, at)
    found = []
    for h in steps:
        x = at + h
        value, _ = value_and_slope(curve, x)
        known = math.isfinite(start) and math.isfinite(value) and x != at
        # Adding 0.0 makes of -0.0 the 0.0 that a reader expects.
        slope = (value - start) / (x - at) + 0.0 if known else math.nan
        found.append(Secant(h, x, value, slope))
    return found


def halvings(
    curve: Curve, at: float, interval: tuple[float, float], count: int, both: bool = False
) -> list[float]:
    """Return `count` steps from `at`, each half of the one before: 2, 1, 1/2 and so on.

    The first is the largest power of two up to a quarter of `interval`. They go to the right, to
    the left where there is no room or no value on the right, and with `both` to both sides.

    >>> from chainrule.slopes import curve_of
    >>> halvings(curve_of("x**2"), 1.0, (-3.0, 5.0), 3)
    [2.0, 1.0, 0.5]
    >>> halvings(curve_of("abs(x)"), 0.0, (-4.0, 4.0), 2, both=True)
    [2.0, -2.0, 1.0, -1.0]
    """
    low, high = interval
    first = 2.0 ** math.floor(math.log2((high - low) / 4))
    if both:
        return [sign * first / 2**k for k in range(count) for sign in (1, -1)]
    right, left = (_reaches(curve, at + sign * first, interval) for sign in (1, -1))
    sign = -1 if left and not right else 1
    return [sign * first / 2**k for k in range(count)]


def _reaches(curve: Curve, x: float, interval: tuple[float, float]) -> bool:
    low, high = interval
    return low <= x <= high and math.isfinite(value_and_slope(curve, x)[0])
