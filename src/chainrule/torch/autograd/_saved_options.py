"""What a node saved besides tensors: dimensions, sizes, options, under PyTorch's names.

They are read off what the pulls of the node keep. Dimensions count from the front;
PyTorch shows them as they were given, with 2**64 - 1 for -1.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from chainrule._core.stating import parameters
from chainrule._core.traces import fitted
from chainrule._core.values import take

from .._tape.edges import edges_of
from .._tape.nodes import HELD, MORE, PLAN, PULL, unpacked
from .._tensor import made

__all__ = ["OPTIONS", "option_of", "options_of"]

Facts = dict[str, Any]
Readers = dict[str, Callable[[Facts], Any]]
REDUCTIONS = {"none": 0, "mean": 1, "sum": 2}
WHOLE = slice(None)
VIEWS = (np.reshape, take)
PERHAPS_VIEWS = ("UnsafeViewBackward0", "UnsqueezeBackward0")


def facts_of(node: Any) -> Facts:
    """Return what the node keeps, by the names of the rule's parameters and options."""
    plan, held, facts = node[PLAN], node[HELD], dict[str, Any]()
    if held is not None:
        if type(held) is not tuple:  # packed by hooks (`packed.py`)
            return dict(held.options)
        facts.update(unpacked(held)[1])
    active = [i for i in range(plan.mask.bit_length()) if plan.mask >> i & 1]
    for i, (pull, _, kept) in reversed(
        [*zip(active, edges_of(node[PULL : MORE + 1]), strict=False)]
    ):
        if pull is fitted:
            _, kept, facts["into"], _ = kept
        names = [one.name for one in parameters(plan.op.stated().pull(i), skip=1)]
        facts.update({names[0]: kept} if len(names) == 1 else zip(names, kept or (), strict=False))
    return facts


# ---------------------------------------------------------------- how each is read


def named(name: str) -> Callable[[Facts], Any]:
    return lambda facts: facts[name]


def alpha(facts: Facts) -> Any:
    return next((v for v in facts.values() if isinstance(v, (int, float))), 1)


def sizes(facts: Facts) -> Any:
    return tuple(facts["into"])


def count(facts: Facts) -> int:
    return math.prod(facts["into"])


def axes(facts: Facts) -> Any:
    axis = facts["axis"]
    return axis if axis is None or isinstance(axis, tuple) else (axis,)


def correction(facts: Facts) -> Any:
    given = facts["correction"]
    return None if facts["axis"] is None and given == 1 else given


def reduction(facts: Facts) -> int:
    return REDUCTIONS[facts["reduction"]]


def swapped(which: int) -> Callable[[Facts], int]:
    def dim(facts: Facts) -> int:
        moved = [k for k, axis in enumerate(facts["axes"]) if k != axis]
        return moved[which] if moved else 0

    return dim


def place(at: Any) -> int:
    """Return the dimension that an index of one part is about."""
    return next((k for k, item in enumerate(at) if item is not Ellipsis and differs(item)), 0)


def differs(item: Any) -> bool:
    return not (isinstance(item, slice) and item == WHOLE)


def item_of(facts: Facts) -> Any:
    return facts["at"][place(facts["at"])]


def unsigned(v: int) -> int:
    return v % 2**64  # PyTorch's whole numbers lose their sign on the way to Python


def index(facts: Facts) -> int:
    return unsigned(item_of(facts))


def at_dim(facts: Facts) -> int:
    if "at" in facts:
        return place(facts["at"])
    before, after = facts["into"], facts["shape"]  # a dimension of length 1 was put in
    return next((k for k, n in enumerate(before) if n != after[k]), len(before))


def start(facts: Facts) -> int:
    return unsigned(item_of(facts).start or 0)


def end(facts: Facts) -> int:
    stop = item_of(facts).stop
    return sys.maxsize if stop is None else unsigned(stop)


def step(facts: Facts) -> int:
    return item_of(facts).step or 1


def tensor(v: Any) -> Any:
    return made(v) if isinstance(v, np.ndarray) else None


def places(facts: Facts) -> Any:
    return tuple(tensor(one) for one in facts["at"])


def written(facts: Facts) -> Any:
    return tensor(facts["steps"][0][1][0])


DIM: Readers = {"dim": at_dim}
AXIS: Readers = {"dim": named("axis")}
AXES: Readers = {"dim": axes, "keepdim": named("keepdims")}
SIZES: Readers = {"self_sym_sizes": sizes}
COUNT: Readers = {"self_sym_numel": count}
CHOSEN: Readers = {**AXIS, **SIZES, "keepdim": named("keepdims")}
ALPHA: Readers = {"alpha": alpha}
SPREAD: Readers = {**AXES, "correction": correction}
LOSS: Readers = {"reduction": reduction}

