"""The functions of numpy.emath: where real numbers have no value, they go on in the complex plane.

Which way is taken is decided by the numbers of the whole array, as in NumPy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.stating import spelled
from chainrule._core.values import awaits_numbers, bare, cast, dtype_of, numbers, shape_of

emath = np.emath


def below_zero(x: Any) -> Any:
    return x < 0


def beyond_one(x: Any) -> Any:
    return np.abs(x) > 1


def widened(x: Any, outside: Callable[[Any], Any]) -> Any:
    """Return `x` as an array: of complex numbers, if any is real and outside of the domain.

    Examples of a batch are so together.
    """
    x = np.reshape(x, shape_of(x))
    if awaits_numbers(x) and dtype_of(x).kind != "c":
        bool(bare(x))  # the program would be of these numbers
    plain = np.asarray(numbers(x))
    if np.iscomplexobj(plain) or not np.any(outside(plain)):
        return x
    return cast(x, np.dtype(np.complex64 if plain.dtype == np.float32 else np.complex128))


def continued(function: Any, outside: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: function(widened(x, outside))


def logn(n: Any, x: Any) -> Any:
    return np.log(widened(x, below_zero)) / np.log(widened(n, below_zero))


for extended, plain, outside in (
    (emath.sqrt, np.sqrt, below_zero),
    (emath.log, np.log, below_zero),
    (emath.log2, np.log2, below_zero),
    (emath.log10, np.log10, below_zero),
    (emath.arcsin, np.arcsin, beyond_one),
    (emath.arccos, np.arccos, beyond_one),
    (emath.arctanh, np.arctanh, beyond_one),
):
    spelled(extended, continued(plain, outside))
spelled(emath.logn, logn)
spelled(emath.power, lambda x, p: np.power(widened(x, below_zero), np.reshape(p, shape_of(p))))
