"""The error function, which is the normal distribution's, without SciPy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.stating import elementwise
from chainrule._core.values import dtype_of, recordable

__all__ = ["erf", "erfc"]

ERF, ERFC = np.frompyfunc(math.erf, 1, 1), np.frompyfunc(math.erfc, 1, 1)
HEIGHT = 2 / math.sqrt(math.pi)


@recordable
def erf(x: Any) -> Any:
    """Return 2 / sqrt(pi) times the integral of exp(-t*t) from 0 to `x`."""
    return np.asarray(ERF(x), dtype_of(x))[()]


@recordable
def erfc(x: Any) -> Any:
    """Return 1 - erf(x), which keeps its digits where that is near 0."""
    return np.asarray(ERFC(x), dtype_of(x))[()]


elementwise(erf, lambda g, x: g * HEIGHT * np.exp(-x * x))
elementwise(erfc, lambda g, x: g * -HEIGHT * np.exp(-x * x))
