"""What a derivation is given: a formula or function, the variable, and values; checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from chainrule._languages import mark, tr
from chainrule.formulas import CONSTANTS
from chainrule.formulas.grammar import nearest

from .errors import DerivationError
from .expressions import Expr
from .reading import Statements, from_function, from_text

__all__ = ["At"]
__all__ += ["check_values", "chosen_variable", "statements_of", "values_of", "variables_of"]

At = Mapping[str, float | Sequence[float]] | float | Sequence[float]
NOTHING = mark("the formula depends on no variable, so there is nothing to derive by")


def statements_of(what: str | Callable[..., Any], rows: Sequence[str]) -> Statements:
    """Return what is to be derived as statements; the variables `rows` have many values."""
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


def variables_of(statements: Statements) -> dict[str, Expr]:
    """Return the variables of the statements by name, those that no statement gives."""
    names = {name for name, _ in statements}
    leaves = [leaf for _, e in statements for leaf in e.leaves()]
    return {leaf.head.text: leaf for leaf in leaves if leaf.head.text not in names}


def chosen_variable(wrt: str | None, given: dict[str, Expr]) -> str:
    """Return the variable that is derived by: `wrt`, or the only one of those `given`."""
    known = ", ".join(sorted(given))
    if not given:
        raise DerivationError(tr(NOTHING))
    if wrt is None:
        if len(given) > 1:
            raise DerivationError(
                tr(
                    "the formula has the variables {names}; say by which to derive (wrt)",
                    names=known,
                )
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


def values_of(what: str | Callable[..., Any], at: At | None) -> dict[str, Any]:
    """Return what `at` gives, by name: numbers as floats, lists as arrays."""
    if at is None:
        return {}
    if not isinstance(at, Mapping):
        given = variables_of(statements_of(what, []))
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


def check_values(values: dict[str, Any], given: dict[str, Expr]) -> None:
    """Raise for a value of something that is no variable."""
    for name in values:
        if name not in given:
            raise DerivationError(
                tr(
                    "{name} is given a value, but is no variable of the formula; it has {names}",
                    name=name,
                    names=", ".join(sorted(given)),
                )
            )
