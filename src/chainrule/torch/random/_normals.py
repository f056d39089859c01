"""Standard normal numbers from uniform ones, with PyTorch's last bits: Box-Muller in blocks of 16.

In a block of uniforms x, 1 - x[0:8] gives eight radii, sqrt(-2 log(1 - x)), and x[8:16] eight
angles, 2 pi x; the cosines times the radii come first, then the sines times the radii.

In float32 PyTorch takes logarithm, sine and cosine by S. Moshier's Cephes polynomials with fused
multiply-adds. NumPy has no such step; so what is float32 there is here a float32 kept in a
float64, where a product of two is exact, and a copy to float32 and back rounds the sum. Such a
sum is rounded twice, first to 53 bits. But a uniform float32 has only 2**24 values, and for every
one of them the radius, the cosine and the sine were found equal to PyTorch's.

In float64 PyTorch asks the C library, number by number, and so does Python's math; NumPy's own
logarithm, sine and cosine give another last bit to one normal in a thousand.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["FromBits", "from_uniforms", "in_blocks"]

_Array = NDArray[Any]
_Singles = NDArray[np.float32]
_Doubles = NDArray[np.float64]
_Whole = NDArray[np.int32]

_BLOCK = 16
_HALF = _BLOCK // 2
_CHUNK = 1024 * _BLOCK  # draws whose working memory stays in the processor's second cache


def in_blocks(
    n: int, draw: Callable[[int], _Array], turn: Callable[[_Array], _Array], dtype: Any
) -> _Array:
    """Return n normals, n >= 16: `turn` makes them in blocks of 16 from what `draw(count)` gives.

    Where 16 does not divide n, PyTorch draws n uniforms and turns the whole blocks; then it draws
    16 more and writes their normals over the last 16.
    """
    out = np.empty(n, dtype)
    rest = n % _BLOCK
    whole = n - rest
    for start in range(0, whole, _CHUNK):
        stop = min(start + _CHUNK, whole)
        drawn = draw(stop - start)
        if rest and stop == whole:  # turned together: in a small array it is calls that cost
            draw(rest)
            normals = turn(np.concatenate((drawn, draw(_BLOCK))))
            out[start:stop] = normals[:-_BLOCK]
            out[-_BLOCK:] = normals[-_BLOCK:]
        else:
            out[start:stop] = turn(drawn)
    return out


def from_uniforms(uniforms: _Doubles) -> _Doubles:
    """Return the float64 normals that float64 uniforms make, in blocks of 16."""
    first, second = uniforms.reshape(-1, 2, _HALF).transpose(1, 0, 2)
    logs = np.fromiter(map(math.log, (1 - first).ravel().tolist()), np.float64)
    radii = np.sqrt(-2 * logs).tolist()
    angles = (2 * math.pi * second).ravel().tolist()
    # rect(r, t) is r cos(t) and r sin(t): both functions of the C library in one call.
    points = np.fromiter(map(cmath.rect, radii, angles), np.complex128)
    points += 0  # from -0.0 to 0.0, as a multiply-add with the mean 0 does
    return np.stack((points.real.reshape(-1, _HALF), points.imag.reshape(-1, _HALF)), 1).ravel()


# --- float32 --------------------------------------------------------------------------------


def _singles(*numbers: float) -> list[_Doubles]:
    """Numbers rounded to float32, as float64; arrays, since a ufunc looks longer at a scalar."""
    return [np.array(float(np.float32(number))) for number in numbers]


# log(1 + x) = x - z / 2 + x z p(x), where z = x**2 and 1 + x is from sqrt(1/2) to sqrt(2)
_LOG_FIRST, *_LOG = _singles(
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
)  # fmt: skip
# sin(x) = x + x z s(z) and cos(x) = 1 - z / 2 + z z c(z), x from -pi/4 to pi/4: two rows, s and c
_SIN_COS_FIRST, *_SIN_COS = (
    np.stack(_singles(s, c)).reshape(2, 1)
    for s, c in (
        (-1.9515295891e-4, 2.443315711809948e-5),
        (8.3321608736e-3, -1.388731625493765e-3),
        (-1.6666654611e-1, 4.166664568298827e-2),
    )
)
# log(2) and pi/2 are taken in two parts: small multiples of the first are exact.
_LOG2, _LOG2_REST = np.float32(0.693359375), np.float32(-2.12194440e-4)
_QUARTER, _QUARTER_REST = _singles(1.5707962512969970703125, 7.54978995489188216e-8)
_TURN = np.float32(2 * math.pi) * np.float32(2**-24)  # from 24 bits to an angle

_ROOT_HALF = np.int32(0x3F3504F3)  # the bits of sqrt(1/2); the exponent is above bit 23
_COS_THEN_SIN = np.array([[1], [0]], np.int32)  # how many quarters the cosine is ahead


def _round(doubles: _Doubles, singles: _Singles) -> None:
    """Round to float32; the result is in both."""
    singles[...] = doubles
    doubles[...] = singles


class FromBits:
    """Called with float32 uniforms' 24 bits, returns their normals, in blocks of 16.

    An object, because the memory that it works in serves all chunks of a large draw, of which
    `n` numbers are left.
    """

    def __init__(self, n: int) -> None:
        half = (min(n, _CHUNK) + _BLOCK) // 2
        self._doubles = np.empty((4, half))
        self._singles = np.empty((5, half), np.float32)
        self._whole = np.empty((5, half), np.int32)

    def __call__(self, bits: _Whole) -> _Singles:
        half = bits.size // 2
        doubles, singles = self._doubles[:, :half], self._singles[:, :half]
        whole = self._whole[:, :half]
        k, sign, quarter = whole[:2], whole[2:4], whole[4]
        k.reshape(2, -1, _HALF)[...] = bits.reshape(-1, 2, _HALF).transpose(1, 0, 2)

        circle, points, radii = singles[:2], singles[2:4], singles[4]
        np.right_shift(k[1] + 2**21, 22, out=quarter)  # the nearest, 0 to 4
        _sin_cos(k[1], quarter, circle, doubles)
        _radii(k[0], radii, points, doubles)

        points[...] = circle[::-1]  # the cosine first,
        np.copyto(points, circle, where=(quarter & 1).astype(np.bool_))  # but not in odd quarters
        points *= radii
        np.add(quarter, _COS_THEN_SIN, out=sign)
        sign &= 2
        sign <<= 30  # on the left half of the circle, on its lower half
        as_bits = points.view(np.int32)
        as_bits ^= sign
        points += 0  # from -0.0 to 0.0, as a multiply-add with the mean 0 does
        normals: _Singles = points.reshape(2, -1, _HALF).transpose(1, 0, 2).ravel()
        return normals


def _radii(k: _Whole, r: _Singles, spare: _Singles, doubles: _Doubles) -> None:
    """Into r, sqrt(-2 log(1 - k / 2**24)); k is used up."""
    x, y, z, t = doubles
    m, e = spare
    # 1 - k / 2**24 = (1 + x) 2**e
    np.subtract(2**24, k, out=k)
    m[...] = k
    bits = m.view(np.int32)
    np.subtract(bits, _ROOT_HALF, out=k)
    k >>= 23
    e[...] = k
    e -= 24
    k <<= 23
    bits -= k
    m -= 1
    x[...] = m

    np.multiply(x, _LOG_FIRST, out=y)
    for coefficient in _LOG:
        y += coefficient
        _round(y, r)
        y *= x
    _round(y, r)
    np.multiply(m, m, out=r)
    z[...] = r
    np.multiply(e, _LOG2_REST, out=r)
    t[...] = r
    y *= z
    y += t
    _round(y, r)
    z *= 0.5
    y -= z
    r[...] = y
    r += m
    e *= _LOG2
    r += e
    r *= -2
    np.sqrt(r, out=r)


def _sin_cos(k: _Whole, quarter: _Whole, circle: _Singles, doubles: _Doubles) -> None:
    """Into circle, sine and cosine of the angle 2 pi k / 2**24 less the quarters of the circle."""
    (x, z), polynomials = doubles[:2], doubles[2:]
    single, square = circle
    single[...] = k
    single *= _TURN
    x[...] = single
    quarters, part = polynomials  # not yet needed for the polynomials
    quarters[...] = quarter
    np.multiply(quarters, _QUARTER, out=part)
    x -= part
    _round(x, single)
    quarters *= _QUARTER_REST
    x -= quarters
    _round(x, single)
    np.multiply(single, single, out=square)
    z[...] = square

    np.multiply(z, _SIN_COS_FIRST, out=polynomials)
    for coefficients in _SIN_COS:
        polynomials += coefficients
        _round(polynomials, circle)
        polynomials *= z
    _round(polynomials, circle)
    polynomials *= doubles[:2]  # s by x, c by z
    z *= -0.5
    polynomials += doubles[:2]
    circle[...] = polynomials
    circle[1] += 1
