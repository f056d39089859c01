"""What a node saved: whether it is still there and unchanged, and dropping it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np

from chainrule._core.values import take
from chainrule._rules.indexing import part
from chainrule._rules.rearranging import diagonal_of

from .._kinds.dtypes import type_name
from .nodes import FREED, HELD, PLAN, WATCH, outputs_of, unpacked
from .values import Taped

__all__ = ["SECOND_TIME", "check_saved", "check_writes", "emptied", "free", "short", "watched"]

VIEWING = (np.reshape, np.transpose, np.broadcast_to, take, diagonal_of, part)
watched: ContextVar[bool] = ContextVar("watched", default=False)  # whether `detect_anomaly` is on
SECOND_TIME = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you "
    "call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
    "through the graph a second time or if you need to access saved tensors after calling backward."
)
ENABLE = (
    "enable anomaly detection to find the operation that failed to compute its gradient, with "
    "torch.autograd.set_detect_anomaly(True, check_nan=False)."
)
SEE_ABOVE = (
    "the backtrace further above shows the operation that failed to compute its gradient. The "
    "variable in question was changed in there or anywhere later. Good luck!"
)


def check_saved(node: Any, watch: Any) -> None:
    """Raise if what a node saved was freed, or written to since."""
    if watch is FREED:
        raise RuntimeError(SECOND_TIME)
    for k in range(0, len(watch), 3):
        writes, then, which = watch[k : k + 3]
        if writes[0] != then:
            inputs, _, y = unpacked(node[HELD])
            if which < 0:  # -1 is the result, or the first of several
                several = isinstance(y, tuple)
                link = outputs_of(node, y)[-1 - which] if several else node
                check_writes(writes, then, y[-1 - which] if several else y, link, own=True)
                continue
            v = inputs[which]
            maker = v.link if type(v) is Taped else None
            check_writes(writes, then, v.value if type(v) is Taped else v, maker)


def check_writes(writes: Any, then: int, array: Any, maker: Any, *, own: bool = False) -> None:
    """Raise if the numbers of `array`, which node `maker` made, were written to since `then`.

    `own` says that the node itself saved them, its own output.
    """
    if writes[0] == then:
        return
    name, by = "", ""
    if maker is not None and maker[1] is not None:
        name = maker[PLAN].name
        by = f", which is output {maker[PLAN].output} of {short(name)},"
    if name and not own and len(writes) > 1:  # an input is told by what it is now
        if makes_views(maker):
            name = "AsStridedBackward0"
        elif writes[1].latest:
            name = writes[1].latest
        by = f", which is output 0 of {short(name)},"
    raise RuntimeError(
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: [{type_name(array.dtype)} {list(array.shape)}]{by} is at version "
        f"{writes[0]}; expected version {then} instead. Hint: "
        f"{SEE_ABOVE if watched.get() else ENABLE}"
    )


def short(name: str) -> str:
    """Return what PyTorch's errors call an operation: "Exp" for "ExpBackward0"."""
    if name in ("CopySlices", "CopyBackwards"):
        return f"torch::autograd::{name}"
    return name.removesuffix("0").replace("Backward", "")


def makes_views(node: Any) -> bool:
    """Say whether an operation returned a view."""
    plan = node[PLAN]
    return plan.op.function in VIEWING and not plan.saves


def free(node: Any) -> None:
    """Drop what a node keeps; its edges stay, so that the graph can still be looked at."""
    node[WATCH], node[HELD], node[3] = FREED, None, None
    if node[4] is not None:
        node[4] = emptied(node[4])


def emptied(more: Any) -> Any:
    rest = more[3]
    return more[0], more[1], None, None if rest is None else emptied(rest)
