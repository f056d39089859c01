"""The Poisson distribution, differentiable in mu; the counts k are steps.

>>> import chainrule
>>> from chainrule.scipy.stats import poisson
>>> chainrule.grad(poisson.logpmf, 1)(6, 2.0)
2.0
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special as special
import scipy.stats as stats

from chainrule._core.values import bare
from chainrule._rules.probabilities import poisson_logpmf, poisson_pmf

from ._distributions import in_double, log_of, method, settle

__all__ = ["cdf", "logcdf", "logpmf", "logsf", "pmf", "sf"]

rule = method(stats.poisson)


@rule
def pmf(k: Any, mu: Any, loc: Any = 0) -> Any:
    """Return the probability of `k`."""
    return poisson_pmf(bare(k) - bare(loc), mu)


@rule
def logpmf(k: Any, mu: Any, loc: Any = 0) -> Any:
    """Return the logarithm of the probability of `k`."""
    return poisson_logpmf(bare(k) - bare(loc), mu)


@rule
def cdf(k: Any, mu: Any, loc: Any = 0) -> Any:
    """Return the probability of `k` and less."""
    k = np.floor(bare(k) - bare(loc))
    below = special.gammaincc(np.maximum(k, 0.0) + 1, in_double(mu))
    return np.where(k < 0, 0, below)


@rule
def sf(k: Any, mu: Any, loc: Any = 0) -> Any:
    """Return the probability of more than `k`."""
    k = np.floor(bare(k) - bare(loc))
    above = special.gammainc(np.maximum(k, 0.0) + 1, in_double(mu))
    return np.where(k < 0, 1, above)


@rule
def logcdf(k: Any, mu: Any, loc: Any = 0) -> Any:
    """Return the logarithm of the probability of `k` and less."""
    return log_of(cdf(k, mu, loc), sf(k, mu, loc))


@rule
def logsf(k: Any, mu: Any, loc: Any = 0) -> Any:
    """Return the logarithm of the probability of more than `k`."""
    return log_of(sf(k, mu, loc), cdf(k, mu, loc))


settle(__name__, stats.poisson)
