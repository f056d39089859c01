"""What readers find out about each value of a computation, and the graph that is made of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule._languages import language, tr

from .model import Graph, GraphError, Kind, Node
from .numerals import array_text, number_text, sum_text
from .wording import label_of

__all__ = ["Step", "graph_of"]


@dataclass
class Step:
    """A value while it is read: arrays where `Node` has texts. None stands for what is not known.

    `flows` has a list of changes for each user: x·x sends two changes to x. They are tuples of the
    change and of the local derivative, a number or None; `symbols` have it in symbols. `seed` is
    what backward begins with at an output.
    """

    key: str
    label: str
    kind: Kind
    formula: str = ""
    worked: str = ""
    operation: str = ""
    value: Any = None
    gradient: Any = None
    seed: Any = None
    flows: dict[str, list[tuple[Any, Any]]] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)
    note: str = ""


def graph_of(
    steps: Sequence[Step], title: str, note: str = "", wrt: Collection[str] | None = None
) -> Graph:
    """Return the graph of `steps`, which are in the order of computation.

    With `wrt`, labels of leaves, gradients are shown on the ways to these, and the other leaves
    are constants.
    """
    if wrt is not None:
        _choose(steps, [label_of(name) for name in wrt])
    return Graph(tuple(map(_node, steps)), title, note, language())


def _choose(steps: Sequence[Step], wrt: Collection[str]) -> None:
    leaves = [step.label for step in steps if step.kind == "leaf"]
    for name in wrt:
        if name not in leaves:
            raise GraphError(
                tr(
                    "wrt names {name}, which is not among what the graph begins with: {leaves}",
                    name=name,
                    leaves=", ".join(leaves),
                )
            )
    moving: set[str] = set()
    for step in steps:
        if step.label in wrt or step.key in moving:
            moving |= step.flows.keys()
            continue
        step.gradient = None
        step.flows = {user: [] for user in step.flows}
        if step.kind == "leaf":
            step.kind = "constant"


def _node(step: Step) -> Node:
    known = {user: [h for h, _ in hs if h is not None] for user, hs in step.flows.items()}
    return Node(
        key=step.key,
        label=step.label,
        kind=step.kind,
        formula=step.formula,
        value=_text(step.value),
        operation=step.operation,
        flows={user: sum_text(map(array_text, hs)) for user, hs in known.items()},
        seed=_text(step.seed) if any(known.values()) and step.gradient is not None else "",
        gradient=_text(step.gradient),
        worked=step.worked,
        slopes={user: said for user in step.flows if (said := _slope(step, user))},
        note=step.note,
    )


def _slope(step: Step, user: str) -> str:
    """The local derivative in symbols, and what it is there: "b = 2", if that is one number."""
    found = [slope for _, slope in step.flows[user] if slope is not None]
    symbols = step.symbols.get(user, "")
    if not found:
        return symbols if step.flows[user] else ""
    number = number_text(sum(found))
    return f"{symbols} = {number}" if symbols not in ("", number) else number


def _text(x: Any) -> str:
    return "" if x is None or np.asarray(x).dtype.kind not in "fciub" else array_text(x)
