"""The way forward through a user's own operation: its jvp, for inputs that have tangents."""

from __future__ import annotations

from typing import Any

from .._creation.filled import zeros_like
from .._tape.values import recording
from .._tensor import Tensor, made
from ._context import BackwardCFunction
from ._duals import move, tangent_of

__all__ = ["jvp_not_stated", "push_on", "tangents_of"]


def jvp_not_stated(ctx: Any, *tangents: Any) -> Any:
    """Return the tangent of each output."""
    raise NotImplementedError(
        "You must implement the jvp function for custom autograd.Function to use it with forward "
        "mode AD."
    )


def tangents_of(inputs: tuple[Any, ...]) -> list[Any] | None:
    """Return the tangent of each input, zeros where there is none; None if no input has one."""
    found = [tangent_of(v) if isinstance(v, Tensor) else None for v in inputs]
    return None if all(t is None for t in found) else found


def primal_of(t: Any) -> Any:
    """Return a tensor without its tangent."""
    from .forward_ad import unpack_dual

    return unpack_dual(t).primal


def push_on(
    ctx: BackwardCFunction, tangents: list[Any], inputs: tuple[Any, ...], outputs: list[Any]
) -> None:
    """Give the outputs the tangents that the user's jvp returns."""
    given = [
        zeros_like(v) if t is None and isinstance(v, Tensor) and ctx.materialize_grads else t
        for v, t in zip(inputs, tangents, strict=True)
    ]
    kept = [None if t is None else primal_of(t) for t in ctx.saved_for_forward]
    ctx._kept = tuple((t, 0 if t is None else t._writes[0]) for t in kept)
    moves = ctx._forward_cls.jvp(ctx, *given)
    moves = list(moves) if isinstance(moves, tuple) else [moves]
    if len(moves) != len(outputs):
        raise RuntimeError(
            "Function's jvp returned an invalid number of forward gradients (expected "
            f"{len(outputs)} but got {len(moves)})"
        )
    for k, (v, t) in enumerate(zip(outputs, moves, strict=True)):
        if t is None:
            continue
        if not isinstance(t, Tensor):
            raise RuntimeError(
                f"expected Variable or None (got {type(t).__name__}) for grad output {k}."
            )
        if not isinstance(v, Tensor) or v._array.dtype.kind not in "fc":
            continue
        if any(v is x for x in inputs) and v._node is None:
            outputs[k] = v = made(v._array)
        move(v, t if recording.get() else made(t._array))
