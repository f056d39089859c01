"""Reading what is to be derived: formulas, statements, and small Python functions."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from chainrule._languages import tr
from chainrule.formulas import FUNCTIONS, Formula, FormulaError
from chainrule.formulas.formula import Call, Number, Variable
from chainrule.formulas.grammar import choice
from chainrule.formulas.statements import parse_statements

from .errors import DerivationError
from .expressions import COUNT, EULER, PI, Expr, Name, build, num, rowed

__all__ = ["Statements", "from_formula", "from_function", "from_text"]

Statements = list[tuple[str | None, Expr]]

MOST_OPERATIONS, MOST_DEPTH = 300, 60
SEVERAL = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
SIGNS = {math.pi: PI, math.e: EULER}


# Functions of formulas that a course writes with others.
SPELLED: dict[Any, Callable[..., Expr]] = {
    FUNCTIONS["sigmoid"][0]: lambda x: 1 / (1 + build(np.exp, -x)),
    FUNCTIONS["softplus"][0]: lambda x: build(np.log, 1 + build(np.exp, x)),
    FUNCTIONS["relu"][0]: lambda x: build(np.maximum, x, 0),
    choice: lambda condition, a, b: build(np.where, condition, a, b),
    np.mean: lambda x: (1 / COUNT) * build(np.sum, x),
}


def from_formula(formula: Formula, meaning: Mapping[str, Expr]) -> Expr:
    """Return the expression that `formula` writes, its variables standing for `meaning`."""
    stack: list[Expr] = []
    for step in formula.steps:
        match step:
            case Number(value):
                stack.append(SIGNS[value] if value in SIGNS else num(value))
            case Variable(name):
                stack.append(meaning[name])
            case Call(function, count):
                args = stack[-count:]
                stack[-count:] = [applied(function, args)]
    return stack[0]


def applied(function: Any, args: list[Expr]) -> Expr:
    if function in SPELLED:
        return SPELLED[function](*args)
    found: Expr = function(*args) if isinstance(function, np.ufunc) else build(function, *args)
    return found


def from_text(text: str, rows: Iterable[str]) -> Statements:
    """Return the statements of `text` as names and expressions; `rows` have many values."""
    rows = list(rows)
    known = {name: Expr(Name(name, row=True)) for name in rows}
    found: Statements = []
    try:
        statements = parse_statements(text, rows)
    except FormulaError as error:
        raise DerivationError(str(error)) from None
    for each in statements:
        for name in each.formula.names:
            known.setdefault(name, Expr(Name(name)))
        e = from_formula(each.formula, known)
        check_size(e)
        found.append((each.name, e))
        if each.name is not None:
            known[each.name] = Expr(Name(each.name, row=rowed(e), data=False))
    return found


def from_function(function: Callable[..., Any], rows: Iterable[str]) -> Statements:
    """Return the one expression that a Python function makes of symbols for its parameters."""
    name = getattr(function, "__name__", "function")
    parameters = parameters_of(function, name)
    rows = set(rows)
    for parameter in parameters:
        if parameter in ("e", "pi", "π"):
            raise DerivationError(
                tr(
                    "{name} is a constant in derivations; give the function's parameter another "
                    "name",
                    name=parameter,
                )
            )
    try:
        y = function(*[Expr(Name(p, p in rows)) for p in parameters])
    except DerivationError:
        raise
    except Exception as error:
        raise DerivationError(
            tr(
                "{function} cannot be read: run on symbols it raised {error}; it may use "
                "+ - * / ** and the functions of NumPy that formulas have",
                function=name,
                error=f"{type(error).__name__}: {error}",
            )
        ) from None
    if isinstance(y, np.ndarray) and y.shape == ():
        y = y.item()
    if not isinstance(y, Expr | int | float | np.number):
        raise DerivationError(
            tr(
                "{function} returned {kind}, but a derivation is of one number",
                function=name,
                kind=type(y).__name__,
            )
        )
    e = num(y)
    check_size(e)
    return [(None, e)]


def source_of(what: str | Callable[..., Any], statements: Statements) -> Callable[..., Any]:
    """Return what was given as a function of a dict of its variables' values."""
    if not isinstance(what, str):
        parameters = parameters_of(what, "")
        return lambda values: what(*[values.get(name, 0.0) for name in parameters])
    rows = [leaf.head.text for _, e in statements for leaf in e.leaves() if leaf.head.row]
    named = {name for name, _ in statements}
    read = parse_statements(what, [name for name in rows if name not in named])

    def run(values: dict[str, Any]) -> Any:
        known = dict(values)
        for each in read:
            y = each.formula(*[known.get(name, 0.0) for name in each.formula.names])
            known[each.name or ""] = y
        return y

    return run


def parameters_of(function: Callable[..., Any], name: str) -> list[str]:
    """Return the names of the parameters that a function needs; those with defaults keep them."""
    if isinstance(function, np.ufunc):
        return ["x"] if function.nin == 1 else list("abcd"[: function.nin])
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        parameters = None
    if parameters is None or any(p.kind in SEVERAL or p.kind is p.KEYWORD_ONLY for p in parameters):
        raise DerivationError(
            tr(
                "{function} does not say which numbers it takes; derive a function of named "
                "parameters, such as lambda x, w: x*w",
                function=name,
            )
        )
    return [p.name for p in parameters if p.default is p.empty]


def check_size(e: Expr) -> None:
    """Raise for an expression too large to be derived by hand."""
    count, deepest = 0, 0
    todo = [(e, 1)]
    while todo:
        each, depth = todo.pop()
        count += 1
        deepest = max(deepest, depth)
        todo += [(arg, depth + 1) for arg in each.args]
        if count > MOST_OPERATIONS or deepest > MOST_DEPTH:
            raise DerivationError(
                tr(
                    "the formula is too long for a derivation: {operations} operations, nested "
                    "{depth} deep, are the most; give parts of it names (a = …; b = …), or ask "
                    "for the slope alone",
                    operations=MOST_OPERATIONS,
                    depth=MOST_DEPTH,
                )
            )
