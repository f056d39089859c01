"""The normal distribution of several numbers, differentiable in x, mean and cov.

>>> import numpy as np
>>> import chainrule
>>> from chainrule.scipy.stats import multivariate_normal
>>> x, mean, cov = np.array([1.0, 3.0]), np.zeros(2), np.array([[2.0, 0.0], [0.0, 1.0]])
>>> chainrule.grad(multivariate_normal.logpdf, 1)(x, mean, cov)
array([0.5, 3. ])
>>> chainrule.grad(multivariate_normal.entropy, 1)(mean, cov)
array([[0.25, 0.  ],
       [0.  , 0.5 ]])
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.stats as stats

from chainrule._core.values import bare, ndim_of, shape_of
from chainrule._rules.probabilities import cutoff, normal_logpdf

from ._distributions import in_double, method, settle

__all__ = ["entropy", "logpdf", "pdf"]

rule = method(stats.multivariate_normal)


@rule
def logpdf(x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
    """Return the logarithm of the density at the rows of `x`.

    `cov` is read as symmetric, and its gradient is. With `allow_singular` the density is that
    among the directions in which the distribution has any width, and -inf off them.
    """
    mean, cov = parameters(mean, cov)
    if ndim_of(x) == 0 or (ndim_of(x) == 1 and shape_of(mean)[0] == 1):
        x = np.expand_dims(x, -1)
    y = normal_logpdf(in_double(x - mean), in_double(cov), allow_singular)
    return y if 1 not in shape_of(y) else np.squeeze(y)


@rule
def pdf(x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
    """Return the density at the rows of `x`."""
    return np.exp(logpdf(x, mean, cov, allow_singular))


@rule
def entropy(mean: Any = None, cov: Any = 1) -> Any:
    """Return the entropy."""
    mean, cov = parameters(mean, in_double(cov))
    widths = np.linalg.eigvalsh(bare(cov))
    rank = int(np.sum(np.abs(widths) > cutoff(widths)))
    return rank / 2 - normal_logpdf(np.zeros(len(widths)), cov, True)


def parameters(mean: Any, cov: Any) -> tuple[Any, Any]:
    """Return the mean as a row, and the covariance as a matrix, of what SciPy accepts."""
    cov = getattr(cov, "covariance", 1 if cov is None else cov)
    if mean is None:
        mean = np.zeros(1 if ndim_of(cov) < 2 else shape_of(cov)[0])
    n = math.prod(shape_of(mean))
    mean = np.reshape(mean, n)
    if n == 1:
        return mean, np.reshape(cov, (1, 1))
    if ndim_of(cov) == 0:
        return mean, cov * np.eye(n)
    return mean, np.diag(cov) if ndim_of(cov) == 1 else cov


settle(__name__, stats.multivariate_normal)
