"""How much there is to read of an expression: what the simplifier makes small."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np

from .expressions import SUMS, Expr, Name, Slope, Typed, negative

__all__ = ["as_decimal", "cost", "letters", "sorted_by"]

SUM, PRODUCT, ATOM = range(3)
WIDTHS = {np.exp: 2, np.sqrt: 1, np.log: 2, np.absolute: 0, np.sum: 3, np.where: 14}


def as_decimal(n: Fraction) -> bool:
    """Say whether one writes `n` with a point, or without any: 3, 0.7, but 1/2."""
    return type(n) is Typed or n.denominator == 1


@lru_cache(maxsize=8192)
def sorted_by(e: Expr) -> str:
    """Return a text that says what comes first of two expressions: that of the alphabet."""
    return repr(e)


@lru_cache(maxsize=8192)
def cost(e: Expr) -> tuple[int, int, int]:
    """Return how much there is to read: names; names, numbers and powers; letters."""
    return sum(1 for _ in e.leaves()), numerals(e), letters(e)


@lru_cache(maxsize=8192)
def numerals(e: Expr) -> int:
    return sum(map(numerals, e.args)) + (e.head is np.power) if e.args else 1


def letters(e: Expr) -> int:
    """Return about how many letters one writes for `e` in a line."""
    return _written(e)[0]


@lru_cache(maxsize=8192)
def _written(e: Expr) -> tuple[int, int]:
    """The letters, and how tightly the outermost sign binds."""
    f, args = e.head, e.args
    if isinstance(f, Fraction):
        text = f"{float(f):.12g}" if as_decimal(f) else str(f)
        return len(text), ATOM if f >= 0 and as_decimal(f) else PRODUCT
    if isinstance(f, Name):
        return len(f.text) + f.row, ATOM
    if isinstance(f, Slope):
        return len(f.of.text) + len(f.by.text) + f.of.row + f.by.row + 3 + 2 * len(f.held), ATOM
    if not args:
        return 1, ATOM
    if f in SUMS:
        return _inside(args[0], SUM) + 3 + _inside(args[1], PRODUCT), SUM
    if f is np.negative:
        return 1 + _inside(args[0], PRODUCT), PRODUCT
    if f is np.multiply:
        close = args[0].number is not None and not negative(args[0])
        return _inside(args[0], PRODUCT) + (not close) + _inside(args[1], PRODUCT), PRODUCT
    if f is np.divide:
        return _inside(args[0], PRODUCT) + 1 + _inside(args[1], ATOM), PRODUCT
    if f is np.power:
        raised = 0 if args[1].number is not None and args[1].number.denominator == 1 else 1
        return _inside(args[0], ATOM) + raised + _inside(args[1], ATOM), ATOM
    if f in (np.exp, np.sqrt):
        return WIDTHS[f] + _inside(args[0], ATOM), ATOM
    if f is np.sum:
        return 3 + _inside(args[0], PRODUCT), PRODUCT
    if f is np.positive:  # what was put back keeps its parentheses
        count, level = _written(args[0])
        return (count, level) if level == ATOM else (count + 2, ATOM)
    return WIDTHS.get(f, len(f.__name__)) + 2 * len(args) + sum(map(letters, args)), ATOM


def _inside(e: Expr, least: int) -> int:
    count, level = _written(e)
    return count if level >= least else count + 2
