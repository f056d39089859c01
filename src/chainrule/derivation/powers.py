"""Expressions as sums of products of powers, in which one reckons.

A `Poly` is a sum: monomials with their numbers. A monomial is a product of powers, each a base and
an exponent, both expressions. A sum inside a product stays one base, so that it cancels as a whole
before anything is multiplied out. Everything here holds wherever both sides have a value.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from .expressions import COUNT, EULER, PI, SUMS, Expr, Name, num
from .measuring import cost, sorted_by

__all__ = ["Monomial", "Poly", "Power"]
__all__ += ["added", "numeric_content", "place", "rank", "without_roots"]

Power = tuple[Expr, Expr]  # a base and its exponent
Monomial = tuple[Power, ...]  # in the order in which they are written
Poly = dict[Monomial, Fraction]


def added(*parts: tuple[Poly, Any]) -> Poly:
    """Return the sum of polynomials, each times a number."""
    total: Poly = {}
    for p, times in parts:
        for m, c in p.items():
            total[m] = total.get(m, Fraction(0)) + c * times
    return {m: c for m, c in total.items() if c}


def numeric_content(p: Poly) -> Fraction:
    """Return the number that all terms share, with the sign of the first."""
    size = Fraction(
        math.gcd(*[c.numerator for c in p.values()]),
        math.lcm(*[c.denominator for c in p.values()]),
    )
    if size.denominator > 9 or any(type(c) is not Fraction for c in p.values()):
        size = Fraction(1)  # decimals stay as they are
    lead = p.get((), 0) or p[min(p, key=place)]
    return size if lead > 0 else -size


def without_roots(base: Expr, exponent: Expr) -> list[Power]:
    """Return √u³ as u·√u, ∛u⁴ as u·∛u, |u|² as u²; an empty list for what is none of these."""
    n = exponent.number
    if n is None or n.denominator != 1:
        return []
    root = {np.sqrt: 2, np.cbrt: 3}.get(base.head)
    if root and abs(n) >= root:
        out = int(n / root)
        return [(base.args[0], num(out)), (base, num(n - root * out))]
    if base.head is np.absolute and n % 2 == 0:
        return [(base.args[0], exponent)]
    return []


def rank(power: Power) -> tuple[int, tuple[int, int], str]:
    """Where a factor is written: 2, x, a, (x + 1), e^x, sin(x), (1 + e^x); data of a row last."""
    base, exponent = power
    if isinstance(base.head, Name):
        kind = 9 if base.head.row and base.head.data else 0 if base.head.data else 1
    elif base.head in SUMS:
        kind = 2 if polynomial(base) else 5
    else:
        kind = {PI: -1, EULER: 3, COUNT: 0}.get(base, {np.where: 8, np.sum: 10}.get(base.head, 4))
    size = cost(base)[1:] if base.head in SUMS else (0, 0)  # (p − t) before (1 − p²)
    return (kind if exponent.number is not None else 3, size, sorted_by(base))


def polynomial(e: Expr) -> bool:
    """Say whether `e` is made of names and numbers by sums, products and whole powers."""
    if e.head in (*SUMS, np.multiply, np.negative):
        return all(map(polynomial, e.args))
    if e.head is np.power:
        n = e.args[1].number
        return n is not None and n.denominator == 1 and polynomial(e.args[0])
    return e.number is not None or isinstance(e.head, Name)


@lru_cache(maxsize=8192)
def depth(e: Expr) -> int:
    """Return how many functions stand in one another in `e`."""
    inside = max(map(depth, e.args), default=0)
    return inside + (e.head not in (*SUMS, np.multiply, np.divide, np.negative) and bool(e.args))


def place(m: Monomial) -> tuple[Any, ...]:
    """Where a term is written: x², x, 1, then terms with functions, those deep inside last."""
    names = all(isinstance(b.head, Name) and b.head.data and e.number is not None for b, e in m)
    degree = sum(e.number for b, e in m if isinstance(b.head, Name) and e.number is not None)
    kind = 0 if names and m else 1 if not m else 2
    nested = max((depth(part) for power in m for part in power), default=0) if kind == 2 else 0
    return (kind, -degree, nested, [(sorted_by(b), sorted_by(e)) for b, e in m])
