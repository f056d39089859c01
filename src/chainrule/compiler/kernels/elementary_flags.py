"""How formulas are compiled: the flags, and one text for both precisions.

A name of `elementary` serves float64 as it is written, float32 by the same text with the numbers
and the shorter polynomials of `elementary32`; what is neither is computed in float64.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar, cast

import numpy as np
from numba import types
from numba.extending import overload

Formula = TypeVar("Formula", bound=Callable[..., Any])

# What LLVM may change. Formulas: a * b + c may round once. Sums: their order too. Nothing may
# assume that NaN and infinity do not occur, or that zeros have no sign ("nnan", "ninf", "nsz", so
# fastmath=True): with "nsz", "reassoc" turns (a + ROUND) - ROUND into a. A loop that may raise is
# not vectorised, and Python's division may: hence the error model. Nor is one that calls a formula:
# LLVM inlines them, and keeps their flags; inline="always" would give them the caller's.
EXACT: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}, "forceinline": True}
SUMS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "reassoc"}, "nogil": True}


def formula(function: Formula) -> Formula:
    """Let compiled code call `function` by its name, for float32 with the numbers of float32."""

    def choose(*arguments: types.Type) -> Callable[..., Any]:
        single = all(argument == types.float32 for argument in arguments)
        return in_float32(function) if single else function

    overload(function, jit_options=cast(Any, EXACT), strict=False)(choose)
    return function


def in_float32(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` as `elementary32` has it, or else its own text with numbers of float32."""
    from chainrule.compiler.kernels import elementary32  # only where a program has float32

    def narrow(value: object) -> object:
        return np.float32(value) if isinstance(value, float) else value

    function = getattr(elementary32, function.__name__, function)
    numbers = {n: value for n, value in vars(elementary32).items() if isinstance(value, float)}
    names = {n: narrow(value) for n, value in (function.__globals__ | numbers).items()}
    # To Numba the 0.5 of a Python text is a float64, and so would be all that it touches.
    code = function.__code__.replace(co_consts=tuple(map(narrow, function.__code__.co_consts)))
    return FunctionType(code, names)
