"""Formulas as people write them: `exp(-x**2) / 2` becomes a function that can be differentiated.

A formula is data, never code: Python's parser reads it, a whitelist checks every part, and what
is kept is a list of steps for a stack machine. Nothing is looked up but the names listed here.

The grammar: numbers; variables; `+ - * / **` and parentheses; the functions of FUNCTIONS; the
constants of CONSTANTS; and `where(condition, a, b)`, whose condition is a comparison of two.
Several formulas may build on one another, as statements: they know `sum` and `mean` over rows.
"""

from __future__ import annotations

from .formula import Formula
from .grammar import CONSTANTS, FUNCTIONS
from .misreadings import FormulaError
from .reading import parse
from .statements import Statement, parse_statements

__all__ = ["CONSTANTS", "FUNCTIONS", "Formula", "FormulaError", "Statement", "parse"]
__all__ += ["parse_statements"]
