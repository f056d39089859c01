"""The tape: what a recorded operation leaves behind, so that a backward pass can be run.

A node is a list that begins as the engine's nodes do, so that the engine's own backward pass walks
it: `[order, pull, parent, kept, more, plan, watch, held, extra]`.

    plan    which operation it was and which of its inputs want a gradient (`Plan`): its name, and
            what PyTorch saves for it
    watch   the write counts of what was saved, and what they were; None: nothing is saved, and the
            node can be walked again; FREED after a walk that did not retain the graph
    held    the inputs, options and output, for gradients that are differentiated themselves; the
            hot operations write `(a, node, writes, b, node, writes, y)`, those of one tensor
            `(x, node, writes, options, y)`; `unpacked` reads all
    extra   hooks and a retained gradient; of a leaf, its gradient (`_leaves.py`)

It is a list because freeing empties it. A node refers to earlier nodes only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from chainrule import _rules  # noqa: F401  (states the rules)
from chainrule._core.pieces import output_pull
from chainrule._core.stating import Rule, parameters
from chainrule._core.table import RULES, known
from chainrule._core.traces import READ, edges, fitted, tick
from chainrule._core.values import Value, dtype_of, shape_of

from ._quiet import QUIET, hush, unhush
from ._tensor import Tensor, made
from ._types import get_default_dtype, promoted

__all__ = [
    "EXTRA",
    "FREED",
    "HELD",
    "KEPT",
    "MORE",
    "ORDER",
    "PARENT",
    "PLAN",
    "PULL",
    "RULELESS",
    "TAPE",
    "WATCH",
    "Op",
    "Plan",
    "Taped",
    "bare_plan",
    "cell",
    "node_of",
    "op_named",
    "operation",
    "recorded",
    "recording",
    "taped",
    "unpacked",
]

ORDER, PULL, PARENT, KEPT, MORE, PLAN, WATCH, HELD, EXTRA = range(9)
TAPE = 1  # the level of taped values: levels of functions being differentiated are below 0
FREED: Any = object()
recording: ContextVar[bool] = ContextVar("recording", default=True)
ndarray = np.ndarray


class Taped(Value):
    """A tensor's array as the engine sees it; `link` is its node, `writes` its write count."""

    __slots__ = ("writes",)
    writes: Any


def taped(t: Any) -> Any:
    """Return what the engine computes with in place of `t`: recorded, if `t` wants a gradient."""
    if not isinstance(t, Tensor):
        return t
    if t._node is None:
        return t._array
    return as_taped(t._array, t._node, t._writes)


def as_taped(array: Any, node: Any, writes: Any = None) -> Taped:
    out = Taped()
    out.value, out.level, out.link, out.writes = array, TAPE, node, writes
    return out


def cell(v: Any) -> Any:
    """Return the tensor for a value that the engine returned."""
    if type(v) is Taped:
        out = made(np.asarray(v.value))
        out._node = v.link
        if v.writes is not None:
            out._writes = v.writes
        return out
    return made(np.asarray(v))


# ---------------------------------------------------------------- what an operation saves


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


def unpacked(held: Any) -> tuple[tuple[Any, ...], dict[str, Any], Any]:
    """Return the inputs, as taped values where they want a gradient, the options and the output."""
    if len(held) == 3:
        return held  # type: ignore[no-any-return]
    if len(held) == 5:
        x, node, writes, options, y = held
        return (as_taped(x, node, writes),), options, y
    a, a_node, a_writes, b, b_node, b_writes, y = held
    first = a if a_node is None else as_taped(a, a_node, a_writes)
    return (first, b if b_node is None else as_taped(b, b_node, b_writes)), {}, y


# ---------------------------------------------------------------- recording


