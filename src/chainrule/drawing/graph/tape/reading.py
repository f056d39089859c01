"""Reading the graph of tensors of chainrule.torch from their tape."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from chainrule._languages import tr
from chainrule.torch._tape.nodes import EXTRA, PLAN

from ..model import Graph, GraphError, Kind
from ..numerals import array_text
from ..steps import Step, graph_of
from ..wording import label_of, slope_text
from .guesses import find_freed, gradient_of, times_in
from .operations import Operation, Ref, forget_overwritten, operations_of, parents_of
from .passes import Pass
from .values import fill_in
from .wording import Named, Wording

__all__ = ["read_tape"]


def read_tape(
    ys: Sequence[Any],
    named: Named,
    gradients: bool | None,
    wrt: Collection[str] | None,
    title: str = "",
) -> Graph:
    """Return the graph that led to the tensors `ys`.

    `named` has names and tensors by the orders of their nodes. With `gradients`, these are
    computed for the picture; None shows what `backward()` left behind, False nothing.
    """
    roots = [_root(y) for y in ys]
    operations = operations_of(roots)
    for order, (_, tensor) in named.items():
        if order in operations:
            operations[order].tell(tensor._array)
    for y in ys:
        operations[y._node[0]].tell(y._array)
    forget_overwritten(operations)
    agrees = fill_in(operations)
    if agrees:
        find_freed(operations, {root[0]: root for root in roots})
    return _Reading(operations, roots, named, agrees).graph(gradients, wrt, title)


def _root(y: Any) -> Any:
    if not y.requires_grad:
        raise GraphError(
            tr(
                "this tensor has no graph: nothing that it was computed from requires a gradient "
                "(requires_grad=True), or it was computed under no_grad() or detached"
            )
        )
    if y.is_leaf:
        raise GraphError(
            tr(
                "this tensor is a leaf: no operation made it, so there is no graph yet; draw what "
                "is computed from it"
            )
        )
    return y._node


def _has_hooks(operation: Operation) -> bool:
    extra = operation.node[EXTRA]
    return extra is not None and bool(extra.hooks or extra.before_node or extra.after_node)


class _Reading:
    def __init__(
        self, operations: Mapping[int, Operation], roots: list[Any], named: Named, agrees: bool
    ) -> None:
        self.operations = operations
        self.roots = {root[0]: root for root in roots}
        self.seen = Pass(operations, agrees)
        self.agrees = agrees
        self.words = Wording(operations, self.roots, named)
        self.labels = self.words.labels
        self.keys = {order: f"n{k}" for k, order in enumerate(operations)}
        self.users: dict[int, list[int]] = {order: [] for order in operations}
        for user, operation in operations.items():
            for order in dict.fromkeys(parent[0] for parent in parents_of(operation.node)):
                self.users[order].append(user)

    def graph(self, gradients: bool | None, wrt: Collection[str] | None, title: str) -> Graph:
        seeds = [(root, np.ones_like(self.operations[o].value)) for o, root in self.roots.items()]
        can = gradients or not self.calls_user_code()
        if can:
            self.seen.run(seeds)
        has_run = gradients is None and self.backward_has_run(can)
        shown = bool(gradients) or has_run
        steps = [self.step(o, shown) for o in self.operations]
        self.tell_slopes(dict(zip(self.operations, steps, strict=True)))
        for step, operation in zip(steps, self.operations.values(), strict=True):
            if gradients is False:
                continue
            self.tell_gradient(step, operation, computed=bool(gradients), has_run=has_run)
        notes = self.notes(gradients, has_run, can)
        outputs = ", ".join(self.labels[order] for order in self.roots)
        title = title or tr("The graph of {what}", what=outputs)
        return graph_of(steps, title, "\n".join(notes), wrt)

    def notes(self, gradients: bool | None, has_run: bool, can: bool) -> list[str]:
        notes = []
        if not has_run and gradients is None:
            notes.append(tr("backward has not run"))
        if gradients is False:
            notes.append(tr("gradients are left out"))
        if gradients:
            notes.append(tr("gradients computed for this picture; .grad is as it was"))
            if any(map(_has_hooks, self.operations.values())):
                notes.append(tr("hooks were not called for this picture"))
        if has_run or gradients:
            proven = gradients or self.seen.whole  # else backward was perhaps given others
            if proven and any(np.size(self.operations[order].value) != 1 for order in self.roots):
                notes.append(tr("gradients are those of the sum of the output's elements"))
            if not (can and self.seen.whole):
                notes.append(
                    tr(
                        "backward has freed what the graph kept, and leaves are shown as they are "
                        "now: to see all that flows, draw it before, with gradients=True"
                    )
                )
            elif has_run and not any(o.freed for o in self.operations.values()):
                notes.append(
                    tr(
                        "nothing was freed: .grad is of a pass that retained the graph, or of an "
                        "earlier one that brought the same"
                    )
                )
        if not self.agrees:
            notes.append(tr("some numbers were written to since: they are shown as they are now"))
        return notes

    def calls_user_code(self) -> bool:
        return any(o.node[PLAN].special for o in self.operations.values())

    def backward_has_run(self, can: bool) -> bool:
        """Whether a backward pass went through this graph, as far as its traces tell."""
        if any(o.freed for o in self.operations.values()):
            return True
        leaves = {order: o for order, o in self.operations.items() if o.is_leaf}
        found = {order: gradient_of(o) for order, o in leaves.items()}
        if all(g is None for g in found.values()):
            return any(gradient_of(o) is not None for o in self.operations.values())
        # With retain_graph=True nothing is freed, and what lies in .grad may be of other graphs.
        return not can or all(
            g is None or times_in(g, self.seen.totals.get(order)) is not None
            for order, g in found.items()
        )

    def step(self, order: int, shown: bool) -> Step:
        operation = self.operations[order]
        kind: Kind = "leaf" if operation.is_leaf else "operation"
        if order in self.roots:
            kind = "output"
        flows = {
            self.keys[user]: self.seen.flows.get((order, user), []) if shown else []
            for user in self.users[order]
        }
        step = Step(
            self.keys[order], label_of(self.labels[order]), kind, value=operation.value, flows=flows
        )
        if kind == "output":
            step.seed = np.ones_like(operation.value)
        if not operation.is_leaf:
            step.operation = operation.name
            step.formula = self.words.formula(operation, self.words.operand)
            known = [self.words.number(v) for v in operation.inputs]
            if None not in known and operation.value is not None and np.size(operation.value) == 1:
                step.worked = self.words.formula(operation, self.words.number)
        return step

    def tell_slopes(self, steps: Mapping[int, Step]) -> None:
        """Say the local derivatives in symbols, along edges between single numbers."""
        for order, operation in self.operations.items():
            if operation.rule is None or operation.options:
                continue
            inputs = [self.words.operand(v) for v in operation.inputs]
            for v in operation.inputs:
                if type(v) is not Ref:
                    continue
                flows = self.seen.flows.get((v.order, order), ())
                if any(slope is not None for _, slope in flows):
                    steps[v.order].symbols[self.keys[order]] = slope_text(
                        operation.rule.function, inputs, self.labels[order], self.labels[v.order]
                    )

    def tell_gradient(
        self, step: Step, operation: Operation, *, computed: bool, has_run: bool
    ) -> None:
        total = self.seen.totals.get(operation.node[0])
        if isinstance(total, dict):  # of some outputs of one call
            total = None
        if computed:
            step.gradient = total
            return
        kept = gradient_of(operation)
        if not has_run:
            if kept is not None:
                step.note = tr(".grad is {grad}, of earlier passes", grad=array_text(kept))
            return
        # What stands on the edges is of one pass, so the node has the sum of one pass, too.
        whole = total is not None and self.seen.whole
        step.gradient = total if whole else kept
        if kept is None or not whole:
            return
        if (times := times_in(kept, total)) is None:
            step.note = tr(".grad is {grad}, not of this pass alone", grad=array_text(kept))
        elif times > 1:
            step.note = tr(
                ".grad is {grad}: {times} passes added up", grad=array_text(kept), times=times
            )
