"""What PyTorch calls an operation, and what it saves for the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule import _rules  # noqa: F401  (states the rules)
from chainrule._core.stating import Rule, parameters
from chainrule._core.table import RULES, known

__all__ = ["LIST_PLAN", "NAMED", "REFUSING", "RULELESS", "Op", "Plan", "bare_plan", "op_named"]


class Op:
    """An operation of PyTorch: its name there, the engine's rule, and what PyTorch saves for it.

    `saves` has one text for each input: the names, of `inputs` and "result", that PyTorch saves
    when that input wants a gradient. These are guarded against writes; what the rule keeps besides
    is copied, as PyTorch's users may write to it.
    """

    __slots__ = ("function", "inputs", "name", "plans", "rule", "saves")

    def __init__(self, name: str, function: Any, saves: Sequence[str], inputs: str) -> None:
        self.name, self.function = name, function
        self.inputs, self.saves = inputs.split(), saves
        self.plans: dict[int, Plan] = {}
        self.rule: Rule | None = None

    def stated(self) -> Rule:
        if self.rule is None:
            if not known(self.function) or self.function not in RULES:
                raise LookupError(f"{self.function} has no rule of its own; spell {self.name} out.")
            self.rule = RULES[self.function]
        return self.rule

    def plan(self, mask: int) -> Plan:
        plan = self.plans.get(mask)
        if plan is None:
            plan = self.plans[mask] = Plan(self, mask)
        return plan


class Plan:
    """What a node of an operation holds when the inputs in `mask`, a number's bits, are active."""

    __slots__ = (
        "bare",
        "copied",
        "copies_result",
        "holds",
        "mask",
        "name",
        "op",
        "output",
        "saves",
        "special",
        "watched",
        "watches_result",
    )

    def __init__(self, op: Op, mask: int) -> None:
        rule = op.stated()
        self.op, self.mask, self.output = op, mask, 0
        self.name, self.special = op.name, False
        kept: set[str] = set()
        saved: set[str] = set()
        for i in range(mask.bit_length()):
            pull = rule.pull(i)
            if mask >> i & 1 and pull:
                kept.update(option.name for option in parameters(pull, skip=1))
                saved.update((op.saves[i] if i < len(op.saves) else op.saves[-1]).split())
        names = list(rule.inputs)
        keeps = {k for k, name in enumerate(names) if name in kept}
        if "inputs" in kept or rule.endless:
            keeps = set(range(len(names)))
        self.saves = bool(saved)
        self.bare = rule.word == "elementwise" and mask == 1 and len(rule.inputs) == 1
        self.watches_result = "result" in saved
        self.watched = tuple(k for k, name in enumerate(op.inputs) if name in saved)
        self.copied = tuple(sorted(keeps - set(self.watched)))
        self.copies_result = "y" in kept and not self.watches_result
        self.holds = self.saves or bool(keeps) or "y" in kept


def bare_plan(name: str, op: Op, output: int = 0, *, special: bool = False) -> Plan:
    """Return the plan of a node that saves nothing by itself."""
    plan = object.__new__(Plan)
    plan.op, plan.name, plan.mask, plan.output, plan.special = op, name, 1, output, special
    plan.saves = plan.holds = plan.copies_result = plan.watches_result = False
    plan.copied = plan.watched = ()
    return plan


RULELESS = Op("", None, ("",), "")

LIST_PLAN = bare_plan("List", RULELESS, special=True)
REFUSING = "torch::autograd::NotImplemented"  # the name of a node without a derivative

NAMED: dict[Any, Any] = {}  # the engine's function -> its Op, or a function of the values


def op_named(function: Any, op: Any) -> None:
    """Say what the nodes are called that gradients of gradients record for `function`."""
    NAMED.setdefault(function, op)


def op_of(rule: Rule, values: Sequence[Any]) -> Op:
    op = NAMED.get(rule.function)
    if type(op) is Op:
        return op
    if op is None:
        title = rule.function.__name__.title().replace("_", "")
        op = NAMED[rule.function] = Op(
            f"{title}Backward0", rule.function, ("a b c d x result",), "a b c d"
        )
        return op
    return op(values)  # type: ignore[no-any-return]
