"""What a normalising layer computes: numbers less their mean, in units of their spread."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.composing import composed
from chainrule._core.stating import pulled
from chainrule._core.traces import summed, unstretched
from chainrule._core.values import cast, dtype_of, recordable, shape_of

__all__ = ["Known", "in_own_units", "normalized", "standardized"]

Shape = tuple[int, ...]


def mean_along(x: Any, axes: Shape) -> Any:
    return summed(x, axes, keepdims=True) / math.prod([shape_of(x)[k] for k in axes])


def in_own_units(x: Any, axes: Shape, eps: Any) -> tuple[Any, Any, Any, Any]:
    """Return `x` less its mean along `axes` in units of its spread; mean, variance, 1 / spread.

    The variance is that of n and not of n - 1; the last three keep the axes.
    """
    mean = mean_along(x, axes)
    d = x - mean
    variance = mean_along(d * d, axes)
    per = 1 / np.sqrt(variance + eps)
    return d * per, mean, variance, per


class Known:
    """What was computed already, of which array: the numbers in units of their spread, and 1 / it.

    Of a mean that is given, not computed, only that and 1 / spread: constants for a rule.
    """

    __slots__ = ("mean", "per", "x", "y")

    def __init__(self, x: Any, mean: Any, per: Any, y: Any = None) -> None:
        self.x, self.mean, self.per, self.y = x, mean, per, y


def shaped(x: Any, shape: Shape) -> Any:
    return x if shape_of(x) == shape else np.reshape(x, shape)


def in_units(
    x: Any, parted: Shape, axes: Shape, eps: float, known: Known | None
) -> tuple[Any, Any]:
    """Return `x` less its mean in units of its spread, in the shape `parted`, and 1 / spread.

    What is `known` serves if `x` is that very array: a recorded one is to be seen in its mean and
    spread, too.
    """
    if known is not None and known.x is x:
        return known.y, known.per
    y, _, _, per = in_own_units(shaped(x, parted), axes, eps)
    return y, per


def affine(y: Any, weight: Any, bias: Any, laid: Shape) -> Any:
    if weight is not None:
        y = y * shaped(weight, laid)
    return y if bias is None else y + shaped(bias, laid)


def of_kind(y: Any, x: Any) -> Any:
    """Half precision is computed in single, with parameters of single precision, too."""
    kind = dtype_of(x)
    return y if dtype_of(y) == kind else cast(y, kind)


def as_parameter(h: Any, laid: Shape, into: Shape) -> Any:
    """Add up what reaches a parameter that was laid over numbers of a larger shape."""
    return shaped(unstretched(h, shape_of(h), laid), into)


# ---------------------------------------------------------------- by their own mean and spread


@recordable
def normalized(
    x: Any,
    weight: Any,
    bias: Any,
    axes: Shape,
    laid: Shape,
    eps: float,
    parted: Shape,
    known: Known | None = None,
) -> Any:
    """Return (x - mean) / sqrt(variance + eps) * weight + bias, with the moments along `axes`.

    `parted` is the shape in which `x` has these axes, and `laid` that in which the parameters, or
    None, meet it there.
    """
    y = in_units(x, parted, axes, eps, known)[0]
    if weight is None and bias is None:
        y = y * 1  # what is known stays that when the result is written to
    return of_kind(shaped(affine(y, weight, bias, laid), shape_of(x)), x)


def to_normalized(
    g: Any,
    a: Any,
    b: Any,
    axes: Shape,
    laid: Shape,
    eps: float,
    parted: Shape,
    known: Known | None = None,
) -> Any:
    y, per = in_units(a, parted, axes, eps, known)
    h = affine(shaped(g, parted), b, None, laid)
    # what moves the mean, and what moves the spread, moves nothing of the result
    return shaped((h - mean_along(h, axes) - y * mean_along(h * y, axes)) * per, shape_of(a))


def to_weight(
    g: Any, a: Any, into: Shape, axes: Shape, laid: Shape, eps: float, parted: Shape,
    known: Known | None = None,
) -> Any:  # fmt: skip
    y = in_units(a, parted, axes, eps, known)[0]
    return as_parameter(shaped(g, parted) * y, laid, into)


def to_bias(
    g: Any, a: Any, into: Shape, laid: Shape, parted: Shape, known: Known | None = None
) -> Any:
    h = as_parameter(shaped(g, parted), laid, into)
    if known is None or known.x is a or shape_of(a) != parted:
        return h
    # PyTorch's one node for all three gradients makes this one recorded when `a` is
    return np.where(True, h, as_parameter(shaped(a, parted), laid, into))


pulled(
    normalized,
    to_normalized,
    to_weight,
    to_bias,
    batched=composed,
)

# ---------------------------------------------------------------- by a mean and spread given


@recordable
def standardized(x: Any, weight: Any, bias: Any, laid: Shape, known: Known) -> Any:
    """Return (x - mean) * per * weight + bias, by what is `known`: constants."""
    return of_kind(affine((x - known.mean) * known.per, weight, bias, laid), x)


pulled(
    standardized,
    lambda g, b, laid, known: affine(g * known.per, b, None, laid),
    lambda g, a, into, laid, known: as_parameter(g * (a - known.mean) * known.per, laid, into),
    lambda g, into, laid: as_parameter(g, laid, into),
    batched=composed,
)
