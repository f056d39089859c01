"""What functions are called, which have signs of their own, and how numbers are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from chainrule.formulas import FUNCTIONS

from ..expressions import COMPARISONS, Expr, num
from ..measuring import as_decimal

__all__ = ["BASES", "CHOOSING", "COMPACT", "CONDITIONS", "FENCED", "MEANS", "NAMES", "ROOTS"]
__all__ += ["WORDS", "called_as", "decimal", "is_called"]

CONDITIONS = dict(zip(COMPARISONS, "<≤>≥=≠", strict=True))
FENCED = {np.absolute: "|", np.floor: "⌊", np.ceil: "⌈"}
ROOTS = {np.sqrt: 2, np.cbrt: 3}
BASES = {np.log2: "2", np.log10: "10"}
CHOOSING = (np.where, FUNCTIONS["where"][0])
# What is written as other functions say it.
MEANS: dict[Any, Callable[[Expr], Expr]] = {
    np.exp2: lambda x: Expr(np.power, (num(2), x)),
    np.expm1: lambda x: Expr(np.subtract, (Expr(np.exp, (x,)), num(1))),
    np.log1p: lambda x: Expr(np.log, (Expr(np.add, (num(1), x)),)),
    np.square: lambda x: Expr(np.power, (x, num(2))),
    np.reciprocal: lambda x: Expr(np.divide, (num(1), x)),
}
# The first of a function's names, as NumPy has it, and what people read instead.
NAMES = {f: name for name, (f, _) in list(FUNCTIONS.items())[::-1]}
WORDS = NAMES | {np.log: "ln", np.maximum: "max", np.minimum: "min"}
COMPACT = (np.exp, *ROOTS)  # what a number stands close to, as 2e^x
LONG, ZEROS = 10, 6  # so many digits, that many zeros at their end: written with a power of ten


def called_as(f: Any, words: Mapping[Any, str]) -> str:
    """Return what the function `f` is called: in `words`, or by itself."""
    return words.get(f) or str(getattr(f, "__name__", f))


def is_called(e: Expr) -> bool:
    """Say whether `e` is a function of one argument, written with its name and parentheses."""
    otherwise = {*FENCED, *ROOTS, *BASES, *MEANS, np.exp}
    return len(e.args) == 1 and e.head in WORDS and e.head not in otherwise


def decimal(n: Fraction) -> str | None:
    """Return |n| as a decimal where one writes it so: 3 and 0.7311; but None for 1/2.

    >>> decimal(Fraction(-3)), decimal(Fraction(1, 2)), decimal(Fraction(25 * 10**29))
    ('3', None, '2.5e30')
    """
    if n.denominator == 1:
        digits = str(abs(n.numerator))
        first, rest = digits[0], digits[1:].rstrip("0")
        if len(digits) < LONG or len(digits) - len(rest) <= ZEROS:
            return digits
        return f"{first}{'.' * bool(rest)}{rest}e{len(digits) - 1}"
    return f"{abs(float(n)):.12g}" if as_decimal(n) else None
