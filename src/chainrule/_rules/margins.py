"""Losses that are 0, or nearly, once a prediction is right by a margin.

`target` says what is right, and is a constant; `weight` has a number for each class.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.composing import composed
from chainrule._core.stating import pulled
from chainrule._core.traces import summed
from chainrule._core.values import recordable, shape_of

from .indexing import gathered, scattered
from .learning import also_of, log_sigmoid, sigmoid
from .losses import Reduction, reduced, take_weights, weighed

__all__ = ["multi_margin", "multilabel_margin", "soft_margin"]


@recordable
def soft_margin(x: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """Return log(1 + exp(-target * x)): of large scores too, where PyTorch's overflows."""
    return reduced(-log_sigmoid(target * x), None, reduction)


def soft_slope(g: Any, a: Any, b: Any, reduction: Reduction = "mean") -> Any:
    z = b * a
    return weighed(-b * sigmoid(-z) * g, z, None, reduction)


pulled(
    soft_margin,
    soft_slope,
    lambda g, a, b, reduction="mean": soft_slope(g, b, a, reduction),
    batched=composed,
)

# ---------------------------------------------------------------- one class


def others(x: Any, target: Any) -> Any:
    """Where the classes are that are not the target."""
    return np.arange(shape_of(x)[-1]) != np.expand_dims(target, -1)


def shortfall(x: Any, target: Any, margin: Any) -> Any:
    """By how much each class comes too near to the target's score."""
    return margin - gathered(x, np.expand_dims(target, -1), -1) + x


def shares(x: Any, target: Any, weight: Any) -> Any:
    n = shape_of(x)[-1]
    return 1 / n if weight is None else take_weights(weight, np.expand_dims(target, -1)) / n


def misses(x: Any, target: Any, p: int, margin: Any) -> Any:
    z = shortfall(x, target, margin)
    z = np.where(np.greater(z, 0), z, 0)  # nan is no miss, as PyTorch has it
    return np.where(others(x, target), z if p == 1 else z * z, 0)


@recordable
def multi_margin(
    x: Any, target: Any, weight: Any, p: int, margin: Any, reduction: Reduction = "mean"
) -> Any:
    """Return sum(max(0, margin - x[target] + x)**p) / classes, over all other classes."""
    terms = misses(x, target, p, margin) * shares(x, target, weight)
    return reduced(summed(terms, -1), None, reduction)


def each_row(g: Any, x: Any, reduction: Reduction) -> Any:
    """The change of each row's loss, beside the numbers of a row."""
    if reduction == "none":
        return np.expand_dims(g, -1)
    return g / math.prod(shape_of(x)[:-1]) if reduction == "mean" else g


def multi_slope(
    g: Any, a: Any, b: Any, c: Any, p: int, margin: Any, reduction: Reduction = "mean"
) -> Any:
    z = shortfall(a, b, margin)
    counts = others(a, b)
    slope = np.where(counts & np.greater(z, 0), 1 if p == 1 else 2 * z, 0)
    h = slope * shares(a, b, c) * each_row(g, a, reduction)
    return also_of(np.where(counts, h, -summed(h, -1, keepdims=True)), a)


def to_class_weights(
    g: Any, a: Any, b: Any, into: Any, p: int, margin: Any, reduction: Reduction = "mean"
) -> Any:
    h = misses(a, b, p, margin) / shape_of(a)[-1] * each_row(g, a, reduction)
    return scattered(np.reshape(summed(h, -1), -1), np.reshape(b, -1), 0, into)


pulled(multi_margin, multi_slope, None, to_class_weights, batched=composed)

# ---------------------------------------------------------------- several classes


def pairs(x: Any, target: Any) -> tuple[Any, Any, Any]:
    """Return the classes that are right, by how much each other comes too near, and where to count.

    The classes of a row end at the first -1.
    """
    valid = np.logical_and.accumulate(target >= 0, axis=-1)
    right = np.where(valid, target, 0)
    named = (right[..., None] == np.arange(shape_of(x)[-1])) & valid[..., None]
    z = 1 - np.expand_dims(gathered(x, right, -1), -1) + np.expand_dims(x, -2)
    return right, z, valid[..., None] & ~named.any(-2, keepdims=True)


@recordable
def multilabel_margin(x: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """Return sum(max(0, 1 - x[right] + x[other])) / classes, over the pairs of classes."""
    _, z, counts = pairs(x, target)
    terms = np.where(counts, np.maximum(z, 0), 0)
    return reduced(summed(terms, (-1, -2)) / shape_of(x)[-1], None, reduction)


def multilabel_slope(g: Any, a: Any, b: Any, reduction: Reduction = "mean") -> Any:
    right, z, counts = pairs(a, b)
    h = np.where(counts & np.greater(z, 0), 1.0, 0.0).astype(g.dtype) / shape_of(a)[-1]
    h = (
        h * np.expand_dims(each_row(g, a, reduction), -1)
        if reduction == "none"
        else (h * each_row(g, a, reduction))
    )
    back = scattered(summed(h, -1), right, -1, shape_of(a))
    return also_of(summed(h, -2) - back, a)


pulled(multilabel_margin, multilabel_slope, None, batched=composed)
