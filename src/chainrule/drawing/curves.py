"""The picture of a function's slopes, as `chainrule slope` draws it too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule._languages import speaking
from chainrule._optional import library
from chainrule.drawing.asked import checked_interval, checked_orders, checked_point, checked_steps
from chainrule.drawing.panels import draw_function, draw_orders
from chainrule.drawing.picture import Picture
from chainrule.drawing.sampling import sampled
from chainrule.drawing.style import style
from chainrule.formulas import Formula
from chainrule.slopes import Curve, curve_of
from chainrule.slopes import secants as secants_of

__all__ = ["draw_slopes"]


def draw_slopes(
    f: Callable[[Any], Any] | Formula | Curve | str,
    interval: tuple[float, float],
    *,
    at: float | None = None,
    orders: int = 1,
    secants: int | Sequence[float] = 3,
    label: str | None = None,
    lang: str | None = None,
) -> Picture:
    """Return the picture of `f` and its slopes over `interval`, from low to high.

    Above the curve of `f`, with its tangent at the point `at` and secants that close in on it;
    below its slope, and with `orders` the slopes of slopes up to f⁗ (4). Gaps show where there
    is no value or no slope: poles, jumps, kinks, and beyond where `f` is defined.

    `f` is a function of one number written with NumPy, which may raise ValueError where it has no
    value, or a formula such as "tanh(x)". `secants` is how many are drawn, each step half of the
    one before, or the steps h themselves; their slopes (f(at + h) - f(at)) / h stand in the
    legend. `label` is how `f` is called, and `lang` the language of the labels, "en" or "zh".

    Raises ValueError for an interval, point, number of orders or of secants that cannot be drawn,
    CurveError (a ValueError) where `f` itself raises, and MissingLibraryError without Matplotlib.

    >>> picture = draw_slopes("x**2", (-3, 5), at=1.0)
    >>> [text.get_text() for text in picture.axes[0].get_legend().get_texts()]
    ['x**2', 'secant, h = 2: slope 4', 'secant, h = 1: slope 3', 'secant, h = 0.5: slope 2.5',
     'tangent: slope 2']
    """
    with speaking(lang):
        figures = library("matplotlib.figure", extra="plot")
        curve = curve_of(f, label)
        low, high = checked_interval(interval)
        orders = checked_orders(orders)
        if at is not None:
            at = checked_point(at, (low, high))
        samples = sampled(curve, low, high, orders)
        if not np.isfinite(samples.levels[0]).any():
            curve.check(low if at is None else at)
        lines = []
        if at is not None:
            lines = secants_of(curve, at, checked_steps(secants, curve, at, samples))
        with style() as notes:
            # Legends stand to the right of the panels.
            size = (7 if at is None and orders == 1 else 10, 7)
            figure = figures.Figure(figsize=size, layout="constrained")
            above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
            draw_function(above, curve, samples, at, lines)
            draw_orders(below, curve, samples, at)
    return Picture(figure, tuple(notes))
