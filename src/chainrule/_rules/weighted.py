"""Sums of products in one step, with the weights that optimisers and averages use."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.composing import composed
from chainrule._core.stating import elementwise, pulled, same
from chainrule._core.values import recordable

from .products import product

__all__ = [
    "add_multiple",
    "add_product",
    "add_quotient",
    "between",
    "inverse_root",
    "times_log",
    "times_log1p",
    "weighted_affine",
]


@recordable
def inverse_root(x: Any) -> Any:
    """Return 1 / sqrt(x)."""
    return 1 / np.sqrt(x)


elementwise(inverse_root, lambda g, y: -0.5 * g * (y * y * y))


@recordable
def times_log(a: Any, b: Any) -> Any:
    """Return a * log(b), and 0 where `a` is 0: what entropies are sums of."""
    return np.where((a == 0) & ~np.isnan(b), 0, a * np.log(b))[()]


elementwise(
    times_log,
    lambda g, a, b: np.where((a == 0) & (b <= 0), 0, times_log(g, b)),
    lambda g, a, b: g * a / b,
)


@recordable
def times_log1p(a: Any, b: Any) -> Any:
    """Return a * log(1 + b), and 0 where `a` is 0."""
    return np.where((a == 0) & ~np.isnan(b), 0, a * np.log1p(b))[()]


elementwise(
    times_log1p,
    lambda g, a, b: np.where((a == 0) & (b <= -1), 0, times_log1p(g, b)),
    lambda g, a, b: g * a / (1 + b),
)


@recordable
def between(a: Any, b: Any, c: Any) -> Any:
    """Return the number that divides the way from `a` to `b` as `c` says: `a` at 0, `b` at 1."""
    # from the nearer end, so that both ends are met exactly
    return np.where(np.less(c, 0.5), a + c * (b - a), b - (b - a) * (1 - c))[()]


elementwise(between, lambda g, c: g * (1 - c), lambda g, c: g * c, lambda g, a, b: g * (b - a))


@recordable
def add_multiple(a: Any, b: Any, times: Any = 1) -> Any:
    """Return a + times * b."""
    return a + times * b


elementwise(add_multiple, same, lambda g, times=1: g * times)


@recordable
def add_product(a: Any, b: Any, c: Any, value: Any = 1) -> Any:
    """Return a + value * b * c."""
    return a + value * b * c


@recordable
def add_quotient(a: Any, b: Any, c: Any, value: Any = 1) -> Any:
    """Return a + value * b / c."""
    return a + value * b / c


elementwise(
    add_product,
    same,
    lambda g, c, value=1: g * (c * value),
    lambda g, b, value=1: g * (b * value),
)
elementwise(
    add_quotient,
    same,
    lambda g, c, value=1: g * (value / c),
    lambda g, b, c, value=1: -g * (value * b / (c * c)),
)


@recordable
def weighted_affine(a: Any, b: Any, c: Any, beta: Any = 1, alpha: Any = 1) -> Any:
    """Return beta * a + alpha * (b @ c), where `a` may have to be stretched; without `a` at 0."""
    y = by_part(product(b, c), alpha)
    return y if beta == 0 else y + by_part(a, beta)


def by_part(x: Any, part: Any) -> Any:
    """x * part; mostly by 1, and a layer's step has three of them."""
    return x if type(part) is int and part == 1 else x * part


pulled(
    weighted_affine,
    lambda g, beta=1: by_part(g, beta),
    lambda g, c, alpha=1: by_part(product(g, c.swapaxes(-1, -2)), alpha),
    lambda g, b, alpha=1: by_part(product(b.swapaxes(-1, -2), g), alpha),
    batched=composed,
)
