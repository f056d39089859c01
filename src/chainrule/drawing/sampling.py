"""What a picture shows of a curve: from where to where, at which points, and where it breaks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule.slopes import Curve, at_point, value_and_slope

__all__ = ["Samples", "broken", "sampled", "view", "window"]

Floats = NDArray[np.float64]

POINTS = 801
FEWER_POINTS = 401  # for higher orders, whose points take longer
MOST_TURNS = 10  # ups and downs that a reader can still tell apart
MOST_BREAKS = 40  # that are looked at more closely
FINER = 16  # parts of the way between two points where the curve is steep


@dataclass(frozen=True)
class Samples:
    """A curve at points from left to right: its values, slopes, slopes of the slopes and so on.

    `places` are the points between the ends at which it has no slope.
    """

    x: Floats
    levels: tuple[Floats, ...]
    places: tuple[float, ...] = ()

    @property
    def orders(self) -> int:
        """How many orders of slopes are drawn: the last level only tells their leaps."""
        return len(self.levels) - 2

    def shown(self, level: int) -> Floats:
        """Return a level as it is drawn, with gaps where it leaps."""
        y = broken(self.x, self.levels[level], self.levels[level + 1])
        if level:
            for place in self.places:  # a gap wide enough to be seen
                y[np.abs(self.x - place) < 0.004 * np.ptp(self.x)] = np.nan
        return y

    def view(self, level: int, point: float) -> tuple[float, float]:
        """Return the lowest and highest value of a level to be shown."""
        return view(self.x, self.levels[level], self.levels[level + 1], point)


def window(curve: Curve, at: float) -> tuple[float, float]:
    """Return from where to where the curve is drawn around a point.

    It starts as four to each side, or half of `at` if that is more, and shrinks until the curve
    has no more turns than a reader can tell apart; where it has no values the window ends.
    """
    half = max(4.0, abs(at) / 2)
    for _ in range(12):
        x = np.linspace(at - half, at + half, POINTS)
        y, _ = _read(curve, x)
        moves = np.sign(np.diff(y[np.isfinite(y)]))
        if np.count_nonzero(np.diff(moves[moves != 0])) <= MOST_TURNS:
            break
        half /= 4
    has_value = np.flatnonzero(np.isfinite(y))
    if has_value.size < 2:
        return float(x[0]), float(x[-1])
    margin = half / 20
    left = max(x[0], min(at, x[has_value[0]]) - margin)
    right = min(x[-1], max(at, x[has_value[-1]]) + margin)
    return float(left), float(right)


def sampled(curve: Curve, left: float, right: float, orders: int = 1) -> Samples:
    """Return the curve and its slopes up to one order beyond `orders`, nan where there are none.

    That one order more tells a leap from a steep rise.
    """
    even = np.linspace(left, right, POINTS if orders < 3 else FEWER_POINTS)
    y, slope = _read(curve, even)
    x = np.unique([*even, *_ends(curve, even, y), *_steep(curve, even, y, slope)])
    levels = list(_read(curve, x))
    derivative = curve.derivative()
    for _ in range(orders):
        # The rules give the slope 1/x of log for negative numbers, too.
        slopes = [value_and_slope(derivative, float(at))[1] for at in x]
        levels.append(np.where(np.isfinite(levels[-1]), slopes, np.nan))
        derivative = derivative.derivative()
    finite = tuple(np.where(np.isfinite(level), level, np.nan) for level in levels)
    return Samples(x, finite, tuple(_places(curve, Samples(x, finite))))


def _read(curve: Curve, x: Floats) -> Floats:
    """Return values and slopes, a point at a time, so that each takes its own branch of where."""
    return np.transpose([value_and_slope(curve, float(at)) for at in x])


def _steep(curve: Curve, x: Floats, y: Floats, slope: Floats) -> Floats:
    """Return more points for where the curve seems to leap, but only rises steeply."""
    spans = np.flatnonzero(_surprise(x, y, slope, share=0.2, least=0.01))[:MOST_BREAKS]
    ends = [(float(x[k]), float(x[k + 1])) for k in spans]
    smooth = [each for each in ends if at_point(curve, _leap(curve, *each, 0)).exists]
    return np.ravel([np.linspace(*each, FINER + 1) for each in smooth])


def _ends(curve: Curve, x: Floats, values: Floats) -> list[float]:
    """Return where, between two points, values begin or end, such as -1 and 1 for arcsin."""
    known = np.isfinite(values)
    ends = []
    for k in np.flatnonzero(known[1:] != known[:-1]):
        inside, outside = (k + 1, k) if known[k + 1] else (k, k + 1)
        last, beyond = float(x[inside]), float(x[outside])
        while (middle := (last + beyond) / 2) not in (last, beyond):
            if math.isfinite(value_and_slope(curve, middle)[0]):
                last = middle
            else:
                beyond = middle
        # Towards a pole the values only grow: its end is no point that could be shown.
        rise = abs(value_and_slope(curve, last)[0] - values[inside])
        if rise <= np.ptp(values[known]) / 2:
            ends.append(last)
    return ends


def _places(curve: Curve, samples: Samples) -> list[float]:
    """Return where between its ends the curve has a gap, a jump, a pole or a kink.

    They are looked for where values or slopes seem to leap from one point drawn to the next, and
    then more closely; so what lies closer together than the points drawn is not found.
    """
    found: list[float] = []
    x = samples.x
    digits = 9 - math.floor(math.log10(x[-1] - x[0]))
    for level in (0, 1):
        y, slope = samples.levels[level], samples.levels[level + 1]
        known = np.isfinite(y)
        alone = np.flatnonzero(~known[1:-1] & known[:-2] & known[2:]) + 1
        surprise = _surprise(x, y, slope, share=0.2, least=0.002)
        leaps = np.argsort(-surprise)[: min(MOST_BREAKS, np.count_nonzero(surprise))]
        for left, right in [*zip(alone, alone, strict=True), *zip(leaps, leaps + 1, strict=True)]:
            place = _leap(curve, float(x[left]), float(x[right]), level)
            near = round(place, digits) + 0.0  # the 0 that a reader expects, and not 1e-17
            is_new = all(abs(near - other) > 2 * 10.0**-digits for other in found)
            if is_new and not all(at_point(curve, at).exists for at in (near, place)):
                found.append(near)
    return sorted(found)


def _leap(curve: Curve, left: float, right: float, level: int) -> float:
    """Return where between two points values (level 0) or slopes (level 1) leap, by halving."""
    before, after = (value_and_slope(curve, at)[level] for at in (left, right))
    middle = (left + right) / 2
    while left < middle < right:
        y = value_and_slope(curve, middle)[level]
        if not math.isfinite(y):
            return middle
        if abs(y - before) > abs(after - y):
            right, after = middle, y
        else:
            left, before = middle, y
        middle = (left + right) / 2
    return right


def view(x: Floats, y: Floats, slope: Floats, point: float) -> tuple[float, float]:
    """Return the lowest and highest value to be shown.

    All of the curve, unless it leaves for a pole, where a few points would flatten the rest; and
    always `point`.
    """
    finite = y[np.isfinite(y)]
    if finite.size == 0:
        return -1.0, 1.0
    low, high = np.min(finite), np.max(finite)
    # Of points evenly apart, though more of them may have been looked at where it is steep.
    known = x[np.isfinite(y)]
    even = np.interp(np.linspace(known[0], known[-1], POINTS), known, finite)
    usual_low, usual_high = np.percentile(even, [10, 90])
    usual = usual_high - usual_low
    rise, told = _rises(x, y, slope)
    steep = np.abs(rise - told) > 0.5 * np.maximum(np.abs(rise), np.abs(told))
    high_rise = np.abs(rise) > max(usual, 0.01 * (high - low))
    leaves = finite.size < y.size or np.any(steep & high_rise)
    if leaves and high - low > 4 * usual > 0:
        low, high = max(low, usual_low - usual / 4), min(high, usual_high + usual / 4)
        if math.isfinite(point):
            low, high = min(low, point - usual / 4), max(high, point + usual / 4)
    margin = 0.08 * (high - low) or max(1.0, 0.1 * abs(high))
    return float(low - margin), float(high + margin)


def broken(x: Floats, y: Floats, slope: Floats) -> Floats:
    """Return `y` with nan where the curve leaps between two points, for a gap in its line.

    A leap is a rise that the slopes at its ends do not tell of.
    """
    gapped = y.copy()
    gapped[1:][_surprise(x, y, slope, share=0.9, least=0.01) > 0] = np.nan
    return gapped


def _surprise(x: Floats, y: Floats, slope: Floats, share: float, least: float) -> Floats:
    """From each point to the next: how much the curve rises beyond what its slopes tell.

    0 where that is less than a share of the rise, or next to nothing in the curve's height.
    """
    rise, told = _rises(x, y, slope)
    finite = y[np.isfinite(y)]
    smallest = 0.0
    if finite.size:  # of a level curve what is left are its rounding errors
        smallest = max(least * np.ptp(finite), 1e-8 * np.max(np.abs(finite)))
    beyond = np.abs(rise - told)
    leaps = (beyond > share * np.abs(rise)) & (np.abs(rise) > smallest)
    return np.where(leaps, beyond, 0.0)


def _rises(x: Floats, y: Floats, slope: Floats) -> tuple[Floats, Floats]:
    """From each point to the next: how far the curve rises, and how far its slopes tell."""
    return np.diff(y), np.diff(x) * (slope[1:] + slope[:-1]) / 2
