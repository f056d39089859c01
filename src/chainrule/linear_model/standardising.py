"""Bringing features to mean 0 and standard deviation 1, so that weights can be compared."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["center_and_scale"]

FloatArray = NDArray[np.float64]


def center_and_scale(features: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mean and the standard deviation (divided by n) of each column of `features`.

    >>> center_and_scale(np.array([[1.0, 1e300], [3.0, -1e300]]))
    (array([2., 0.]), array([1.e+000, 1.e+300]))
    """
    # In units of a power of two near its largest entry, which changes no digit, no column's sum
    # or square overflows or vanishes.
    _, exponent = np.frexp(np.abs(features).max(axis=0))
    unit = np.ldexp(1.0, exponent - 1)
    in_units = features / unit
    return in_units.mean(axis=0) * unit, in_units.std(axis=0) * unit