def node_of(
    op: Op,
    inputs: Sequence[Any],
    counts: Sequence[Any],
    values: list[Any],
    options: dict[str, Any],
    y: Any,
    writes: Any,
) -> Any:
    """Return the node of a call, or None if no input wants a gradient.

    `inputs` are taped values and plain ones, `values` the arrays in them, `counts` their write
    counts; `writes` is that of the output.
    """
    mask = 0
    for i, v in enumerate(inputs):
        kind = type(v)
        if kind is Taped or (kind is list and any(type(w) is Taped for w in v)):
            mask |= 1 << i
    if not mask:
        return None
    plan = op.plan(mask)
    rule = op.stated()
    kept = values
    if plan.copied:
        kept = list(values)
        for k in plan.copied:
            if counts[k] is not None and type(kept[k]) is ndarray:
                kept[k] = kept[k].copy()
    kept_y = y.copy() if plan.copies_result and type(y) is ndarray else y
    more = edges(Taped, rule, TAPE, inputs, kept, options, kept_y)
    if more is None:
        return None
    if rule.lists:
        more = listed(more)
    watch: Any = None
    if plan.saves:
        watch = []
        for k in plan.watched:
            if k < len(counts) and (count := counts[k]) is not None:
                watch += (count, count[0], k)
        if plan.watches_result:
            watch += (writes, writes[0], -1)
    held = (inputs, options, kept_y) if plan.holds else None
    return [tick(), *more, plan, watch, held, None]


def bare_plan(name: str, op: Op, output: int = 0, *, special: bool = False) -> Plan:
    """Return the plan of a node that saves nothing by itself."""
    plan = object.__new__(Plan)
    plan.op, plan.name, plan.mask, plan.output, plan.special = op, name, 1, output, special
    plan.saves = plan.holds = plan.copies_result = plan.watches_result = False
    plan.copied = plan.watched = ()
    return plan


RULELESS = Op("", None, ("",), "")
LIST_PLAN = bare_plan("List", RULELESS, special=True)


def listed(more: Any) -> Any:
    """Make the engine's nodes of lists nodes of the tape."""
    pull, parent, kept, rest = more
    if type(parent) is tuple:
        parent = [*parent, LIST_PLAN, None, None, None]
    return pull, parent, kept, None if rest is None else listed(rest)


def read_taped(
    rule: Rule,
    level: int,
    inputs: Sequence[Any],
    values: list[Any],
    options: dict[str, Any],
    y: Any,
    several: bool,
) -> Any:
    """Record a call of the engine's on taped values: gradients that are differentiated again."""
    inputs = [list(v) if type(v) is tuple else v for v in inputs]
    counts = [v.writes if type(v) is Taped else None for v in inputs]
    node = node_of(op_of(rule, values), inputs, counts, values, options, y, [0])
    if node is None:
        return y
    if not several:
        return as_taped(y, node)
    outs = [as_taped(v, link) for v, link in zip(y, outputs_of(node, y), strict=True)]
    return type(y)(*outs) if hasattr(y, "_fields") else type(y)(outs)


READ[Taped] = read_taped


def outputs_of(node: Any, outputs: Sequence[Any]) -> list[Any]:
    """Return a node for each of several outputs of one call."""
    kinds = [(shape_of(v), dtype_of(v)) for v in outputs]
    like = type(outputs)
    nodes = []
    for k in range(len(outputs)):
        plan = bare_plan(node[PLAN].name, node[PLAN].op, k)
        nodes.append([tick(), output_pull, node, (k, kinds, like), None, plan, None, None, None])
    return nodes


# ---------------------------------------------------------------- PyTorch's names for rules

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


# ---------------------------------------------------------------- operations on tensors

PREPARED: dict[str, Callable[[list[Any]], list[Any]]] = {}


def recorded(op: Op, inputs: Sequence[Any], options: dict[str, Any], call: Any, to: Any) -> Any:
    """Return the tensor that `call` makes of `inputs`, with its node if one wants a gradient."""
    if len(inputs) == 1 and isinstance(inputs[0], Tensor):
        return recorded_one(op, inputs[0], options, call, to)
    on, active = recording.get(), False
    values: list[Any] = []
    kept: list[Any] = []
    counts: list[Any] = []
    for v in inputs:
        if isinstance(v, Tensor):
            values.append(v._array)
            counts.append(v._writes)
            if on and v._node is not None:
                active = True
                kept.append(as_taped(v._array, v._node, v._writes))
                continue
        elif type(v) is list:
            values.append([w._array for w in v])
            counts.append(None)
            if on and any(w._node is not None for w in v):
                active = True
                kept.append([taped(w) for w in v])
                continue
        else:
            values.append(v)
            counts.append(None)
        kept.append(values[-1])
    if to is not None:
        values = to(values)
    token = hush(QUIET)
    try:
        y = call(*values, **options)
    finally:
        unhush(token)
    out = made(y if type(y) is ndarray else np.asarray(y))
    if active:
        out._node = node_of(op, kept, counts, values, options, out._array, out._writes)
    return out


