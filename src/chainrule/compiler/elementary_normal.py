"""The error function and the normal distribution, as vector code like all of `elementary`.

All of them come from erfcx(z) = exp(z**2) erfc(z), smooth for z >= 0 and near 1 / (z sqrt(pi)) for
large z: 8 / (z + 4) times one polynomial, after Shepherd and Laframboise, "Chebyshev approximation
of (1 + 2x) exp(x**2) erfc(x) in 0 <= x < infinity", Math. Comp. 36 (1981). The coefficients are a
minimax fit made for this file. Results have their digits in the tails too: errors are below 9 ulp.
"""

from __future__ import annotations

import math

from chainrule.compiler.elementary import exp, exp_down, formula, log_of, mantissa

GRID = 1.5 * 2.0**32  # x + GRID - GRID has 20 bits after the point: its square is exact
ROOT_HALF = math.sqrt(0.5)


@formula
def gauss(x, s):
    """Return exp(s x**2), where s is a power of two: x is split, for x**2 alone has lost digits."""
    x = min(abs(x), 40.0)
    high = (x + GRID) - GRID
    d = s * (x - high) * (x + high)
    return exp(s * high * high) * (1.0 + d * (1.0 + d * (1 / 2 + d * (1 / 6 + d * (1 / 24)))))


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