OPTIONS: dict[str, Readers] = {
    "AddBackward0": ALPHA,
    "AmaxBackward0": AXES,
    "AminBackward0": AXES,
    "BinaryCrossEntropyBackward0": LOSS,
    "BinaryCrossEntropyWithLogitsBackward0": LOSS,
    "CatBackward0": AXIS,
    "CumprodBackward0": AXIS,
    "CumsumBackward0": AXIS,
    "EluBackward0": {"alpha": named("alpha"), "scale": named("scale"),
                     "input_scale": named("rate")},
    "ExpandBackward0": SIZES,
    "FlipBackward0": {"dims": axes},
    "GatherBackward0": {**AXIS, "index": lambda facts: tensor(facts["b"]),
                        "sparse_grad": lambda facts: False},
    "HardtanhBackward0": {"max_val": named("high"), "min_val": named("low")},
    "HuberLossBackward0": {**LOSS, "delta": named("delta")},
    "IndexBackward0": {**SIZES, "indices": places},
    "IndexSelectBackward0": {**SIZES, **DIM, "index": lambda facts: tensor(item_of(facts))},
    "LeakyReluBackward0": {"negative_slope": named("b")},
    "LerpBackward0": {"weight": named("c")},
    "LinalgVectorNormBackward0": {**AXES, "ord": named("order")},
    "LogSoftmaxBackward0": AXIS,
    "LogcumsumexpBackward0": AXIS,
    "LogsumexpBackward0": AXES,
    "MaskedFillBackward0": {"mask": written},
    "MaxBackward0": CHOSEN,
    "MeanBackward0": {**SIZES, **COUNT},
    "MeanBackward1": {**AXES, **SIZES, **COUNT},
    "MedianBackward1": CHOSEN,
    "MinBackward0": CHOSEN,
    "MseLossBackward0": LOSS,
    "NllLossBackward0": {**LOSS, "ignore_index": lambda facts: unsigned(facts["ignore_index"]),
                         "target": lambda facts: tensor(facts["b"])},
    "PermuteBackward0": {"dims": named("axes")},
    "ProdBackward1": {**AXIS, "keepdim": named("keepdims")},
    "RepeatBackward0": {**SIZES, "repeats": named("reps")},
    "RollBackward0": {"dims": axes, "shifts": named("shift")},
    "RsubBackward1": ALPHA,
    "SelectBackward0": {**DIM, **SIZES, "index": index},
    "SliceBackward0": {**DIM, **SIZES, "start": start, "end": end, "step": step},
    "SmoothL1LossBackward0": {**LOSS, "beta": named("beta")},
    "SoftmaxBackward0": AXIS,
    "SoftplusBackward0": {"beta": named("beta"), "threshold": named("threshold")},
    "SortBackward0": {**AXIS, **SIZES},
    "SplitBackward0": {**DIM, **SIZES},
    "SqueezeBackward0": SIZES,
    "SqueezeBackward1": SIZES,
    "StackBackward0": AXIS,
    "StdBackward0": SPREAD,
    "SubBackward0": ALPHA,
    "SumBackward0": SIZES,
    "SumBackward1": {**AXES, **SIZES},
    "TopkBackward0": {**AXIS, **SIZES},
    "TransposeBackward0": {"dim0": swapped(0), "dim1": swapped(1)},
    "TrilBackward0": {"diagonal": named("k")},
    "TriuBackward0": {"diagonal": named("k")},
    "UnbindBackward0": DIM,
    "UnsafeViewBackward0": SIZES,
    "UnsqueezeBackward0": DIM,
    "VarBackward0": SPREAD,
    "ViewBackward0": SIZES,
    "WhereBackward0": {"condition": lambda facts: tensor(facts["a"])},
}  # fmt: skip


def option_of(node: Any, name: str) -> Any:
    """Return the option that PyTorch shows as `_saved_{name}`; LookupError if there is none."""
    plan = node[PLAN]
    if plan.name in PERHAPS_VIEWS and plan.op.function not in VIEWS:
        raise LookupError(name)  # several operations of PyTorch in one
    return OPTIONS[plan.name][name](facts_of(node))


def options_of(node: Any) -> list[str]:
    """Return the names for which `option_of` has an answer."""
    found = []
    for name in OPTIONS.get(node[PLAN].name, ()):
        with suppress(LookupError):
            option_of(node, name)
            found.append(name)
    return found
