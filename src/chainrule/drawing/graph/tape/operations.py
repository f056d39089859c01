"""What the tape of chainrule.torch still knows of a computation, node by node.

A tape keeps what a backward pass needs, and frees it after: an addition keeps neither its inputs
nor its result. `values` finds what it does not keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule._core.pieces import output_pull
from chainrule._core.stating import KEPT as KEPT_NAMES
from chainrule._core.stating import Rule, parameters
from chainrule._core.traces import fitted
from chainrule.torch._tape.edges import edges_of
from chainrule.torch._tape.nodes import EXTRA, FREED, HELD, KEPT, PLAN, PULL, WATCH, unpacked
from chainrule.torch._tape.plans import LIST_PLAN
from chainrule.torch._tape.saved import check_saved, makes_views
from chainrule.torch._tape.values import Taped

__all__ = ["UNKNOWN", "Operation", "Ref", "forget_overwritten", "operations_of", "parents_of"]

UNKNOWN: Any = object()


@dataclass(frozen=True)
class Ref:
    """An input that is the result of a node, by its order."""

    order: int


@dataclass
class Operation:
    """A node of the tape: `inputs` are refs, constants, lists of both, or `UNKNOWN`.

    `options` are None where they were freed; `value` is None as long as it is not known, and
    `told` says whether it is from the tape or a tensor, and was not computed again.
    """

    node: Any
    rule: Rule | None = None
    inputs: list[Any] = field(default_factory=list)
    options: dict[str, Any] | None = None
    value: Any = None
    told: bool = False

    @property
    def name(self) -> str:
        """PyTorch's name of the operation."""
        return str(self.node[PLAN].name)

    @property
    def is_leaf(self) -> bool:
        return self.node[PULL] is None

    @property
    def is_output(self) -> bool:
        """Whether this is one of several outputs of a call."""
        return self.node[PULL] is output_pull

    @property
    def freed(self) -> bool:
        return self.node[WATCH] is FREED

    @property
    def written(self) -> bool:
        """Whether this is a leaf that was ever written to: after backward, by an optimizer."""
        tensor = self.node[EXTRA].tensor() if self.is_leaf else None
        return tensor is not None and tensor._version > 0

    def tell(self, value: Any) -> None:
        self.value, self.told = value, True


def parents_of(node: Any) -> list[Any]:
    """Return the nodes that a node passes gradients to; those of a list's items for the list."""
    if node[PULL] is None:
        return []
    found = []
    for _, parent, _ in edges_of(node[1:5]):
        found += parents_of(parent) if parent[PLAN] is LIST_PLAN else [parent]
    return found


def operations_of(roots: list[Any]) -> dict[int, Operation]:
    """Return the operations that lead to `roots`, by their orders, in the order of computation."""
    found: dict[int, Any] = {}
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node[0] not in found:
            found[node[0]] = node
            waiting += parents_of(node)
    known = {order: _looked_at(found[order]) for order in sorted(found, reverse=True)}
    for operation in known.values():
        _take_what_is_held(operation, known)
    return known


def _looked_at(node: Any) -> Operation:
    operation = Operation(node)
    plan = node[PLAN]
    if operation.is_leaf:
        tensor = node[EXTRA].tensor()
        operation.tell(node[EXTRA].array if tensor is None else tensor._array)
    elif operation.is_output or plan.special or plan.op.function is None:
        operation.inputs = [Ref(parent[0]) for parent in parents_of(node)]
    else:
        operation.rule = plan.op.stated()
        operation.inputs = _inputs_of(operation)
        operation.options = _options_of(operation)
    return operation


def _inputs_of(operation: Operation) -> list[Any]:
    """The inputs as far as the edges tell: where gradients pass."""
    node, rule = operation.node, operation.rule
    edges = edges_of(node[1:5])
    if len(edges) == 1 and edges[0][1][PLAN] is LIST_PLAN:
        places = {kept[0]: Ref(item[0]) for _, item, kept in edges_of(edges[0][1][1:5]) if kept}
        return [[places.get(k, UNKNOWN) for k in range(max(places, default=-1) + 1)]]
    mask = node[PLAN].mask
    active = [i for i in range(mask.bit_length()) if mask >> i & 1 and rule and rule.pull(i)]
    if len(active) != len(edges):
        return [Ref(parent[0]) for parent in parents_of(node)]
    count = max(len(rule.inputs) if rule else 0, mask.bit_length())
    inputs: list[Any] = [UNKNOWN] * count
    for i, (_, parent, _) in zip(active, edges, strict=True):
        inputs[i] = Ref(parent[0])
    return inputs


def _options_of(operation: Operation) -> dict[str, Any] | None:
    """The options, which stand among what a pull keeps; None if that was freed."""
    rule = operation.rule
    if rule is None or not rule.options:
        return {}
    pull, kept = operation.node[PULL], operation.node[KEPT]
    if operation.freed:
        return None
    if pull is fitted:
        kept = kept[1]
    mask = operation.node[PLAN].mask
    # The edges stand last input first.
    own = rule.pull(mask.bit_length() - 1) or rule.pull(0)
    asks = [ask.name for ask in parameters(own, skip=1)] if own else []
    values = (kept,) if len(asks) == 1 else kept
    if not isinstance(values, tuple) or len(values) != len(asks):
        return None
    found = {a: v for a, v in zip(asks, values, strict=True) if a not in KEPT_NAMES}
    return found if {option.name for option in rule.options} <= found.keys() else None


def _take_what_is_held(operation: Operation, known: Mapping[int, Operation]) -> None:
    """Tell the inputs and the result that a node holds, if they were not written to since."""
    node = operation.node
    if operation.is_leaf or operation.freed or not node[HELD] or node[PLAN].special:
        return
    try:
        check_saved(node, node[WATCH] or ())
    except RuntimeError:
        return
    inputs, operation.options, y = unpacked(node[HELD])
    operation.inputs = [_referred(v, known) for v in inputs]
    if not isinstance(y, (tuple, list)):
        operation.tell(y)


def _referred(v: Any, known: Mapping[int, Operation]) -> Any:
    if isinstance(v, list):
        return [_referred(w, known) for w in v]
    if type(v) is not Taped:
        return v
    if (maker := known.get(v.link[0])) is None:
        return v.value
    if maker.value is None:
        maker.tell(v.value)
    return Ref(v.link[0])


def forget_overwritten(operations: Mapping[int, Operation]) -> None:
    """Forget results whose memory a later operation has written its own to, in place."""
    writers = set()
    for operation in reversed(list(operations.values())):
        if operation.is_leaf or not isinstance(operation.value, np.ndarray):
            continue
        y = operation.value
        memory = (y.__array_interface__["data"][0], y.shape, y.strides)
        if memory in writers and y.size:
            operation.value, operation.told = None, False
        elif not makes_views(operation.node):
            writers.add(memory)
