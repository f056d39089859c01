"""Slopes of functions of one number: at a point, by secants, and whether there is one.

The engine gives a number at a kink too, by convention. Here the slopes and values on both sides
are looked at, so that a reader is told which numbers are conventions.
"""

from __future__ import annotations

from .curve import Curve, CurveError, curve_of, value_and_slope
from .points import Point, at_orders, at_point
from .secants import Secant, halvings, secants

__all__ = [
    "Curve",
    "CurveError",
    "Point",
    "Secant",
    "at_orders",
    "at_point",
    "curve_of",
    "halvings",
    "secants",
    "value_and_slope",
]
