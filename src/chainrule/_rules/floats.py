"""What a floating-point number is made of: sign, fraction and exponent; its neighbours, and NaN."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.stating import elementwise, same, spelled
from chainrule._core.traces import typed
from chainrule._core.values import Value, bare, dtype_of, recordable, shape_of
from chainrule._core.writing import replace

from .arithmetic import held

__all__ = ["finite", "fractional"]


@recordable
def fractional(x: Any) -> Any:
    """The digits of `x` behind its point, with its sign; of infinity, 0."""
    return np.modf(x)[0]


def frexp(x: Any) -> Any:
    exponent = np.frexp(held(x))[1]
    return np.ldexp(x, -exponent), exponent


elementwise(fractional, same)
spelled(np.modf, lambda x: (fractional(x), np.trunc(x)))
spelled(np.frexp, frexp)
elementwise(np.ldexp, lambda g, b: np.ldexp(g, b), None)
# the size of `a` with the sign of `b`: as abs in `a`, so 0 at 0
elementwise(np.copysign, lambda g, a, b: g * np.sign(a) * np.copysign(1, b), None)
elementwise(np.nextafter, same, None)  # one step further, wherever `a` is
elementwise(np.heaviside, None, lambda g, a: np.where(a == 0, g, 0))  # a step in `a`


# ---------------------------------------------------------------- what is put for NaN


def nan_to_num(
    x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> Any:
    kind = dtype_of(x).kind
    if kind == "c":
        real, imag = (replaced(part, nan, posinf, neginf) for part in (np.real(x), np.imag(x)))
        y = real + 1j * imag
    else:
        y = replaced(x, nan, posinf, neginf) if kind == "f" else x
    if not copy and isinstance(x, Value):
        replace(x, y)
        return x
    return y


def replaced(x: Any, nan: Any, posinf: Any, neginf: Any) -> Any:
    """Return real `x` with numbers in place of what is none: the largest there are, or others."""
    plain, dtype = bare(x), dtype_of(x)
    most = np.finfo(dtype).max
    for fill, where in (
        (nan, np.isnan(plain)),
        (most if posinf is None else posinf, plain == np.inf),
        (-most if neginf is None else neginf, plain == -np.inf),
    ):
        x = np.where(where, np.broadcast_to(typed(fill, dtype), shape_of(x)), x)
    return x


spelled(np.nan_to_num, nan_to_num)


@recordable
def finite(x: Any, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """Return real `x` with numbers in place of NaN and of infinities, whose slope is 0."""
    return replaced(x, nan, posinf, neginf)


def to_finite(g: Any, x: Any, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    return np.where(np.isfinite(x), g, 0)


elementwise(finite, to_finite)
