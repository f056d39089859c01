"""What the tape of chainrule.torch does not keep: computed again, and shown where that is sure.

Values are known from the tape and from the tensors that are still at hand. What can be computed
from them is shown if it leads to the numbers that are there: nothing is made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from chainrule._core.values import dtype_of

from .operations import UNKNOWN, Operation, Ref

__all__ = ["CONSTANTS", "compute", "fill_in", "values_of"]


def fill_in(operations: Mapping[int, Operation]) -> bool:
    """Compute what is not known, as far as it can be; say whether all agrees with what is known.

    What was computed is kept where it leads to a number that is known, or comes from such alone.
    Where it leads to another number, leaves were written to since.
    """
    agrees, proven = compute(operations)
    if not agrees:
        for operation in operations.values():
            operation.inputs = [UNKNOWN if type(v) is _Found else v for v in operation.inputs]
            operation.value = operation.value if operation.told else None
        return False
    intact = not _any_freed(operations)
    sure: set[int] = set()
    for order, operation in operations.items():
        if operation.is_leaf:
            certain = intact  # later it may have been written to, unseen
        else:
            certain = operation.told or sure.issuperset(_sources(operation))
        if certain:
            sure.add(order)
    for order in reversed(list(operations)):  # users before what they use
        operation = operations[order]
        if order in proven:
            proven.update(_sources(operation))
        elif not operation.told and order not in sure:
            operation.value = None
    return True


def _sources(operation: Operation) -> Iterator[int]:
    return (v.order for v in _flat(operation.inputs) if type(v) is Ref)


def compute(operations: Mapping[int, Operation], trusting: bool = False) -> tuple[bool, set[int]]:
    """Compute what can be; return whether all agrees, and the orders of what was found again.

    `trusting` finds constants also from what was itself computed after all was freed.
    """
    agrees, proven, freed = True, set(), _any_freed(operations)
    with np.errstate(all="ignore"):
        for order, operation in operations.items():
            if trusting or not freed or _is_certain(operation, operations):
                _find_constant(operation, operations)
            if (y := _computed(operation, operations)) is None:
                continue
            if operation.value is None:
                operation.value = y
            elif not _alike(operation.value, y):
                agrees = False
            elif not any(type(v) is _Found for v in operation.inputs):  # it would prove itself
                proven.add(order)
    return agrees, proven


def _flat(inputs: list[Any]) -> Iterator[Any]:
    for v in inputs:
        yield from v if isinstance(v, list) else (v,)


class _Found(float):
    """A constant that was computed from the result."""


# What the number before or behind x was, if y came of both: an addition does not keep it, and a
# product frees it.
CONSTANTS: dict[Any, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    np.add: (lambda y, x: y - x, lambda y, x: y - x),
    np.subtract: (lambda y, x: y + x, lambda y, x: x - y),
    np.multiply: (lambda y, x: y / x, lambda y, x: y / x),
    np.divide: (lambda y, x: y * x, lambda y, x: x / y),
}


def _find_constant(operation: Operation, operations: Mapping[int, Operation]) -> None:
    """Find the number that is known by the result alone."""
    rule, y = operation.rule, operation.value
    if rule is None or y is None or rule.function not in CONSTANTS:
        return
    refs = [v for v in operation.inputs if type(v) is Ref]
    if len(operation.inputs) != 2 or len(refs) != 1 or UNKNOWN not in operation.inputs:
        return
    if (x := operations[refs[0].order].value) is None:
        return
    at = operation.inputs.index(UNKNOWN)
    c = np.asarray(CONSTANTS[rule.function][at](y, x))
    # The same for all elements: a number, and no array. Of a difference, four digits must be left.
    if not c.size or not np.all(np.isfinite(c)) or np.ptp(c) > 1e-5 * np.max(np.abs(c)):
        return
    if rule.function in (np.add, np.subtract):
        lost = np.finfo(dtype_of(y)).eps * max(np.max(np.abs(y)), np.max(np.abs(x)))
        if lost > 5e-5 * np.max(np.abs(c)):
            return
    operation.inputs[at] = _Found(c.flat[0])


def _is_certain(operation: Operation, operations: Mapping[int, Operation]) -> bool:
    """Whether the inputs are at hand as they were when the result was computed."""
    sources = [operations[order] for order in _sources(operation)]
    return all(source.told and not source.written for source in sources)


def _any_freed(operations: Mapping[int, Operation]) -> bool:
    return any(operation.freed for operation in operations.values())


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
