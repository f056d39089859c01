"""The walk over an expression that writes it: one table of what binds how tightly, any alphabet."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ..expressions import SUMS, Expr, Name, Slope, num, rowed
from .alphabet import Alphabet
from .pieces import Binding, Written
from .words import (
    BASES,
    CHOOSING,
    COMPACT,
    CONDITIONS,
    FENCED,
    MEANS,
    NAMES,
    ROOTS,
    WORDS,
    called_as,
    decimal,
    is_called,
)

__all__ = ["INDICES", "higher", "write"]

RELATION, SUM, SIGNED, QUOTIENT, PRODUCT, POWER, ATOM = Binding
INDICES = "ijkmrst"  # of rows, and of those of the sums within


def write(e: Expr, s: Alphabet, *, in_row: bool = False, indices: str = INDICES) -> Written:
    """Return `e` in the alphabet `s`.

    What has one value for each data point carries an index, of the sum around it; `in_row` says
    that one stands outside, as in a line that tells of every point.
    """
    return _Walk(s, indices).write(e, 1 if in_row or rowed(e) else 0)


def higher(slope: Slope, times: int, s: Alphabet) -> str:
    """Return d²y/dx² for the slope dy/dx and 2."""
    return _Walk(s, INDICES).slope(slope, 1 if slope.of.row or slope.by.row else 0, times)


class _Walk:
    """Writes in one alphabet; `depth` says how many indices are in use around an expression."""

    def __init__(self, s: Alphabet, indices: str) -> None:
        self.s = s
        self.indices = indices

    def write(self, e: Expr, depth: int) -> Written:
        f, args = e.head, e.args
        if not args:
            return self.leaf(f, depth)
        if f in MEANS and not (self.s.code and f in WORDS):
            return self.write(MEANS[f](args[0]), depth)
        if f is np.positive:  # what was put back keeps its parentheses
            inner = self.write(args[0], depth)
            return self.fenced(inner) if inner.binding <= SIGNED else inner
        if f in SUMS:
            return self.sum(f, args, depth)
        if f is np.negative:
            return self.negative(args[0], depth)
        if f is np.multiply:
            return self.product(args, depth)
        if f is np.divide:
            return self.quotient(args, depth)
        if f is np.power:
            return self.power(args, depth)
        if f in CONDITIONS:
            left = self.inside(args[0], SUM, depth, last=False)
            right = self.inside(args[1], SUM, depth)
            sign = "==" if self.s.code and f is np.equal else CONDITIONS[f]
            return left.close(self.s.sign(sign), right, RELATION)
        return self.function(f, args, depth)

    def inside(self, e: Expr, least: Binding, depth: int, *, last: bool = True) -> Written:
        """Return `e`, in parentheses if it binds less than `least`, or runs into what follows."""
        written = self.write(e, depth)
        if written.binding < least or (written.trailing and not last):
            return self.fenced(written)
        return written

    def fenced(self, inner: Written) -> Written:
        return inner.fenced(self.s.fences("(", inner.text))

    # ---- leaves

    def leaf(self, head: Any, depth: int) -> Written:
        if isinstance(head, Fraction):
            return self.number(head)
        if isinstance(head, Name):
            return Written.whole(self.name(head, depth), ATOM)
        if isinstance(head, Slope):
            return Written.whole(self.slope(head, depth, 1), PRODUCT if self.s.linear else QUOTIENT)
        return Written.whole(self.s.name(Name({"π": "pi"}.get(head, head)), ""), ATOM)

    def name(self, name: Name, depth: int) -> str:
        return self.s.name(name, self.index(max(depth, 1)) if name.row else "")

    def index(self, depth: int) -> str:
        """The index that is the innermost of so many; the last letter serves all beyond it."""
        return self.indices[min(depth, len(self.indices)) - 1]

    def slope(self, slope: Slope, depth: int, times: int) -> str:
        of, by, *held = (self.name(n, depth) for n in (slope.of, slope.by, *slope.held))
        if times > 1:  # of y′ the derivative is the second of y
            of = self.name(slope.of._replace(text=slope.of.text.rstrip("′")), depth)
        return self.s.slope(of, by, times, partial=slope.partial, held=held)

    def number(self, n: Fraction) -> Written:
        if n < 0:
            return Written(self.number(abs(n)).before(self.minus()), SIGNED)
        if (shown := decimal(n)) is None:
            over, under = (self.s.number(str(k)) for k in (n.numerator, n.denominator))
            return Written.whole(self.s.over(over, under), QUOTIENT)
        mantissa, _, exponent = shown.partition("e")
        if not exponent or self.s.code:
            return Written.whole(self.s.number(shown), ATOM)
        ten = self.power((num(10), num(int(exponent))), 0)
        if mantissa == "1":
            return ten
        return Written.whole(self.s.number(mantissa), ATOM).close(self.s.sign("·"), ten, PRODUCT)

    # ---- arithmetic

    def minus(self) -> str:
        return self.s.sign("−").strip() if self.s.linear else self.s.sign("signed")

    def sum(self, f: Any, args: tuple[Expr, ...], depth: int) -> Written:
        left = self.inside(args[0], SUM, depth, last=False)
        right = self.inside(args[1], QUOTIENT, depth)
        return left.then(self.s.sign("+" if f is np.add else "−"), right, 0, SUM)

    def negative(self, e: Expr, depth: int) -> Written:
        inner = self.inside(e, QUOTIENT, depth)
        return Written(inner.before(self.minus()), SIGNED, inner.trailing)

    def product(self, args: tuple[Expr, ...], depth: int) -> Written:
        least = PRODUCT if self.s.linear else QUOTIENT
        left = self.inside(args[0], least, depth, last=False)
        right = self.inside(args[1], least, depth)
        if self.is_close(*args):
            return left.close("", right, PRODUCT)
        return left.then(self.s.sign("·"), right, 1, PRODUCT)

    def is_close(self, a: Expr, b: Expr) -> bool:
        """Say whether nothing is written between `a` and `b`, as in 2w and 2e^x."""
        n, follows = a.number, _first_factor(b).head
        if self.s.code or n is None or n <= 1 or "e" in (decimal(n) or "e"):
            return False
        if isinstance(follows, Name):
            return not (self.s.linear and follows.text[:1] in "eE")  # 2e5 would be a number
        return follows in COMPACT or isinstance(follows, str)

    def quotient(self, args: tuple[Expr, ...], depth: int) -> Written:
        over, under = args
        if over.head is np.negative:  # the minus stands before the fraction
            inner = self.quotient((over.args[0], under), depth)
            return Written(inner.before(self.minus()), SIGNED)
        if not self.s.linear:
            a, b = (self.write(v, depth).text for v in args)
            return Written.whole(self.s.over(a, b), QUOTIENT)
        left = self.inside(over, PRODUCT, depth, last=False)
        return left.close("/", self.inside(under, POWER, depth), QUOTIENT)

    def power(self, args: tuple[Expr, ...], depth: int) -> Written:
        base, exponent = args
        n = exponent.number
        whole = n is not None and n.denominator == 1
        # Not for −1: sin⁻¹ is another function.
        if self.s.raises and whole and n is not None and n > 1 and is_called(base):
            word = self.s.word(WORDS[base.head])
            raised = self.s.power(word, self.write(exponent, depth).text, whole=True)
            return self.called(raised, base.args, depth)
        return self.raised(self.inside(base, ATOM, depth), exponent, depth)

    def raised(self, base: Written, exponent: Expr, depth: int) -> Written:
        n = exponent.number
        whole = n is not None and n.denominator == 1
        above = self.write(exponent, depth)
        if self.s.linear and above.binding < ATOM and not (whole and self.s.raises):
            return base.close(self.s.sign("^"), self.fenced(above), POWER)
        if not self.s.suffixes:
            return Written.whole(self.s.power(base.text, above.text, whole=whole), POWER)
        *start, (depth_of_last, last) = base.pieces
        raised = self.s.power(last, above.text, whole=whole)
        return Written((*start, (depth_of_last, raised)), POWER)

    # ---- functions

    def function(self, f: Any, args: tuple[Expr, ...], depth: int) -> Written:
        if f is np.sum:
            return self.total(args[0], depth)
        if self.s.code:
            return self.called(called_as(f, NAMES), args, depth)
        if f is np.exp:
            return self.raised(Written.whole(self.s.name(Name("e"), ""), ATOM), args[0], depth)
        if f in ROOTS:
            return self.root(args[0], ROOTS[f], depth)
        if f in FENCED:
            inner = self.write(args[0], depth)
            return inner.fenced(self.s.fences(FENCED[f], inner.text))
        if f in CHOOSING:
            return self.cases(args, depth)
        word = self.s.based("log", BASES[f]) if f in BASES else self.s.word(called_as(f, WORDS))
        return self.called(word, args, depth)

    def root(self, e: Expr, degree: int, depth: int) -> Written:
        inner = self.write(e, depth)
        if not self.s.linear:
            return Written.whole(self.s.root(inner.text, degree), ATOM)
        if self.s.raises and not e.args and inner.binding == ATOM:  # √x
            return Written.whole(self.s.root(inner.text, degree), POWER)
        binding = POWER if self.s.raises else ATOM  # sqrt(x) is a call
        return Written(self.fenced(inner).before(self.s.root("", degree)), binding)

    def called(self, word: str, args: tuple[Expr, ...], depth: int) -> Written:
        inner = self.write(args[0], depth)
        for arg in args[1:]:
            following = self.write(arg, depth)
            inner = inner.close(self.s.sign(","), following, RELATION)
        fenced = self.fenced(inner)
        return Written(fenced.before(self.s.before_call(word)), ATOM)

    def total(self, e: Expr, depth: int) -> Written:
        if self.s.code:
            return self.called("sum", (e,), depth)
        inner = self.inside(e, QUOTIENT, depth + 1)
        sign = self.s.total(self.index(depth + 1))
        return Written(inner.before(sign), PRODUCT, trailing=True)

    def cases(self, args: tuple[Expr, ...], depth: int) -> Written:
        pairs: list[tuple[Written, Written]] = []
        while True:
            condition, value, rest = args
            pairs.append((self.write(value, depth), self.write(condition, depth)))
            if rest.head not in CHOOSING:
                break
            args = rest.args
        return self.s.cases(pairs, self.write(rest, depth))


def _first_factor(e: Expr) -> Expr:
    power = e.head is np.power and not e.args[0].args  # (√x)³ begins with a parenthesis
    return _first_factor(e.args[0]) if power or e.head is np.multiply else e
