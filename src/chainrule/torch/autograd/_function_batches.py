"""A user's own operation inside of `vmap`: its rule for batches, or the forward for all at once."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from chainrule._core.traces import tick

from .._tape.batches import batched_at, entered, left, passing
from .._tape.nodes import PLAN
from .._tape.values import recording
from .._tensor import Tensor, made
from ..random._examples import MAPPED

__all__ = ["check_apart", "mapped", "vmap_not_stated"]

SEE = "For more details, please see https://pytorch.org/docs/main/notes/extending.func.html"
NOT_APART = (
    "In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, "
    f"...), it must override the setup_context staticmethod. {SEE}"
)


class VmapInfo(NamedTuple):
    """What a rule for batches is told: how many examples there are, and what `vmap` was told."""

    batch_size: int
    randomness: str


def vmap_not_stated(info: Any, in_dims: Any, *inputs: Any) -> Any:
    """Return the outputs for a batch of inputs, and the dimensions of the examples in them."""
    raise NotImplementedError(
        "To use autograd.Function with vmap, you must either override the vmap staticmethod or set "
        "generate_vmap_rule=True."
    )


def check_apart(apart: bool) -> None:
    """Raise, in PyTorch's words, for a forward that takes `ctx`: no transform can see through."""
    if not apart:
        raise RuntimeError(NOT_APART)


def mapped(cls: Any, inputs: Sequence[Any], apart: bool) -> Any:
    """Return what the user's rule for batches makes of a call inside of `vmap`, or None.

    None: this is no such call, or the function itself is to be called for all examples at once.
    """
    if not MAPPED.get():
        return None
    order, batch, randomness = MAPPED.get()[-1]
    level: Any = SimpleNamespace(order=order, size=batch.size, batch=batch)
    if not any(isinstance(v, Tensor) and batched_at(v._array, level) for v in inputs):
        return None
    check_apart(apart)
    stated = cls.vmap is not vmap_not_stated
    if stated == cls.generate_vmap_rule:
        if stated:
            raise RuntimeError(
                f"You tried to vmap over {cls.__name__}, but it has both generate_vmap_rule=True "
                "and an overridden vmap staticmethod. Please set generate_vmap_rule=False or "
                f"delete the overridden vmap staticmethod to avoid ambiguity. {SEE}"
            )
        raise RuntimeError(
            f"You tried to vmap over {cls.__name__}, but it does not have vmap support. Please "
            f"override and implement the vmap staticmethod or set generate_vmap_rule=True. {SEE}"
        )
    if not stated:
        return None
    dims = tuple(
        0 if isinstance(v, Tensor) and batched_at(v._array, level) else None for v in inputs
    )
    stacks = [v if dim is None else stack_of(v, level) for v, dim in zip(inputs, dims, strict=True)]
    token = MAPPED.set(MAPPED.get()[:-1])
    try:
        result = cls.vmap(VmapInfo(batch.size, randomness), dims, *stacks)
    finally:
        MAPPED.reset(token)
    if not (isinstance(result, tuple) and len(result) == 2):
        raise RuntimeError(
            "Expected the vmap staticmethod to have two returns, an output and out_dims with "
            f"pytree structure compatible with the output. Got a {type(result)} instead"
        )
    outputs, out_dims = result
    if not isinstance(outputs, tuple):
        return example_of(outputs, out_dims, level)
    spread = out_dims if isinstance(out_dims, tuple) else (out_dims,) * len(outputs)
    return tuple(example_of(v, dim, level) for v, dim in zip(outputs, spread, strict=True))


def stack_of(t: Any, level: Any) -> Any:
    """Return all examples of `t`, stacked along the first dimension."""
    out = made(left(t._array, (level, 0)))
    if t._node is not None and recording.get():
        out._node = passing(tick(), entered, t._node, (level, 0), t._node[PLAN])
    return out


def example_of(t: Any, dim: int | None, level: Any) -> Any:
    """Return a stack, whose examples lie along `dim`, as one example that stands for all."""
    if dim is None or not isinstance(t, Tensor):
        return t
    out = made(entered(t._array, (level, dim)))
    if t._node is not None and recording.get():
        out._node = passing(tick(), left, t._node, (level, dim), t._node[PLAN])
    return out
