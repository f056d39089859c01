"""What is asked of a picture of slopes: checked, and told in a sentence where it cannot be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import index
from typing import Any

from chainrule._languages import tr
from chainrule._text import shortened
from chainrule.drawing.sampling import Samples
from chainrule.slopes import Curve, at_point, halvings

__all__ = [
    "MOST_ORDERS",
    "MOST_SECANTS",
    "checked_interval",
    "checked_orders",
    "checked_point",
    "checked_steps",
]

MOST_ORDERS = 4
MOST_SECANTS = 8


def checked_interval(interval: Sequence[float]) -> tuple[float, float]:
    """Return the ends of `interval` as floats; raise ValueError where it cannot be drawn.

    >>> checked_interval((-3, 5))
    (-3.0, 5.0)
    """
    try:
        low, high = (float(end) for end in interval)
    except (TypeError, ValueError):
        raise ValueError(
            tr(
                "an interval is two numbers, from where to where, such as (-3, 5), but this is "
                "{given}",
                given=_shown(interval),
            )
        ) from None
    ends = {"low": f"{low:.6g}", "high": f"{high:.6g}"}
    if not math.isfinite(high - low):
        raise ValueError(
            tr("the interval from {low} to {high} is not finite; give two finite ends", **ends)
        )
    if low > high:
        raise ValueError(
            tr("the interval from {low} to {high} runs backwards; give the lower end first", **ends)
        )
    # In a narrower one the points that are drawn would not be apart from one another.
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        raise ValueError(
            tr("the interval from {low} to {high} is too narrow to be drawn; widen it", **ends)
        )
    return low, high


def checked_point(at: float, interval: tuple[float, float]) -> float:
    """Return the point `at` as a float; raise ValueError unless it lies in the interval."""
    low, high = interval
    try:
        at = float(at)
    except (TypeError, ValueError):
        raise ValueError(
            tr("a point is a number such as 1.0, but this is {given}", given=_shown(at))
        ) from None
    if not low <= at <= high:
        raise ValueError(
            tr(
                "the point {at} lies outside of the interval from {low} to {high}",
                at=f"{at:.6g}",
                low=f"{low:.6g}",
                high=f"{high:.6g}",
            )
        )
    return at


def checked_orders(orders: object) -> int:
    """Return how many orders of slopes are asked for; raise ValueError unless from 1 to 4."""
    count = _whole(orders)
    if count is None or not 1 <= count <= MOST_ORDERS:
        raise ValueError(
            tr(
                "the orders of slopes that can be told go from 1 to {most}, but this is {given}",
                most=MOST_ORDERS,
                given=_shown(orders),
            )
        )
    return count


def checked_steps(
    secants: int | Sequence[float], curve: Curve, at: float, samples: Samples
) -> list[float]:
    """Return the steps h of the secants that are asked for, by their number or one by one.

    A number of them stays within the part of the curve around `at` that has slopes; where there
    is none at `at`, they go to both sides. Raises ValueError for more than 8, and for steps that
    are 0 or not finite.

    >>> from chainrule.drawing.sampling import sampled
    >>> from chainrule.slopes import curve_of
    >>> curve = curve_of("abs(x)")
    >>> checked_steps(2, curve, 0.0, sampled(curve, -4.0, 4.0))
    [2.0, -2.0, 1.0, -1.0]
    >>> checked_steps(2, curve, -1.0, sampled(curve, -4.0, 4.0))
    [1.0, 0.5]
    """
    whole = _whole(secants)
    steps = _numbers(secants) if whole is None else []
    count = len(steps) if whole is None else whole
    if not 0 <= count <= MOST_SECANTS:
        raise ValueError(
            tr(
                "up to {most} secants can be told apart, but {count} are asked for",
                most=MOST_SECANTS,
                count=count,
            )
        )
    if whole is not None:
        ends = (samples.x[0], *samples.places, samples.x[-1])
        low = max((x for x in ends if x < at), default=at)
        high = min((x for x in ends if x > at), default=at)
        return halvings(curve, at, (low, high), count, both=not at_point(curve, at).exists)
    if not all(math.isfinite(h) and h for h in steps):
        raise ValueError(
            tr(
                "secants are asked for by how many, or by their steps, finite numbers other than "
                "0, but this is {given}",
                given=_shown(secants),
            )
        )
    return steps


def _whole(given: Any) -> int | None:
    try:
        return index(given)
    except TypeError:
        return None


def _numbers(given: Any) -> list[float]:
    try:
        return [float(each) for each in given]
    except (TypeError, ValueError):
        return [math.nan]


def _shown(given: object) -> str:
    return shortened(repr(given), 60)
