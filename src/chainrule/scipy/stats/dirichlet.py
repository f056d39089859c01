"""The Dirichlet distribution, differentiable in x and alpha.

>>> import numpy as np
>>> import chainrule
>>> from chainrule.scipy.stats import dirichlet
>>> chainrule.grad(dirichlet.logpdf)(np.array([0.25, 0.75]), np.array([2.0, 4.0]))
array([4., 4.])
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.stats as stats

from chainrule._core.values import shape_of
from chainrule._rules.probabilities import dirichlet_logpdf

from ._distributions import in_double, method, settle

__all__ = ["logpdf", "pdf"]

rule = method(stats.dirichlet)


@rule
def logpdf(x: Any, alpha: Any) -> Any:
    """Return the logarithm of the density at `x`, whose last share may be left out."""
    if shape_of(x)[0] == shape_of(alpha)[0] - 1:
        x = np.concatenate([x, 1 - np.sum(x, axis=0, keepdims=True)])
    return dirichlet_logpdf(in_double(x), in_double(alpha))


@rule
def pdf(x: Any, alpha: Any) -> Any:
    """Return the density at `x`, whose last share may be left out."""
    return np.exp(logpdf(x, alpha))


settle(__name__, stats.dirichlet)