def recorded_one(op: Op, t: Any, options: dict[str, Any], call: Any, to: Any) -> Any:
    """The same for one tensor, in half the time."""
    x = own = t._array
    if to is not None and x.dtype.kind != "f":
        x = to([x])[0]
    token = hush(QUIET)
    try:
        y = call(x, **options)
    finally:
        unhush(token)
    out = made(y if type(y) is ndarray else (y := np.asarray(y)))
    node = t._node
    if node is None or not recording.get() or y.dtype.kind not in "fc":
        return out
    plan = op.plans.get(1) or op.plan(1)
    if (argument := op.stated().argument(0)) is None:
        return out
    pull, keep = argument
    kept_y = y.copy() if plan.copies_result else y
    kept = keep(0, kept_y, x.copy() if plan.copied else x, **options)
    edge = (fitted, node, (pull, kept, own.shape, own.dtype))
    if plan.bare and y.dtype is own.dtype:
        edge = (pull, node, kept)
    watch: Any = None
    if plan.saves:
        watch = (t._writes, t._writes[0], 0) if plan.watched else ()
        if plan.watches_result:
            watch += (out._writes, 0, -1)
    held = (own, node, t._writes, options, kept_y) if plan.holds else None
    out._node = [tick(), *edge, None, plan, watch, held, None]
    return out


def operation(
    name: str,
    function: Any,
    saves: str | Sequence[str] = "",
    inputs: str = "self other",
    *,
    to: Callable[[list[Any]], list[Any]] | None = None,
    call: Callable[..., Any] | None = None,
) -> Callable[..., Any]:
    """Return the function of tensors that calls `function` and records a node `{name}Backward0`.

    `saves` says what PyTorch saves, for each input or for all alike, by the names in `inputs` and
    "result". `to` prepares the arrays (`floating`, `common`), `call` computes instead of
    `function`, whose rule it has.
    """
    full = name if "Backward" in name else f"{name}Backward0"
    op = Op(full, function, (saves,) if isinstance(saves, str) else tuple(saves), inputs)
    op_named(function, op)
    compute = call

    def record(*inputs: Any, **options: Any) -> Any:
        nonlocal compute
        if compute is None:
            compute = op.stated().call
        return recorded(op, inputs, options, compute, to)

    record.__name__ = record.__qualname__ = getattr(function, "__name__", name)
    record.op = op  # type: ignore[attr-defined]
    return record


# ---------------------------------------------------------------- number types


NUMBER_TYPES = {kind: np.dtype(kind) for kind in (bool, int, float, complex)}
NUMBER_TYPES[int] = np.dtype(np.int64)  # on every platform


def kind_of(v: Any) -> Any:
    """Return an operand as promotion sees it."""
    if type(v) is ndarray:
        return v.dtype, "dim" if v.ndim else "zero"
    return NUMBER_TYPES.get(type(v)) or v.dtype, "number"


def floating(values: list[Any]) -> list[Any]:
    """Whole numbers and truth values become floating-point numbers."""
    return [
        v.astype(get_default_dtype().numpy) if type(v) is ndarray and v.dtype.kind in "biu" else v
        for v in values
    ]


def common(values: list[Any]) -> list[Any]:
    """Return the arrays in the dtype that PyTorch's promotion gives them together."""
    dtype = promoted([kind_of(v) for v in values])
    return [cast_to(v, dtype) for v in values]


def cast_to(v: Any, dtype: Any) -> Any:
    if type(v) is ndarray:
        return v if v.dtype is dtype or v.dtype == dtype else v.astype(dtype)
    if type(v) is complex or dtype.kind in "biu" or isinstance(v, np.generic):
        return np.asarray(v).astype(dtype)  # not np.array(v, dtype), which refuses uint8(-1)
    return v
