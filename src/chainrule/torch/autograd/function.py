"""A user's own operation: `Function`, with its forward and its backward."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.pieces import Outputs
from chainrule._core.traces import item_pull, tick

from .._inplace import check_write
from .._tape import LIST_PLAN, RULELESS, as_taped, bare_plan, cell, outputs_of, recording, taped
from .._tensor import Tensor, made

__all__ = ["Function", "FunctionCtx", "once_differentiable"]

LEGACY = (
    "Legacy autograd function with non-static forward method is deprecated. Please use new-style "
    "autograd function with static forward method. (Example: "
    "https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)"
)


class FunctionCtx:
    """What forward leaves for backward: saved tensors, and any attribute that is set."""

    needs_input_grad: tuple[bool, ...] = ()
    materialize_grads = True
    _saved: tuple[Any, ...] = ()
    _dirty: tuple[Any, ...] = ()
    _constant: tuple[Any, ...] = ()
    _node: Any = None  # while backward runs: the node, by which saved outputs know their history

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep inputs or outputs for backward, guarded against writes."""
        for t in tensors:
            if t is not None and not isinstance(t, Tensor):
                raise TypeError(
                    "save_for_backward can only save variables, but argument "
                    f"{tensors.index(t)} is of type {type(t).__name__}"
                )
        self._saved = tensors

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """Return the tensors that `save_for_backward` kept."""
        if self._node is None:
            return tuple(t for t in self._saved if not isinstance(t, SavedOutput))
        return tuple(
            t.as_output_of(self._node) if isinstance(t, SavedOutput) else t for t in self._saved
        )

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Say which inputs forward has written to."""
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Say which outputs have no gradient."""
        self._constant = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Say whether backward is given zeros (the default) or None for outputs without use."""
        self.materialize_grads = value


class SavedOutput:
    """An output that forward saved: referring to the tensor itself would be a cycle."""

    def __init__(self, t: Tensor, k: int) -> None:
        self.array, self.writes, self.k = t._array, t._writes, k

    def as_output_of(self, node: Any) -> Any:
        link = node
        if node[3][2] is not None:  # several outputs
            link = outputs_of(node, [self.array] * len(node[3][2]))[self.k]
        return cell(as_taped(self.array, link, self.writes))


class Function:
    """An operation of one's own: subclass it with static methods `forward` and `backward`.

    `forward(ctx, *inputs)` computes; `backward(ctx, *gradients)` returns a gradient, or None, for
    each input. With `setup_context(ctx, inputs, output)` forward goes without `ctx`.

    >>> import chainrule.torch as torch
    >>> class Cube(torch.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x**3
    ...
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         (x,) = ctx.saved_tensors
    ...         return 3 * x**2 * g
    >>> x = torch.tensor(2.0, requires_grad=True)
    >>> Cube.apply(x).backward()
    >>> x.grad
    tensor(12.)
    """

    @staticmethod
    def forward(*inputs: Any, **options: Any) -> Any:
        """Compute the output."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def setup_context(ctx: FunctionCtx, inputs: tuple[Any, ...], output: Any) -> Any:
        """Keep what backward needs, if forward does not take `ctx`."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: FunctionCtx, *gradients: Any) -> Any:
        """Return the gradient of each input."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom "
            "autograd.Function to use it with backward mode AD."
        )

    vjp = backward

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Refuse: the class's `apply` calls the function."""
        raise RuntimeError(LEGACY)

    @classmethod
    def apply(cls, *inputs: Any) -> Any:
        """Call the function, recording it for backward."""
        ctx: Any = type(f"{cls.__name__}Backward", (FunctionCtx,), {})()
        ctx.needs_input_grad = tuple(isinstance(v, Tensor) and v.requires_grad for v in inputs)
        on = recording.get()
        before = {id(v): v._node for v in inputs if isinstance(v, Tensor)}
        mode = recording.set(False)
        try:
            if cls.setup_context is not Function.setup_context:
                output = cls.forward(*inputs)
                cls.setup_context(ctx, inputs, output)
            else:
                output = cls.forward(ctx, *inputs)
        finally:
            recording.reset(mode)
        if not on or not any(before.values()):
            return output
        return attached(cls, ctx, inputs, output, before)


