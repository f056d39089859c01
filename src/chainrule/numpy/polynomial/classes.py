"""The classes of numpy.polynomial, which can be called with values that are being differentiated.

Their coefficients are plain numbers.
"""

from __future__ import annotations

from typing import Any

import numpy.polynomial as _numpy
from numpy.polynomial.polyutils import mapparms

from chainrule import _rules  # noqa: F401  (states the table)
from chainrule._core.faces import either
from chainrule._core.traces import joined
from chainrule._core.values import holds_value

__all__ = ["Chebyshev", "Hermite", "HermiteE", "Laguerre", "Legendre", "Polynomial"]


class Recording:
    """A series that maps the points from its domain to its window by functions with rules."""

    def __call__(self, arg: Any) -> Any:
        if not holds_value(arg):
            return super().__call__(arg)  # type: ignore[misc]
        series: Any = self
        offset, scale = mapparms(series.domain, series.window)
        return either(series._val)(offset + scale * joined(arg), series.coef)


class Chebyshev(Recording, _numpy.Chebyshev):
    __doc__ = _numpy.Chebyshev.__doc__


class Hermite(Recording, _numpy.Hermite):
    __doc__ = _numpy.Hermite.__doc__


class HermiteE(Recording, _numpy.HermiteE):
    __doc__ = _numpy.HermiteE.__doc__


class Laguerre(Recording, _numpy.Laguerre):
    __doc__ = _numpy.Laguerre.__doc__


class Legendre(Recording, _numpy.Legendre):
    __doc__ = _numpy.Legendre.__doc__


class Polynomial(Recording, _numpy.Polynomial):
    __doc__ = _numpy.Polynomial.__doc__
