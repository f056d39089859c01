"""Sums, products, powers, roots; the larger and the smaller; comparisons and rounding."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import looped
from chainrule._core.stating import constant, elementwise, same, spelled
from chainrule._core.traces import joined
from chainrule._core.values import cast, dtype_of, recordable
from chainrule._rules.steps import rounded_down, turns

__all__ = ["clipped", "held", "share_of_larger"]

REALS = {float, int, bool}
ndarray = np.ndarray


@recordable
def held(x: Any) -> Any:
    """Return `x`, taken as a constant."""
    return x


def divided(a: Any, b: Any) -> Any:
    """a / b, where 1 / 0 is inf for Python's numbers too."""
    return float(np.float64(a) / b) if type(a) in REALS and type(b) in REALS else a / b


def to_power(a: Any, b: Any) -> Any:
    """a ** b, where (-2.0) ** 0.5 is nan for Python's numbers too."""
    return float(np.power(float(a), float(b))) if type(a) in REALS and type(b) in REALS else a**b


def power_base(g: Any, a: Any, b: Any) -> Any:
    if type(b) in REALS or type(b) is complex:
        return g * (b * to_power(a, b - 1)) if b else np.zeros_like(g)
    b = cast(b, dtype_of(a)) if dtype_of(b).kind == "b" else b
    return g * b * a ** np.where((a == 0) & (b == 0), 1, b - 1)  # 0**0 has slope 0, not 0 * inf


def power_exponent(g: Any, a: Any, b: Any, y: Any) -> Any:
    if type(a) in REALS and a != 0:
        return g * y * float(np.log(a))
    return g * y * np.log(np.where((a == 0) & (np.real(b) >= 0), 1.0, a))  # 0**b stays 0


def float_power(a: Any, b: Any) -> Any:
    a, b = joined(a), joined(b)
    dtype = np.result_type(dtype_of(a), dtype_of(b), np.float64)
    return np.power(cast(a, dtype), cast(b, dtype))


def share_of_larger(g: Any, a: Any, b: Any) -> Any:
    """All of `g` where a > b or one is NaN, half of it at a tie: the mean of both sides."""
    return np.where(a == b, g * 0.5, np.where(a < b, 0, g))


elementwise(np.add, same, same, call="a + b")
elementwise(np.subtract, same, lambda g: -g, call="a - b")
elementwise(np.negative, lambda g: -g, call="-x")
elementwise(np.positive, same)
elementwise(np.multiply, lambda g, b: g * b, lambda g, a: g * a, call="a * b")
elementwise(
    np.divide,
    lambda g, b: g / b,
    lambda g, y, b: -g * y / b,
    call="a / b if type(b) is ndarray else divided(a, b)",
    said=("1 / b", "-a / b**2"),
)
elementwise(
    np.power,
    power_base,
    power_exponent,
    call="a**b if type(a) is ndarray else to_power(a, b)",
    said=("b * a**(b - 1)", "a**b * log(a)"),
)
elementwise(np.reciprocal, lambda g, y: -g * y * y)
elementwise(np.square, lambda g, x: 2 * g * x)
elementwise(np.sqrt, lambda g, y: g / (2 * y))  # inf at 0, as in PyTorch
elementwise(np.cbrt, lambda g, y: g / (3 * y * y))
elementwise(np.remainder, same, lambda g, a, b: -g * rounded_down(a, b))
elementwise(np.fmod, same, lambda g, a, b: -g * turns(a, b))
spelled(np.float_power, float_power)
spelled(np.divmod, lambda a, b: (np.floor_divide(a, b), np.remainder(a, b)))

elementwise(
    np.maximum,
    lambda g, a, b: share_of_larger(g, a, b),
    lambda g, a, b: share_of_larger(g, b, a),
    said=("where(a > b, 1, 0)", "where(a > b, 0, 1)"),
)
elementwise(
    np.minimum,
    lambda g, a, b: share_of_larger(g, b, a),
    lambda g, a, b: share_of_larger(g, a, b),
    said=("where(a < b, 1, 0)", "where(a < b, 0, 1)"),
)
spelled(np.fmax, lambda a, b: np.maximum(np.where(np.isnan(a), b, a), np.where(np.isnan(b), a, b)))
spelled(np.fmin, lambda a, b: np.minimum(np.where(np.isnan(a), b, a), np.where(np.isnan(b), a, b)))
elementwise(np.where, None, lambda g, a: np.where(a, g, 0), lambda g, a: np.where(a, 0, g))
spelled(  # without values it says where the condition holds
    np.where,
    lambda condition, x=None, y=None: np.nonzero(condition),
    when=lambda condition, x, y: x is None and y is None,
    batched=lambda f, values, ranks, size, options: looped(np.nonzero, values, ranks, size, {}),
)


@recordable
def clipped(x: Any, low: Any, high: Any) -> Any:
    """`x`, not below `low` and not above `high`."""
    return np.clip(x, low, high)


def clip(
    x: Any, a_min: Any = None, a_max: Any = None, out: None = None, *, min: Any = None,
    max: Any = None, dtype: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    low, high = (min if a_min is None else a_min), (max if a_max is None else a_max)
    if low is None and high is None and dtype is None and where is True:
        return np.positive(x)
    values = x, -np.inf if low is None else low, np.inf if high is None else high
    if dtype is not None:
        values = tuple(cast(v, np.dtype(dtype)) for v in values)
    if where is not True:
        from chainrule._core.ufunc_options import where_true

        return where_true(clipped, values, where)
    return clipped(*values)


elementwise(
    clipped,
    # where, not a product: an infinite or undefined change must not reach what is cut off; NumPy's
    # comparisons, which order complex numbers too
    lambda g, a, b, c: np.where(
        np.greater_equal(a, b) & np.less_equal(a, c),
        g,
        0,  # 1 in the bounds too, as in PyTorch
    ),
    lambda g, a, b, c: np.where(
        np.less(a, b) & np.less_equal(b, c),
        g,
        0,  # if bounds cross, NumPy takes the upper
    ),
    lambda g, a, b, c: np.where(np.greater(a, c) | np.greater(b, c), g, 0),
)
spelled(np.clip, clip)

constant(
    held,
    np.floor,
    np.ceil,
    np.trunc,
    np.rint,
    getattr(np, "fix", np.trunc),  # on its way out of NumPy since 2.5
    np.round,
    np.around,
    np.floor_divide,
    np.spacing,
)
constant(
    np.equal,
    np.not_equal,
    np.less,
    np.less_equal,
    np.greater,
    np.greater_equal,
    np.zeros_like,
    np.ones_like,
)
constant(np.empty_like, np.signbit, np.isnan, np.isfinite, np.isinf)
