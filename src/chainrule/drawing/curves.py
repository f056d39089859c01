"""The picture of a slope: a curve with its tangent at a point, and below it the curve's slope."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule._optional import library
from chainrule.drawing.style import COLOURS, GREY, label, save
from chainrule.formulas import Formula
from chainrule.operators import grad
from chainrule.slopes import Point, at_point, value_and_slope

__all__ = ["draw_curve", "sampled", "save_curve", "view", "window"]

Floats = NDArray[np.float64]

POINTS = 801
MOST_TURNS = 10  # ups and downs that a reader can still tell apart


@dataclass(frozen=True)
class Samples:
    """A curve at points from left to right: values, slopes, and slopes of the slopes."""

    x: Floats
    y: Floats
    slope: Floats
    bend: Floats


def save_curve(formula: Formula, at: float, path: str | Path) -> list[str]:
    """Draw `formula` around `at` to `path`, whose ending chooses the kind of picture.

    Return what is to be said of the picture.
    """
    return save(lambda: draw_curve(formula, at), Path(path))


def draw_curve(formula: Formula, at: float) -> Any:
    """Return a matplotlib figure of two panels that share their x.

    Above the curve of `formula`, of one variable, with its tangent at `at`; below its slope. The
    window around `at` is chosen so that the curve shows its shape; poles and steps are gaps.
    """
    samples = sampled(formula, *window(formula, at))
    point = at_point(formula, at)
    text, here = label(formula.text, 50), f"{point.name} = {at:.6g}"
    figure = library("matplotlib.figure", extra="plot").Figure(figsize=(7, 7), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])

    y, slopes = (samples.x, samples.y, samples.slope), (samples.x, samples.slope, samples.bend)
    above.plot(samples.x, broken(*y), color=COLOURS[0], label=text, linewidth=2)
    above.set_ylim(view(*y, point.value))
    below.plot(samples.x, broken(*slopes), color=COLOURS[2], linewidth=2)
    below.set(xlim=(samples.x[0], samples.x[-1]), ylim=view(*slopes, point.slope))

    if math.isfinite(point.value):
        above.plot([at], [point.value], "o", color=COLOURS[1], zorder=3)
    if point.exists:
        _draw_tangent(above, at, point)
        below.plot([at], [point.slope], "o", color=COLOURS[1], zorder=3)
    above.set_title(f"{text}{' and its tangent' if point.exists else ''} at {here}")
    below.set_title(f"its slope: {f'{point.slope:.6g}' if point.exists else 'none'} at {here}")
    below.set_xlabel(point.name)
    above.legend(loc="best", fontsize=9)
    for axes in (above, below):
        axes.axhline(0, color=GREY, linewidth=0.6)
        axes.axvline(at, color=GREY, linewidth=0.6, linestyle=":")
    return figure


def window(formula: Formula, at: float) -> tuple[float, float]:
    """Return from where to where the curve is drawn.

    It starts as four to each side, or half of `at` if that is more, and shrinks until the curve
    has no more turns than a reader can tell apart; where it has no values the window ends.
    """
    half = max(4.0, abs(at) / 2)
    for _ in range(12):
        x = np.linspace(at - half, at + half, POINTS)
        y = _values(formula, x)
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


def sampled(formula: Formula, left: float, right: float) -> Samples:
    """Return values and slopes at points from `left` to `right`, nan where there are none."""
    x = np.linspace(left, right, POINTS)
    # A point at a time, so that each takes its own branch of where( ).
    y, slope = np.transpose([value_and_slope(formula, float(at)) for at in x])
    with np.errstate(all="ignore"):
        bend = [grad(grad(formula))(float(at)) if formula.names else 0.0 for at in x]
    columns = (np.where(np.isfinite(column), column, np.nan) for column in (y, slope, bend))
    return Samples(x, *columns)


def view(x: Floats, y: Floats, slope: Floats, point: float) -> tuple[float, float]:
    """Return the lowest and highest value to be shown.

    All of the curve, unless it leaves for a pole, where a few points would flatten the rest; and
    always `point`.
    """
    finite = y[np.isfinite(y)]
    if finite.size == 0:
        return -1.0, 1.0
    low, high = np.min(finite), np.max(finite)
    usual_low, usual_high = np.percentile(finite, [10, 90])
    usual = usual_high - usual_low
    rise, told = _rises(x, y, slope)
    steep = np.abs(rise - told) > 0.5 * np.maximum(np.abs(rise), np.abs(told))
    leaves = finite.size < y.size or np.any(steep & (np.abs(rise) > usual))
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
    rise, told = _rises(x, y, slope)
    finite = y[np.isfinite(y)]
    height = np.ptp(finite) if finite.size else 0.0
    leaps = (np.abs(rise - told) > 0.9 * np.abs(rise)) & (np.abs(rise) > 0.01 * height)
    gapped = y.copy()
    gapped[1:][leaps] = np.nan
    return gapped


def _rises(x: Floats, y: Floats, slope: Floats) -> tuple[Floats, Floats]:
    """From each point to the next: how far the curve rises, and how far its slopes tell."""
    return np.diff(y), np.diff(x) * (slope[1:] + slope[:-1]) / 2


def _draw_tangent(axes: Any, at: float, point: Point) -> None:
    line = {"color": COLOURS[1], "linestyle": "--"}
    if math.isinf(point.slope):
        axes.axvline(at, label="tangent, upright", **line)
        return
    text = f"tangent, slope {point.slope:.6g}"
    axes.axline((at, point.value), slope=point.slope, label=text, **line)


def _values(formula: Formula, x: Floats) -> Floats:
    with np.errstate(all="ignore"):
        return np.array([formula(float(at)) if formula.names else formula() for at in x], float)
