"""The normal distribution, differentiable in x, loc and scale.

>>> import chainrule
>>> from chainrule.scipy.stats import norm
>>> chainrule.grad(norm.logpdf, 1)(3.0, 1.0)
2.0
>>> chainrule.grad(lambda scale: norm(1.0, scale).logpdf(3.0))(2.0)
0.0
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.special as special
import scipy.stats as stats

from ._distributions import in_double, log_scale, method, positive, settle, standard

__all__ = ["cdf", "isf", "logcdf", "logpdf", "logsf", "pdf", "ppf", "sf"]

rule = method(stats.norm)


@rule
def pdf(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the density at `x`."""
    z = standard(x, loc, scale)
    return np.exp(-z * z / 2) / math.sqrt(2 * math.pi) / scale


@rule
def logpdf(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the density at `x`."""
    z = standard(x, loc, scale)
    return -z * z / 2 - math.log(2 * math.pi) / 2 - log_scale(scale)


@rule
def cdf(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the probability below `x`."""
    return special.ndtr(standard(x, loc, scale))


@rule
def logcdf(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the probability below `x`."""
    return special.log_ndtr(standard(x, loc, scale))


@rule
def sf(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the probability above `x`."""
    return special.ndtr(-standard(x, loc, scale))


@rule
def logsf(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return the logarithm of the probability above `x`."""
    return special.log_ndtr(-standard(x, loc, scale))


@rule
def ppf(q: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return where the probability below is `q`."""
    return loc + positive(scale) * special.ndtri(in_double(q))


@rule
def isf(q: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """Return where the probability above is `q`."""
    return loc - positive(scale) * special.ndtri(in_double(q))


settle(__name__, stats.norm)
