"""Elementary functions that LLVM turns into vector code: what printed Numba sources call.

`math.exp` is a call into the C library, for one number at a time. These are straight lines of
arithmetic without a branch or a table, of which LLVM computes four or eight at once.

Methods: Cody and Waite, "Software Manual for the Elementary Functions" (1980), and Muller,
"Elementary Functions" (3rd edition, 2016): the argument is reduced, exactly or nearly, and a
polynomial does the rest. The largest errors that the tests found, in units in the last place (ulp):
exp, log 1.0; log1p 1.4; cosh 1.5; expm1, tanh 2.1; expit 2.2; sinh 2.5; of the normal distribution
10. NaN, infinities and signed zeros are those of NumPy. Subnormal numbers are right as arguments,
and as results but for `expit` and `logaddexp`, which may give 0 for what is below 1e-307.
"""

from __future__ import annotations

import math

from chainrule.compiler.kernels.elementary64 import (
    DEEP,
    DEPTH,
    EPSILON,
    GRID,
    INFINITY,
    LIFT,
    LIFTED,
    LN2,
    NAN,
    OVERFLOW,
    SMALLEST_NORMAL,
    SUBNORMAL,
    UNDERFLOW,
    center,
    log1p_unit,
    log_of,
    mantissa,
    split,
    tail,
    two_to,
)
from chainrule.compiler.kernels.elementary_flags import EXACT, SUMS, formula

__all__ = [
    "EXACT",
    "SUMS",
    "cosh",
    "erf",
    "erfc",
    "erfcx",
    "exp",
    "expit",
    "expm1",
    "log",
    "log1p",
    "log_ndtr",
    "logaddexp",
    "maximum",
    "minimum",
    "ndtr",
    "sech2",
    "sign",
    "sinh",
    "tanh",
]

ROOT_HALF = math.sqrt(0.5)


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
def exp_down(x):
    """Return e**x for x <= 0, a fifth quicker than `exp`: 0 below -707, not a subnormal number."""
    shifted, q, r = split(max(x, SUBNORMAL))
    return 0.0 if x < SUBNORMAL else (1.0 + (r + r * r * q)) * two_to(shifted)


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
def sech2(x):
    """Return 1 / cosh(x)**2, the slope of tanh, which falls to zero with all its digits."""
    e = exp_down(-abs(x))
    y = 2.0 * e / (1.0 + e * e)
    return y * y


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


# ------------------------------------------------------------------ the normal distribution

# All from erfcx(z) = exp(z**2) erfc(z), smooth for z >= 0, after Shepherd and Laframboise,
# "Chebyshev approximation of (1 + 2x) exp(x**2) erfc(x) in 0 <= x < infinity", Math. Comp. 36
# (1981). So the tails have their digits too.


@formula
def gauss(x, s):
    """Return exp(s x**2), where s is a power of two: x is split, for x**2 alone has lost digits."""
    x = min(abs(x), 40.0)
    high = (x + GRID) - GRID
    d = s * (x - high) * (x + high)
    return exp(s * high * high) * (1.0 + d * (1.0 + d * (1 / 2 + d * (1 / 6 + d * (1 / 24)))))


@formula
def erf(x):
    """Return the error function."""
    far = math.copysign(1.0 - exp_down(-x * x) * tail(abs(x)), x)
    return far if abs(x) > 0.5 else x * center(x * x)


@formula
def erfc(x):
    """Return 1 - erf(x), with all its digits for large x."""
    y = gauss(x, -1.0) * tail(abs(x))
    y = 2.0 - y if x < 0.0 else y
    return y if abs(x) > 0.5 else 1.0 - x * center(x * x)


@formula
def erfcx(x):
    """Return exp(x**2) erfc(x)."""
    y = tail(abs(x))
    return 2.0 * gauss(x, 1.0) - y if x < 0.0 else y


@formula
def ndtr(x):
    """Return the probability of the standard normal distribution below x."""
    y = 0.5 * gauss(x, -0.5) * tail(ROOT_HALF * abs(x))
    return 1.0 - y if x > 0.0 else y


@formula
def log_ndtr(x):
    """Return the logarithm of `ndtr`, with all its digits in both tails."""
    half = 0.5 * tail(ROOT_HALF * abs(x))
    above = half * gauss(x, -0.5)
    u = half if x < 0.0 else 1.0 - above
    k, down, f = mantissa(u)
    f += 0.0 if x < 0.0 else ((1.0 - u) - above) * down
    return log_of(k, f) - (0.5 * x * x if x < 0.0 else 0.0)


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
