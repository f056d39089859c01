"""`derive`: what is asked for, checked, and the derivation of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from chainrule._languages import mark, tr

from .computation import Computation
from .derivation import Derivation, Note
from .deriving import derived
from .errors import DerivationError
from .expressions import COUNT, Expr, Name, rowed, subexpressions
from .given import At, check_values, chosen_variable, statements_of, values_of, variables_of
from .naming import named
from .numbers import add_numbers, plain
from .proof import UNCONFIRMED, Source
from .reading import source_of
from .simplifying import neat

__all__ = ["derive"]

HIGHEST_ORDER = 6

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
    values = values_of(what, at)
    rows = [name for name, v in values.items() if np.ndim(v)]
    statements = statements_of(what, rows)
    given = variables_of(statements)
    wrt = chosen_variable(wrt, given)
    check_values(values, given)
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
    d.at = {name: plain(v) for name, v in values.items()}
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
        add_numbers(d, {n: near[n] for n in free})
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
        used = {n: e for n, e in computation.definitions.items() if n in computation.steps}
        used[d.y] = computation.full(d.y)
        found = found.put({n: computation.full(n) for n in leaves if n not in used})
        used = _needed(used, found)
        return Computation({**used, name: found}, {*used, name}, used)
    whole = computation.full(found)
    grouped = any(part.head is np.positive for part in subexpressions(whole))
    if grouped or whole != found:
        whole = neat(whole)
    return named([(name.head.text, whole)], wrt.head.text)


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
