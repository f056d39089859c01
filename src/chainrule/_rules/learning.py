"""What a layer of a network computes: sigmoids, rectifiers, and shares of a sum.

Values and slopes are PyTorch's, in the order of its float32 operations where one is known: the
tape face calls these, and promises its users that they see what PyTorch shows. The functions say
nothing against NumPy's warnings (`sigmoid(-1000.0)` overflows on its way to 0); the face does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import along
from chainrule._core.composing import composed
from chainrule._core.stating import elementwise, pulled, same
from chainrule._core.traces import summed
from chainrule._core.values import recordable, shape_of

from .reductions import kept_shape

__all__ = [
    "FLOATS",
    "also_of",
    "leaky_relu",
    "let_through",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "one_of",
    "relu",
    "sigmoid",
    "sigmoid_of_minus",
    "softmax",
]

ndarray = np.ndarray
FLOATS: list[Any] = [np.dtype(np.float32), np.dtype(np.float64)]
ONE = {dtype: np.array(1, dtype) for dtype in FLOATS}


def one_of(x: Any) -> Any:
    """Return 1, beside an array as an array: a Python number would take 0.4 us longer."""
    return ONE.get(x.dtype, 1) if type(x) is ndarray else 1


# ---------------------------------------------------------------- one number each


@recordable
def sigmoid(x: Any) -> Any:
    """Return 1 / (1 + exp(-x))."""
    one = one_of(x)
    return one / (one + np.exp(-x))


@recordable
def log_sigmoid(x: Any) -> Any:
    """Return log(sigmoid(x)), which keeps its digits where sigmoid(x) is near 0 or 1."""
    return np.minimum(x, 0) - np.log1p(np.exp(-np.absolute(x)))


@recordable
def sigmoid_of_minus(x: Any) -> Any:
    """Return sigmoid(-x), which is 0 nowhere that a number is left to say so."""
    z = np.exp(-np.absolute(x))
    return np.where(np.less(x, 0), 1, z) / (1 + z)


@recordable
def relu(x: Any) -> Any:
    """Return `x` where it is positive, and 0 elsewhere."""
    return np.maximum(x, 0)


@recordable
def let_through(a: Any, b: Any) -> Any:
    """Return `a` where `b` is positive or not a number, and 0 elsewhere.

    It says that it depends on `b`, by a gradient of zeros: so a second derivative of `relu` is 0
    and not an error, as in PyTorch.
    """
    return np.where(np.less_equal(b, 0), 0, a)


@recordable
def also_of(a: Any, b: Any) -> Any:
    """Return `a`, which is said to depend on `b` too, by a gradient of zeros.

    A slope that is the same all around has a derivative, 0, and is no constant: as in PyTorch.
    """
    return a


@recordable
def leaky_relu(x: Any, negative_slope: Any) -> Any:
    """Return `x` where it is positive, and `negative_slope * x` elsewhere."""
    return np.where(np.greater(x, 0), x, x * negative_slope)[()]


# g * (1 - y) * y, from y alone and in this order, is what PyTorch computes: it has no digits left
# where y rounds to 1. scipy.special.expit, for those who need them, has another rule.
elementwise(sigmoid, lambda g, y: g * (one_of(y) - y) * y)
elementwise(log_sigmoid, lambda g, x: g * sigmoid_of_minus(x))
elementwise(sigmoid_of_minus, lambda g, y: g * (y - 1) * y)
elementwise(relu, lambda g, y: let_through(g, y))
pulled(also_of, same, lambda g, b: np.zeros_like(b), batched=composed)
elementwise(let_through, lambda g, b: let_through(g, b), lambda g: np.zeros_like(g))
elementwise(
    leaky_relu,
    lambda g, a, b: also_of(np.where(a > 0, g, g * b), a),  # b at 0
    lambda g, a, b: also_of(np.where(a > 0, 0, g * a), b),
)

# ---------------------------------------------------------------- shares of a sum


@recordable
def logsumexp(x: Any, axis: Any, keepdims: bool = False) -> Any:
    """Return log(sum(exp(x))) along `axis`, an axis or a tuple of them."""
    top = largest(x, axis)
    top = np.where(np.isfinite(top), top, 0)
    y = np.log(summed(np.exp(x - top), axis, keepdims=True)) + top
    return y if keepdims else np.squeeze(y, axis)


@recordable
def softmax(x: Any, axis: int) -> Any:
    """Return exp(x) divided by its sum along `axis`."""
    y = np.exp(x - largest(x, axis))
    return y / summed(y, axis, keepdims=True)


@recordable
def log_softmax(x: Any, axis: int) -> Any:
    """Return log(softmax(x, axis)), which keeps its digits where a share is near 0."""
    y = x - largest(x, axis)
    return y - np.log(summed(np.exp(y), axis, keepdims=True))


def largest(x: Any, axis: Any) -> Any:
    """The largest of `x` along `axis`, which is kept; of nothing, -inf."""
    return np.maximum.reduce(x, axis=axis, keepdims=True, initial=-np.inf)


def share(g: Any, x: Any, y: Any, axis: Any, keepdims: bool = False) -> Any:
    kept = kept_shape(shape_of(x), axis)
    return np.reshape(g, kept) * np.exp(x - np.reshape(y, kept))


pulled(logsumexp, share, batched=along)
pulled(softmax, lambda g, y, axis: (g - summed(g * y, axis, keepdims=True)) * y, batched=along)
pulled(
    log_softmax,
    lambda g, y, axis: g - np.exp(y) * summed(g, axis, keepdims=True),
    batched=along,
)
