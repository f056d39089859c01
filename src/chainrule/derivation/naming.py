"""Which values of a computation get a name, as a teacher would choose them.

Every function, product, quotient and sum gets one; −a, 2x, and inside a sum w·x and x² do not. So
z = w·x + b is one step, and w + 1 is one. Whoever names values decides the steps: statements are
kept as they are. A logistic curve inside of something larger is a step, p = 1/(1+e^(−z)).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from .computation import Computation
from .expressions import COMPARISONS, ONE, SUMS, Expr, Name, negative, rowed, subexpressions
from .measuring import letters as letters_in
from .reading import Statements

__all__ = ["LETTERS", "RESULTS", "named"]

# d, e, i, l, o mean or look like something else; j and k number rows; y is the result.
LETTERS = "abcfghmpqrstuvwxz"
RESULTS = "yzfs"
LONGEST_CASES = 60  # letters; longer ones are taken apart


def named(statements: Statements, wrt: str) -> Computation:
    """Return the computation of `statements` with names for its values.

    `wrt`, the name that is derived by, is never taken for a value.
    """
    used = {leaf.head.text for _, e in statements for leaf in e.leaves()}
    used |= {name for name, _ in statements if name} | {wrt}
    last_name, last = statements[-1]
    out = last_name or next((c for c in RESULTS if c not in used), "result")
    used.add(out)
    letters = _letters(used)  # none that is used by then
    if len(statements) > 1:
        definitions: dict[Expr, Expr] = {}
        for name, e in statements:
            e, _ = _curves_apart(e, definitions, letters, used, whole=True)
            e = _sums_apart(e, definitions, letters)
            definitions[Expr(Name(name or out, rowed(e), data=False))] = e
        rows = any(n.head.row for n in definitions)
        return Computation(definitions, definitions, definitions if rows else ())
    definitions = {}
    last, is_loss = _curves_apart(last, definitions, letters, used)
    steps = list(definitions)
    if is_loss:
        out = last_name or ("L" if "L" not in used else out)
        last = _sums_apart(last, definitions, letters)
    else:
        last = _parts(last, None, definitions, letters)
    definitions[Expr(Name(out, rowed(last), data=False))] = last
    steps = list(definitions) if is_loss else steps
    return Computation(definitions, steps, steps)


def _letters(used: set[str]) -> Iterator[str]:
    yield from (c for c in LETTERS if c not in used)
    yield from (f"v{k}" for k in range(1, 10000) if f"v{k}" not in used)


def _name(e: Expr, definitions: dict[Expr, Expr], letters: Iterator[str]) -> Expr:
    """Return the name of the value `e`, a new one if it has none."""
    for name, meant in definitions.items():
        if meant == e:
            return name
    name = Expr(Name(next(letters), rowed(e), data=False))
    definitions[name] = e
    return name


def _parts(e: Expr, parent: object, definitions: dict[Expr, Expr], letters: Iterator[str]) -> Expr:
    """Return `e` with a name for every value that deserves one; `parent` is what it stands in."""
    if not e.args or _constant(e):
        return e
    inline = parent is None
    if _monomial(e):
        inline |= parent in SUMS or _degree(e) == 1
    elif e.head is not np.where or letters_in(e) > LONGEST_CASES:  # else cases are one step
        inside = None if e.head is np.sum else e.head
        args = tuple(_parts(arg, inside, definitions, letters) for arg in e.args)
        e = Expr(e.head, args)
        factors = args if e.head is np.multiply else args[1:] if e.head is np.divide else ()
        inline |= e.head is np.negative or any(_constant(arg) for arg in factors)
        inline |= e.head is parent is np.multiply or (e.head in SUMS and parent in SUMS)
        inline |= e.head in COMPARISONS
    return e if inline else _name(e, definitions, letters)


def _constant(e: Expr) -> bool:
    return next(e.leaves(), None) is None


def _sums_apart(
    e: Expr, definitions: dict[Expr, Expr], letters: Iterator[str], inside: bool = False
) -> Expr:
    """Return `e` with a name for each sum over the rows that stands in something of rows."""
    args = tuple(
        _sums_apart(arg, definitions, letters, inside or rowed(e) or e.head is np.sum)
        for arg in e.args
    )
    e = Expr(e.head, args)
    return _name(e, definitions, letters) if e.head is np.sum and inside else e


# ---------------------------------------------------------------- logistic curves


def _curves_apart(
    e: Expr,
    definitions: dict[Expr, Expr],
    letters: Iterator[str],
    used: set[str],
    whole: bool = False,
) -> tuple[Expr, bool]:
    """Return `e` with names for the logistic curves in it, and whether `e` is a loss of one.

    A loss has the logarithm of a probability p, or of 1 − p; it is then one step, as is p.
    An `e` that is itself a curve is left alone, or if it is a step as a `whole`, in terms of z.
    """
    found = [c for c in subexpressions(e) if _logistic(c) is not None and not _constant(c)]
    if not found:
        return e, False
    if e in found:
        z = _logistic(e)
        if whole and z is not None and z.args:
            z = _named_first("z", z, definitions, letters, used)
            return _curve(z), False
        return e, False
    names: dict[Expr, Expr] = {}
    for curve in dict.fromkeys(found):
        z = _logistic(curve)
        if z is None or any(curve != c and curve in subexpressions(c) for c in found):
            continue
        if z.args:
            z = _named_first("z", z, definitions, letters, used)
        names[curve] = _named_first("p", _curve(z), definitions, letters, used)
    e = _replaced(e, names)
    ps = set(names.values())
    logs = [each.args[0] for each in subexpressions(e) if each.head is np.log]
    return e, any(a in ps or (a.head is np.subtract and a.args[1] in ps) for a in logs)


def _curve(z: Expr) -> Expr:
    return Expr(np.divide, (ONE, Expr(np.add, (ONE, Expr(np.exp, (-z,))))))


def _named_first(
    text: str, e: Expr, definitions: dict[Expr, Expr], letters: Iterator[str], used: set[str]
) -> Expr:
    if text in used or any(name.head.text == text for name in definitions):
        return _name(e, definitions, letters)
    used.add(text)
    return _name(e, definitions, iter([text]))


def _logistic(e: Expr) -> Expr | None:
    """Return z if `e` is 1/(1 + e^(−z)), else None."""
    if e.head is not np.divide or e.args[0] != ONE or e.args[1].head is not np.add:
        return None
    a, b = e.args[1].args
    power = b if a == ONE else a if b == ONE else ONE
    if power.head is not np.exp:
        return None
    if negative(power.args[0]):
        return -power.args[0]
    first = power.args[0]
    while first.head is np.multiply:
        first = first.args[0]
    return _turned(power.args[0]) if negative(first) else None


def _turned(e: Expr) -> Expr:
    """Return −e, where the first factor of `e` has the minus."""
    if e.head is not np.multiply:
        return -e
    return Expr(np.multiply, (_turned(e.args[0]), e.args[1])) if e.args[0] != -ONE else e.args[1]


def _replaced(e: Expr, names: dict[Expr, Expr]) -> Expr:
    if e in names:
        return names[e]
    return Expr(e.head, tuple(_replaced(arg, names) for arg in e.args)) if e.args else e


def _monomial(e: Expr) -> bool:
    """Say whether `e` is a number times powers of names: −2·u·v²."""
    if e.head in (np.divide, np.power):
        return _monomial(e.args[0]) and e.args[1].number is not None
    return not e.args or (e.head in (np.multiply, np.negative) and all(map(_monomial, e.args)))


def _degree(e: Expr) -> Fraction:
    if e.head is np.power:
        return _degree(e.args[0]) * (e.args[1].number or Fraction(0))
    return sum((_degree(arg) for arg in e.args), Fraction(isinstance(e.head, Name)))
