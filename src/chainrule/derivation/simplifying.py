"""The simplifier: of several forms of an expression, the one with least to read.

Modest and fast. It reads an expression as a sum of products of powers (see powers.py) and compares
that form as it is, multiplied out, with common factors taken out, and with each summand for itself.
Functions are left alone, but for the square of a root, e to a sum, e^ln(x), and sin² + cos².
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from chainrule._languages import tr

from .cases import first_cases, in_case, within
from .composing import summands, written
from .errors import DerivationError
from .expressions import COUNT, EULER, MINUS, ONE, SUMS, ZERO, Expr, build, num, rowed
from .measuring import cost
from .powers import Monomial, Poly, Power, added, numeric_content, rank, without_roots

__all__ = ["neat", "poly", "rebuilt"]

MOST_TERMS = 24  # beyond, sums are not multiplied out
MOST_ROUNDS = 24
LARGEST_FOLDED = 64  # a number to a higher power stays a power
SQUARES = ((np.sin, np.cos, 1), (np.cosh, np.sinh, -1))  # first² + sign · second² = 1


@lru_cache(maxsize=4096)
def neat(e: Expr, order: bool = True) -> Expr:
    """Return the form of `e` with least to read; terms stay in their order unless `order`."""
    if not e.args:
        return e
    if e.head is np.where:
        return cases(e)
    p = poly(e)
    spread = expand(p)
    forms = [p, spread, factor(p), factor(spread)]
    if spread is not p:
        forms.append(factor(p, spread=False))
    if len(p) > 1 or len(spread) > 1:
        squared = [one for q in (p, spread) if (one := squares_to_one(q)) is not q]
        forms += [*squared, *map(factor, squared[-1:])]
    if e.head in SUMS:
        forms.append(added(*[(dict([single(poly(neat(t)))]), sign) for t, sign in summands(e)]))
    found = [written(form, order) for form in forms]
    if (chosen := first_cases(e)) is not None:
        condition = cases(Expr(np.where, (chosen.args[0], ONE, ZERO))).args[0]
        found.append(
            build(np.where, condition, *[neat(within(e, chosen, a)) for a in chosen.args[1:]])
        )
    return min(found, key=cost)


def cases(e: Expr) -> Expr:
    condition, a, b = e.args
    tidy = rebuilt(condition.head, *map(neat, condition.args))
    return build(
        np.where, tidy, neat(in_case(a, condition, True)), neat(in_case(b, condition, False))
    )


def rebuilt(f: Any, *args: Expr) -> Expr:
    """Return `f` of `args`; what has none is itself."""
    return build(f, *args) if args else Expr(f)


# ---------------------------------------------------------------- reading


@lru_cache(maxsize=8192)
def poly(e: Expr) -> Poly:
    """Read `e` as a sum of products of powers; a sum inside a product stays one base.

    What is returned is shared, and not to be changed.
    """
    f, args = e.head, e.args
    if e.number is not None:
        return {(): e.number} if e.number else {}
    if f in SUMS:
        return added((poly(args[0]), 1), (poly(args[1]), 1 if f is np.add else -1))
    if f is np.negative:
        return added((poly(args[0]), -1))
    if f is np.positive:
        return poly(args[0])
    if f in (np.multiply, np.divide):
        return product((args[0], ONE), (args[1], ONE if f is np.multiply else MINUS))
    if f is np.power:
        return product((args[0], args[1]))
    if f is np.exp:
        exponent, c = single(poly(neat(args[0])))
        if len(exponent) == 1 and exponent[0][0].head is np.log and exponent[0][1] == ONE:
            return product((exponent[0][0].args[0], Expr(c)))  # e^(c·ln(x)) is x^c
        return product((EULER, args[0]))
    if f is np.log and (inside := neat(args[0])).head is np.exp:
        return poly(inside.args[0])
    if f is np.sum:
        return total(neat(args[0]))
    found = cases(e) if f is np.where else rebuilt(f, *map(neat, args))
    if found.number is not None or (found.head is not f and found.args):
        return poly(found)  # it has become something simpler: ln(1), a case that is none
    return {((found, ONE),): Fraction(1)}


def product(*powers: Power) -> Poly:
    """Return the product of `powers`: numbers worked out, equal bases taken together."""
    items: list[Power] = []
    c = Fraction(1)
    for base, exponent in powers:
        exponent = neat(exponent)
        n = exponent.number
        m, k = single(poly(base))
        if n is not None and n.denominator == 1 and abs(n) <= LARGEST_FOLDED:
            if k == 0 and n < 0:
                raise DerivationError(tr("the formula divides by zero, whatever its variables are"))
            c = c * k**n.numerator
            items += [(b, neat(e * exponent)) for b, e in m]
        elif k == 1 and len(m) == 1 and m[0][1] == ONE:
            items.append((m[0][0], exponent))
        else:
            items.append((neat(base), exponent))
    if not c:
        return {}
    for base, exponent in (m := merged(items)):
        n = exponent.number
        if n is not None and n < 0 and n.denominator == 1 and not positive(base):
            # No fractions in a denominator: 1/(1 + 1/x) is x/(x + 1).
            whole = [(written(factor(poly(base))), exponent)]
            return product(*[(b, e) for b, e in m if b != base], *whole, (num(c), ONE))
    return root_of_its_own(m, c)


def root_of_its_own(m: Monomial, c: Fraction) -> Poly:
    """Return √u/u as 1/√u, and u/√u as √u, also where u is a product such as 2π."""
    powers = dict(m)
    for base, exponent in m:
        if base.head is np.sqrt and exponent in (ONE, MINUS):
            parts, k = single(poly(base.args[0]))
            against = [powers[b] * exponent for b, e in parts if e == ONE and b in powers]
            if parts and len(against) == len(parts) and all((n.number or 0) <= -1 for n in against):
                rest = [(b, e) for b, e in m if b != base]
                rest += [*[(b, exponent) for b, _ in parts], (base, -exponent)]
                return root_of_its_own(merged(rest), c * k if exponent == ONE else c / k)
    return {m: c}


def merged(items: Iterable[Power]) -> Monomial:
    """Return a product in which each base stands once, in the order of writing."""
    powers: dict[Expr, Expr] = {}
    for base, exponent in items:
        powers[base] = neat(powers[base] + exponent) if base in powers else exponent
    for base, exponent in powers.items():
        if instead := without_roots(base, exponent):
            return merged([*[(b, e) for b, e in powers.items() if b != base], *instead])
        if base.head is np.sign and exponent == ONE:
            u, size = base.args[0], Expr(np.absolute, base.args)
            for b, becomes in ((size, u), (u, size)):  # |u|·sign(u) = u, and u·sign(u) = |u|
                if powers.get(b) in (ONE, MINUS):
                    rest = [(c, e) for c, e in powers.items() if c not in (base, b)]
                    return merged([*rest, (becomes, powers[b])])
    return tuple(sorted(((b, e) for b, e in powers.items() if e != ZERO), key=rank))


def single(p: Poly) -> tuple[Monomial, Fraction]:
    """Return `p` as one product: a sum becomes one base, what its terms share taken out."""
    if len(p) > 1 and any(is_sum(m) for m in p):
        # A sum that is left of a product, (1 − w)·x/x, is a part of this one.
        p = added(*[(poly(m[0][0]) if is_sum(m) else {m: Fraction(1)}, c) for m, c in p.items()])
    if len(p) < 2:
        return next(iter(p.items()), ((), Fraction(0)))
    content = numeric_content(p)
    shared = [(b, n) for b, n in in_all(p) if n.number is not None and n.number > 0]
    if shared:
        inverse = [(b, -n) for b, n in shared]
        p = added(*[({merged([*m, *inverse]): c}, 1) for m, c in p.items()])
        if len(p) < 2:
            m, c = single(p)
            return merged([*shared, *m]), c
    return merged([*shared, (written(added((p, 1 / content))), ONE)]), content


def is_sum(m: Monomial) -> bool:
    return len(m) == 1 and m[0][1] == ONE and m[0][0].head in SUMS


def in_all(p: Poly) -> list[Power]:
    """Return the powers that all terms share; a base that one lacks has the exponent 0 there."""
    found: list[Power] = []
    for base in {b: None for m in p for b, _ in m}:
        exponents = [dict(m).get(base, ZERO) for m in p]
        known = [e.number for e in exponents if e.number is not None]
        if len(known) == len(exponents):
            found.append((base, num(min(known))))
        elif len(set(exponents)) == 1:
            found.append((base, exponents[0]))
    return found


def total(body: Expr) -> Poly:
    """Read Σᵢ body: what is the same for each data point stands before the sum."""
    p = poly(body)
    together = summed(*single(p))
    if len(p) > 1 and not all(any(rowed(b) or rowed(e) for b, e in m) for m in p):
        apart = added(*[(summed(m, c), 1) for m, c in p.items()])  # Σᵢ (xᵢ − 1) = Σᵢ xᵢ − n
        return min(together, apart, key=lambda form: cost(written(form)))
    return together


def summed(m: Monomial, c: Fraction) -> Poly:
    """Read the sum over the data points of one product."""
    outside = [(b, e) for b, e in m if not (rowed(b) or rowed(e))]
    inside = tuple((b, e) for b, e in m if rowed(b) or rowed(e))
    if not c:
        return {}
    if not inside:
        return {merged([*outside, (COUNT, ONE)]): c}
    inner = written({inside: Fraction(1 if c > 0 else -1)})
    if inner.head is np.negative:
        inner = inner.args[0]
    else:
        c = abs(c)
    return {merged([*outside, (Expr(np.sum, (inner,)), ONE)]): c}


# ---------------------------------------------------------------- forms


def expand(p: Poly) -> Poly:
    """Multiply sums out, one after the other; fractions first, so that what cancels cancels."""
    for _ in range(MOST_ROUNDS):
        found = [
            (positive(b), m, b, n.number)
            for m in p
            for b, n in m
            if b.head in SUMS
            and n.number is not None
            and n.number.denominator == 1
            and n.number > 0
        ]
        if not found or len(p) > MOST_TERMS:
            break
        _, m, b, n = min(found, key=lambda each: each[0])
        rest = [(c, e) for c, e in m if c != b] + [(b, num(n - 1))] * (n > 1)
        p = dict(p)
        times = p.pop(m)
        terms = poly(b).items()
        p = added((p, 1), *[({merged([*rest, *t]): k}, times) for t, k in terms])
    return p


def positive(b: Expr) -> bool:
    """Say whether `b` is no sum, or one of which no term has a denominator."""
    if b.head not in SUMS:
        return True
    return not any(e.number is not None and e.number < 0 for m in poly(b) for _, e in m)


def factor(p: Poly, spread: bool = True) -> Poly:
    """Take out what all terms share, and the largest denominator; multiply out what is left."""
    if len(p) < 2:
        return p
    common = in_all(p)
    inverse = [(b, -e) for b, e in common]
    # Two terms may become one: √x·√x and x.
    parts = [({merged([*m, *inverse]): c}, 1) for m, c in p.items()]
    left = added(*parts)
    rest, content = single(expand(left) if spread else left)
    return {merged([*rest, *common]): content} if content else {}


def squares_to_one(p: Poly) -> Poly:
    """Return `p` with sin²(u) + cos²(u), times the same, taken together."""
    for f, g, sign in SQUARES:
        for m, c in p.items():
            base = next((b for b, e in m if b.head is f and e == num(2)), None)
            if base is None:
                continue
            rest = [(b, e) for b, e in m if b != base]
            other = merged([*rest, (Expr(g, base.args), num(2))])
            if p.get(other, 0) == c * sign:
                left = {k: v for k, v in p.items() if k not in (m, other)}
                return squares_to_one(added((left, 1), ({merged(rest): c}, 1)))
    return p
