"""Elementary functions that LLVM turns into vector code: what printed Numba sources call.

`math.exp` is a call into the C library, for one number at a time. These are straight lines of
arithmetic without a branch or a table, of which LLVM computes four or eight at once. A name serves
both precisions: float64 as it stands here, float32 by the same text with the numbers and the
shorter polynomials of `elementary32`; what is neither is computed in float64. The normal
distribution is in `elementary_normal`.

Methods: Cody and Waite, "Software Manual for the Elementary Functions" (1980), and Muller,
"Elementary Functions" (3rd edition, 2016): the argument is reduced, exactly or nearly, and a
polynomial does the rest. The coefficients are minimax fits by Remez' exchange, made for this file.
Errors are in units in the last place (ulp), the largest that the tests found.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar, cast

import numpy as np
from numba import types
from numba.extending import overload

Formula = TypeVar("Formula", bound=Callable[..., Any])

# What LLVM may change. Formulas: a * b + c may round once. Sums: their order too. Nothing may
# assume that NaN and infinity do not occur, or that zeros have no sign ("nnan", "ninf", "nsz", so
# fastmath=True): with "nsz", "reassoc" turns (a + ROUND) - ROUND into a. A loop that may raise is
# not vectorised, and Python's division may: hence the error model. Nor is one that calls a formula:
# LLVM inlines them, and keeps their flags; inline="always" would give them the caller's.
EXACT: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}, "forceinline": True}
SUMS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "reassoc"}, "nogil": True}

# What float32 has otherwise stands in `elementary32`, by the same names.
ROUND = 1.5 * 2.0**52  # x + ROUND has the nearest integer to x in its last bits
LOG2_E, LN2 = math.log2(math.e), math.log(2.0)
# ln 2 in two parts: the first has 32 bits, so its products with exponents are exact.
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
OVERFLOW, SUBNORMAL, UNDERFLOW = 709.79, -707.0, -746.0  # beyond, e**x is that, or soon will be
DEEP, DEPTH = 2.0**-64, 64.0
SMALLEST_NORMAL, LIFT, LIFTED = 2.0**-1022, 2.0**54, 54.0
EPSILON = 2.0**-53
INFINITY, NAN = math.inf, math.nan


def formula(function: Formula) -> Formula:
    """Let compiled code call `function` by its name, for float32 with the numbers of float32."""

    def choose(*arguments: types.Type) -> Callable[..., Any]:
        single = all(argument == types.float32 for argument in arguments)
        return in_float32(function) if single else function

    overload(function, jit_options=cast(Any, EXACT), strict=False)(choose)
    return function


def in_float32(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` as `elementary32` has it, or else its own text with numbers of float32."""
    from chainrule.compiler import elementary32  # only where a program has float32

    def narrow(value: object) -> object:
        return np.float32(value) if isinstance(value, float) else value

    function = getattr(elementary32, function.__name__, function)
    numbers = {n: value for n, value in vars(elementary32).items() if isinstance(value, float)}
    names = {n: narrow(value) for n, value in (function.__globals__ | numbers).items()}
    # To Numba the 0.5 of a Python text is a float64, and so would be all that it touches.
    code = function.__code__.replace(co_consts=tuple(map(narrow, function.__code__.co_consts)))
    return FunctionType(code, names)


# ------------------------------------------------------------------ parts


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
    power = ((bits - 0x3FE6A09E667F3BCD) >> 52) << 52
    # AVX2 has no conversion from 64-bit integers: write k into the last bits of ROUND instead.
    k = np.int64((power >> 52) + 0x4338000000000000).view(np.float64) - ROUND
    down = np.int64(0x3FF0000000000000 - power).view(np.float64)
    return k, down, np.int64(bits - power).view(np.float64) - 1.0


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
def exp_down(x):
    """Return e**x for x <= 0, a fifth quicker than `exp`: 0 below -707, not a subnormal number."""
    shifted, q, r = split(max(x, SUBNORMAL))
    return 0.0 if x < SUBNORMAL else (1.0 + (r + r * r * q)) * two_to(shifted)


# ------------------------------------------------------------------ exponentials and logarithms


