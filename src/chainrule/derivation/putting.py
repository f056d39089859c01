"""Putting back: names replaced by what they stand for, which keeps its parentheses."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .expressions import ONE, SUMS, Expr, build, chained, num

__all__ = ["grouped", "in_a_row", "put_back", "without_ones"]


def grouped(e: Expr) -> Expr:
    """Return `e` in parentheses where it is a sum or has a minus before it."""
    return Expr(np.positive, (e,)) if e.head in (*SUMS, np.negative) else e


def put_back(e: Expr, meaning: Mapping[Expr, Expr]) -> Expr:
    """Return `e` with names replaced by what they stand for, a sum in a sum in parentheses.

    The square of a root is what was under it: no one writes (√x)².
    """
    if not e.args:
        return meaning.get(e, e)
    args = tuple(put_back(arg, meaning) for arg in e.args)
    if e.head in SUMS:
        args = tuple(
            grouped(new) if old in meaning else new for old, new in zip(e.args, args, strict=True)
        )
    if e.head is np.power and args[0].head is np.sqrt:
        n = args[1].number or 0
        if n >= 2 and n == int(n):
            whole = build(np.power, args[0].args[0], num(int(n) // 2))
            return whole if n % 2 == 0 else Expr(np.multiply, (whole, args[0]))
    return Expr(e.head, args)


def without_ones(e: Expr) -> Expr:
    """Return `e` without the ones of a product that has several: 1·1·x is x, but b·1 stays."""
    if e.head is np.multiply:
        factors = [without_ones(factor) for factor in in_a_row(e)]
        if factors.count(ONE) > 1:
            factors = [factor for factor in factors if factor != ONE] or [ONE]
        return chained(np.multiply, factors)
    return Expr(e.head, tuple(map(without_ones, e.args))) if e.args else e


def in_a_row(e: Expr) -> list[Expr]:
    """Return the factors of a·b·c; one that is itself a product, 2x, stays together."""
    return [*in_a_row(e.args[0]), e.args[1]] if e.head is np.multiply else [e]
