"""Exponentials and logarithms."""

from __future__ import annotations

import math

import numpy as np

from chainrule._core.stating import elementwise

LN2, LN10 = math.log(2), math.log(10)

elementwise(np.exp, lambda g, y: g * y)
elementwise(np.exp2, lambda g, y: g * y * LN2)
elementwise(np.expm1, lambda g, x: g * np.exp(x))  # y + 1 has no digits of exp(x) left at x = -40
elementwise(np.log, lambda g, x: g / x)
elementwise(np.log2, lambda g, x: g / x / LN2, said=["1 / (x * log(2))"])
elementwise(np.log10, lambda g, x: g / x / LN10, said=["1 / (x * log(10))"])
elementwise(np.log1p, lambda g, x: g / (1 + x))
# exp(a - y) is the share of exp(a) in the sum
elementwise(np.logaddexp, lambda g, a, y: g * np.exp(a - y), lambda g, b, y: g * np.exp(b - y))
elementwise(np.logaddexp2, lambda g, a, y: g * np.exp2(a - y), lambda g, b, y: g * np.exp2(b - y))
