"""What the tape of chainrule.torch still knows of a computation, node by node.

A tape keeps what a backward pass needs, and frees it after: an addition keeps neither its inputs
nor its result. What it does not keep is taken from the tensors that are still at hand, or computed
again, and shown only if it leads to the numbers that are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from chainrule.torch._tape.saved import check_saved
from chainrule.torch._tape.values import Taped

__all__ = ["UNKNOWN", "Operation", "Ref", "fill_in", "operations_of", "parents_of"]

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


# ---------------------------------------------------------------- what is not kept


def fill_in(operations: Mapping[int, Operation]) -> bool:
    """Compute what is not known, as far as it can be; say whether all agrees with what is known.

    What was computed is kept where it leads to a number that is known. Where it leads to another,
    leaves were written to since.
    """
    agrees, proven = _compute(operations)
    for order in reversed(list(operations)):  # users before what they use
        operation = operations[order]
        if order in proven:
            proven |= {v.order for v in _flat(operation.inputs) if type(v) is Ref}
        elif not operation.told:
            operation.value = None
    if not agrees:
        for operation in operations.values():
            operation.inputs = [UNKNOWN if type(v) is _Found else v for v in operation.inputs]
            operation.value = operation.value if operation.told else None
    return agrees


def _compute(operations: Mapping[int, Operation]) -> tuple[bool, set[int]]:
    """Compute what can be; return whether all agrees, and the orders of what was found again."""
    agrees, proven = True, set()
    with np.errstate(all="ignore"):
        for order, operation in operations.items():
            _find_constant(operation, operations)
            if (y := _computed(operation, operations)) is None:
                continue
            if operation.value is None:
                operation.value = y
            elif _alike(operation.value, y):
                proven.add(order)
            else:
                agrees = False
    return agrees, proven


def _flat(inputs: list[Any]) -> Iterator[Any]:
    for v in inputs:
        yield from v if isinstance(v, list) else (v,)


class _Found(float):
    """A constant that was computed from the result."""


def _find_constant(operation: Operation, operations: Mapping[int, Operation]) -> None:
    """Find what was added or subtracted, which an addition does not keep: y - x."""
    rule, y = operation.rule, operation.value
    if rule is None or y is None or rule.function not in (np.add, np.subtract):
        return
    refs = [v for v in operation.inputs if type(v) is Ref]
    if len(operation.inputs) != 2 or len(refs) != 1:
        return
    x = operations[refs[0].order].value
    at = next((k for k, v in enumerate(operation.inputs) if v is UNKNOWN), None)
    if x is None or at is None:
        return
    c = np.asarray(y - x if rule.function is np.add else y + x if at == 0 else x - y)
    if c.size and np.ptp(c) <= 1e-6 * np.max(np.abs(c), initial=0):
        operation.inputs[at] = _Found(c.flat[0])


def _computed(operation: Operation, operations: Mapping[int, Operation]) -> Any:
    if operation.rule is None or operation.options is None:
        return None
    values = [_value_of(v, operations) for v in operation.inputs]
    if any(v is None for v in values):
        return None
    return operation.rule.call(*values, **operation.options)


def _value_of(v: Any, operations: Mapping[int, Operation]) -> Any:
    if isinstance(v, list):
        items = [_value_of(w, operations) for w in v]
        return None if any(w is None for w in items) else items
    if v is UNKNOWN:
        return None
    return operations[v.order].value if type(v) is Ref else v


def _alike(a: Any, b: Any) -> bool:
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-4, atol=1e-6, equal_nan=True)


def values_of(operation: Operation, operations: Mapping[int, Operation]) -> Iterator[Any]:
    """Yield the values of the inputs, None for those that are not known."""
    for v in operation.inputs:
        yield _value_of(v, operations)
