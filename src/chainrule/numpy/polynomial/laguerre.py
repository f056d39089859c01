"""numpy.polynomial.laguerre with derivatives: every name is here, in values as in coefficients."""

from __future__ import annotations

import numpy.polynomial.laguerre as _module

from chainrule import _rules  # noqa: F401  (states the table)
from chainrule._core.faces import face_of

__all__ = list(_module.__all__)

__getattr__ = face_of(globals(), _module, {}, {"Laguerre": "chainrule.numpy.polynomial.classes"})


def __dir__() -> list[str]:
    return sorted(__all__)
