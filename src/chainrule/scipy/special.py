"""scipy.special with derivatives: every name is here; those without a rule work on plain arrays.

SciPy's ufuncs (expit, erf, …) record themselves under their own names too; functions that are no
ufuncs (logsumexp) only here.

>>> import chainrule
>>> from chainrule.scipy.special import logsumexp
>>> import numpy as np
>>> chainrule.grad(logsumexp)(np.array([0.0, 0.0]))
array([0.5, 0.5])
"""

from __future__ import annotations

from chainrule import _rules  # noqa: F401  (states the table)
from chainrule._core.faces import face_of
from chainrule._optional import library

_module = library("scipy.special", extra="scipy")

__all__ = list(_module.__all__)

__getattr__ = face_of(globals(), _module, {})


def __dir__() -> list[str]:
    return sorted(__all__)
