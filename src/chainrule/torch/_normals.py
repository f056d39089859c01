"""Standard normal numbers from uniform ones, with PyTorch's last bits: Box-Muller in blocks of 16.

In a block, u = 1 - x[0:8] gives radii, sqrt(-2 log u), and v = x[8:16] angles, 2 pi v; the
cosines of the eight points come first, then their sines. In float32 PyTorch takes logarithm, sine
and cosine by S. Moshier's Cephes polynomials with fused multiply-adds, eight numbers at a time.
NumPy has no such step, so a float32 is kept in a float64 here, where products of two are exact,
and every sum is rounded to float32 by a copy there and back. A sum is then rounded twice, once
to 53 bits and once to 24; a uniform float32 has 2**24 values, and for all of them radius, cosine
and sine came out as PyTorch's.

In float64 PyTorch asks the C library, number by number, and so does Python's math; NumPy's own
logarithm, sine and cosine differ from it in the last bit of about one normal in a thousand.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["in_blocks", "normals_of_bits", "normals_of_uniforms"]

_Array = NDArray[Any]

_BLOCK = 16
_CHUNK = 1024 * _BLOCK  # what a chunk of float32 needs stays in the second cache


def in_blocks(
    draw: Callable[[int], _Array], turn: Callable[[_Array], _Array], n: int, dtype: Any
) -> _Array:
    """Return n normals: `turn` makes them, in blocks of 16, of what `draw(count)` draws; n >= 16.

    Where 16 does not divide n, PyTorch draws n uniforms, turns the whole blocks, then draws 16
    more and writes their normals over the last 16.
    """
    out = np.empty(n, dtype)
    rest = n % _BLOCK
    whole = n - rest
    for start in range(0, whole, _CHUNK):
        stop = min(start + _CHUNK, whole)
        drawn = draw(stop - start)
        if rest and stop == whole:  # one call for both, since a call is what costs in small ones
            draw(rest)
            normals = turn(np.concatenate((drawn, draw(_BLOCK))))
            out[start:stop] = normals[:-_BLOCK]
            out[-_BLOCK:] = normals[-_BLOCK:]
        else:
            out[start:stop] = turn(drawn)
    return out


def normals_of_uniforms(uniforms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the float64 normals that blocks of 16 float64 uniforms make."""
    halves = uniforms.reshape(-1, 2, _BLOCK // 2)
    u, v = 1 - halves[:, 0].ravel(), halves[:, 1].ravel()
    radii = np.sqrt(-2 * np.fromiter(map(math.log, u.tolist()), np.float64, u.size))
    angles = (2 * math.pi * v).tolist()
    # rect(r, t) is r cos t and r sin t, both from the C library.
    points = np.fromiter(map(cmath.rect, radii.tolist(), angles), np.complex128, u.size)
    return np.stack((points.real.reshape(-1, 8), points.imag.reshape(-1, 8)), 1).ravel() + 0.0


# --- float32 --------------------------------------------------------------------------------


def _singles(*numbers: float) -> tuple[NDArray[np.float64], ...]:
    """Numbers rounded to float32, as float64; as arrays, which a ufunc takes without a question."""
    return tuple(np.float64(np.float32(number)).reshape(()) for number in numbers)


_ROOT_HALF = np.int32(0x3F3504F3)  # the bits of sqrt(1/2)
_EXPONENT = 23  # above which bit a float32's exponent is

# log(1 + x) = x - x**2 / 2 + x**3 p(x) between sqrt(1/2) and sqrt(2)
_LOG_FIRST, *_LOG = _singles(
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
)  # fmt: skip
# log(2) in two parts: a multiple of the first by a small whole number is exact.
_LOG2, _LOG2_REST = np.float32(0.693359375), np.float32(-2.12194440e-4)

# sin(x) = x + x z s(z), cos(x) = 1 - z / 2 + z**2 c(z) with z = x**2, both at once: rows s and c
_CIRCLE_FIRST, *_CIRCLE = np.float32(
    [
        [[-1.9515295891e-4], [2.443315711809948e-5]],
        [[8.3321608736e-3], [-1.388731625493765e-3]],
        [[-1.6666654611e-1], [4.166664568298827e-2]],
    ]
).astype(np.float64)
# pi/2 in two parts, as log(2) above; Cephes has three, but its first two take off exactly.
_QUARTER, _QUARTER_REST = _singles(
    2 * (0.78515625 + 2.4187564849853515625e-4), 2 * 3.77489497744594108e-8
)  # noqa: E501
_ANGLE = np.float32(2 * math.pi) * np.float32(2**-24)