@formula
def exp(x):
    """Return e**x; subnormal results are right."""
    shifted, q, r = split(min(max(x, UNDERFLOW), OVERFLOW))  # NaN stays
    y = 1.0 + (r + r * r * q)
    # Neither 2**1024 nor 2**-1075 exists: one step less up, or DEPTH less down, is made up after.
    deep = x < SUBNORMAL
    return y * two_to(shifted + (DEPTH if deep else -1.0)) * (DEEP if deep else 2.0)


@formula
def expm1(x):
    """Return e**x - 1, with all its digits near zero."""
    shifted, q, r = split(min(max(x, -40.0), OVERFLOW))
    half = two_to(shifted - 1.0)
    y = (half * (r + r * r * q) + (half - 0.5)) * 2.0
    return x if abs(x) < EPSILON else y


@formula
def log(x):
    """Return the natural logarithm; subnormal arguments are right."""
    small = x < SMALLEST_NORMAL
    k, _, f = mantissa(x * LIFT if small else x)
    y = log_of(k, f) - (LIFTED * LN2 if small else 0.0)
    y = x if x == INFINITY else y
    y = y if x > 0.0 else NAN
    return -INFINITY if x == 0.0 else y


@formula
def log1p(x):
    """Return log(1 + x), with all its digits near zero."""
    u = 1.0 + x
    v = u - 1.0
    k, down, f = mantissa(u)
    # What rounding took from 1 + x; beyond LIFT it does not matter, and 2**-k may not exist.
    f += ((x - v) + (1.0 - (u - v))) * down if x < LIFT else 0.0
    y = math.copysign(log_of(k, f), x)
    y = x if x == INFINITY else y
    y = y if x > -1.0 else NAN
    return -INFINITY if x == -1.0 else y


@formula
def logaddexp(a, b):
    """Return log(e**a + e**b); of equal infinities, that infinity."""
    y = max(a, b) + log1p_unit(exp_down(-abs(a - b)))
    return a + LN2 if a == b else y


@formula
def expit(x):
    """Return the logistic function 1 / (1 + e**-x), with all its digits on both sides."""
    e = exp_down(-abs(x))
    return (1.0 if x >= 0.0 else e) / (1.0 + e)


@formula
def tanh(x):
    """Return the hyperbolic tangent: u / (2 + u), where u = e**(-2|x|) - 1."""
    shifted, q, r = split(max(-2.0 * abs(x), -40.0))
    power = two_to(shifted)
    v = power * (r + r * r * q)
    whole = 1.0 + power
    below = whole + v
    y = (v + (power - 1.0)) / below
    # What rounding took from 2 + u, divided by a guess of it, good enough for a last digit.
    y -= y * ((whole - below) + v) * (1.457 - 0.5 * below)
    return math.copysign(y, x)


@formula
def sinh(x):
    """Return the hyperbolic sine, from h = (e**|x| - 1) / 2."""
    shifted, q, r = split(min(abs(x), OVERFLOW + 1.0))
    quarter = two_to(shifted - 2.0)
    h = (quarter * (r + r * r * q) + (quarter - 0.25)) * 2.0
    y = h + min(h, 1e30) / (2.0 * h + 1.0)  # of infinities, not infinity / infinity
    return x if abs(x) < EPSILON else math.copysign(y, x)


@formula
def cosh(x):
    """Return the hyperbolic cosine."""
    shifted, q, r = split(min(abs(x), OVERFLOW + 1.0))
    y = two_to(shifted - 2.0) * (1.0 + (r + r * r * q))  # e**|x| / 4
    return 2.0 * y + 0.125 / y


# ------------------------------------------------------------------ comparisons


@formula
def maximum(a, b):
    """Return the larger; NaN if either is."""
    larger = max(b, a)  # b unless a > b, so b where it is NaN
    return a if a != a else larger


@formula
def minimum(a, b):
    """Return the smaller; NaN if either is."""
    smaller = min(b, a)  # as in maximum
    return a if a != a else smaller


@formula
def sign(x):
    """Return -1, 0 or 1, or NaN."""
    one = 1.0 if x > 0.0 else x
    one = -1.0 if x < 0.0 else one
    return 0.0 if x == 0.0 else one
