"""numpy.emath with derivatives: where real numbers have no root or logarithm, the complex one.

>>> import chainrule
>>> import chainrule.numpy as np
>>> float(chainrule.grad(lambda x: np.abs(np.emath.sqrt(x)))(-4.0))
-0.25
"""

from __future__ import annotations

from numpy import emath as _module

from chainrule import _rules  # noqa: F401  (states the table)
from chainrule._core.faces import face_of

__all__ = list(_module.__all__)

__getattr__ = face_of(globals(), _module, {})


def __dir__() -> list[str]:
    return sorted(__all__)
