"""`derive`: what is asked for, checked, and the derivation of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chainrule._languages import mark, tr
from chainrule.formulas import CONSTANTS
from chainrule.formulas.grammar import nearest

from .derivation import Derivation, Note
from .deriving import derived
from .errors import DerivationError
from .expressions import COUNT, Expr, Name, rowed, subexpressions
from .naming import Computation, named
from .numbers import add_numbers
from .proof import UNCONFIRMED, Source
from .reading import Statements, from_function, from_text, source_of
from .simplifying import neat

__all__ = ["derive"]

At = Mapping[str, float | Sequence[float]] | float | Sequence[float]
HIGHEST_ORDER = 6

NOTHING = mark("the formula depends on no variable, so there is nothing to derive by")
COUNTED = mark("{name} is the number of data points.")
LACKING = mark("There is no number at the end: no value was given for {names}.")


def derive(
    what: str | Callable[..., Any],
    wrt: str | None = None,
    at: At | None = None,
    order: int = 1,
) -> Derivation:
    """Return the derivation of the derivative of `what` by `wrt`, as a course writes it.

    `what` is a formula, "(x+w)*(w+1)"; statements that name its values, "z = w*x; p = …", whose
    names are then kept; or a small Python function of numbers, with NumPy's functions. `wrt` is
    the variable, and may be left out if there is only one. `at` gives variables values, a dict
    or for a single variable its value alone; numbers then follow the symbols. A list has one
    value for each data point, and `sum(…)` in statements goes over them. `order` is 2 for the
    second derivative, which derives the first.

    Every step was evaluated at random points, equal to the one before and to `grad`; a step that
    cannot be confirmed is not shown. Printing the result shows it; `steps` are data.

    Raises DerivationError for what cannot be read or derived, as one sentence.

    >>> print(derive("(x+w)*(w+1)", "w", {"x": 2, "w": 1}))
    a = x + w
    b = w + 1
    y = a·b
    <BLANKLINE>
    ∂y/∂w = ∂y/∂a·∂a/∂w + ∂y/∂b·∂b/∂w   chain rule
          = b·1 + a·1                   local derivatives: product rule
          = b + a                       simplify
          = (w + 1) + (x + w)           put back
          = 2w + x + 1                  collect
          = 2·1 + 2 + 1                 numbers
          = 5
    >>> derive("x**3", at=2, order=2).value
    12.0
    """
    if not isinstance(order, int) or isinstance(order, bool) or not 1 <= order <= HIGHEST_ORDER:
        raise DerivationError(
            tr("order is {order}, but 1 to {most} can be derived", order=order, most=HIGHEST_ORDER)
        )
    values = _values(what, at)
    rows = [name for name, v in values.items() if np.ndim(v)]
    statements = _statements(what, rows)
    given = _given(statements)
    wrt = _variable(wrt, given)
    _check_values(values, given)
    computation = named(statements, wrt)
    variable = given[wrt]
    if rowed(computation.y):
        raise DerivationError(
            tr(
                "the formula has one value for each data point; put sum( ) or mean( ) around "
                "it, or give {names} one value",
                names=", ".join(rows),
            )
        )
    near = {given[name]: v for name, v in values.items()}
    with np.errstate(all="ignore"):  # points outside of the domain are tried, too
        d = _of_order(computation, variable, near, order, source_of(what, statements))
    _name_the_count(d, {*given, *(n.head.text for n in d.definitions)})
    return d


def _name_the_count(d: Derivation, taken: set[str]) -> None:
    """Say what n is, where it stands; if something else is called n already, call it N or m."""
    expressions = [*d.definitions.values(), *(e for _, e in d.parts), *(s.expr for s in d.steps)]
    if not any(COUNT in subexpressions(e) for e in expressions):
        return
    sign = next((Expr(c) for c in "nNmMK" if c not in taken), COUNT)
    if sign != COUNT:
        d.definitions = {n: e.put({COUNT: sign}) for n, e in d.definitions.items()}
        d.parts = [(n, e.put({COUNT: sign})) for n, e in d.parts]
        d.steps = [replace(s, expr=s.expr.put({COUNT: sign})) for s in d.steps]
    d.notes.append(Note(COUNTED, {"name": sign}))


def _of_order(
    computation: Computation, wrt: Expr, near: dict[Expr, Any], order: int, source: Source
) -> Derivation:
    if order > 1 and wrt.head.row:
        raise DerivationError(
            tr(
                "{name} has a value for each data point, so a second derivative by it is a "
                "matrix; derive by a variable with one value",
                name=wrt.head.text,
            )
        )
    d, points = derived(computation, wrt, near)
    for k in range(1, order):
        computation = _next(d, computation, wrt)
        d, points = derived(computation, wrt, near)
        d.order = k + 1
    if not points.agree_with(source, wrt, order, d.result):
        raise DerivationError(tr(UNCONFIRMED))
    free = computation.free(computation.y) | {wrt}
    lacking = [n for n in sorted(free, key=repr) if n not in near]
    if not lacking:
        add_numbers(d, {n: near[n] for n in free}, computation.full(computation.y))
    elif near:
        names = tr(" and ").join(n.head.text for n in lacking)
        d.notes.append(Note(LACKING, {"names": names}))
    return d


def _next(d: Derivation, computation: Computation, wrt: Expr) -> Computation:
    """Return the computation whose y is the derivative that `d` found."""
    name = Expr(Name(d.y.head.text + "′", data=False))
    if d.parts:
        raise DerivationError(
            tr("the derivative is too long to be derived once more; ask for a lower order")
        )
    found = d.result
    leaves = set(found.leaves())
    if d.y in leaves or leaves & computation.steps:  # σ(1 − σ): σ is a step of its own
        kept = {n: e for n, e in computation.definitions.items() if n in computation.steps}
        kept[d.y] = d.y if d.y in kept else computation.full(d.y)
        used = {n: computation.full(e) if n == d.y else e for n, e in kept.items()}
        used = _needed(used, found)
        return Computation({**used, name: found}, {*used, name}, used)
    return named([(name.head.text, neat(computation.full(found)))], wrt.head.text)


def _needed(definitions: dict[Expr, Expr], e: Expr) -> dict[Expr, Expr]:
    """Return those of `definitions` that `e` needs."""
    needed: set[Expr] = set()
    todo = list(e.leaves())
    while todo:
        n = todo.pop()
        if n in definitions and n not in needed:
            needed.add(n)
            todo += definitions[n].leaves()
    return {n: meant for n, meant in definitions.items() if n in needed}


# ---------------------------------------------------------------- what is given


def _statements(what: str | Callable[..., Any], rows: Sequence[str]) -> Statements:
    if isinstance(what, str):
        return from_text(what, rows)
    if callable(what):
        return from_function(what, rows)
    raise DerivationError(
        tr(
            "a derivation is of a formula, as text, or of a Python function, not of {kind}",
            kind=type(what).__name__,
        )
    )


def _given(statements: Statements) -> dict[str, Expr]:
    """Return the variables of the statements by name, those that no statement gives."""
    names = {name for name, _ in statements}
    leaves = [leaf for _, e in statements for leaf in e.leaves()]
    return {leaf.head.text: leaf for leaf in leaves if leaf.head.text not in names}


def _variable(wrt: str | None, given: dict[str, Expr]) -> str:
    known = ", ".join(sorted(given))
    if not given:
        raise DerivationError(tr(NOTHING))
    if wrt is None:
        if len(given) > 1:
            raise DerivationError(
                tr("the formula has the variables {names}; say by which to derive", names=known)
            )
        return next(iter(given))
    if wrt in CONSTANTS:
        raise DerivationError(
            tr("{name} is a constant in formulas, not a variable; choose another name", name=wrt)
        )
    if wrt not in given:
        near = nearest(wrt, list(given))
        raise DerivationError(
            tr("{name} is no variable of the formula; did you mean {near}?", name=wrt, near=near)
            if near
            else tr("{name} is no variable of the formula; it has {names}", name=wrt, names=known)
        )
    return wrt


def _values(what: str | Callable[..., Any], at: At | None) -> dict[str, Any]:
    """Return what `at` gives, by name: numbers as floats, lists as arrays."""
    if at is None:
        return {}
    if not isinstance(at, Mapping):
        given = _given(_statements(what, []))
        if not given:
            raise DerivationError(tr(NOTHING))
        if len(given) > 1:
            raise DerivationError(
                tr(
                    "the formula has the variables {names}; give their values by name, as in "
                    "{given}",
                    names=", ".join(sorted(given)),
                    given="at={" + ", ".join(f'"{name}": 1' for name in sorted(given)) + "}",
                )
            )
        at = {next(iter(given)): at}
    found = {name: _value(name, v) for name, v in at.items()}
    lengths = {name: len(v) for name, v in found.items() if np.ndim(v)}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name}: {count}" for name, count in lengths.items())
        raise DerivationError(
            tr(
                "the lists have different lengths ({lengths}); each needs one value for each data "
                "point",
                lengths=told,
            )
        )
    return found


def _value(name: str, v: Any) -> Any:
    try:
        array = np.asarray(v, float)
    except (TypeError, ValueError):
        raise DerivationError(
            tr(
                "{name} is given as {value}; give a number, or a list of numbers",
                name=name,
                value=repr(v),
            )
        ) from None
    if array.ndim > 1 or array.size == 0:
        raise DerivationError(
            tr("{name} is given an empty list; give a value for each data point", name=name)
            if not array.size
            else tr("{name} is given a table; give a number, or a list of numbers", name=name)
        )
    if not np.all(np.isfinite(array)):
        raise DerivationError(
            tr("{name} is given as {value}; give a finite number", name=name, value=repr(v))
        )
    return float(array) if array.ndim == 0 else array


def _check_values(values: dict[str, Any], given: dict[str, Expr]) -> None:
    for name in values:
        if name not in given:
            raise DerivationError(
                tr(
                    "{name} is given a value, but is no variable of the formula; it has {names}",
                    name=name,
                    names=", ".join(sorted(given)),
                )
            )
