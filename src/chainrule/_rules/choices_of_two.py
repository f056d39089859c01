"""One of two numbers, or the sign of one and the size of the other, with PyTorch's slopes.

NumPy's functions share a tie between both, and say nothing of the argument that moves nothing;
PyTorch gives a tie to the first one, and zeros to the other.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.stating import elementwise
from chainrule._core.values import recordable

from .steps import flat, sign

__all__ = ["larger_present", "next_towards", "scaled_by_two", "smaller_present", "with_sign_of"]


LOG2 = math.log(2)


@recordable
def larger_present(a: Any, b: Any) -> Any:
    """Return the larger of two numbers; of a number and NaN, the number."""
    return np.fmax(a, b)


@recordable
def smaller_present(a: Any, b: Any) -> Any:
    """Return the smaller of two numbers; of a number and NaN, the number."""
    return np.fmin(a, b)


@recordable
def with_sign_of(a: Any, b: Any) -> Any:
    """Return the size of `a` with the sign of `b`; its slope is 0 where `a` is."""
    return np.copysign(a, b)


@recordable
def next_towards(a: Any, b: Any) -> Any:
    """Return the floating-point number next to `a` on the way to `b`."""
    return np.nextafter(a, b)


@recordable
def scaled_by_two(a: Any, b: Any) -> Any:
    """Return `a` times 2 to the power of `b`."""
    return a * np.exp2(b)


def where(chosen: Any, g: Any) -> Any:
    return np.where(chosen, g, 0)


elementwise(
    larger_present,
    lambda g, a, b: where((a >= b) | np.isnan(b), g),
    lambda g, a, b: where(~((a >= b) | np.isnan(b)), g),
)
elementwise(
    smaller_present,
    lambda g, a, b: where((a <= b) | np.isnan(b), g),
    lambda g, a, b: where(~((a <= b) | np.isnan(b)), g),
)
elementwise(with_sign_of, lambda g, a, b: g * (sign(a) * np.copysign(1, b)), flat)
elementwise(next_towards, lambda g, a, b: where(a != b, g), flat)
elementwise(scaled_by_two, lambda g, b: g * np.exp2(b), lambda g, y: g * (y * LOG2))
