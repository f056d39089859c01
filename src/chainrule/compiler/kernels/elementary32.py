"""What float32 has otherwise than float64: shorter polynomials, and the numbers of its format.

These stand in for what `elementary64` has by the same names. The largest errors are near those of
float64, in ulp of float32.
"""

from __future__ import annotations

import numpy as np

from chainrule.compiler.kernels.elementary64 import LOG2_E

ROUND = 1.5 * 2.0**23
LN2_HIGH, LN2_LOW = 0.693359375, -2.12194440054690583e-4  # the first has 10 bits
OVERFLOW, SUBNORMAL, UNDERFLOW = 88.73, -86.0, -104.0
DEEP, DEPTH = 2.0**-32, 32.0
SMALLEST_NORMAL, LIFT, LIFTED = 2.0**-126, 2.0**25, 25.0
EPSILON = 2.0**-24
GRID = 1.5 * 2.0**15


def split(x):
    shifted = x * LOG2_E + ROUND
    k = shifted - ROUND
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    q = 0.0013945590375033022 + r * 0.00019918083468951664
    q = 0.041666278779694366 + r * (0.008333265009762409 + r * q)
    return shifted, 0.5000000074145834 + r * (0.16666666857219367 + r * q), r


def two_to(shifted):
    bits = np.int32(np.float32(shifted).view(np.int32) << 23)
    return np.int32(bits + 0x3F800000).view(np.float32)


def mantissa(u):
    bits = np.float32(u).view(np.int32)
    power = np.int32((bits - 0x3F3504F3) >> 23 << 23)
    down = np.int32(0x3F800000 - power).view(np.float32)
    return np.float32(power >> 23), down, np.int32(bits - power).view(np.float32) - 1.0


def log_of(k, f):
    s = f / (2.0 + f)
    t = s * s
    q = 0.20000159480215499 + t * (0.14269078310681277 + t * 0.11784188919914033)
    q = 0.33333332869470045 + t * q
    return k * LN2_HIGH + (f - (s * (f - 2.0 * (t * q)) - k * LN2_LOW))


def log1p_unit(e):
    s = e / (2.0 + e)
    t = s * s
    q = 0.14308123306981324 + t * (0.10716965179665433 + t * 0.12139604585533056)
    q = 0.33333337627447107 + t * (0.19999452140432195 + t * q)
    return e - s * (e - 2.0 * (t * q))


def tail(z):
    w = 8.0 / (z + 4.0)
    t = w - 1.0
    q = -5.576580905103894e-05 + t * -1.5741239994201992e-05
    q = 0.000762034681541067 + t * (2.7935377913132848e-05 + t * q)
    q = 0.009548838106159887 + t * (0.0033002016367864656 + t * q)
    q = 0.041356173119653276 + t * (0.021750321833900556 + t * q)
    q = 0.09665111073935014 + t * (0.06760684524630933 + t * q)
    return w * (0.13699945732790086 + t * (0.12206858756370438 + t * q))


def center(t):
    q = 0.005200478867975891 + t * -0.000769557615215449
    q = 0.11283774140522708 + t * (-0.026863157288488235 + t * q)
    return 1.1283791670826107 + t * (-0.3761263852963319 + t * q)
