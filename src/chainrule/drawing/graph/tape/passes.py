"""What flows back along a tape, found without touching a gradient and without freeing a thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule._core.traces import backward, fitted
from chainrule._core.values import dtype_of, shape_of
from chainrule.torch._tape.edges import chained, edges_of, whole
from chainrule.torch._tape.nodes import PLAN
from chainrule.torch._tape.plans import LIST_PLAN
from chainrule.torch._tape.values import conjugated, recording
from chainrule.torch._tape.walk import special_step

from .operations import Operation, Ref
from .values import values_of

__all__ = ["Pass"]


@dataclass
class Pass:
    """A backward pass that only looks.

    `trusted` says that the values known are those of the computation, from which what was freed
    can be made anew. `flows` are changes and local derivatives by the orders of parent and user,
    `totals` what reached each node; `whole` says whether the pass came to the leaves everywhere.
    """

    operations: Mapping[int, Operation]
    trusted: bool = True
    flows: dict[tuple[int, int], list[tuple[Any, Any]]] = field(default_factory=dict)
    totals: dict[int, Any] = field(default_factory=dict)
    whole: bool = True
    user_of_list: dict[int, int] = field(default_factory=dict)

    def run(self, seeds: list[tuple[Any, Any]]) -> None:
        mode = recording.set(False)  # what users' own functions do back is no part of the graph
        try:
            with np.errstate(all="ignore"):
                backward(*seeds[0], seeds[1:], self.visit)
        finally:
            recording.reset(mode)

    def visit(self, node: Any, g: Any) -> Any:
        operation = self.operations.get(node[0])
        user = self.user_of_list.get(node[0], node[0])
        if operation is not None:
            self.totals[node[0]] = conjugated(g) if isinstance(g, np.ndarray | np.generic) else g
            if operation.is_leaf:
                return None
        step = special_step(node, g, True) if node[PLAN].special else None
        if step is not None:
            g, edges = step[0], edges_of(step[1:])
        elif operation is not None and operation.freed:
            rebuilt = _rebuilt(operation, self.operations) if self.trusted else None
            if rebuilt is None:
                self.whole = False
                return None
            edges = rebuilt
        else:
            edges = edges_of(node[1:5])
        passed = []
        for pull, parent, kept in edges:
            h = pull(g, kept)
            if parent[PLAN] is LIST_PLAN:
                self.user_of_list[parent[0]] = user
            elif h is not None:
                slope = self.slope(node, pull, parent, kept)
                told = conjugated(whole(h)) if not isinstance(h, dict) else None
                self.flows.setdefault((parent[0], user), []).append((told, slope))
            if h is not None:
                passed.append((_given, parent, h))
        more = chained(passed)
        return None if more is None else (g, *more)

    def slope(self, node: Any, pull: Any, parent: Any, kept: Any) -> Any:
        """Return the local derivative along an edge between two numbers; None along others."""
        ends = [self.operations.get(order) for order in (node[0], parent[0])]
        if any(end is None or end.value is None or np.size(end.value) != 1 for end in ends):
            return None
        if node[PLAN].special:  # it would call the user's own function
            return None
        y = ends[0].value  # type: ignore[union-attr]
        return np.asarray(whole(pull(np.ones(shape_of(y), dtype_of(y)), kept))).reshape(())


def _rebuilt(operation: Operation, operations: Mapping[int, Operation]) -> Any:
    """Return the edges of a freed node, made anew of known values; None if one is not known."""
    rule, options = operation.rule, operation.options
    values = list(values_of(operation, operations))
    if rule is None or options is None or operation.value is None or any(v is None for v in values):
        return None
    parents = {parent[0]: parent for _, parent, _ in edges_of(operation.node[1:5])}
    edges = []
    for i, v in enumerate(operation.inputs):
        if type(v) is not Ref or v.order not in parents or not (argument := rule.argument(i)):
            continue
        pull, keep = argument
        kept = keep(i, operation.value, *values, **options)
        x = values[i]
        edges.append((fitted, parents[v.order], (pull, kept, shape_of(x), dtype_of(x))))
    return edges


def _given(_: Any, h: Any) -> Any:
    return h
