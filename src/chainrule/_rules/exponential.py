"""Exponentials and logarithms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.stating import elementwise

LN2, LN10 = math.log(2), math.log(10)

elementwise(np.exp, lambda g, y: g * y)
elementwise(np.exp2, lambda g, y: g * y * LN2)
elementwise(np.expm1, lambda g, x: g * np.exp(x))  # y + 1 has no digits of exp(x) left at x = -40
elementwise(np.log, lambda g, x: g / x)
elementwise(np.log2, lambda g, x: g / x / LN2)
elementwise(np.log10, lambda g, x: g / x / LN10)
elementwise(np.log1p, lambda g, x: g / (1 + x))


def share_of_sum(g: Any, a: Any, y: Any) -> Any:
    """exp(a - y), the share of exp(a) in the sum; where both are -inf nothing has a share."""
    return g * np.exp(a - np.where(np.isneginf(y), 0, y))


def share_of_sum2(g: Any, a: Any, y: Any) -> Any:
    return g * np.exp2(a - np.where(np.isneginf(y), 0, y))


elementwise(np.logaddexp, share_of_sum, lambda g, b, y: share_of_sum(g, b, y))
elementwise(np.logaddexp2, share_of_sum2, lambda g, b, y: share_of_sum2(g, b, y))
