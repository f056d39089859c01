"""What backward freed, found again by reckoning back from the result, and proven by `.grad`.

Of y = (x + w)·(w + 1), when nothing of it was named, the leaves, y and the gradients are at hand.
If a = x + w, then b = y/a, and what is added to w is b - w. That is a guess, as the leaves may have
been written to since. If a backward pass with these values brings what lies in `.grad`, for all
leaves the same number of times, it was right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.torch._tape.nodes import EXTRA, PLAN
from chainrule.torch._tensor import Tensor

from .operations import Operation, Ref
from .passes import Pass
from .values import CONSTANTS, compute

__all__ = ["find_freed", "gradient_of", "times_in"]


def find_freed(operations: Mapping[int, Operation], roots: Mapping[int, Any]) -> None:
    """Give values to what was freed, if there is one way to, and `.grad` proves it."""
    unknown = any(operation.value is None for operation in operations.values())
    freed = any(operation.freed for operation in operations.values())
    own = any(operation.node[PLAN].special for operation in operations.values())
    if not unknown or not freed or own:  # a user's own backward is not called to look
        return
    before = {order: (o.value, list(o.inputs)) for order, o in operations.items()}
    agrees, _ = compute(operations, trusting=True)
    _reckon_back(operations)
    agrees = compute(operations, trusting=True)[0] and agrees
    if not (agrees and _is_proven(operations, roots)):
        for order, (value, inputs) in before.items():
            operations[order].value, operations[order].inputs = value, inputs


def _reckon_back(operations: Mapping[int, Operation]) -> None:
    """Find an input by the result and the other input: of y = a·b, b = y/a."""
    with np.errstate(all="ignore"):
        for operation in reversed(list(operations.values())):
            rule, y, inputs = operation.rule, operation.value, operation.inputs
            if rule is None or y is None or rule.function not in CONSTANTS or len(inputs) != 2:
                continue
            if not all(type(v) is Ref for v in inputs):
                continue
            values = [operations[v.order].value for v in inputs]
            if sum(v is None for v in values) == 1:
                at = 0 if values[0] is None else 1
                found = np.asarray(CONSTANTS[rule.function][at](y, values[1 - at]))
                if np.all(np.isfinite(found)):
                    operations[inputs[at].order].value = found


def _is_proven(operations: Mapping[int, Operation], roots: Mapping[int, Any]) -> bool:
    seen = Pass(operations)
    seen.run([(root, np.ones_like(operations[order].value)) for order, root in roots.items()])
    leaves = [operation for operation in operations.values() if operation.is_leaf]
    times = {times_in(gradient_of(o), seen.totals.get(o.node[0])) for o in leaves}
    return seen.whole and len(times) == 1 and None not in times


def gradient_of(operation: Operation) -> Any:
    """What `.grad` of the tensor holds, of a leaf or a retained one; None if nothing."""
    grad = getattr(operation.node[EXTRA], "grad", None)
    return grad._array if isinstance(grad, Tensor) else None


def times_in(grad: Any, total: Any) -> int | None:
    """How many times `total` lies in `grad`: 1 after one pass; None if it is no whole number."""
    if grad is None or total is None or isinstance(total, dict):
        return None
    grad, total = np.asarray(grad), np.asarray(total)
    norm = float(np.sum(np.abs(total) ** 2))
    times = max(1, round(float(np.real(np.sum(grad * np.conj(total)))) / norm)) if norm else 1
    return times if np.allclose(grad, times * total, rtol=1e-4, atol=1e-7) else None
