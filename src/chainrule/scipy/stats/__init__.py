"""scipy.stats, with distributions that are differentiable in their arguments and parameters.

    norm gamma beta chi2 t                     pdf logpdf cdf logcdf sf logsf (norm: ppf isf)
    poisson                                    pmf logpmf cdf logcdf sf logsf, in mu
    dirichlet                                  pdf logpdf
    multivariate_normal                        pdf logpdf entropy

Values are SciPy's, as are the names of the parameters; every other name of scipy.stats is here and
works on plain arrays.

>>> import numpy as np
>>> import chainrule
>>> from chainrule.scipy.stats import gamma
>>> waited = np.array([0.5, 2.0, 3.5])
>>> round(chainrule.grad(lambda a: np.sum(gamma.logpdf(waited, a, scale=2.0)))(1.5), 6)
-0.936148
"""

from __future__ import annotations

from chainrule import _rules  # noqa: F401  (states the table)
from chainrule._core.faces import face_of
from chainrule._optional import library

_module = library("scipy.stats", extra="scipy")

DISTRIBUTIONS = (
    "beta",
    "chi2",
    "dirichlet",
    "gamma",
    "multivariate_normal",
    "norm",
    "poisson",
    "t",
)

__all__ = list(_module.__all__)

__getattr__ = face_of(
    globals(), _module, {name: f"chainrule.scipy.stats.{name}" for name in DISTRIBUTIONS}
)


def __dir__() -> list[str]:
    return sorted(__all__)
