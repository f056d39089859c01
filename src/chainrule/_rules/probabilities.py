"""Densities of SciPy's distributions in standard form, with SciPy's own values.

The slope of a density is the density times the slope of its logarithm, and outside the support,
where the density is 0 and its logarithm -inf, both are 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.stats as stats
from scipy.special import psi

from chainrule._core.stating import elementwise, pulled
from chainrule._core.values import bare, ndim_of, recordable, shape_of

from .special import share_of

__all__ = [
    "beta_logpdf", "beta_pdf", "dirichlet_logpdf", "gamma_logpdf", "gamma_pdf", "normal_logpdf",
    "poisson_logpmf", "poisson_pmf", "precision", "t_logpdf", "t_pdf",
]  # fmt: skip

Slope = Callable[..., Any]


def densities(
    density: Any, log: Any, inside: Callable[..., Any], middle: float, *slopes: Slope
) -> None:
    """State a density and its logarithm by the slopes of the logarithm where `inside` holds."""

    def within(slope: Slope) -> Slope:
        def masked(x: Any, *parameters: Any) -> Any:
            there = inside(bare(x))
            return np.where(there, slope(np.where(there, x, middle), *parameters), 0)

        return masked

    def of_log(slope: Slope) -> Slope:
        return lambda g, inputs: g * slope(*inputs)

    def of_density(slope: Slope) -> Slope:
        return lambda g, inputs, y: g * y * slope(*inputs)

    elementwise(log, *(of_log(within(slope)) for slope in slopes))
    elementwise(density, *(of_density(within(slope)) for slope in slopes))


# ---------------------------------------------------------------- of one number


def alike(y: Any, *inputs: Any) -> Any:
    """Single precision of single precision, where SciPy's densities are double."""
    dtype = np.result_type(*inputs)
    return np.asarray(y, dtype)[()] if dtype.kind == "f" else y


@recordable
def beta_pdf(x: Any, a: Any, b: Any) -> Any:
    return stats.beta.pdf(x, a, b)


@recordable
def beta_logpdf(x: Any, a: Any, b: Any) -> Any:
    return stats.beta.logpdf(x, a, b)


@recordable
def gamma_pdf(x: Any, a: Any) -> Any:
    return alike(stats.gamma.pdf(x, a), x, a)


@recordable
def gamma_logpdf(x: Any, a: Any) -> Any:
    return alike(stats.gamma.logpdf(x, a), x, a)


@recordable
def t_pdf(x: Any, df: Any) -> Any:
    return alike(stats.t.pdf(x, df), x, df)


@recordable
def t_logpdf(x: Any, df: Any) -> Any:
    return alike(stats.t.logpdf(x, df), x, df)


@recordable
def poisson_pmf(k: Any, mu: Any) -> Any:
    return stats.poisson.pmf(k, mu)


@recordable
def poisson_logpmf(k: Any, mu: Any) -> Any:
    return stats.poisson.logpmf(k, mu)


def of_freedom(x: Any, df: Any) -> Any:
    """The slope of Student's log-density in its degrees of freedom."""
    part = x * x / df
    height = psi((df + 1) / 2) - psi(df / 2) - 1 / df
    return (height - np.log1p(part) + (1 + 1 / df) * part / (1 + part)) / 2


densities(
    beta_pdf,
    beta_logpdf,
    lambda x: (x > 0) & (x < 1),
    0.5,
    lambda x, a, b: (a - 1) / x - (b - 1) / (1 - x),
    lambda x, a, b: np.log(x) - psi(a) + psi(a + b),
    lambda x, a, b: np.log1p(-x) - psi(b) + psi(a + b),
)
densities(
    gamma_pdf,
    gamma_logpdf,
    lambda x: x > 0,
    1.0,
    lambda x, a: (a - 1) / x - 1,
    lambda x, a: np.log(x) - psi(a),
)
densities(
    t_pdf,
    t_logpdf,
    np.isfinite,
    0.0,
    lambda x, df: -x * (1 + 1 / df) / (1 + x * x / df),
    of_freedom,
)


def counted(k: Any, mu: Any) -> Any:
    """k / mu - 1 at 0, 1, 2, …; elsewhere, where no probability is, 0."""
    return np.where((k >= 0) & (np.floor(k) == k), share_of(k, mu) - 1, 0)


elementwise(poisson_logpmf, None, lambda g, a, b: g * counted(a, b))
elementwise(poisson_pmf, None, lambda g, a, b, y: g * y * counted(a, b))


# ---------------------------------------------------------------- of many numbers


@recordable
def dirichlet_logpdf(x: Any, alpha: Any) -> Any:
    """The log-density at the columns of `x`, which has a row for each of `alpha`."""
    return stats.dirichlet.logpdf(x, alpha)


def beside(alpha: Any, x: Any) -> Any:
    return np.reshape(alpha, (-1, *(1,) * (ndim_of(x) - 1)))


def to_alpha(g: Any, a: Any, b: Any) -> Any:
    each = np.sum(np.reshape(np.reshape(g, shape_of(a)[1:]) * np.log(a), (shape_of(a)[0], -1)), -1)
    return each + np.sum(g) * (psi(np.sum(b)) - psi(b))


pulled(
    dirichlet_logpdf,
    lambda g, a, b: np.reshape(g, shape_of(a)[1:]) * share_of(beside(b, a) - 1, a),
    to_alpha,
)


@recordable
def precision(cov: Any) -> Any:
    """The inverse of a covariance; of a singular one, that among the directions it has.

    Singular is what SciPy calls so: a part 1e6 eps of the largest eigenvalue.
    """
    values, vectors = np.linalg.eigh(cov)
    small = np.abs(values) <= cutoff(values)
    return (vectors * np.where(small, 0, 1 / np.where(small, 1, values))) @ vectors.T


def cutoff(values: Any) -> Any:
    factor = {"f": 1e3, "d": 1e6}[values.dtype.char]
    return factor * np.finfo(values.dtype).eps * np.max(np.abs(values), initial=0.0)


@recordable
def normal_logpdf(x: Any, cov: Any, allow_singular: bool) -> Any:
    """The log-density of the normal distribution around 0, at the rows of `x`."""
    y = stats.multivariate_normal.logpdf(x, np.zeros(len(cov)), cov, allow_singular)
    return np.reshape(y, np.shape(x)[:-1])


def to_row(g: Any, a: Any, b: Any, y: Any, allow_singular: bool) -> Any:
    return -np.expand_dims(np.where(np.isfinite(y), g, 0), -1) * (a @ precision(b))


def to_covariance(g: Any, a: Any, b: Any, y: Any, allow_singular: bool) -> Any:
    g, p = np.where(np.isfinite(y), g, 0), precision(b)
    h = a @ p
    rows = np.reshape(h, (-1, shape_of(b)[0]))
    return (rows.T @ (np.reshape(g, (-1, 1)) * rows) - np.sum(g) * p) / 2


pulled(precision, lambda g, y: -(y.mT @ g @ y.mT))
pulled(normal_logpdf, to_row, to_covariance)