def attached(cls: Any, ctx: Any, inputs: Any, output: Any, before: dict[int, Any]) -> Any:
    """Return the outputs of forward with their place on the tape."""
    several = isinstance(output, tuple)
    outputs = list(output) if several else [output]
    for k, v in enumerate(outputs):
        if isinstance(v, Tensor) and id(v) in before and not any(v is d for d in ctx._dirty):
            outputs[k] = made(v._array)  # an input returned as it is: a tensor of its own
            outputs[k]._writes = v._writes
    more: Any = None
    for k, v in enumerate(inputs):
        if isinstance(v, Tensor) and before[id(v)] is not None:
            more = (item_pull, before[id(v)], (k, v._array.shape, v._array.dtype), more)
    listing = [tick(), *more, LIST_PLAN, None, None, None]
    plan = bare_plan(f"{cls.__name__}Backward", RULELESS, special=True)
    ctx._saved = tuple(
        next((SavedOutput(t, k) for k, v in enumerate(outputs) if v is t), t) for t in ctx._saved
    )
    watch: Any = None
    if ctx._saved:
        watch = []
        for k, t in enumerate(ctx._saved):
            if t is not None:
                writes = t.writes if isinstance(t, SavedOutput) else t._writes
                watch += (writes, writes[0], k)
    saved = tuple(t.array if isinstance(t, SavedOutput) else taped(t) for t in ctx._saved)
    kinds = [(v._array.shape, v._array.dtype) if isinstance(v, Tensor) else None for v in outputs]
    kept = (
        cls,
        ctx,
        kinds if several else None,
        [v is not None for v in inputs],
        inputs_of(inputs),
    )
    node = [tick(), pull_back, listing, kept, None, plan, watch, (saved, {}, None), None]
    arrays = [v._array if isinstance(v, Tensor) else np.zeros(()) for v in outputs]
    links = outputs_of(node, arrays) if several else [node]
    for v, link in zip(outputs, links, strict=True):
        if not isinstance(v, Tensor) or v._array.dtype.kind not in "fc":
            continue
        if any(v is c for c in ctx._constant):
            continue
        if any(v is d for d in ctx._dirty):
            check_write(v)
            v._writes[0] += 1
        v._node = link
    ctx._dirty = ctx._constant = ()
    return tuple(outputs) if several else outputs[0]


def inputs_of(inputs: Any) -> list[Any]:
    return [v._array.shape if isinstance(v, Tensor) else None for v in inputs]


def pull_back(g: Any, kept: Any) -> list[Any]:
    """Call the user's backward; return a gradient, or None, for each input."""
    (cls, ctx, kinds, _, shapes), node = kept
    if kinds is None:
        given = [cell(g)]
    elif ctx.materialize_grads:
        given = [cell(v) for v in (g.whole() if type(g) is Outputs else g)]
    else:
        given = [cell(g[k]) if k in g else None for k in range(len(kinds))]
    ctx._node = node
    try:
        backward = cls.backward if cls.backward is not Function.backward else cls.vjp
        result = backward(ctx, *given)
    finally:
        ctx._node = None
    found = list(result) if isinstance(result, tuple) else [result]
    name = f"{cls.__name__}Backward"
    while len(found) > len(shapes) and found[-1] is None:
        found.pop()
    if len(found) != len(shapes):
        raise RuntimeError(
            f"function {name} returned an incorrect number of gradients (expected {len(shapes)}, "
            f"got {len(found)})"
        )
    return [
        checked(v, shape, k, name) for k, (v, shape) in enumerate(zip(found, shapes, strict=True))
    ]


def checked(v: Any, shape: Any, k: int, name: str) -> Any:
    if v is None:
        return None
    if not isinstance(v, Tensor):
        raise TypeError(f"expected Variable or None (got {type(v).__name__})")
    if shape is None:
        raise RuntimeError(
            f"function {name} returned a gradient different than None at position {k + 1}, but "
            "the corresponding forward input was not a Variable"
        )
    own = v._array.shape
    extra = len(own) - len(shape)
    if extra < 0 or any(n not in (1, m) for n, m in zip(shape, own[extra:], strict=True)):
        raise RuntimeError(
            f"Function {name} returned an invalid gradient at index {k} - got {list(own)} but "
            f"expected shape compatible with {list(shape)}"
        )
    return taped(v)


def once_differentiable(f: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a backward as one that cannot itself be differentiated."""

    @functools.wraps(f)
    def backward(ctx: Any, *gradients: Any) -> Any:
        mode = recording.set(False)
        try:
            result = f(ctx, *gradients)
        finally:
            recording.reset(mode)
        if not recording.get() or not any(isinstance(g, Tensor) and g._node for g in gradients):
            return result
        several = isinstance(result, tuple)
        outs = [Refusal.apply(v, *gradients) for v in (result if several else (result,))]
        return tuple(outs) if several else outs[0]

    return backward


class Refusal(Function):
    """The result of a backward that was marked `once_differentiable`."""

    @staticmethod
    def forward(ctx: FunctionCtx, v: Any, *_: Any) -> Any:  # type: ignore[override]
        """Return the gradient as it is."""
        return None if v is None else made(v._array)

    @staticmethod
    def backward(ctx: FunctionCtx, *_: Any) -> Any:
        """Refuse."""
        raise RuntimeError(
            "trying to differentiate twice a function that was marked with @once_differentiable"
        )
