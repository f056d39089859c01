"""The older class of polynomials, with coefficients that may be values being differentiated."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.traces import joined
from chainrule._core.values import ndim_of

__all__ = ["poly1d"]


class poly1d(np.poly1d):
    """NumPy's `poly1d`: a polynomial with the highest power first, in numbers or values.

    >>> import chainrule
    >>> import chainrule.numpy as np
    >>> chainrule.grad(lambda a: np.poly1d([a, 0.0, 1.0])(2.0))(3.0)
    4.0
    """

    def __init__(self, c_or_r: Any, r: bool = False, variable: str | None = None) -> None:
        c_or_r = c_or_r if isinstance(c_or_r, np.poly1d) else joined(c_or_r)
        super().__init__(c_or_r, r, variable)

    def __truediv__(self, other: Any) -> Any:
        return quotient(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return quotient(other, self)


def quotient(u: Any, v: Any) -> Any:
    """Return quotient and rest of two polynomials; of a polynomial and a number, the one."""
    u, v = (p.coeffs if isinstance(p, np.poly1d) else joined(p) for p in (u, v))
    if ndim_of(u) == 0 or ndim_of(v) == 0:
        return poly1d(u / v)
    q, rest = np.polydiv(u, v)
    return poly1d(q), poly1d(rest)
