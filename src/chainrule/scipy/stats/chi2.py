"""The chi-squared distribution, differentiable in x, df, loc and scale.

It is the gamma distribution of df / 2, twice as wide.

>>> import chainrule
>>> from chainrule.scipy.stats import chi2
>>> chainrule.grad(chi2.logpdf)(2.5, 4.5)
0.0
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.special as special
import scipy.stats as stats

from chainrule._rules.probabilities import gamma_logpdf, gamma_pdf

from ._distributions import in_double, log_of, log_scale, method, settle, standard

__all__ = ["cdf", "logcdf", "logpdf", "logsf", "pdf", "sf"]

rule = method(stats.chi2)


@rule
def pdf(x: Any, df: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the density at `x`."""
    return gamma_pdf(standard(x, loc, scale) / 2, df / 2) / 2 / scale


@rule
def logpdf(x: Any, df: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the density at `x`."""
    return gamma_logpdf(standard(x, loc, scale) / 2, df / 2) - math.log(2) - log_scale(scale)


@rule
def cdf(x: Any, df: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the probability below `x`."""
    return special.gammainc(in_double(df) / 2, np.maximum(standard(x, loc, scale), 0.0) / 2)


@rule
def logcdf(x: Any, df: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the probability below `x`."""
    return log_of(cdf(x, df, loc, scale), sf(x, df, loc, scale))


@rule
def sf(x: Any, df: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the probability above `x`."""
    return special.gammaincc(in_double(df) / 2, np.maximum(standard(x, loc, scale), 0.0) / 2)


@rule
def logsf(x: Any, df: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the probability above `x`."""
    return log_of(sf(x, df, loc, scale), cdf(x, df, loc, scale))


settle(__name__, stats.chi2)
