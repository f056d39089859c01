"""The beta distribution, differentiable in x, a, b, loc and scale.

>>> import chainrule
>>> from chainrule.scipy.stats import beta
>>> chainrule.grad(beta.logpdf)(0.5, 3.0, 3.0)
0.0
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special as special
import scipy.stats as stats

from chainrule._rules.probabilities import beta_logpdf, beta_pdf

from ._distributions import in_double, log_of, log_scale, method, settle, standard

__all__ = ["cdf", "logcdf", "logpdf", "logsf", "pdf", "sf"]

rule = method(stats.beta)


@rule
def pdf(x: Any, a: Any, b: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the density at `x`."""
    return beta_pdf(standard(x, loc, scale), a, b) / scale


@rule
def logpdf(x: Any, a: Any, b: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the density at `x`."""
    return beta_logpdf(standard(x, loc, scale), a, b) - log_scale(scale)


@rule
def cdf(x: Any, a: Any, b: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the probability below `x`."""
    return special.betainc(in_double(a), in_double(b), np.clip(standard(x, loc, scale), 0.0, 1.0))


@rule
def logcdf(x: Any, a: Any, b: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the probability below `x`."""
    return log_of(cdf(x, a, b, loc, scale), sf(x, a, b, loc, scale))


@rule
def sf(x: Any, a: Any, b: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the probability above `x`."""
    return special.betainc(
        in_double(b), in_double(a), 1 - np.clip(standard(x, loc, scale), 0.0, 1.0)
    )


@rule
def logsf(x: Any, a: Any, b: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the probability above `x`."""
    return log_of(sf(x, a, b, loc, scale), cdf(x, a, b, loc, scale))


settle(__name__, stats.beta)
