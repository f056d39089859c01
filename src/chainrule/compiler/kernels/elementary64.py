"""Numbers and polynomials of float64, which the functions of `elementary` are made of.

The coefficients are minimax fits by Remez' exchange, made for this file.
"""

from __future__ import annotations

import math

import numpy as np

from chainrule.compiler.kernels.elementary_flags import formula

ROUND = 1.5 * 2.0**52  # x + ROUND has the nearest integer to x in its last bits
LOG2_E, LN2 = math.log2(math.e), math.log(2.0)
# ln 2 in two parts: the first has 32 bits, so its products with exponents are exact.
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
OVERFLOW, SUBNORMAL, UNDERFLOW = 709.79, -707.0, -746.0  # beyond, e**x is that, or soon will be
DEEP, DEPTH = 2.0**-64, 64.0
SMALLEST_NORMAL, LIFT, LIFTED = 2.0**-1022, 2.0**54, 54.0
EPSILON = 2.0**-53
INFINITY, NAN = math.inf, math.nan
GRID = 1.5 * 2.0**32  # x + GRID - GRID has 20 bits after the point: its square is exact


@formula
def split(x):
    """Return k + ROUND, (e**r - 1 - r) / r**2 and r, where x = k ln 2 + r and |r| <= ln(2) / 2."""
    shifted = x * LOG2_E + ROUND
    k = shifted - ROUND
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    q = 2.7630491706338247e-07 + r * 2.5117443841352223e-08
    q = 2.4801492418470798e-05 + r * (2.7557217805886125e-06 + r * q)
    q = 0.0013888888944282006 + r * (0.00019841269915418664 + r * q)
    q = 0.04166666666652771 + r * (0.008333333333308296 + r * q)
    return shifted, 0.5000000000000011 + r * (0.16666666666666696 + r * q), r


@formula
def two_to(shifted):
    """Return 2**k for k + ROUND, where k is the exponent of a normal number."""
    return np.int64((np.float64(shifted).view(np.int64) << 52) + 0x3FF0000000000000).view(
        np.float64
    )


@formula
def mantissa(u):
    """Return k, 2**-k and f, where normal u = 2**k (1 + f) and sqrt(1/2) <= 1 + f < sqrt(2)."""
    bits = np.float64(u).view(np.int64)
    raised = bits + 0x00095F619980C433  # the bits of 1 less those of sqrt(1/2): counts k from there
    power = raised & 0x7FF0000000000000
    # AVX2 has no conversion from 64-bit integers: write k + 1023 into the last bits of 2**52.
    k = np.int64(((raised >> 52) & 0xFFF) + 0x4330000000000000).view(np.float64) - (2.0**52 + 1023)
    down = np.int64(0x7FE0000000000000 - power).view(np.float64)
    return k, down, np.int64(bits - power + 0x3FF0000000000000).view(np.float64) - 1.0


@formula
def log_of(k, f):
    """Return the logarithm of 2**k (1 + f): k ln 2 + 2 artanh(f / (2 + f))."""
    s = f / (2.0 + f)
    t = s * s
    q = 0.07658017333507465 + t * 0.07388763221155897
    q = 0.11111100184183936 + t * (0.09091739938153572 + t * q)
    q = 0.33333333333333576 + t * (0.19999999999759058 + t * (0.1428571436132645 + t * q))
    return k * LN2_HIGH + (f - (s * (f - 2.0 * (t * q)) - k * LN2_LOW))


@formula
def log1p_unit(e):
    """Return log(1 + e) for 0 <= e <= 1, where the exponent need not be split off."""
    s = e / (2.0 + e)
    t = s * s
    q = 0.041804660340398765 + t * 0.08491152954749094
    q = 0.06650835631219519 + t * (0.060504887957238684 + t * q)
    q = 0.09090873467435022 + t * (0.07693250965833869 + t * q)
    q = 0.14285714274819952 + t * (0.11111111936791375 + t * q)
    q = 0.3333333333333318 + t * (0.20000000000070128 + t * q)
    return e - s * (e - 2.0 * (t * q))


@formula
def tail(z):
    """Return erfcx(z) for z >= 0."""
    w = 8.0 / (z + 4.0)
    t = w - 1.0
    q = 1.5422138861666867e-10 + t * 1.9465820620395575e-11
    q = -1.9273580233114618e-09 + t * (-1.4423810745972332e-10 + t * q)
    q = 1.5358219189183397e-08 + t * (1.723086945352058e-10 + t * q)
    q = -1.0551223092574927e-07 + t * (9.107486423969029e-09 + t * q)
    q = 5.865937890156061e-07 + t * (-1.777741259499754e-07 + t * q)
    q = -4.542995893862988e-07 + t * (2.3574856669964396e-06 + t * q)
    q = -5.688161332252799e-05 + t * (-2.2101560132073723e-05 + t * q)
    q = 0.0007640069618420209 + t * (3.511984884598279e-05 + t * q)
    q = 0.009547689363171966 + t * (0.00329625666882709 + t * q)
    q = 0.041356448484776515 + t * (0.021751367154892176 + t * q)
    q = 0.09665108778315415 + t * (0.06760672891415798 + t * q)
    return w * (0.13699945762506138 + t * (0.1220685911351102 + t * q))


@formula
def center(t):
    """Return erf(x) / x for t = x**2 <= 1/4."""
    q = 0.00012053339344051227 + t * (-1.4845953130436116e-05 + t * 1.4726904180369991e-06)
    q = 0.005223977374067374 + t * (-0.0008548297842933914 + t * q)
    q = 0.11283791670925561 + t * (-0.026866170632954475 + t * q)
    return 1.1283791670955126 + t * (-0.37612638903183476 + t * q)
