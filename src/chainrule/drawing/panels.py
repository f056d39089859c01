"""The two panels of a picture of slopes: the function with its lines, and its slopes' curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np

from chainrule._languages import tr
from chainrule._text import wrapped
from chainrule.drawing.sampling import Samples
from chainrule.drawing.style import COLOURS, GREY, label
from chainrule.slopes import Curve, Point, Secant, at_orders

__all__ = ["draw_function", "draw_orders"]

MOST_PLACES = 4  # that a title names

# The slopes of each order: told apart by colour and by line.
ORDERS = (
    {"color": COLOURS[2], "linestyle": "-"},
    {"color": COLOURS[3], "linestyle": "--"},
    {"color": COLOURS[4], "linestyle": "-."},
    {"color": COLOURS[5], "linestyle": ":"},
)
PRIMES = ("f′", "f″", "f‴", "f⁗")
SECANT_COLOURS = (COLOURS[3], COLOURS[4], COLOURS[5])


def draw_function(
    axes: Any, curve: Curve, samples: Samples, at: float | None, lines: Sequence[Secant]
) -> None:
    """Draw the curve, and at the point `at` its tangent and the secants `lines`."""
    text = label(curve.text, 50)
    named = f"f = {text}" if samples.orders > 1 else text
    axes.plot(samples.x, samples.shown(0), color=COLOURS[0], linewidth=2.4, label=label(named, 32))
    axes.axhline(0, color=GREY, linewidth=0.6)
    if at is None:
        title = named if np.isfinite(samples.levels[0]).any() else _nowhere(text, samples)
        axes.set(title=title, ylim=samples.view(0, math.nan))
        return
    (point,) = at_orders(curve, at, 1)
    axes.set_ylim(samples.view(0, point.value))
    axes.axvline(at, color=GREY, linewidth=0.6, linestyle=":")
    _draw_secants(axes, at, point.value, lines)
    if point.exists:
        _draw_tangent(axes, at, point)
    if math.isfinite(point.value):
        axes.plot([at], [point.value], "o", color=COLOURS[1], zorder=4)
    here = _place(curve, [at])
    if point.exists:
        axes.set_title(tr("{text} and its tangent at {here}", text=text, here=here))
    else:
        axes.set_title(tr("{text} at {here}", text=text, here=here))
    _add_legend(axes)


def draw_orders(axes: Any, curve: Curve, samples: Samples, at: float | None) -> None:
    """Draw the slopes of each order that `samples` has, and say where there are none."""
    points = [] if at is None else at_orders(curve, at, samples.orders)
    slopes = [point.slope if point.exists else math.nan for point in points]
    slopes += [math.nan] * (samples.orders - len(slopes))
    for k, slope in enumerate(slopes):
        value = f" = {_number(slope)}" if at is not None else ""
        text = f"{PRIMES[k]}{value}"
        axes.plot(samples.x, samples.shown(k + 1), linewidth=2, label=text, **ORDERS[k])
        if math.isfinite(slope):
            dot = {"color": ORDERS[k]["color"], "markeredgecolor": COLOURS[1]}
            axes.plot([at], [slope], "o", zorder=4, **dot)
    views = [samples.view(k + 1, slope) for k, slope in enumerate(slopes)]
    axes.set_ylim(min(low for low, _ in views), max(high for _, high in views))
    axes.set_xlim(samples.x[0], samples.x[-1])
    axes.axhline(0, color=GREY, linewidth=0.6)
    if at is not None:
        axes.axvline(at, color=GREY, linewidth=0.6, linestyle=":")
    if samples.orders > 1:
        _add_legend(axes)
    axes.set_title(_title(curve, samples, at, slopes[0]))
    remark = next((point.remark for point in points if point.remark), "")
    said = ""
    if at is not None and remark:
        said = tr("{here}: {remark}", here=_place(curve, [at]), remark=remark)
    axes.set_xlabel("\n".join([curve.name, *wrapped(said, 84)]))


def _add_legend(axes: Any) -> None:
    # Beside the panel: lines cross it from side to side, and leave no room inside.
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)


def _title(curve: Curve, samples: Samples, at: float | None, slope: float) -> str:
    if samples.orders > 1:
        title = tr("its slopes of the orders 1 to {orders}", orders=samples.orders)
    elif at is None:
        title = tr("its slope")
    else:
        title = tr("its slope: {slope} at {here}", slope=_number(slope), here=_place(curve, [at]))
    places = [x for x in samples.places if at is None or abs(x - at) > 1e-9]
    if not places:
        return title
    return title + tr("; none at {places}", places=_place(curve, places))


def _nowhere(text: str, samples: Samples) -> str:
    low, high = (f"{x:.6g}" for x in (samples.x[0], samples.x[-1]))
    return tr("{text} has no value from {low} to {high}", text=text, low=low, high=high)


def _place(curve: Curve, places: Sequence[float]) -> str:
    named = ", ".join(f"{x:.6g}" for x in places[:MOST_PLACES])
    return f"{label(curve.name)} = {named}{', …' if len(places) > MOST_PLACES else ''}"


def _number(slope: float) -> str:
    return tr("none") if math.isnan(slope) else f"{slope:.6g}".replace("inf", "∞")


def _draw_tangent(axes: Any, at: float, point: Point) -> None:
    line = {"color": COLOURS[1], "linewidth": 1.6}
    if math.isinf(point.slope):
        axes.axvline(at, label=tr("tangent, upright"), **line)
        return
    text = tr("tangent: slope {slope}", slope=f"{point.slope:.6g}")
    axes.axline((at, point.value), slope=point.slope, label=text, **line)


def _draw_secants(axes: Any, at: float, value: float, lines: Sequence[Secant]) -> None:
    known = [line for line in lines if math.isfinite(line.slope)]
    # Those of steps to both sides share a colour and a line of the legend.
    for k, (size, pair) in enumerate(groupby(known, key=lambda line: abs(line.h))):
        text = _legend(size, pair_ := list(pair))
        # Their dashes grow until the tangent's line has no gaps.
        dashes = (0, (1 + 2 * k, 1.5))
        for j, line in enumerate(pair_):
            look = {"color": SECANT_COLOURS[k % 3], "linestyle": dashes, "linewidth": 1.4}
            axes.axline((at, value), slope=line.slope, label=text if j == 0 else None, **look)
            axes.plot([line.x], [line.value], "o", color=SECANT_COLOURS[k % 3], markersize=4)


def _legend(size: float, pair: Sequence[Secant]) -> str:
    if len(pair) == 1:
        (line,) = pair
        return tr("secant, h = {h}: slope {slope}", h=f"{line.h:g}", slope=f"{line.slope:.6g}")
    right, left = pair[0], pair[1]
    return tr(
        "secants, h = ±{h}: slopes {right} and {left}",
        h=f"{size:g}",
        right=f"{right.slope:.6g}",
        left=f"{left.slope:.6g}",
    )
