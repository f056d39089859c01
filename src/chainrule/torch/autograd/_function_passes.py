"""The way back through a user's own operation: what its backward gets, and what it may return."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.pieces import Outputs

from .._tape.values import cell, conjugated, recording, taped
from .._tensor import Tensor
from ._context import BackwardCFunction

__all__ = ["not_stated", "pull_back"]


def not_stated(ctx: Any, *gradients: Any) -> Any:
    """Return the gradient of each input."""
    raise NotImplementedError(
        "You must implement either the backward or vjp method for your custom "
        "autograd.Function to use it with backward mode AD."
    )


def pull_back(g: Any, kept: Any) -> list[Any]:
    """Call the user's backward; return a gradient, or None, for each input."""
    ctx, retain = kept
    cls = ctx._forward_cls
    if cls.backward is not_stated:
        backward = cls.vjp
    elif cls.vjp is not_stated:
        backward = cls.backward
    else:
        raise RuntimeError(
            "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You "
            "should only implement one of them."
        )
    result = backward(ctx, *gradients_for(ctx, g))
    if not retain:
        ctx._free()
    return checked(ctx, list(result) if isinstance(result, tuple) else [result])


def gradients_for(ctx: BackwardCFunction, g: Any) -> list[Any]:
    """Return the gradients that backward is called with: of each output, in order."""
    if ctx._kinds is None:
        return [own(g)]
    given = g if type(g) is Outputs else dict(enumerate(g))
    return [
        own(given[k]) if k in given
        else own(np.zeros(*kind)) if ctx.materialize_grads and kind is not None
        else None
        for k, kind in enumerate(ctx._kinds)
    ]  # fmt: skip


def own(g: Any) -> Any:
    """Return the tensor of a gradient, which may be written to."""
    if type(g) is np.ndarray and not g.flags.writeable:
        g = g.copy()
    return cell(conjugated(g))


def checked(ctx: BackwardCFunction, found: list[Any]) -> list[Any]:
    """Return what backward returned as the tape computes with it, or raise in PyTorch's words."""
    shapes, name = ctx._shapes, ctx.name()
    while len(found) > len(shapes) and found[-1] is None:
        found.pop()
    if len(found) != len(shapes):
        raise RuntimeError(
            f"function {name} returned an incorrect number of gradients (expected {len(shapes)}, "
            f"got {len(found)})"
        )
    result: list[Any] = [None] * len(shapes)
    tensors = 0
    for k, (v, shape, needed) in enumerate(zip(found, shapes, ctx.needs_input_grad, strict=True)):
        if shape is None and v is not None:
            raise RuntimeError(
                f"function {name} returned a gradient different than None at position {k + 1}, but "
                "the corresponding forward input was not a Variable"
            )
        tensors += shape is not None
        if v is None:
            continue
        if not isinstance(v, Tensor):
            raise RuntimeError(f"expected Variable or None (got {type(v).__name__})")
        if needed:
            check_shape(v._array.shape, shape, f"Function {name}", tensors - 1)
            result[k] = conjugated(taped(v) if recording.get() else v._array)
    return result


def check_shape(got: tuple[int, ...], shape: tuple[int, ...], name: str, k: int) -> None:
    """Raise if a gradient cannot be summed to the shape of its input."""
    extra = len(got) - len(shape)
    if extra < 0 or any(n not in (1, m) for n, m in zip(shape, got[extra:], strict=True)):
        raise RuntimeError(
            f"{name} returned an invalid gradient at index {k} - got {list(got)} but expected "
            f"shape compatible with {list(shape)}"
        )
