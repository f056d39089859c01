"""The words of formulas: which functions, constants and operators there are, and what they mean."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["CONSTANTS", "FUNCTIONS", "OPERATORS", "TOTALS", "Functions", "choice", "nearest"]


def _sigmoid(x: Any) -> Any:
    # Through the logarithm, exp(-x) overflows nowhere, and digits are kept far to the left.
    return np.exp(np.negative(np.logaddexp(0.0, np.negative(x))))


def choice(condition: Any, a: Any, b: Any) -> Any:
    """Return `a` where the condition holds, and `b` elsewhere."""
    # A number takes the branch itself, so that no 0 * inf comes from the branch not taken.
    if np.shape(condition) == ():
        taken, other = (a, b) if condition else (b, a)
        shape = np.broadcast_shapes(np.shape(taken), np.shape(other))
        return taken if np.shape(taken) == shape else np.broadcast_to(taken, shape)
    return np.where(condition, a, b)


CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}

# Each function with how many arguments it takes.
Functions = Mapping[str, tuple[Callable[..., Any], int]]
FUNCTIONS: Functions = {
    **{
        name: (getattr(np, name), 1)
        for name in (
            *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt"),
            *("sin", "cos", "tan", "arcsin", "arccos", "arctan"),
            *("sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh"),
            *("abs", "sign", "floor", "ceil"),
        )
    },
    "ln": (np.log, 1),
    "asin": (np.arcsin, 1),
    "acos": (np.arccos, 1),
    "atan": (np.arctan, 1),
    "asinh": (np.arcsinh, 1),
    "acosh": (np.arccosh, 1),
    "atanh": (np.arctanh, 1),
    "sigmoid": (_sigmoid, 1),
    "softplus": (lambda x: np.logaddexp(0.0, x), 1),
    "relu": (lambda x: choice(np.greater(x, 0.0), x, 0.0), 1),
    "maximum": (np.maximum, 2),
    "minimum": (np.minimum, 2),
    "max": (np.maximum, 2),
    "min": (np.minimum, 2),
    "where": (choice, 3),
}
# What adds over rows, and so stands in statements only.
TOTALS: Functions = {"sum": (np.sum, 1), "mean": (np.mean, 1)}

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.USub: np.negative,
    ast.UAdd: np.positive,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}


def nearest(name: str, known: list[str]) -> str | None:
    """Return the one of `known` that is written most like `name`, if any is.

    >>> nearest("Tanhh", list(FUNCTIONS))
    'tanh'
    """
    from difflib import get_close_matches  # 10 ms of import, which only mistakes should pay

    return next(iter(get_close_matches(name.lower(), known, n=1)), None)
