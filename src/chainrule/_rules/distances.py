"""The distance of two arrays, and slices that are made no longer than a bound."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.composing import composed
from chainrule._core.stating import pulled
from chainrule._core.traces import summed
from chainrule._core.values import ndim_of, recordable

from .linear_algebra.norms import norm_pull, vector_norm

__all__ = ["distance", "shortened"]

LEAST = 1e-7  # what PyTorch adds to a norm that it divides by


@recordable
def distance(a: Any, b: Any, order: float = 2) -> Any:
    """Return the norm of `a - b`, taken as one vector; its slope is 0 where they are equal."""
    return vector_norm(a - b, order)


pulled(
    distance,
    lambda g, a, b, y, order=2: norm_pull(g, a - b, y, order),
    lambda g, a, b, y, order=2: -norm_pull(g, a - b, y, order),
    batched=composed,
)


def others(ndim: int, axis: int) -> tuple[int, ...]:
    return tuple(k for k in range(ndim) if k != axis)


@recordable
def shortened(x: Any, order: float, axis: int, most: float) -> Any:
    """Return `x` with each slice along `axis` scaled to the norm `most` if its own is larger."""
    norm = vector_norm(x, order, others(ndim_of(x), axis), keepdims=True)
    return np.where(norm > most, x * (most / (norm + LEAST)), x)


def to_shortened(g: Any, x: Any, order: float, axis: int, most: float) -> Any:
    axes = others(ndim_of(x), axis)
    norm = vector_norm(x, order, axes, keepdims=True)
    long = norm > most
    scale = most / (norm + LEAST)
    met = -summed(g * x, axes, keepdims=True) * scale / (norm + LEAST)
    return np.where(long, g * scale + norm_pull(met, x, norm, order, axes, keepdims=True), g)


pulled(shortened, to_shortened, batched=composed)
