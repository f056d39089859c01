"""A user's own operation: `Function`, with its forward and its backward."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.pieces import Outputs
from chainrule._core.traces import item_pull, tick

from .._tape import LIST_PLAN, RULELESS, bare_plan, cell, outputs_of, recording, taped
from .._tensor import Tensor, made
from .._views import reshaped
from ._context import BackwardCFunction, FunctionCtx

__all__ = ["Function", "FunctionCtx", "once_differentiable"]

LEGACY = (
    "Legacy autograd function with non-static forward method is deprecated. Please use new-style "
    "autograd function with static forward method. (Example: "
    "https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)"
)
NO_INSTANCES = (
    "should not be instantiated. Methods on autograd functions are all static, so you should "
    "invoke them on the class itself. Instantiating an autograd function will raise an error in a "
    "future version of PyTorch."
)


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

    _backward_cls: type[BackwardCFunction]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        named = {"__module__": "torch.autograd.function", "_forward_cls": cls}
        cls._backward_cls = type(f"{cls.__name__}Backward", (BackwardCFunction,), named)

    def __init__(self, *_: Any, **__: Any) -> None:
        warnings.warn(f"{type(self)} {NO_INSTANCES}", DeprecationWarning, stacklevel=2)

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Refuse: the class's `apply` calls the function."""
        raise RuntimeError(LEGACY)

    @staticmethod
    def forward(*inputs: Any, **options: Any) -> Any:
        """Compute the output."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Keep what backward needs, if forward does not take `ctx`."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradient of each input."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom "
            "autograd.Function to use it with backward mode AD."
        )

    vjp = backward

    @classmethod
    def apply(cls, *inputs: Any, **named: Any) -> Any:
        """Call the function, recording it for backward."""
        apart = cls.setup_context is not Function.setup_context
        if named or apart:
            inputs = in_order(cls.forward, inputs, named, apart)
        ctx = cls._backward_cls()
        ctx.needs_input_grad = tuple(isinstance(v, Tensor) and v.requires_grad for v in inputs)
        recorded = recording.get() and any(ctx.needs_input_grad)
        before = {id(v): v._node for v in inputs if isinstance(v, Tensor)}
        mode = recording.set(False)
        try:
            if apart:
                output = cls.forward(*inputs)
                cls.setup_context(ctx, inputs, output)
            else:
                output = cls.forward(ctx, *inputs)
        finally:
            recording.reset(mode)
        several = isinstance(output, tuple)
        outputs = list(output) if several else [output]
        check_marks(ctx, inputs, outputs)
        if recorded:
            attach(ctx, inputs, outputs, before, several)
        ctx._keep(outputs)
        ctx.dirty_tensors = ctx.non_differentiable = ()
        return tuple(outputs) if several else outputs[0]


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


# ---------------------------------------------------------------- what the call leaves on the tape


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
    for k, v in enumerate(outputs):
        if not isinstance(v, Tensor) or id(v) not in before:
            continue
        if id(v) not in dirty:
            outputs[k] = reshaped(
                v, v._array.shape
            )  # an input returned as it is: a tensor of its own
        elif before[id(v)] is not None and before[id(v)][1] is None:
            raise RuntimeError(
                "a leaf Variable that requires grad has been used in an in-place operation."
            )
        else:
            v._writes[0] += 1
    more: Any = None
    for k, v in enumerate(inputs):
        if isinstance(v, Tensor) and before[id(v)] is not None:
            more = (item_pull, before[id(v)], (k, v._array.shape, v._array.dtype), more)
    listing = [tick(), *more, LIST_PLAN, None, None, None]
    ctx.places = tuple(k for k, v in enumerate(inputs) if isinstance(v, Tensor))
    ctx.shapes = tuple(v._array.shape if isinstance(v, Tensor) else None for v in inputs)
    if several:
        ctx.kinds = [(v._array.shape, v._array.dtype) if isinstance(v, Tensor) else None
                     for v in outputs]  # fmt: skip
    plan = bare_plan(ctx.name(), RULELESS, special=True)
    ctx._parts = tick(), pull_back, listing, plan
    node = ctx._stand()
    arrays = [v._array if isinstance(v, Tensor) else np.zeros(()) for v in outputs]
    links = outputs_of(node, arrays) if several else [node]
    constant = [id(t) for t in ctx.non_differentiable]
    for v, link in zip(outputs, links, strict=True):
        if isinstance(v, Tensor) and id(v) not in constant and v._array.dtype.kind in "fc":
            v._node = link


# ---------------------------------------------------------------- the way back


def pull_back(g: Any, kept: Any) -> list[Any]:
    """Call the user's backward; return a gradient, or None, for each input."""
    ctx, retain = kept
    cls = ctx._forward_cls
    if cls.backward is Function.backward:
        backward = cls.vjp
    elif cls.vjp is Function.vjp:
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
    if ctx.kinds is None:
        return [own(g)]
    given = g if type(g) is Outputs else dict(enumerate(g))
    return [
        own(given[k]) if k in given
        else own(np.zeros(*kind)) if ctx.materialize_grads and kind is not None
        else None
        for k, kind in enumerate(ctx.kinds)
    ]  # fmt: skip


def own(g: Any) -> Any:
    """Return the tensor of a gradient, which may be written to."""
    if type(g) is np.ndarray and not g.flags.writeable:
        g = g.copy()
    return cell(g)


def checked(ctx: BackwardCFunction, found: list[Any]) -> list[Any]:
    """Return what backward returned as the tape computes with it, or raise in PyTorch's words."""
    shapes, name = ctx.shapes, ctx.name()
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
            result[k] = taped(v) if recording.get() else v._array
    return result


def check_shape(got: tuple[int, ...], shape: tuple[int, ...], name: str, k: int) -> None:
    """Raise if a gradient cannot be summed to the shape of its input."""
    extra = len(got) - len(shape)
    if extra < 0 or any(n not in (1, m) for n, m in zip(shape, got[extra:], strict=True)):
        raise RuntimeError(
            f"{name} returned an invalid gradient at index {k} - got {list(got)} but expected "
            f"shape compatible with {list(shape)}"
        )


# ---------------------------------------------------------------- only once


def once_differentiable(f: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a backward as one that cannot itself be differentiated."""

    @functools.wraps(f)
    def backward(ctx: Any, *gradients: Any) -> Any:
        mode = recording.set(False)
        try:
            result = f(ctx, *gradients)
        finally:
            recording.reset(mode)
        if not recording.get() or not any(
            isinstance(g, Tensor) and g.requires_grad for g in gradients
        ):
            return result
        outs = [refused(v) for v in (result if isinstance(result, tuple) else (result,))]
        return tuple(outs) if isinstance(result, tuple) else outs[0]

    return backward


def refused(v: Any) -> Any:
    """Return a gradient that raises when it is differentiated."""
    if not isinstance(v, Tensor):
        return v
    return Error.apply(made(v._array).requires_grad_())


class Error(Function):
    """The result of a backward that was marked `once_differentiable`."""

    @staticmethod
    def forward(ctx: Any, v: Any) -> Any:
        """Return the gradient as it is."""
        return made(v._array)

    @staticmethod
    def backward(ctx: Any, *_: Any) -> Any:
        """Refuse."""
        raise RuntimeError(
            "trying to differentiate twice a function that was marked with @once_differentiable"
        )


Error._backward_cls.__name__ = "Error"
