"""Sums of products of powers, written as expressions again: in the order in which one reads them.

A numerator stands over a denominator in each term, and no first term has a minus if another has
none.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from .expressions import EULER, ONE, SUMS, ZERO, Expr, chained, negative, num
from .powers import Monomial, Poly, place

__all__ = ["Term", "added_up", "has_minus", "summands", "turned", "written"]

Term = tuple[Expr, int]  # and its sign


def written(p: Poly, order: bool = True) -> Expr:
    """Write `p` as an expression, its terms in the order of a textbook, or as they come."""
    terms = sorted(p, key=place) if order else list(p)
    return added_up([one_term(m, p[m]) for m in terms])


def added_up(terms: list[Term]) -> Expr:
    """Return the sum of `terms`; the first without a minus comes first."""
    first = next((k for k, (_, sign) in enumerate(terms) if sign > 0), 0)
    found: Expr | None = None
    for term, sign in [*terms[first : first + 1], *terms[:first], *terms[first + 1 :]]:
        if found is None:
            found = term if sign > 0 else -term
        else:
            found = Expr(np.add if sign > 0 else np.subtract, (found, term))
    return ZERO if found is None else found


def one_term(m: Monomial, c: Fraction) -> Term:
    """Write one product without its sign, and its sign."""
    if c < 0 and (flip := next((b for b, n in m if n == ONE and has_minus(b)), None)) is not None:
        m = tuple((turned(b) if b == flip else b, n) for b, n in m)
        c = -c
    size = abs(c)
    if type(size) is Fraction:
        over = [num(size.numerator)] * (size.numerator != 1)
        under = [num(size.denominator)] * (size.denominator != 1)
    else:
        over, under = [Expr(size)], []
    for base, exponent in m:
        below = exponent.number is not None and exponent.number < 0
        (under if below else over).append(raised(base, -exponent if below else exponent))
    sign = 1 if c > 0 else -1
    if under and over and over[-1].head is np.sum:  # (2/n)·Σᵢ aᵢ
        share = Expr(np.divide, (chained(np.multiply, over[:-1]), chained(np.multiply, under)))
        return Expr(np.multiply, (share, over[-1])), sign
    term = chained(np.multiply, over)
    if under:
        term = Expr(np.divide, (term, chained(np.multiply, under)))
    return term, sign


def raised(base: Expr, exponent: Expr) -> Expr:
    if base != EULER:
        return base if exponent == ONE else Expr(np.power, (base, exponent))
    if exponent == ONE:
        return EULER
    if exponent.head in SUMS and all(sign < 0 for _, sign in summands(exponent)):
        exponent = Expr(np.negative, (turned(exponent),))  # e^(−(w·x + b))
    return Expr(np.exp, (exponent,))


def summands(e: Expr, sign: int = 1) -> list[Term]:
    """Return the terms of a sum with their signs."""
    if e.head in SUMS:
        return [
            *summands(e.args[0], sign),
            *summands(e.args[1], sign if e.head is np.add else -sign),
        ]
    return [(-e, -sign)] if negative(e) else [(e, sign)]


def has_minus(b: Expr) -> bool:
    """Say whether `b` is a sum of which a term has a minus: it reads as well when turned."""
    return b.head in SUMS and any(sign < 0 for _, sign in summands(b))


def turned(b: Expr) -> Expr:
    """Return −b for a sum b, the signs of its terms turned: b − a for a − b."""
    return added_up([(term, -sign) for term, sign in summands(b)])
