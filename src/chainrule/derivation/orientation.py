"""Sums as whoever wrote the formula has them: x − m and not m − x, 1 + x² and not x² + 1.

The simplifier has one form for a sum and its negative, so that they cancel. What it found is read
as a teacher leaves it: −2/(x − 1)² where x − 1 was written, and −(x − m)·e^… for the bell curve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from .composing import Term, added_up, has_minus, summands, turned
from .expressions import COMPARISONS, SUMS, Expr, subexpressions
from .measuring import cost
from .simplifying import neat

__all__ = ["as_written", "written_sums"]


Sums = Mapping[Expr, Term]  # a sum in the simplifier's form, as it was written, and the sign


def written_sums(written: Iterable[Expr]) -> Sums:
    """Return the sums in `written`, by the forms that the simplifier has for them."""
    found: dict[Expr, Term] = {}
    for part in dict.fromkeys(part for e in written for part in subexpressions(e)):
        if part.head in SUMS and (tidy := neat(part)).head in SUMS:
            found.setdefault(tidy, (part if cost(part) == cost(tidy) else tidy, 1))
    backward = {neat(turned(tidy)): (own, -1) for tidy, (own, _) in found.items()}
    return backward | found


def as_written(e: Expr, sums: Sums) -> Expr:
    """Return `e` with each of `sums` as it was written, and its sign before the product."""
    if sums.get(e, (e, 1))[1] < 0:
        return e  # all that there is: b − a reads better than −(a − b)
    found, sign = _turned(e, sums)
    if sign > 0:
        return found
    return Expr(-found.number) if found.number is not None else Expr(np.negative, (found,))


def _turned(e: Expr, sums: Sums) -> Term:
    """Return `e` as an expression and its sign."""
    f, args = e.head, e.args
    if e in sums:
        return sums[e]
    if e.number is not None and e.number < 0:
        return Expr(-e.number), -1
    if not args or f in COMPARISONS or f is np.where:
        return e, 1
    if f in SUMS:
        return _added(e, sums)
    inside = [_turned(arg, sums) for arg in args]
    if f in (np.negative, np.multiply, np.divide, np.sum):
        sign = -1 if f is np.negative else 1
        for _, each in inside:
            sign *= each
        found = tuple(arg for arg, _ in inside)
        return _absorbed(found[0] if f is np.negative else Expr(f, found), sign, sums)
    n = args[1].number if f is np.power else None
    if n is not None and n.denominator == 1:
        base, sign = inside[0]
        return Expr(f, (base, args[1])), sign if n % 2 else 1
    # Within a function a sum stays as it is, and only what is in it is turned.
    return Expr(f, tuple(as_written(arg, sums) for arg in args)), 1


def _absorbed(e: Expr, sign: int, sums: Sums) -> Term:
    """Return `e` and its sign, a minus taken into a factor that nobody wrote: 5x − 8 for 8 − 5x."""
    if sign > 0:
        return e, sign
    if has_minus(e) and (e, 1) not in sums.values() and (e, -1) not in sums.values():
        return turned(e), 1
    if e.head in (np.multiply, np.divide):
        # Not into a denominator.
        for i, arg in enumerate(e.args[: 1 if e.head is np.divide else 2]):
            found, left = _absorbed(arg, sign, sums)
            if left > 0:
                return Expr(e.head, (*e.args[:i], found, *e.args[i + 1 :])), 1
    return e, sign


def _added(e: Expr, sums: Sums) -> Term:
    terms = []
    for term, sign in summands(e):
        found, turn = _turned(term, sums)
        terms.append((found, sign * turn))
    return added_up(terms), 1
