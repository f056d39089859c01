"""The slope of a curve at a point, and whether there is one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from chainrule._languages import tr
from chainrule.formulas import Formula

from .curve import Curve, curve_of, value_and_slope

__all__ = ["Point", "at_orders", "at_point"]

# How the two sides differ is looked at twice, the second time a hundred times nearer. The gap of a
# smooth curve shrinks to a hundredth, that of a cube root to a fifth; a jump's stays, and on the
# way to a pole it grows. The slopes are exact, so the distances can be small.
NEAR, NEARER = 1e-9, 1e-11
STAYS, GROWS = 0.9, 1.1
# How many times farther than NEARER it is looked whether there is more than rounding.
SHARES = (1, 1.7, 3, 5, 9, 15, 27, 50, 90)


@dataclass(frozen=True)
class Point:
    """A curve's value and slope at a point, and what is unusual about them."""

    name: str
    value: float
    slope: float
    exists: bool  # whether there is a slope, or the number is a convention
    remark: str


def at_point(what: Curve | Formula, at: float) -> Point:
    """Return value and slope of `what`, of one variable, and what is unusual about them there.

    >>> from chainrule.formulas import parse
    >>> print(at_point(parse("floor(x)"), 1.0).remark)
    floor(x) jumps here, from 0 to 1, and has no slope; 0 is a convention
    """
    curve = curve_of(what)
    value, slope = value_and_slope(curve, at)
    return Point(curve.name, value, slope, *_judged(curve, at, value, slope))


def at_orders(curve: Curve, at: float, orders: int) -> list[Point]:
    """Return the points of `curve` and of its slopes: the slopes of each order up to `orders`.

    The list ends with the first order that there is none of.

    >>> [point.slope for point in at_orders(curve_of("x**3"), 2.0, orders=3)]
    [12.0, 12.0, 6.0]
    """
    points = [at_point(curve, at)]
    while points[-1].exists and len(points) < orders:
        curve = curve.derivative()
        points.append(at_point(curve, at))
    return points


def _judged(curve: Curve, at: float, value: float, slope: float) -> tuple[bool, str]:
    """Whether there is a slope, and a sentence if there is something to say."""
    text = curve.text
    if math.isnan(value):
        return False, tr("{text} has no value here, and so no slope", text=text)
    if math.isinf(value):
        return False, tr("{text} is not finite here, and so has no slope", text=text)

    near, nearer = _sides(curve, at, NEAR), _sides(curve, at, NEARER)
    (left, left_slope), (right, right_slope) = nearer
    if not math.isfinite(left) and not math.isfinite(right):
        return False, tr("{text} has no value on either side, and so no slope", text=text)
    convention = "" if math.isnan(slope) else tr("; {slope} is a convention", slope=f"{slope:.6g}")
    if not (math.isfinite(left) and math.isfinite(right)):
        k = int(math.isfinite(right))
        return _judged_by_one_side(text, slope, near[k][1], nearer[k][1], k == 1, convention)

    growth = _growth(near[0][0], near[1][0], left, right)
    # What slopes like those a little farther away climb is no jump; near a value of 0 the rounding
    # of the point alone keeps it from shrinking.
    steepness = abs(near[0][1]) + abs(near[1][1])
    if abs(right - left) <= 4 * steepness * _step(at, NEARER):
        growth = 0.0
    if growth > STAYS and not _stands_out(curve, at, 0):
        growth = 0.0
    if growth > GROWS:
        return False, tr("{text} grows without end on the way here, and so has no slope", text=text)
    if growth > STAYS:
        from_to = _limits(near, nearer, 0)
        jumps = tr(
            "{text} jumps here, from {left} to {right}, and has no slope", text=text, **from_to
        )
        return False, jumps + convention
    growth = _growth(near[0][1], near[1][1], left_slope, right_slope)
    if growth > STAYS and not _stands_out(curve, at, 1):
        growth = 0.0
    # Both sides may rise alike, to an upright tangent.
    both = abs(near[0][1] + near[1][1]), abs(left_slope + right_slope)
    if growth > GROWS or (math.isnan(slope) and both[1] > GROWS * both[0]):
        grows = tr("the slope of {text} grows without end on the way here", text=text)
        return False, grows + convention
    if growth > STAYS:
        kink = tr(
            "{text} has a kink here, and no slope: it is {left} to the left and {right} to the "
            "right",
            text=text,
            **_limits(near, nearer, 1),
        )
        return False, kink + convention
    if math.isinf(slope):
        return True, tr("the slope of {text} is not finite here: the tangent is upright", text=text)
    if math.isnan(slope):
        return False, tr(
            "the rules give no slope here (0 times infinity); on both sides it is near {middle}",
            middle=f"{(left_slope + right_slope) / 2:.6g}",
        )
    return True, ""


