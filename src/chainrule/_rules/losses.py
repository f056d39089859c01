"""Losses: what a prediction costs, beside the target that it should have met.

As in learning.py, values, slopes and the order of operations are PyTorch's. `reduction` is
"mean", "sum" or "none"; a weight is an array that broadcasts, or None.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from chainrule._core.composing import composed
from chainrule._core.stating import elementwise, pulled
from chainrule._core.traces import summed
from chainrule._core.values import cast, dtype_of, ndim_of, recordable, shape_of

from .indexing import gathered, scattered
from .learning import FLOATS, also_of, log_sigmoid, one_of, sigmoid

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "mean_squared_error",
    "negative_log_likelihood",
]

Reduction = Literal["mean", "sum", "none"]
ndarray = np.ndarray
FLOOR = {dtype: np.array(-100, dtype) for dtype in FLOATS}
TINY = float(np.float32(1e-12))  # PyTorch's, in float64 too
LEAST = {dtype: np.array(TINY, dtype) for dtype in FLOATS}


def reduced(each: Any, weight: Any, reduction: Reduction) -> Any:
    """What is made of the losses of the elements."""
    if weight is not None:
        each = each * weight
    if reduction == "none":
        return each
    total = summed(each)
    return total if reduction == "sum" else total / each.size


def weighed(h: Any, like: Any, weight: Any, reduction: Reduction) -> Any:
    """The change of an element, of its change in an unweighted sum: the transpose of `reduced`."""
    if weight is not None:
        h = h * weight
    return h / (math.prod(shape_of(like)) or 1) if reduction == "mean" else h


# ---------------------------------------------------------------- of probabilities


def bounded(y: Any) -> Any:
    """A logarithm, not below -100: a wrong certainty has a finite price."""
    return np.maximum(y, FLOOR.get(y.dtype, -100) if type(y) is ndarray else -100)


def log_odds(x: Any) -> Any:
    return np.log(x / (one_of(x) - x))


@recordable
def uncertainty(x: Any) -> Any:
    """x * (1 - x), not below 1e-12: what the slope is divided by."""
    y = (one_of(x) - x) * x
    return np.maximum(y, LEAST.get(y.dtype, TINY) if type(y) is ndarray else TINY)


def whole_as(target: Any, x: Any) -> Any:
    """Whole numbers, and truth values, as numbers like `x`."""
    return cast(target, dtype_of(x)) if dtype_of(target).kind in "biu" else target


def cost(x: Any, target: Any) -> Any:
    """-log of the probability of `target` (0, 1, or a mixture) where `x` is that of 1."""
    target = whole_as(target, x)
    return (target - one_of(x)) * bounded(np.log1p(-x)) - target * bounded(np.log(x))


surprise = recordable(cost)

elementwise(uncertainty, lambda g, x, y: np.where(y > TINY, g * (1 - 2 * x), 0))
elementwise(
    surprise,
    lambda g, a, b: g * (a - b) / uncertainty(a),
    lambda g, a: -g * log_odds(a),  # infinite at 0 and 1, where PyTorch bounds the other slope
)


@recordable
def binary_cross_entropy(x: Any, target: Any, weight: Any, reduction: Reduction = "mean") -> Any:
    """Return the cross entropy of the probabilities `x` and the targets, arrays of one shape."""
    return reduced(cost(x, target), weight, reduction)


pulled(
    binary_cross_entropy,
    lambda g, a, b, c, reduction="mean": weighed(g * (a - b) / uncertainty(a), a, c, reduction),
    lambda g, a, c, reduction="mean": weighed(-g * log_odds(a), a, c, reduction),
    lambda g, a, b, reduction="mean": weighed(g * surprise(a, b), a, None, reduction),
    batched=composed,
)

# ---------------------------------------------------------------- of scores


def emphasis(target: Any, pos_weight: Any) -> Any:
    """How much an element weighs, beyond one that is all 0."""
    return 1 + (pos_weight - 1) * target


@recordable
def surprise_at_score(x: Any, target: Any, pos_weight: Any) -> Any:
    """`surprise` where `x` is the log-odds of 1, and ones weigh `pos_weight` (None: 1)."""
    target = whole_as(target, x)
    y = log_sigmoid(x)
    if pos_weight is not None:
        y = y * emphasis(target, pos_weight)
    return (1 - target) * x - y


def score_slope(x: Any, target: Any, pos_weight: Any) -> Any:
    if pos_weight is None:
        return sigmoid(x) - target
    t = pos_weight * target
    return (t + 1 - target) * sigmoid(x) - t


def score_target_slope(x: Any, pos_weight: Any) -> Any:
    return -x if pos_weight is None else log_sigmoid(-x) - pos_weight * log_sigmoid(x)


pulled(
    surprise_at_score,
    lambda g, a, b, c: g * score_slope(a, b, c),
    lambda g, a, c: g * score_target_slope(a, c),
    lambda g, a, b: -g * b * log_sigmoid(a),
    batched=composed,
)


@recordable
def binary_cross_entropy_with_logits(
    x: Any, target: Any, weight: Any, pos_weight: Any, reduction: Reduction = "mean"
) -> Any:
    """Return the cross entropy of sigmoid(x) and the targets, right for large scores too."""
    return reduced(surprise_at_score(x, target, pos_weight), weight, reduction)


pulled(
    binary_cross_entropy_with_logits,
    lambda g, a, b, c, d, reduction="mean": weighed(score_slope(a, b, d) * g, a, c, reduction),
    lambda g, a, c, d, reduction="mean": weighed(score_target_slope(a, d) * g, a, c, reduction),
    lambda g, a, b, d, reduction="mean": weighed(
        g * surprise_at_score(a, b, d), a, None, reduction
    ),
    lambda g, a, b, c, reduction="mean": weighed(-g * b * log_sigmoid(a), a, c, reduction),
    batched=composed,
)

# ---------------------------------------------------------------- of numbers


@recordable
def mean_squared_error(x: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """Return the mean (or sum) of the squares of `x - target`."""
    d = x - target
    return reduced(d * d, None, reduction)


def squared_slope(g: Any, a: Any, b: Any, reduction: Reduction = "mean") -> Any:
    d = a - b
    return d * (2 / (math.prod(shape_of(d)) or 1) if reduction == "mean" else 2.0) * g


pulled(
    mean_squared_error,
    squared_slope,
    lambda g, a, b, reduction="mean": -squared_slope(g, a, b, reduction),
    batched=composed,
)

# ---------------------------------------------------------------- of classes


def class_axis(x: Any) -> int:
    return 1 if ndim_of(x) > 1 else 0


def chosen(x: Any, target: Any, ignore_index: int) -> tuple[Any, Any]:
    """Return where the target is to be met, and its class there, 0 elsewhere: with a class axis."""
    target = np.expand_dims(target, class_axis(x))
    met = target != ignore_index
    return met, np.where(met, target, 0)


def class_weights(x: Any, weight: Any, met: Any, index: Any) -> Any:
    return met.astype(dtype_of(x)) if weight is None else take_weights(weight, index) * met


def take_weights(weight: Any, index: Any) -> Any:
    return np.reshape(gathered(weight, np.reshape(index, -1), 0), np.shape(index))


@recordable
def negative_log_likelihood(
    log_p: Any, target: Any, weight: Any, ignore_index: int = -100, reduction: Reduction = "mean"
) -> Any:
    """Return minus the log-probability of the class that each target names.

    `log_p` has shape (classes,), (rows, classes) or (rows, classes, …), `target` that without the
    classes, in whole numbers; `ignore_index` says where there is none. `weight` has a number for
    each class, and a mean is divided by the sum of the weights.
    """
    if of_every_row(log_p, target, weight, ignore_index):
        each = -log_p[np.arange(len(target)), target]
        return each if reduction == "none" else reduced(each, None, reduction)
    met, index = chosen(log_p, target, ignore_index)
    w = class_weights(log_p, weight, met, index)
    each = np.squeeze(-gathered(log_p, index, class_axis(log_p)) * w, class_axis(log_p))
    if reduction == "none":
        return each
    return summed(each) if reduction == "sum" else summed(each) / summed(w)


def of_every_row(log_p: Any, target: Any, weight: Any, ignore_index: int) -> bool:
    """Say whether it is the common case: rows of plain numbers, none ignored, all of weight 1.

    One number is then taken of each row, in a fifth of the time that the general way takes.
    """
    return (
        weight is None
        and type(log_p) is ndarray
        and type(target) is ndarray
        and log_p.ndim == 2
        and target.ndim == 1
        and target.size > 0
        and not np.equal(target, ignore_index).any()
    )


def to_scores(
    g: Any, a: Any, b: Any, c: Any, ignore_index: int = -100, reduction: Reduction = "mean"
) -> Any:
    if type(g) is ndarray and of_every_row(a, b, c, ignore_index):
        h = np.zeros_like(a)
        h[np.arange(len(b)), b] = -g / len(b) if reduction == "mean" else -g
        return h
    met, index = chosen(a, b, ignore_index)
    w = class_weights(a, c, met, index)
    g = np.expand_dims(g, class_axis(a)) if reduction == "none" else g
    h = -w * g / summed(w) if reduction == "mean" else -w * g
    h = np.where(met, h, 0)  # where all are ignored, the mean is 0 / 0
    return also_of(scattered(h, index, class_axis(a), shape_of(a)), a)


def to_class_weights(
    g: Any, a: Any, b: Any, c: Any, y: Any, ignore_index: int = -100, reduction: Reduction = "mean"
) -> Any:
    met, index = chosen(a, b, ignore_index)
    each = -gathered(a, index, class_axis(a))
    if reduction == "mean":
        each = (each - y) / summed(class_weights(a, c, met, index))
    g = np.expand_dims(g, class_axis(a)) if reduction == "none" else g
    return scattered(np.reshape(g * each * met, -1), np.reshape(index, -1), 0, shape_of(c))


pulled(
    negative_log_likelihood,
    to_scores,
    None,
    to_class_weights,
    batched=composed,
)
