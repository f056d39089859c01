"""Reading the graph of tensors of chainrule.torch from their tape."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from chainrule._languages import tr
from chainrule.derivation.deriving import text_of
from chainrule.torch._tape.nodes import EXTRA, PLAN
from chainrule.torch._tensor import Tensor

from .model import Graph, GraphError, Kind
from .numerals import array_text
from .steps import Step, graph_of
from .tape_operations import UNKNOWN, Operation, Ref, fill_in, operations_of, parents_of
from .tape_passes import Pass
from .wording import fresh, label_of, letters, numbered, operand, slope_text, written

__all__ = ["read_tape"]

Named = Mapping[int, tuple[str, Any]]


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
    agrees = fill_in(operations)
    return _Reading(operations, roots, named).graph(gradients, agrees, wrt, title)


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


class _Reading:
    def __init__(self, operations: Mapping[int, Operation], roots: list[Any], named: Named) -> None:
        self.operations, self.named = operations, named
        self.roots = {root[0]: root for root in roots}
        self.seen = Pass(operations)
        self.labels = self.named_all()
        self.keys = {order: f"n{k}" for k, order in enumerate(operations)}
        self.users: dict[int, list[int]] = {order: [] for order in operations}
        for user, operation in operations.items():
            for order in dict.fromkeys(parent[0] for parent in parents_of(operation.node)):
                self.users[order].append(user)

    def named_all(self) -> dict[int, str]:
        labels = {order: self.named[order][0] for order in self.operations if order in self.named}
        nameless = [order for order, o in self.operations.items() if order not in labels]
        taken = set(labels.values())
        leaves = [order for order in nameless if self.operations[order].is_leaf]
        ends = [order for order in self.roots if order not in labels]
        for name in ("x", "leaf", "no name"):
            if not taken & set(names := numbered(name, len(leaves))):
                break
        labels |= dict(zip(leaves, names, strict=True))
        taken |= set(names)
        if ends:
            labels |= dict(zip(ends, fresh(taken, len(ends)), strict=True))
        unused = letters(taken | set(labels.values()))
        for order in nameless:
            if order not in labels:
                labels[order] = next(unused)
        return labels

    def graph(
        self, gradients: bool | None, agrees: bool, wrt: Collection[str] | None, title: str
    ) -> Graph:
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
        notes = []
        if not shown and gradients is None:
            notes.append(tr("backward has not run"))
        if gradients:
            notes.append(tr("gradients computed for this picture; .grad is as it was"))
        if shown and any(np.size(root_value) != 1 for _, root_value in seeds):
            notes.append(tr("gradients are those of the sum of the output's elements"))
        if shown and not (can and self.seen.whole):
            notes.append(
                tr("backward has freed what the graph kept, so not all that flowed is known")
            )
        elif has_run and not any(o.freed for o in self.operations.values()):
            notes.append(
                tr(
                    "nothing was freed: .grad is of a pass that retained the graph, or of an "
                    "earlier one that brought the same"
                )
            )
        if not agrees:
            notes.append(tr("some numbers were written to since: they are shown as they are now"))
        outputs = ", ".join(self.labels[order] for order in self.roots)
        title = title or tr("The graph of {what}", what=outputs)
        return graph_of(steps, title, "\n".join(notes), wrt)

    def calls_user_code(self) -> bool:
        return any(o.node[PLAN].special for o in self.operations.values())

    def backward_has_run(self, can: bool) -> bool:
        """Whether a backward pass went through this graph, as far as its traces tell."""
        if any(o.freed for o in self.operations.values()):
            return True
        leaves = {order: o for order, o in self.operations.items() if o.is_leaf}
        found = {order: _gradient(o) for order, o in leaves.items()}
        if all(g is None for g in found.values()):
            return any(_gradient(o) is not None for o in self.operations.values())
        # With retain_graph=True nothing is freed, and what lies in .grad may be of other graphs.
        return can and all(
            g is None or _multiple(g, self.seen.totals.get(order)) is not None
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
        if not operation.is_leaf:
            step.operation = operation.name
            step.formula = self.formula(operation, self.operand)
            known = [self.number(v) for v in operation.inputs]
            if None not in known and operation.value is not None and np.size(operation.value) == 1:
                step.worked = self.formula(operation, self.number)
        return step

    def tell_slopes(self, steps: Mapping[int, Step]) -> None:
        """Say the local derivatives in symbols, along edges between single numbers."""
        for order, operation in self.operations.items():
            if operation.rule is None or operation.options:
                continue
            inputs = [self.operand(v) for v in operation.inputs]
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
        kept = _gradient(operation)
        step.gradient = kept if kept is not None or operation.is_leaf or not has_run else total
        if kept is None or (has_run and total is None):
            return
        if not has_run:
            step.note = tr(".grad is of earlier passes")
        elif (times := _multiple(kept, total)) is None:
            step.note = tr("not of this pass alone, which brings {total}", total=array_text(total))
        elif times > 1:
            step.note = tr("added up over {times} passes", times=times)

    # ---- how it is written

    def operand(self, v: Any) -> Any:
        if isinstance(v, list):
            return [self.operand(w) for w in v]
        if v is UNKNOWN:
            return operand("…")
        return operand(self.labels[v.order] if type(v) is Ref else v)

    def number(self, v: Any) -> Any:
        """The number that an input is; None if it is none, or not known."""
        v = self.operations[v.order].value if type(v) is Ref else v
        if v is UNKNOWN or v is None or isinstance(v, list) or np.size(v) != 1:
            return None
        return operand(np.asarray(v).reshape(())[()])

    def formula(self, operation: Operation, told: Callable[[Any], Any]) -> str:
        inputs = [told(v) for v in operation.inputs]
        rule, options = operation.rule, operation.options or {}
        if operation.is_output:
            return f"{text_of(inputs[0])}[{operation.node[PLAN].output}]"
        if operation.name == "TBackward0":
            return f"{text_of(inputs[0])}ᵀ"
        usual = {} if rule is None else {option.name: option.default for option in rule.options}
        said = {k: v for k, v in options.items() if v is not usual.get(k)}
        function = None if rule is None else rule.function
        return written(function, inputs, said, _said(operation.name))


def _said(name: str) -> str:
    """Return what users call an operation: binary_cross_entropy for BinaryCrossEntropyBackward0.

    >>> _said("BinaryCrossEntropyBackward0"), _said("SigmoidBackward0")
    ('binary_cross_entropy', 'sigmoid')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", re.sub(r"Backward\d*$", "", name)).lower()


def _gradient(operation: Operation) -> Any:
    """What `.grad` of the tensor holds, of a leaf or a retained one; None if nothing."""
    extra = operation.node[EXTRA]
    grad = getattr(extra, "grad", None)
    return grad._array if isinstance(grad, Tensor) else None


def _multiple(grad: Any, total: Any) -> int | None:
    """How many times `total` lies in `grad`: 1 after one pass; None if it is no whole number."""
    if total is None or isinstance(total, dict):
        return None
    grad, total = np.asarray(grad), np.asarray(total)
    norm = float(np.sum(np.abs(total) ** 2))
    times = max(1, round(float(np.real(np.sum(grad * np.conj(total)))) / norm)) if norm else 1
    return times if np.allclose(grad, times * total, rtol=1e-4, atol=1e-7) else None
