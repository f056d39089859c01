"""The slope of a formula at a point, and whether there is one.

The engine gives a number at a kink too, by convention. Here the slopes and values on both sides
are looked at, so that a reader is told which numbers are conventions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from chainrule.formulas import Formula
from chainrule.operators import value_and_grad

__all__ = ["Point", "at_point", "value_and_slope"]

# How the two sides differ is looked at twice, the second time a hundred times nearer. The gap of a
# smooth curve shrinks to a hundredth, that of a cube root to a fifth; a jump's stays, and on the
# way to a pole it grows. The slopes are exact, so the distances can be small.
NEAR, NEARER = 1e-9, 1e-11
STAYS, GROWS = 0.9, 1.1


@dataclass(frozen=True)
class Point:
    """A formula's value and slope at a point, and what is unusual about them."""

    name: str
    value: float
    slope: float
    exists: bool  # whether there is a slope, or the number is a convention
    remark: str


def value_and_slope(formula: Formula, at: float) -> tuple[float, float]:
    """Return value and slope as floats; both nan or infinite where they are.

    >>> from chainrule.formulas import parse
    >>> value_and_slope(parse("x**2"), 3.0)
    (9.0, 6.0)
    """
    with np.errstate(all="ignore"):
        if not formula.names:
            return float(formula()) + 0.0, 0.0
        value, slope = value_and_grad(formula)(at)
    # Rules such as log's 1/x give a slope where the function itself has no value.
    # Adding 0.0 makes of -0.0 the 0.0 that a reader expects.
    return float(value) + 0.0, float(slope) + 0.0 if math.isfinite(value) else math.nan


def at_point(formula: Formula, at: float) -> Point:
    """Return value and slope of `formula`, of one variable, and what is unusual about them there.

    >>> from chainrule.formulas import parse
    >>> print(at_point(parse("floor(x)"), 1.0).remark)
    floor(x) jumps here, from 0 to 1, and has no slope; 0 is a convention
    """
    value, slope = value_and_slope(formula, at)
    name = formula.names[0] if formula.names else "x"
    return Point(name, value, slope, *_judged(formula, at, value, slope))


def _judged(formula: Formula, at: float, value: float, slope: float) -> tuple[bool, str]:
    """Whether there is a slope, and a sentence if there is something to say."""
    text = formula.text
    if math.isnan(value):
        return False, f"{text} has no value here, and so no slope"
    if math.isinf(value):
        return False, f"{text} is not finite here, and so has no slope"

    near, nearer = _sides(formula, at, NEAR), _sides(formula, at, NEARER)
    (left, left_slope), (right, right_slope) = nearer
    if not math.isfinite(left) and not math.isfinite(right):
        return False, f"{text} has no value on either side, and so no slope"
    if not math.isfinite(left) or not math.isfinite(right):
        side = "right" if math.isfinite(right) else "left"
        return True, f"{text} goes on to the {side} only, so the slope is that of one side"

    convention = "" if math.isnan(slope) else f"; {slope:.6g} is a convention"
    growth = _growth(near[0][0], near[1][0], left, right)
    # What slopes like those a little farther away climb is no jump; near a value of 0 the rounding
    # of the point alone keeps it from shrinking.
    steepness = abs(near[0][1]) + abs(near[1][1])
    if abs(right - left) <= 4 * steepness * _step(at, NEARER):
        growth = 0.0
    if growth > GROWS:
        return False, f"{text} grows without end on the way here, and so has no slope"
    if growth > STAYS:
        return (
            False,
            f"{text} jumps here, from {left:.6g} to {right:.6g}, and has no slope{convention}",
        )
    growth = _growth(near[0][1], near[1][1], left_slope, right_slope)
    if growth > GROWS:
        return False, f"the slope of {text} grows without end on the way here{convention}"
    if growth > STAYS:
        return (
            False,
            f"{text} has a kink here, and no slope: it is {left_slope:.6g} to the left and "
            f"{right_slope:.6g} to the right{convention}",
        )
    if math.isinf(slope):
        return True, f"the slope of {text} is not finite here: the tangent is upright"
    if math.isnan(slope):
        middle = (left_slope + right_slope) / 2
        return (
            False,
            "the rules give no slope here (0 times infinity); on both sides it is near "
            f"{middle:.6g}",
        )
    return True, ""


def _sides(formula: Formula, at: float, distance: float) -> list[tuple[float, float]]:
    """Value and slope to the left and to the right."""
    step = _step(at, distance)
    return [value_and_slope(formula, at - step), value_and_slope(formula, at + step)]


def _step(at: float, distance: float) -> float:
    return distance * (abs(at) or 1.0)


def _growth(left: float, right: float, nearer_left: float, nearer_right: float) -> float:
    """How many times larger the gap is nearer to the point; 0 where it is rounding alone."""
    gap, nearer = abs(right - left), abs(nearer_right - nearer_left)
    if not nearer > 1e-10 * max(abs(nearer_left), abs(nearer_right)):
        return 0.0
    return nearer / gap if gap else math.inf
