"""The gamma distribution, differentiable in x, a, loc and scale.

>>> import chainrule
>>> from chainrule.scipy.stats import gamma
>>> chainrule.grad(gamma.logpdf)(2.0, 3.0)
0.0
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special as special
import scipy.stats as stats

from chainrule._rules.probabilities import gamma_logpdf, gamma_pdf

from ._distributions import in_double, log_of, log_scale, method, settle, standard

__all__ = ["cdf", "logcdf", "logpdf", "logsf", "pdf", "sf"]

rule = method(stats.gamma)


@rule
def pdf(x: Any, a: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the density at `x`."""
    return gamma_pdf(standard(x, loc, scale), a) / scale


@rule
def logpdf(x: Any, a: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the density at `x`."""
    return gamma_logpdf(standard(x, loc, scale), a) - log_scale(scale)


@rule
def cdf(x: Any, a: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the probability below `x`."""
    return special.gammainc(in_double(a), np.maximum(standard(x, loc, scale), 0.0))


@rule
def logcdf(x: Any, a: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the probability below `x`."""
    return log_of(cdf(x, a, loc, scale), sf(x, a, loc, scale))


@rule
def sf(x: Any, a: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the probability above `x`."""
    return special.gammaincc(in_double(a), np.maximum(standard(x, loc, scale), 0.0))


@rule
def logsf(x: Any, a: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the probability above `x`."""
    return log_of(sf(x, a, loc, scale), cdf(x, a, loc, scale))


settle(__name__, stats.gamma)
