"""Reading the graph of a derivation: the values that it names, and its local derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule._languages import tr
from chainrule.derivation import Derivation
from chainrule.derivation.deriving import text_of
from chainrule.derivation.expressions import COUNT, Expr, Name, Slope, num

from .model import Graph, GraphError
from .steps import Step, graph_of

__all__ = ["read_derivation"]

LONG = 60  # letters of a title
COUNTS = "nNmMK"  # how many data points there are, whichever letter is free


def read_derivation(d: Derivation, at: Mapping[str, Any]) -> Graph:
    """Return the graph of what `d` names; with numbers, if `at` has one for each variable."""
    given = dict.fromkeys(
        leaf
        for definition in d.definitions.values()
        for leaf in definition.leaves()
        if isinstance(leaf.head, Name) and leaf not in d.definitions
    )
    keys = {n: f"n{k}" for k, n in enumerate([*given, *d.definitions])}
    values = _values(d, given, at)
    steps = {
        n: Step(keys[n], text_of(n), "leaf" if n == d.wrt else "constant", value=values.get(n))
        for n in given
    }
    for n, definition in d.definitions.items():
        steps[n] = Step(
            keys[n], text_of(n), "operation", text_of(definition), _worked(definition, values)
        )
        steps[n].value = values.get(n)
        for leaf in definition.leaves():
            steps[leaf].flows[keys[n]] = []
    steps[d.y].kind = "output"
    if values:
        _pull_back(d, steps, keys, values)
    title = tr("The graph of {what}", what=_whole(d))
    note = "" if values else tr("no point was given, so there are no numbers")
    return graph_of(list(steps.values()), title, note)


def _whole(d: Derivation) -> str:
    """What is derived, in terms of what is given; its name alone if that is long."""
    whole = d.definitions[d.y]
    while len(said := f"{text_of(d.y)} = {text_of(whole)}") <= LONG:
        if not any(leaf in d.definitions for leaf in whole.leaves()):
            return said
        whole = whole.put(d.definitions)
    return text_of(d.y)


def _values(d: Derivation, given: Mapping[Expr, Any], at: Mapping[str, Any]) -> dict[Expr, Any]:
    if not at:
        return {}
    lacking = [n.head.text for n in given if n.head.text not in at]
    if lacking:
        raise GraphError(
            tr("the point says nothing of {names}; give each a number", names=", ".join(lacking))
        )
    values: dict[Expr, Any] = {n: _number(n, at[n.head.text]) for n in given}
    values |= dict.fromkeys(map(Expr, COUNTS), _count(values))
    with np.errstate(all="ignore"):
        for n, definition in d.definitions.items():
            values[n] = definition.at(values)
    return values


def _number(n: Expr, given: Any) -> Any:
    """What the point gives to a variable: a number, or one for each data point."""
    try:
        value = np.asarray(given, float)[()]
    except (TypeError, ValueError):
        value = None
    if value is None or np.any(np.isnan(value)) or np.ndim(value) > n.head.row:
        said = repr(given)
        raise GraphError(
            tr("the point gives {name} {what}, which is no number", name=text_of(n), what=said)
        )
    return value


def _count(values: Mapping[Expr, Any]) -> int:
    """How many data points there are; 1 without any."""
    sizes = {np.size(v) for n, v in values.items() if n.head.row}
    if len(sizes) > 1:
        raise GraphError(
            tr(
                "the point has lists of {sizes} values, but each data point has one in each",
                sizes=", ".join(map(str, sorted(sizes))),
            )
        )
    return max(sizes, default=1)


def _pull_back(
    d: Derivation, steps: Mapping[Expr, Step], keys: Mapping[Expr, str], values: dict[Expr, Any]
) -> None:
    slopes = {(s.head.of, s.head.by): e for s, e in d.meaning.items() if isinstance(s.head, Slope)}
    gradients: dict[Expr, Any] = {d.y: 1.0}
    with np.errstate(all="ignore"):
        for n in reversed(d.definitions):
            if (g := gradients.get(n)) is None:
                continue
            steps[n].gradient = g
            for u in dict.fromkeys(d.definitions[n].leaves()):
                if (slope := slopes.get((n.head, u.head))) is None:
                    continue
                local = slope.at(values)
                h = g * local
                if n.head.row or u.head.row:  # one for each data point
                    h = np.broadcast_to(h, (values[COUNT],))
                if not u.head.row:
                    h = np.sum(h)
                if u.head.row or not n.head.row:  # else it is a sum over data points
                    steps[u].symbols[keys[n]] = text_of(slope)
                steps[u].flows[keys[n]].append((h, local if np.ndim(local) == 0 else None))
                gradients[u] = gradients[u] + h if u in gradients else h
    steps[d.wrt].gradient = gradients.get(d.wrt)


def _worked(definition: Expr, values: Mapping[Expr, Any]) -> str:
    """The definition with numbers put in, if they are single ones."""
    leaves = list(definition.leaves())
    known = [values.get(leaf) for leaf in leaves]
    if any(v is None or np.ndim(v) or not np.isfinite(v) for v in known):
        return ""
    numbers = {leaf: num(float(f"{float(values[leaf]):.4g}")) for leaf in leaves}
    return text_of(definition.put(numbers))
