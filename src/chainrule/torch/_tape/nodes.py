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

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule._core.pieces import output_pull
from chainrule._core.stating import Rule
from chainrule._core.traces import READ, edges, tick
from chainrule._core.values import dtype_of, shape_of

from .plans import LIST_PLAN, Op, bare_plan, op_of
from .values import TAPE, Taped, as_taped

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
    "WATCH",
    "node_of",
    "outputs_of",
    "unpacked",
]

ndarray = np.ndarray

ORDER, PULL, PARENT, KEPT, MORE, PLAN, WATCH, HELD, EXTRA = range(9)

FREED: Any = object()


def unpacked(held: Any) -> tuple[tuple[Any, ...], dict[str, Any], Any]:
    """Return the inputs, as taped values where they want a gradient, the options and the output."""
    if type(held) is not tuple:  # packed by hooks (`packed.py`)
        return held.unpacked()  # type: ignore[no-any-return]
    if len(held) == 3:
        return held
    if len(held) == 5:
        x, node, writes, options, y = held
        return (as_taped(x, node, writes),), options, y
    a, a_node, a_writes, b, b_node, b_writes, y = held
    first = a if a_node is None else as_taped(a, a_node, a_writes)
    return (first, b if b_node is None else as_taped(b, b_node, b_writes)), {}, y


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
