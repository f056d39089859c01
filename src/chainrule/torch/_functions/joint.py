"""Operations on several tensors and numbers that broadcast together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chainrule._core.traces import tick

from .._checks import broadcast_error
from .._tape.plans import REFUSING, RULELESS, Op, bare_plan
from .._tape.promotion import common
from .._tape.recording import recorded
from .._tape.values import as_array, recording
from .._tensor import Tensor, made
from .arithmetic import NUMBERS

__all__ = ["is_number", "is_operand", "joint", "plain", "without_derivative"]


def joint(
    op: Op,
    inputs: Sequence[Any],
    options: dict[str, Any] | None = None,
    to: Callable[[list[Any]], list[Any]] = common,
    call: Callable[..., Any] | None = None,
) -> Any:
    """Record an operation on tensors and numbers that broadcast together."""
    try:
        return recorded(op, inputs, options or {}, call or op.stated().call, to)
    except ValueError:
        shapes = [v._array.shape for v in inputs if isinstance(v, Tensor)]
        for k, shape in enumerate(shapes[1:], 1):
            for before in shapes[:k]:
                error = broadcast_error(before, shape)
                if "must match" in error.args[0]:
                    raise error from None
        raise


def is_number(v: Any) -> bool:
    return isinstance(v, NUMBERS)


def is_operand(v: Any) -> bool:
    return isinstance(v, (Tensor, *NUMBERS))


def plain(v: Any) -> Any:
    return v._array if isinstance(v, Tensor) else v


def without_derivative(function: str, inputs: Sequence[Any], y: Any) -> Any:
    """Return a tensor of `y` whose gradient PyTorch does not know, and says so when asked."""
    out = made(as_array(y))
    parents = [v._node for v in inputs if isinstance(v, Tensor) and v._node is not None]
    if parents and recording.get():
        plan = bare_plan(REFUSING, RULELESS)
        more: Any = None
        for parent in reversed(parents):
            more = (refuse, parent, function, more)
        out._node = [tick(), *more, plan, None, None, None]
    return out


def refuse(g: Any, function: str) -> Any:
    raise RuntimeError(f"derivative for aten::{function} is not implemented")
