"""SciPy's names for the probabilities below and above of classical distributions."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special as special

from chainrule._core.stating import elementwise, spelled
from chainrule._core.values import dtype_of

from .incomplete import beta_moment, gamma_density, gamma_moment

__all__: list[str] = []

gammainc, gammaincc, betainc = special.gammainc, special.gammaincc, special.betainc

elementwise(
    special.chdtr,
    lambda g, a, b: g * gamma_moment(a / 2, b / 2, 1) / 2,
    lambda g, a, b: g * gamma_density(a / 2, b / 2) / 2,
)
elementwise(
    special.chdtrc,
    lambda g, a, b: -g * gamma_moment(a / 2, b / 2, 1) / 2,
    lambda g, a, b: -g * gamma_density(a / 2, b / 2) / 2,
)
spelled(special.gdtr, lambda a, b, x: gammainc(b, a * x))
spelled(special.gdtrc, lambda a, b, x: gammaincc(b, a * x))
spelled(special.fdtr, lambda dfn, dfd, x: betainc(dfn / 2, dfd / 2, dfn * x / (dfd + dfn * x)))
spelled(special.fdtrc, lambda dfn, dfd, x: betainc(dfd / 2, dfn / 2, dfd / (dfd + dfn * x)))


def student(df: Any, x: Any) -> Any:
    """Student's density."""
    half = np.array(0.5, dtype_of(df / 2))  # SciPy's functions make a Python number double
    log = (df + 1) / 2 * np.log1p(x * x / df) + special.betaln(df / 2, half)
    return np.exp(-log) / np.sqrt(df)


def of_freedom(g: Any, a: Any, b: Any) -> Any:
    """The slope of Student's probability below `b` in `a` degrees of freedom.

    The probability is an incomplete beta function of v = b*b / (a + b*b), or of 1 - v with the
    two ends changed: the one that keeps its digits is used.
    """
    v = np.maximum(b * b / (a + b * b), 1e-30)  # at 0 the slope in v is infinite
    near = v < 0.5
    inner = beta_moment(0.5, a / 2, np.where(near, v, 0.5), 0, 1)
    outer = beta_moment(a / 2, 0.5, np.where(near, 0.5, a / (a + b * b)), 1, 0)
    turned = np.where(near, inner, -outer)
    return g * (np.sign(b) * turned / 4 - b * student(a, b) / (2 * a))


elementwise(special.stdtr, of_freedom, lambda g, a, b: g * student(a, b))
