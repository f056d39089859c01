"""What a neuron makes of its sum, beside the functions of learning.py.

As there, values and slopes are PyTorch's, at the kinks too; where a branch is not taken, its
exponential is not let grow, or infinity times 0 would reach the second derivative.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.composing import composed
from chainrule._core.stating import elementwise, pulled
from chainrule._core.values import cast, dtype_of, recordable, shape_of

from .learning import also_of, log_sigmoid, sigmoid
from .normal import erf

__all__ = [
    "bent", "elu", "elu_slope", "gated", "gelu", "gelu_by_tanh", "hard_shrink", "hard_sigmoid",
    "hard_swish", "hard_tanh", "mish", "silu", "soft_shrink", "softplus",
    "softplus_slope",
]  # fmt: skip

# ---------------------------------------------------------------- of straight pieces


@recordable
def hard_tanh(x: Any, low: Any, high: Any) -> Any:
    """Return `x`, or the nearer of the bounds beyond them."""
    return np.minimum(np.maximum(x, low), high)


@recordable
def hard_sigmoid(x: Any) -> Any:
    """Return x / 6 + 1/2 between -3 and 3, and 0 and 1 beyond."""
    return np.minimum(np.maximum(x + 3, 0), 6) / 6


@recordable
def hard_shrink(x: Any, bound: Any) -> Any:
    """Return `x`, and 0 up to the `bound` on either side."""
    return np.where(np.less_equal(np.absolute(x), bound), 0, x)[()]


@recordable
def soft_shrink(x: Any, bound: Any) -> Any:
    """Return `x` moved towards 0 by `bound`, but not beyond."""
    inside = np.less_equal(np.absolute(x), bound)
    return np.where(inside, x * 0, x - np.copysign(bound, x))[()]


@recordable
def bent(x: Any, threshold: Any, value: Any) -> Any:
    """Return `x` above the threshold, and `value` elsewhere."""
    return np.where(np.less_equal(x, threshold), value, x)[()]


# 0 at a bound, but where the line goes on there: PyTorch's choice
elementwise(
    hard_tanh,
    lambda g, x, low, high: also_of(
        np.where(np.less_equal(x, low) | np.greater_equal(x, high), 0, g), x
    ),
)
elementwise(
    hard_sigmoid,
    lambda g, x: also_of(np.where(np.greater(x, -3) & np.less(x, 3), g / 6, 0), x),
)
elementwise(
    hard_shrink,
    lambda g, x, bound: also_of(np.where(np.less_equal(np.absolute(x), bound), 0, g), x),
)
elementwise(
    soft_shrink,
    lambda g, x, bound: also_of(np.where(np.less_equal(np.absolute(x), bound), 0, g), x),
)
elementwise(
    bent, lambda g, x, threshold, value: also_of(np.where(np.less_equal(x, threshold), 0, g), x)
)

# ---------------------------------------------------------------- straight above 0


def wide(x: Any) -> Any:
    """Single precision as double: NumPy's `exp` may be two units off, and PyTorch's is not."""
    return cast(x, np.dtype(np.float64)) if dtype_of(x) == np.float32 else x


@recordable
def elu(x: Any, alpha: Any, scale: Any, rate: Any) -> Any:
    """Return scale * x above 0, and scale * alpha * (exp(rate * x) - 1) elsewhere."""
    below = np.expm1(np.minimum(x, 0) * rate) * (alpha * scale)
    return np.where(np.less(x, 0), below, x * scale)[()]


@recordable
def elu_slope(x: Any, alpha: Any, scale: Any, rate: Any) -> Any:
    """Return the slope of `elu`; that below 0 at 0."""
    z = wide(x)
    below = np.exp(np.minimum(z, 0) * rate) * (alpha * scale * rate)
    return cast(np.where(np.less_equal(z, 0), below, scale), dtype_of(x))[()]


@recordable
def softplus(x: Any, beta: Any, threshold: Any) -> Any:
    """Return log(1 + exp(beta * x)) / beta, and `x` where beta * x is above the threshold."""
    z = x * beta
    return np.where(z > threshold, x, np.log1p(np.exp(np.minimum(z, threshold))) / beta)[()]


@recordable
def softplus_slope(x: Any, beta: Any, threshold: Any) -> Any:
    """Return the slope of `softplus`: a sigmoid, and 1 above the threshold."""
    z = wide(x) * beta
    y = np.where(z > threshold, 1, sigmoid(np.minimum(z, threshold)))
    return cast(y, dtype_of(x))[()]


elementwise(elu, lambda g, x, alpha, scale, rate: g * elu_slope(x, alpha, scale, rate))
elementwise(elu_slope, lambda g, x, y, alpha, scale, rate: g * np.where(np.less(x, 0), y * rate, 0))
elementwise(softplus, lambda g, x, beta, threshold: g * softplus_slope(x, beta, threshold))
elementwise(
    softplus_slope,
    lambda g, x, y, beta, threshold: g * np.where(x * beta > threshold, 0, (1 - y) * y * beta),
)

# ---------------------------------------------------------------- x times a share of it

ROOT_HALF = math.sqrt(0.5)
HEIGHT = 1 / math.sqrt(2 * math.pi)
STEEP, CUBIC = math.sqrt(2 / math.pi), 0.044715  # Hendrycks and Gimpel (2016)


def normal_share(x: Any) -> Any:
    return (erf(x * ROOT_HALF) + 1) * 0.5


@recordable
def gelu(x: Any) -> Any:
    """Return `x` times the probability of a normal number below it."""
    return x * normal_share(x)


def share_by_tanh(x: Any) -> Any:
    return np.tanh((x + CUBIC * (x * x * x)) * STEEP)


@recordable
def gelu_by_tanh(x: Any) -> Any:
    """Return nearly `gelu`, by a hyperbolic tangent."""
    return 0.5 * x * (1 + share_by_tanh(x))


def slope_by_tanh(x: Any) -> Any:
    y = share_by_tanh(x)
    return 0.5 * (1 + y) + 0.5 * x * (1 - y * y) * (STEEP + 3 * CUBIC * STEEP * (x * x))


@recordable
def silu(x: Any) -> Any:
    """Return x * sigmoid(x)."""
    return x / (1 + np.exp(-x))


def silu_slope(x: Any) -> Any:
    y = sigmoid(x)
    return y * (1 + x * (1 - y))


def share_by_softplus(x: Any) -> Any:
    return np.tanh(-log_sigmoid(-x))


@recordable
def mish(x: Any) -> Any:
    """Return x * tanh(log(1 + exp(x)))."""
    return x * share_by_softplus(x)


def mish_slope(x: Any) -> Any:
    y = share_by_softplus(x)
    return y + x * sigmoid(x) * (1 - y * y)


@recordable
def hard_swish(x: Any) -> Any:
    """Return x * hard_sigmoid(x)."""
    return x * np.minimum(np.maximum(x + 3, 0), 6) / 6


def hard_swish_slope(x: Any) -> Any:
    # the slope inside at neither bound: 0 at -3 and 1 at 3
    inside = np.where(np.less(x, 3), x / 3 + 0.5, 1)
    return np.where(np.less_equal(x, -3), 0, inside)


elementwise(gelu, lambda g, x: g * (normal_share(x) + x * (np.exp(x * x * -0.5) * HEIGHT)))
elementwise(gelu_by_tanh, lambda g, x: g * slope_by_tanh(x))
elementwise(silu, lambda g, x: g * silu_slope(x))
elementwise(mish, lambda g, x: g * mish_slope(x))
elementwise(hard_swish, lambda g, x: g * hard_swish_slope(x))

# ---------------------------------------------------------------- one half by the other


def halves(x: Any, axis: int) -> tuple[Any, Any]:
    before, n = (slice(None),) * axis, shape_of(x)[axis] // 2
    return x[(*before, slice(n))], x[(*before, slice(n, None))]


@recordable
def gated(x: Any, axis: int) -> Any:
    """Return the first half of `x` along `axis`, times the sigmoid of the other."""
    a, b = halves(x, axis)
    return a * sigmoid(b)


def to_halves(g: Any, x: Any, axis: int) -> Any:
    a, b = halves(x, axis)
    y = sigmoid(b)
    return np.concatenate([g * y, g * a * (1 - y) * y], axis)


pulled(gated, to_halves, batched=composed)
