"""How what stands on a tape is written: the names of tensors, and operations as formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from chainrule._core.values import take
from chainrule._rules.indexing import indices_put, overwritten
from chainrule._rules.weighted import weighted_affine
from chainrule.derivation.deriving import text_of
from chainrule.torch._tape.nodes import PLAN

from ..wording import fresh, letters, numbered, operand, place_text, written
from .operations import UNKNOWN, Operation, Ref

__all__ = ["Named", "Wording"]

Named = Mapping[int, tuple[str, Any]]
# What options are called in PyTorch; others only say how the engine spells an operation.
OPTIONS = {"axis": "dim", "keepdims": "keepdim"}
SHAPED = ("ViewBackward0", "ReshapeAliasBackward0", "ExpandBackward0", "UnsafeViewBackward0")


class Wording:
    """The names of the operations' results, and how each is written with them.

    `named` has names and tensors by the orders of nodes, and by the ids of the arrays of tensors
    that have none.
    """

    def __init__(
        self, operations: Mapping[int, Operation], roots: Mapping[int, Any], named: Named
    ) -> None:
        self.operations, self.roots, self.named = operations, roots, named
        self.labels = self.named_all()

    def named_all(self) -> dict[int, str]:
        labels = {order: self.named[order][0] for order in self.operations if order in self.named}
        nameless = [order for order, o in self.operations.items() if order not in labels]
        constants = {id(v) for o in self.operations.values() for v in o.inputs}
        taken = {*labels.values(), *(self.named[v][0] for v in constants & self.named.keys())}
        leaves = [order for order in nameless if self.operations[order].is_leaf]
        ends = [order for order in self.roots if order not in labels]
        for name in ("x", "leaf", "no name"):
            if not taken & set(names := numbered(name, len(leaves))):
                break
        labels |= dict(zip(leaves, names, strict=True))
        taken |= set(names)
        if ends:
            labels |= dict(zip(ends, fresh(taken, len(ends)), strict=True))
        taken |= {name.partition(".")[0] for name in taken}  # a module's own name
        unused = letters(taken | set(labels.values()))
        for order in nameless:
            if order not in labels:
                labels[order] = next(unused)
        return labels

    def operand(self, v: Any) -> Any:
        if isinstance(v, list):
            return [self.operand(w) for w in v]
        if v is UNKNOWN:
            return operand("…")
        if isinstance(v, np.ndarray) and id(v) in self.named:
            return operand(self.named[id(v)][0])
        if isinstance(v, str):
            return operand(repr(v))
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
        function = None if rule is None else rule.function
        usual = {option.name: option.default for option in rule.options} if rule else {}
        said = {k: v for k, v in options.items() if v is not usual.get(k) and v != usual.get(k)}
        if function is weighted_affine and len(inputs) == 3 and not said:
            bias, x, w = map(text_of, inputs)
            return f"{x} @ {w} + {bias}"
        if function in (overwritten, indices_put):
            whole, part = map(text_of, inputs)
            return f"{whole}{_place_written(options)} ← {part}"
        if function is not take:
            kept = ("shape",) if operation.name in SHAPED else ()
            said = {OPTIONS.get(k, k): v for k, v in said.items() if k in (*OPTIONS, *kept)}
        left_out = [v is None for v in operation.inputs]
        inputs = [each for each, out in zip(inputs, left_out, strict=True) if not out]
        return written(function, inputs, said, _said(operation.name))


def _place_written(options: Mapping[str, Any]) -> str:
    """The place that is written to: by its index, if that is all that leads there."""
    steps = options.get("steps", (None,))
    if not steps:
        return ""
    simple = len(steps) == 1 and steps[0] is not None and steps[0][0] is take
    return f"[{place_text(steps[0][1])}]" if simple else "[…]"


def _said(name: str) -> str:
    """Return what users call an operation: binary_cross_entropy for BinaryCrossEntropyBackward0.

    >>> _said("BinaryCrossEntropyBackward0"), _said("SigmoidBackward0")
    ('binary_cross_entropy', 'sigmoid')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", re.sub(r"Backward\d*$", "", name)).lower()
