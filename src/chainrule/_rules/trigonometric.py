"""Trigonometric and hyperbolic functions, and their inverses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.batching import along, looped
from chainrule._core.blocks import LARGE, by_blocks
from chainrule._core.stating import elementwise, spelled
from chainrule._core.values import dtype_of, recordable

from .arithmetic import held

__all__ = ["sech2"]

ndarray = np.ndarray
FAR = 400.0  # where the slope of tanh is 0 in double precision, and cosh has not overflowed yet
LIMITS = {
    np.dtype(np.float64): (np.array(FAR), np.array(1.0)),
    np.dtype(np.float32): (np.array(60, np.float32), np.array(1, np.float32)),
}


@recordable
def sech2(x: Any) -> Any:
    """Return 1 / cosh(x)**2, right to 2 eps (in single precision 4) everywhere.

    1 - tanh(x)**2 has no digits left at x = 19; cosh(x)**2 overflows at 355, in float32 at 50.
    """
    if type(x) is ndarray and x.ndim and (limit := LIMITS.get(x.dtype)):
        if x.size > LARGE and len(x) > 1:
            return by_blocks(sech2, x)
        far, one = limit
        c = np.absolute(x)  # in place: half the time of the line at the end, for few numbers
        np.minimum(c, far, out=c)
        np.cosh(c, c)
        y = one / c
        y /= c
        return y
    if type(x) is float or type(x) is np.float64:
        h = math.cosh(min(abs(x), FAR))
        return 1 / h / h
    if dtype_of(x).kind == "c":
        e = np.exp(np.where(np.real(x) > 0, -2 * x, 2 * x))
        return 4 * e / ((1 + e) * (1 + e))
    h = np.cosh(np.minimum(np.abs(x), 60 if dtype_of(x).itemsize < 8 else FAR))
    return 1 / h / h


def share(a: Any, y: Any) -> Any:
    """a / y, where y is a norm: 0 where that is 0, in all orders."""
    return a / np.where(y == 0, np.inf, y)


def turn(a: Any, b: Any) -> Any:
    """a / (a**2 + b**2), whatever their sizes; 0 where both are 0: no angle turns there."""
    norm = np.hypot(a, b)
    return share(share(a, norm), norm)


@recordable
def one_less_square(x: Any) -> Any:
    """1 - x*x, which in one piece loses half its digits near 1."""
    if dtype_of(x).kind == "c":  # on a cut of the inverse functions it stays on its side
        return -(x - 1) * (x + 1)
    return (1 - x) * (1 + x)


@recordable
def square_less_one(x: Any) -> Any:
    """x*x - 1, as exactly."""
    return (x - 1) * (x + 1)


def slope_of_sinc(x: Any) -> Any:
    """The slope of sin(pi x) / (pi x)."""
    t = math.pi * x
    is_near = np.abs(t) < 0.3
    # There t cos t - sin t has lost digits, and at 0 all of them; its power series ends soon;
    # it is taken from 0, for -0.0 is not what PyTorch shows there.
    near, far = np.where(is_near, t, 0), np.where(is_near, 1, t)
    series: Any = 0.0
    for divisor in (-518918400, 3991680, -45360, 840, -30, 3):
        series = series * near * near + 1 / divisor
    return math.pi * np.where(
        is_near, 0 - near * series, (far * np.cos(far) - np.sin(far)) / (far * far)
    )


elementwise(np.sin, lambda g, x: g * np.cos(x))
elementwise(np.cos, lambda g, x: -g * np.sin(x))
elementwise(np.tan, lambda g, y: g * (1 + y * y))
elementwise(np.sinc, lambda g, x: g * slope_of_sinc(x))
# one term each, so that the second slopes of what follows are infinite at 1, and not inf - inf
elementwise(one_less_square, lambda g, x: -2 * g * x)
elementwise(square_less_one, lambda g, x: 2 * g * x)
elementwise(np.arcsin, lambda g, x: g / np.sqrt(one_less_square(x)), said=["1 / sqrt(1 - x**2)"])
elementwise(np.arccos, lambda g, x: -g / np.sqrt(one_less_square(x)), said=["-1 / sqrt(1 - x**2)"])
elementwise(np.arctan, lambda g, x: g / (1 + x * x))
elementwise(
    np.arctan2,
    lambda g, a, b: g * turn(b, a),
    lambda g, a, b: -g * turn(a, b),
    said=("b / (a**2 + b**2)", "-a / (a**2 + b**2)"),
)
elementwise(
    np.hypot,
    lambda g, a, y: g * share(a, y),
    lambda g, b, y: g * share(b, y),
    said=("a / y", "b / y"),
)


def root_of_square_and_one(x: Any) -> Any:
    return np.sqrt(x * x + 1) if dtype_of(x).kind == "c" else np.hypot(1, x)  # does not overflow


def root_of_square_less_one(x: Any) -> Any:
    if dtype_of(x).kind == "c":  # the root of the product has the other sign left of 0
        return np.sqrt(x - 1) * np.sqrt(x + 1)
    return np.sqrt(square_less_one(x))


elementwise(np.sinh, lambda g, x: g * np.cosh(x))
elementwise(np.cosh, lambda g, x: g * np.sinh(x))
elementwise(np.tanh, lambda g, x: g * sech2(x), said=["1 - y**2"])
elementwise(sech2, lambda g, x, y: -2 * g * y * np.tanh(x))
elementwise(np.arcsinh, lambda g, x: g / root_of_square_and_one(x), said=["1 / sqrt(x**2 + 1)"])
elementwise(np.arccosh, lambda g, x: g / root_of_square_less_one(x), said=["1 / sqrt(x**2 - 1)"])
elementwise(np.arctanh, lambda g, x: g / one_less_square(x), said=["1 / (1 - x**2)"])

DEGREE = math.pi / 180
elementwise(np.deg2rad, lambda g: g * DEGREE)
elementwise(np.rad2deg, lambda g: g / DEGREE)
spelled(np.radians, lambda x: np.deg2rad(x))
spelled(np.degrees, lambda x: np.rad2deg(x))


# ---------------------------------------------------------------- angles in a row


@recordable
def unwrapped(p: Any, period: Any, discont: Any, axis: int) -> Any:
    """Return `p` with whole periods added, so that no step is larger than half of one."""
    return np.unwrap(p, discont, axis, period=period)


def unwrap(p: Any, discont: Any = None, axis: int = -1, *, period: Any = 2 * math.pi) -> Any:
    return unwrapped(p, period, held(discont), axis)


def unwrapped_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    """All examples have one period, or each is unwrapped by itself."""
    form = along if ranks[1] is None else looped
    return form(f, values, ranks, size, options)


elementwise(
    unwrapped,
    lambda g, discont, axis: g,
    lambda g, a, b, y: g * np.rint((y - a) / b),  # how many periods were added
    batched=unwrapped_batch,
)
spelled(np.unwrap, unwrap)