def _judged_by_one_side(
    text: str, slope: float, near: float, nearer: float, is_right: bool, convention: str
) -> tuple[bool, str]:
    """The same where the other side has no values, by the slopes near the point."""
    growth = _growth(slope, near, slope, nearer)
    if growth > GROWS:
        grows = tr("the slope of {text} grows without end on the way here", text=text)
        return False, grows + convention
    if math.isnan(slope) or growth > STAYS:
        told = {"text": text, "slope": f"{nearer:.6g}"}
        if is_right:
            beside = tr("{text} goes on to the right only, with slopes near {slope}", **told)
        else:
            beside = tr("{text} goes on to the left only, with slopes near {slope}", **told)
        return False, beside + convention
    if is_right:
        return True, tr(
            "{text} goes on to the right only, so the slope is that of one side", text=text
        )
    return True, tr("{text} goes on to the left only, so the slope is that of one side", text=text)


def _limits(
    near: list[tuple[float, float]], nearer: list[tuple[float, float]], part: int
) -> dict[str, str]:
    """What values (part 0) or slopes (1) come to on the left and on the right."""
    ends = []
    for far, close in zip(near, nearer, strict=True):
        rest = (close[part] - far[part]) * NEARER / (NEAR - NEARER)
        ends.append(close[part] + rest if math.isfinite(rest) else close[part])
    least = 1e-9 * max(map(abs, ends))  # what is smaller is rounding
    left, right = (f"{0.0 if abs(end) < least else end:.6g}" for end in ends)
    return {"left": left, "right": right}


def _sides(curve: Curve, at: float, distance: float) -> list[tuple[float, float]]:
    """Value and slope to the left and to the right."""
    step = _step(at, distance)
    return [value_and_slope(curve, at - step), value_and_slope(curve, at + step)]


def _stands_out(curve: Curve, at: float, part: int) -> bool:
    """Whether values (part 0) or slopes (1) differ more between the sides than they waver on each.

    Rounding errors, such as those of (x**2-1)/(x-1) near 1, do not.
    """
    step = _step(at, NEARER)
    left, right = (
        [value_and_slope(curve, at + sign * step * share)[part] for share in SHARES]
        for sign in (-1, 1)
    )
    apart = abs(_middle(right) - _middle(left))
    return max(map(_wavering, (left, right))) < 0.5 * apart


def _middle(numbers: list[float]) -> float:
    return sorted(numbers)[len(numbers) // 2]


def _wavering(numbers: list[float]) -> float:
    """How far they go up and down, beyond what leads from the first to the last."""
    ways = sum(abs(after - before) for before, after in pairwise(numbers))
    return ways - abs(numbers[-1] - numbers[0])


def _step(at: float, distance: float) -> float:
    return distance * (abs(at) or 1.0)


def _growth(left: float, right: float, nearer_left: float, nearer_right: float) -> float:
    """How many times larger the gap is nearer to the point; 0 where it is rounding alone."""
    gap, nearer = abs(right - left), abs(nearer_right - nearer_left)
    if not nearer > 1e-10 * max(abs(nearer_left), abs(nearer_right)):
        return 0.0
    return nearer / gap if gap else math.inf
