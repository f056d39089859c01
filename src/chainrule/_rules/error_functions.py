"""The error function, the normal distribution's functions, and their inverses, of SciPy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.special as special

from chainrule._core.stating import elementwise
from chainrule._core.values import recordable

__all__ = ["excess", "hazard"]

HEIGHT = 2 / math.sqrt(math.pi)
NORMAL = 1 / math.sqrt(2 * math.pi)
FAR = -8.0  # from here on the continued fraction has all digits


@recordable
def hazard(x: Any) -> Any:
    """Return the slope of log_ndtr: the normal density divided by the probability below `x`."""
    return math.sqrt(2 / math.pi) / special.erfcx(-x / math.sqrt(2))


@recordable
def excess(x: Any) -> Any:
    """Return x + hazard(x), which goes to -1 / x where the two cancel."""
    near, far = np.maximum(x, FAR), -np.minimum(x, FAR)
    tail = far
    for k in range(30, 1, -1):
        tail = far + k / tail
    return np.where(np.less(x, FAR), 1 / tail, near + hazard(near))[()]


elementwise(hazard, lambda g, x, y: -g * y * excess(x))
elementwise(excess, lambda g, x, y: g * (1 - hazard(x) * y))

elementwise(special.erf, lambda g, x: g * HEIGHT * np.exp(-x * x))
elementwise(special.erfc, lambda g, x: g * -HEIGHT * np.exp(-x * x))
elementwise(special.erfi, lambda g, x: g * HEIGHT * np.exp(x * x))
elementwise(
    special.erfcx,  # 2 * x * y - HEIGHT has no digits left at x = 1e8
    lambda g, x, y: g * -math.sqrt(2) * y * excess(x * -math.sqrt(2)),
)
elementwise(special.erfinv, lambda g, y: g / HEIGHT * np.exp(y * y))
elementwise(special.erfcinv, lambda g, y: -g / HEIGHT * np.exp(y * y))
elementwise(special.ndtr, lambda g, x: g * NORMAL * np.exp(-x * x / 2))
elementwise(special.log_ndtr, lambda g, x: g * hazard(x))
elementwise(special.ndtri, lambda g, y: g / NORMAL * np.exp(y * y / 2))
