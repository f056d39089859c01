"""numpy.polynomial with derivatives: each family of series, in values as in coefficients.

The coefficients of the classes (Polynomial, Chebyshev, ...) are plain numbers; the points where
they are evaluated may be values that are being differentiated.

>>> import chainrule
>>> from chainrule.numpy.polynomial import chebyshev
>>> chainrule.grad(chebyshev.chebval)(0.5, [1.0, 2.0, 3.0])
8.0
"""

from __future__ import annotations

import numpy.polynomial as _module

from chainrule import _rules  # noqa: F401  (states the table)
from chainrule._core.faces import face_of

_FAMILIES = ("chebyshev", "hermite", "hermite_e", "laguerre", "legendre", "polynomial")

_CLASSES = ("Chebyshev", "Hermite", "HermiteE", "Laguerre", "Legendre", "Polynomial")

__all__ = list(_module.__all__)

__getattr__ = face_of(
    globals(),
    _module,
    {name: f"{__name__}.{name}" for name in _FAMILIES},
    dict.fromkeys(_CLASSES, "chainrule.numpy.polynomial.classes"),
)


def __dir__() -> list[str]:
    return sorted({*__all__, *_FAMILIES})
