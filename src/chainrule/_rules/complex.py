"""Parts of complex numbers.

Changes are paired by Re(sum(g * t)), with transposes and without conjugates. The engine takes the
real part of what is pulled to a real input, and of what is pushed to a real output, so these are
ordinary lines.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.batching import aligned
from chainrule._core.composing import composed
from chainrule._core.stating import constant, elementwise, linear, pulled, same, spelled
from chainrule._core.values import dtype_of, recordable, shape_of

from .arithmetic import held

__all__ = ["of_two_parts", "phase", "two_parts", "unit"]


@recordable
def direction(x: Any) -> Any:
    """The sign of real numbers: a constant."""
    return np.sign(x)


@recordable
def phase(x: Any) -> Any:
    """The angle of `x` in radians."""
    return np.angle(x)


@recordable
def unit(x: Any) -> Any:
    """The complex number of size 1 in the direction of `x`, and 0 at 0."""
    return np.sign(x)


constant(direction)
# what changes the size alone moves nothing
pulled(
    unit,
    lambda g, x, y: (g - np.real(g * y) * np.conj(y)) / np.where(x == 0, np.inf, np.abs(x)),
    batched=aligned,
)
spelled(np.sign, lambda x: unit(x) if dtype_of(x).kind == "c" else direction(x))
elementwise(np.absolute, lambda g, x: g * np.conj(np.sign(x)), said=["sign(x)"])  # 0 at 0
elementwise(np.fabs, lambda g, x: g * np.sign(x))
elementwise(np.real, same)
elementwise(np.imag, lambda g: -1j * g)
elementwise(phase, lambda g, x: np.where(x == 0, 0, -1j * g / np.where(x == 0, 1, x)))  # 0 at 0
spelled(np.angle, lambda z, deg=False: phase(z) * (180 / math.pi) if deg else phase(z))
linear(np.conjugate, lambda g: np.conj(g), batched=aligned)


@recordable
def two_parts(x: Any) -> Any:
    """Return the real and the imaginary part of each number, along a last axis of two."""
    return np.stack([np.real(x), np.imag(x)], -1)


@recordable
def of_two_parts(x: Any) -> Any:
    """Return the complex numbers whose parts lie along the last axis, of two."""
    if shape_of(x)[-1:] != (2,):
        raise ValueError(f"two parts lie along a last axis of 2, but the shape is {shape_of(x)}.")
    return x[..., 0] + 1j * x[..., 1]


def to_both(g: Any, into_dtype: Any) -> Any:
    return g[..., 0] - 1j * g[..., 1] if into_dtype.kind == "c" else g[..., 0]


linear(two_parts, to_both, batched=composed)
linear(of_two_parts, lambda g: np.stack([np.real(g), -np.imag(g)], -1), batched=composed)


def real_if_close(a: Any, tol: Any = 100) -> Any:
    is_real = np.isrealobj(np.real_if_close(held(a), tol))
    return np.real(a) if is_real and dtype_of(a).kind == "c" else a


spelled(np.real_if_close, real_if_close)
