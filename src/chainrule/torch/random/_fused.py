"""x * scale + shift, rounded once: the fused multiply-add that NumPy does not have.

PyTorch moves its uniform and normal draws to their place by this processor instruction, so its
last bits are needed. For float32 the product is exact in float64, and only the sum must not be
rounded twice; for float64 the product is taken as two numbers. In both the way out is to round
the sum to odd first (S. Boldo and G. Melquiond, "Emulation of FMA and correctly rounded sums:
proved algorithms using rounding to odd", IEEE Transactions on Computers 57, 2008): a sum that
is not exact gets an odd last bit, and so is no tie in the rounding that follows.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._tape.quiet import QUIET, hush, unhush

__all__ = ["fused"]

_Doubles = NDArray[np.float64]

_BLOCK = 8192  # doubles that stay in cache while some twenty passes go over them
_SPLIT = 134217729.0  # 2**27 + 1 cuts 53 bits into two halves of 26


def fused(x: NDArray[Any], scale: float, shift: float) -> NDArray[Any]:
    """Return x * scale + shift with one rounding, as a new array; x is float32 or float64.

    `scale` and `shift` are first rounded to x's type. In float64 a result below the normal
    numbers may be rounded twice.

    >>> x = np.float64([1 + 2**-52])
    >>> fused(x, 1 - 2**-53, -1.0) * 2.0**53, (x * (1 - 2**-53) - 1) * 2.0**53
    (array([1.]), array([0.]))
    """
    token = hush(QUIET)
    try:
        one = x.dtype.type
        a, c = float(one(scale)), float(one(shift))
        if c == 0 or not (math.isfinite(a) and math.isfinite(c)):
            moved: NDArray[Any] = x * one(a)  # is rounded once, and + 0 makes -0.0 to 0.0
            moved += one(c)
            return moved
        kernel = _single if one is np.float32 else _double
        flat, out = x.ravel(), np.empty(x.shape, one)
        into = out.reshape(-1)
        for start in range(0, flat.size, _BLOCK):
            into[start : start + _BLOCK] = kernel(flat[start : start + _BLOCK], a, c)
        return out
    finally:
        unhush(token)


def _single(x: NDArray[np.float32], a: float, c: float) -> _Doubles:
    product = x.astype(np.float64)  # 24 bits times 24 bits fit into 53
    product *= a
    return _sum_to_odd(product, c)


def _double(x: _Doubles, a: float, c: float) -> _Doubles:
    power = math.frexp(max(abs(a), abs(c)))[1]
    if abs(power) < 900:
        power = 0
    else:  # the halves of a very large number overflow, those of a very small one are lost
        a, c = math.ldexp(a, -power), math.ldexp(c, -power)
    high, low = _product(x, a)
    small, smaller = _sum(low, c)
    large, rest = _sum(high, small)
    large += _sum_to_odd(smaller, rest)
    return np.ldexp(large, power) if power else large


def _product(x: _Doubles, a: float) -> tuple[_Doubles, _Doubles]:
    """x * a without an error: the rounded product, and what was rounded off (Dekker, Veltkamp)."""
    a1 = a * _SPLIT - (a * _SPLIT - a)
    a2 = a - a1
    x1 = x * _SPLIT
    x1 -= x1 - x
    x2 = x - x1
    high = x * a
    return high, ((x1 * a1 - high) + x1 * a2 + x2 * a1) + x2 * a2


def _sum(a: _Doubles, b: _Doubles | float) -> tuple[_Doubles, _Doubles]:
    """a + b without an error: the rounded sum, and what was rounded off (Knuth)."""
    s = a + b
    b_seen = s - a
    return s, (a - (s - b_seen)) + (b - b_seen)


def _sum_to_odd(a: _Doubles, b: _Doubles | float) -> _Doubles:
    """a + b; where that is not exact, the one of the two neighbours whose last bit is odd."""
    s, error = _sum(a, b)
    if error.any():
        bits = s.view(np.int64)
        step = np.where((error > 0) == (s > 0), 1, -1)  # doubles are ordered as their bits are
        step *= (error != 0) & (bits & 1 == 0)
        bits += step
    return s
