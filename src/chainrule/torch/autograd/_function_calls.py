"""A call of a user's own operation: its inputs in order, and what it leaves on the tape."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import numpy as np

from chainrule._core.traces import item_pull, tick

from .._tape.nodes import outputs_of
from .._tape.plans import LIST_PLAN, RULELESS, bare_plan
from .._tape.values import as_taped
from .._tensor import Tensor
from .._writing.in_place import SLICES, become, check_history, cut
from .._writing.views import reshaped
from ._context import BackwardCFunction
from ._function_passes import pull_back

__all__ = ["attach", "check_marks", "in_order"]


def in_order(
    forward: Any, inputs: tuple[Any, ...], named: dict[str, Any], apart: bool
) -> tuple[Any, ...]:
    """Return the inputs of a call in the order in which `forward` takes them."""
    signature = inspect.signature(forward)
    parameters = list(signature.parameters.values())
    if not apart:
        signature = signature.replace(parameters=parameters[1:])
    by_place = [p.name for p in signature.parameters.values() if p.kind is not p.KEYWORD_ONLY]
    for name in named:
        if name not in by_place:
            raise TypeError(f"forward() got an unexpected keyword argument '{name}'")
    bound = signature.bind(*inputs, **named)
    if apart:
        bound.apply_defaults()
    return bound.args


def check_marks(ctx: BackwardCFunction, inputs: tuple[Any, ...], outputs: list[Any]) -> None:
    """Raise, in PyTorch's words, if forward marked what it should not have."""
    for t in ctx.dirty_tensors:
        if not isinstance(t, Tensor):
            raise RuntimeError("mark_dirty can only accept variables, but argument ")
        if not any(t is v for v in inputs):
            warnings.warn(
                "ctx.mark_dirty() received a tensor that was not an input. Only input Tensors that "
                "have been mutated should be passed to ctx.mark_dirty().",
                UserWarning,
                stacklevel=3,
            )
        elif not any(t is v for v in outputs):
            raise RuntimeError(
                "Some elements marked as dirty during the forward method were not returned as "
                "output. The inputs that are modified inplace must all be outputs of the Function."
            )
    for t in ctx.non_differentiable:
        if not isinstance(t, Tensor):
            raise RuntimeError("mark_non_differentiable only accepts variable arguments, but got ")


def attach(
    ctx: BackwardCFunction,
    inputs: tuple[Any, ...],
    outputs: list[Any],
    before: dict[int, Any],
    several: bool,
) -> None:
    """Give the outputs of forward their place on the tape; `before` are the nodes of inputs."""
    dirty = [id(t) for t in ctx.dirty_tensors]
    constant = {id(t) for t in ctx.non_differentiable}
    wanted = [isinstance(v, Tensor) and id(v) not in constant and v._array.dtype.kind in "fc"
              for v in outputs]  # fmt: skip
    written = [id(v) in dirty and id(v) in before for v in outputs]
    for k, v in enumerate(outputs):
        if not isinstance(v, Tensor) or id(v) not in before:
            continue
        if id(v) not in dirty:
            outputs[k] = alone(v, wanted[k])
        elif before[id(v)] is not None and before[id(v)][1] is None:
            raise RuntimeError(
                "a leaf Variable that requires grad has been used in an in-place operation."
            )
        else:
            check_history(v)
            v._writes[0] += 1
    more: Any = None
    for k, v in enumerate(inputs):
        if isinstance(v, Tensor) and before[id(v)] is not None:
            more = (item_pull, before[id(v)], (k, v._array.shape, v._array.dtype), more)
    listing = [tick(), *more, LIST_PLAN, None, None, None]
    ctx._places = tuple(k for k, v in enumerate(inputs) if isinstance(v, Tensor))
    ctx._shapes = tuple(v._array.shape if isinstance(v, Tensor) else None for v in inputs)
    if several:
        ctx._kinds = [(v._array.shape, v._array.dtype) if isinstance(v, Tensor) else None
                     for v in outputs]  # fmt: skip
    plan = bare_plan(ctx.name(), RULELESS, special=True)
    ctx._parts = tick(), pull_back, listing, plan
    node = ctx._stand()
    arrays = [v._array if isinstance(v, Tensor) else np.zeros(()) for v in outputs]
    links = outputs_of(node, arrays) if several else [node]
    for v, link, wants, over in zip(outputs, links, wanted, written, strict=True):
        if wants and over:
            take_over(v, link)
        elif wants:
            v._node = link
            if v._view is not None:
                v._view.trouble = "of a user's function"


def alone(t: Any, wanted: bool) -> Any:
    """Return, for an input that is returned as it is, a tensor of its own."""
    return reshaped(t, t._array.shape) if wanted else t.detach()


def take_over(t: Tensor, node: Any) -> None:
    """Make `node` the history of an input that forward wrote to, and of what shares its numbers."""
    if t._view is None:
        become(t, node)
    else:
        base = t._view.base
        become(base, cut(base, as_taped(t._array, node), t._view.steps, SLICES))
