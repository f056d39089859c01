"""Formulas as people write them: `exp(-x**2) / 2` becomes a function that can be differentiated.

A formula is data, never code: Python's parser reads it, a whitelist checks every part, and what
is kept is a list of steps for a stack machine. Nothing is looked up but the names listed here.

The grammar: numbers; variables; `+ - * / **` and parentheses; the functions of FUNCTIONS; the
constants of CONSTANTS; and `where(condition, a, b)`, whose condition is a comparison of two.
"""

from __future__ import annotations

from .formula import Formula
from .grammar import CONSTANTS, FUNCTIONS
from .misreadings import FormulaError
from .reading import parse

__all__ = ["CONSTANTS", "FUNCTIONS", "Formula", "FormulaError", "parse"]
