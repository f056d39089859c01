"""A step along a line that fulfils the strong Wolfe conditions: lower enough, and flat enough."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Place", "strong_wolfe"]

LOWER = 1e-4  # of the slope at the start: how much lower the value has to be
FLATTER = 0.9  # of the slope at the start: how steep it may still be
EDGE = 0.1  # of a bracket: no closer to its ends, twice in a row


class Place(NamedTuple):
    """A place on the line: how far, the value, the gradient and the slope along the line."""

    t: Any
    f: float
    g: Any
    slope: Any


def strong_wolfe(
    at: Callable[[Any], Place],
    start: Place,
    t: Any,
    longest: Any,
    tolerance: float = 1e-9,
    most: int = 25,
) -> Place:
    """Return a place that fulfils the conditions.

    `longest` is the largest change of a number at distance 1: brackets shorter than `tolerance` are
    left. Without success after `most` places the best is returned. Source: Nocedal and Wright,
    "Numerical optimization", algorithms 3.5 and 3.6, with cubic interpolation (3.59).
    """

    def high(place: Place) -> bool:
        return bool(place.f > start.f + LOWER * place.t * start.slope)

    def flat(place: Place) -> bool:
        return bool(abs(place.slope) <= -FLATTER * start.slope)

    before, now, tries = start, at(t), 0
    while tries < most:
        if high(now) or (tries > 1 and now.f >= before.f):
            bracket = [before, now]
            break
        if flat(now):
            return now
        if now.slope >= 0:
            bracket = [before, now]
            break
        nearest = now.t + 0.01 * (now.t - before.t)
        t = cubic(before, now, (nearest, now.t * 10))
        before, now = now, at(t)
        tries += 1
    else:
        bracket = [start, now]

    stuck = False
    low = lower_of(bracket)
    while tries < most:
        ends = bracket[0].t, bracket[1].t
        if abs(ends[1] - ends[0]) * longest < tolerance:
            break
        t, stuck = inside(cubic(bracket[0], bracket[1]), min(ends), max(ends), stuck)
        now = at(t)
        tries += 1
        if high(now) or now.f >= bracket[low].f:
            bracket[1 - low] = now
            low = lower_of(bracket)
            continue
        if flat(now):
            return now
        if now.slope * (bracket[1 - low].t - bracket[low].t) >= 0:
            bracket[1 - low] = bracket[low]
        bracket[low] = now
    return bracket[low]


def lower_of(bracket: list[Place]) -> int:
    return 0 if bracket[0].f <= bracket[1].f else 1


def inside(t: Any, low: Any, high: Any, stuck: bool) -> tuple[Any, bool]:
    """Keep off the ends of a bracket: beyond them at once, near them the second time."""
    margin = EDGE * (high - low)
    if min(high - t, t - low) >= margin:
        return t, False
    if stuck or t >= high or t <= low:
        return (high - margin if abs(t - high) < abs(t - low) else low + margin), False
    return t, True


def cubic(a: Place, b: Place, bounds: tuple[Any, Any] | None = None) -> Any:
    """Return where the cubic through two places with their slopes is least, within bounds."""
    if bounds is None:
        bounds = (a.t, b.t) if a.t <= b.t else (b.t, a.t)
    mean = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t)
    square = mean**2 - a.slope * b.slope
    if not square >= 0:
        return (bounds[0] + bounds[1]) / 2.0
    root = math.sqrt(square) if isinstance(square, float) else square**0.5
    if not a.t <= b.t:
        a, b = b, a
    t = b.t - (b.t - a.t) * ((b.slope + root - mean) / (b.slope - a.slope + 2 * root))
    return min(max(t, bounds[0]), bounds[1])
