"""Incomplete gamma and beta functions, in their parameters too, where no closed form is.

What is integrated is a probability density; in a parameter its logarithm has the slope
`log(t) - mean`, where the mean is that of log(t). So all derivatives of the integral are moments,
integrals of the density times powers of such slopes, and a moment's derivatives are moments again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special as special

from chainrule._core.errors import MissingRuleError
from chainrule._core.stating import elementwise
from chainrule._core.values import recordable

from .gamma_functions import polygamma, zeta

__all__ = ["beta_moment", "gamma_density", "gamma_moment"]

psi, gammainc, betainc = special.psi, special.gammainc, special.betainc

# Nodes and weights for integrals from 0 on of what falls off as exp(-s) or faster, smooth or with
# a root at 0: Takahasi and Mori (1974), s = exp(u - exp(-u)).
U = np.arange(-3.8, 9.0, 1 / 24)
NODES = np.exp(U - np.exp(-U))
WEIGHTS = NODES * (1 + np.exp(-U)) / 24
BLOCK = 1000  # numbers at a time: each takes as many places as there are nodes


def integral(f: Callable[..., Any], scale: Any, *parameters: Any) -> Any:
    """Integrate `f(s, *parameters)` over s > 0, one integral each; it falls off as s/scale."""
    y = np.empty(scale.shape)
    for k in range(0, scale.size, BLOCK):
        c, *rest = (v[k : k + BLOCK, None] for v in (scale, *parameters))
        y[k : k + BLOCK] = (f(c * NODES, *rest) @ WEIGHTS) * c[:, 0]
    return y


def flat(*args: Any) -> Any:
    """Return the arguments broadcast together, as sequences, the shape and the dtype."""
    dtype = np.result_type(*args)
    whole = np.broadcast_arrays(*(np.asarray(v, float) for v in args))
    return [v.ravel() for v in whole], whole[0].shape, dtype if dtype.kind == "f" else float


def refuse_order() -> None:
    raise MissingRuleError(
        "a fourth derivative in the parameters of an incomplete gamma or beta function is not in "
        "chainrule; give plain numbers there."
    )


# ---------------------------------------------------------------- gamma


@recordable
def gamma_moment(a: Any, x: Any, k: int) -> Any:
    """Integrate t**(a-1) * exp(-t) / gamma(a) * (log(t) - psi(a))**k over t from 0 to `x`.

    From the side of `x` where nothing cancels.
    """
    (a, x), shape, dtype = flat(a, x)
    mean = psi(a)
    below = x < np.exp(mean)
    whole = [gammainc(a, np.inf), 0.0 * a, zeta(2, a), polygamma(2, a)]
    if k >= len(whole):
        refuse_order()
    inner = (x > 0) & (x < np.inf)
    at = np.where(inner, x, 1)

    def density(s: Any, a: Any, x: Any, mean: Any, side: Any) -> Any:
        log = np.log(x) + side * s
        with np.errstate(over="ignore", under="ignore"):
            return np.exp(a * log - np.exp(log) - special.gammaln(a)) * (log - mean) ** k

    scale = 1 / (np.abs(a - at) + np.sqrt(np.minimum(at, 1e300)))
    part = integral(density, scale, a, at, mean, np.where(below, -1.0, 1.0))
    part = np.where(inner, part, np.where(np.isnan(x) | (x < 0), np.nan, 0))
    return np.where(below, part, whole[k] - part).reshape(shape).astype(dtype)[()]


def gamma_density(a: Any, b: Any) -> Any:
    return np.exp(special.xlogy(a - 1, b) - b - special.gammaln(a))


elementwise(
    gamma_moment,
    lambda g, a, b, k: g * (gamma_moment(a, b, k + 1) - k * zeta(2, a) * lower_gamma(a, b, k - 1)),
    lambda g, a, b, k: g * gamma_density(a, b) * (np.log(b) - psi(a)) ** k,
)


def lower_gamma(a: Any, b: Any, k: int) -> Any:
    return gamma_moment(a, b, k) if k else gammainc(a, b)


elementwise(
    gammainc,
    lambda g, a, b: g * gamma_moment(a, b, 1),
    lambda g, a, b: g * gamma_density(a, b),
)
elementwise(
    special.gammaincc,
    lambda g, a, b: -g * gamma_moment(a, b, 1),
    lambda g, a, b: -g * gamma_density(a, b),
)
elementwise(
    special.gammaincinv,
    lambda g, a, y: -g * gamma_moment(a, y, 1) / gamma_density(a, y),
    lambda g, a, y: g / gamma_density(a, y),
)
elementwise(
    special.gammainccinv,
    lambda g, a, y: -g * gamma_moment(a, y, 1) / gamma_density(a, y),
    lambda g, a, y: -g / gamma_density(a, y),
)

# ---------------------------------------------------------------- beta


def beta_wholes(a: Any, b: Any) -> dict[tuple[int, int], Any]:
    """The moments over the whole range from 0 to 1, by the powers of the two slopes."""
    second, third = zeta(2, a + b), polygamma(2, a + b)
    return {
        (1, 0): 0.0 * a, (0, 1): 0.0 * a,
        (2, 0): zeta(2, a) - second, (1, 1): -second, (0, 2): zeta(2, b) - second,
        (3, 0): polygamma(2, a) - third, (2, 1): -third, (1, 2): -third,
        (0, 3): polygamma(2, b) - third,
    }  # fmt: skip


@recordable
def beta_moment(a: Any, b: Any, x: Any, j: int, k: int) -> Any:
    """Integrate the beta density times `j` powers of its log's slope in a, and `k` of that in b.

    From 0 to `x`, by the side of `x` where nothing cancels.
    """
    (a, b, x), shape, dtype = flat(a, b, x)
    below = np.log(np.maximum(x, 1e-300)) < psi(a) - psi(a + b)
    inner = (x > 0) & (x < 1)
    at = np.where(inner, x, 0.5)
    # above, the same integral from the other end: t and 1 - t, a and b, j and k change places
    p, q, z = np.where(below, a, b), np.where(below, b, a), np.where(below, at, 1 - at)
    total = psi(a + b)

    def density(s: Any, p: Any, q: Any, z: Any, rest: Any, total: Any, below: Any) -> Any:
        log = np.log(z) - s
        other = np.log(rest - z * np.expm1(-s))
        slopes = log - psi(p) + total, other - psi(q) + total
        first, second = (np.where(below, *pair) for pair in (slopes, slopes[::-1]))
        return np.exp(p * log + (q - 1) * other - special.betaln(p, q)) * first**j * second**k

    rest = np.where(below, 1 - at, at)
    scale = 1 / (np.abs(p - (q - 1) * z / rest) + np.sqrt(np.abs(q - 1) * z) / rest)
    part = integral(density, scale, p, q, z, rest, total, below)
    part = np.where(inner, part, np.where((x >= 0) & (x <= 1), 0, np.nan))
    whole = beta_wholes(a, b).get((j, k))
    if whole is None:
        refuse_order()
    return np.where(below, part, whole - part).reshape(shape).astype(dtype)[()]


def lower_beta(a: Any, b: Any, c: Any, j: int, k: int) -> Any:
    return beta_moment(a, b, c, j, k) if j + k else betainc(a, b, c)


def beta_density(a: Any, b: Any, c: Any) -> Any:
    return np.exp(special.xlogy(a - 1, c) + special.xlog1py(b - 1, -c) - special.betaln(a, b))


def less_spread(a: Any, b: Any, c: Any, j: int, k: int, own: Any, first: bool) -> Any:
    """What a moment loses because its slopes' means move too."""
    shared, y = zeta(2, a + b), 0.0
    if j:
        y = y + j * (shared - own * first) * lower_beta(a, b, c, j - 1, k)
    if k:
        y = y + k * (shared - own * (not first)) * lower_beta(a, b, c, j, k - 1)
    return y


elementwise(
    beta_moment,
    lambda g, a, b, c, j, k: (
        g * (beta_moment(a, b, c, j + 1, k) + less_spread(a, b, c, j, k, zeta(2, a), True))
    ),
    lambda g, a, b, c, j, k: (
        g * (beta_moment(a, b, c, j, k + 1) + less_spread(a, b, c, j, k, zeta(2, b), False))
    ),
    lambda g, a, b, c, j, k: (
        g * beta_density(a, b, c)
        * (np.log(c) - psi(a) + psi(a + b)) ** j
        * (np.log1p(-c) - psi(b) + psi(a + b)) ** k
    ),
)  # fmt: skip
elementwise(
    betainc,
    lambda g, a, b, c: g * beta_moment(a, b, c, 1, 0),
    lambda g, a, b, c: g * beta_moment(a, b, c, 0, 1),
    lambda g, a, b, c: g * beta_density(a, b, c),
)
if hasattr(special, "betaincc"):
    elementwise(
        special.betaincc,
        lambda g, a, b, c: -g * beta_moment(a, b, c, 1, 0),
        lambda g, a, b, c: -g * beta_moment(a, b, c, 0, 1),
        lambda g, a, b, c: -g * beta_density(a, b, c),
    )
