"""A user's own operation: `Function`, with its forward and its backward."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

from chainrule._core.values import BATCHES

from .._missing import lookup
from .._tape.transforms import ACTIVE, INSIDE
from .._tape.values import recording
from .._tensor import Tensor, made
from . import _leaves
from ._context import BackwardCFunction, FunctionCtx
from ._function_batches import check_apart, mapped, vmap_not_stated
from ._function_calls import attach, check_marks, in_order
from ._function_passes import not_stated
from ._function_tangents import jvp_not_stated, push_on, tangents_of

__all__ = [
    "BackwardCFunction",
    "Function",
    "FunctionCtx",
    "InplaceFunction",
    "NestedIOFunction",
    "once_differentiable",
]

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
    each input. With `setup_context(ctx, inputs, output)` forward goes without `ctx`. A static
    method `jvp(ctx, *tangents)` serves forward mode, `vmap(info, in_dims, *inputs)` serves
    `torch.func.vmap`; `generate_vmap_rule = True` lets forward be called for all examples at once.

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

    _backward_cls: type[BackwardCFunction] = BackwardCFunction

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        named = {"__module__": "torch.autograd.function", "_forward_cls": cls}
        cls._backward_cls = type(f"{cls.__name__}Backward", (BackwardCFunction,), named)

    def __init__(self, *_: Any, **__: Any) -> None:
        depth = 2 if type(self).__init__ is Function.__init__ else 3
        warnings.warn(f"{type(self)} {NO_INSTANCES}", DeprecationWarning, stacklevel=depth)

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

    backward = staticmethod(not_stated)
    vjp = staticmethod(not_stated)
    jvp = staticmethod(jvp_not_stated)
    vmap = staticmethod(vmap_not_stated)
    generate_vmap_rule = False

    @classmethod
    def apply(cls, *inputs: Any, **named: Any) -> Any:
        """Call the function, recording it for backward."""
        apart = cls.setup_context is not Function.setup_context
        if named or apart:
            inputs = in_order(cls.forward, inputs, named, apart)
        if ACTIVE and INSIDE.get():
            check_apart(apart)
        if BATCHES and (found := mapped(cls, inputs, apart)) is not None:
            return found
        ctx = cls._backward_cls()
        ctx.needs_input_grad = tuple(isinstance(v, Tensor) and v.requires_grad for v in inputs)
        recorded = recording.get() and any(ctx.needs_input_grad)
        before = {id(v): v._node for v in inputs if isinstance(v, Tensor)}
        tangents = None if _leaves.duals is None else tangents_of(inputs)
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
        if tangents is not None:
            push_on(ctx, tangents, inputs, outputs)
        ctx._keep(outputs)
        ctx.dirty_tensors = ctx.non_differentiable = ()
        return tuple(outputs) if several else outputs[0]


class InplaceFunction(Function):
    """A Function of old, which remembers whether it is to write to its input."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace


class NestedIOFunction(Function):
    """A Function of old, for nested inputs: PyTorch has it, and it cannot be called there either.

    It raises AttributeError; tuples of inputs are spread out in `forward`'s parameters instead.
    """

    @classmethod
    def apply(cls, *inputs: Any, **named: Any) -> Any:
        """Refuse, in PyTorch's words."""
        raise AttributeError(f"'{cls.__name__}Backward' object has no attribute '_nested_input'")


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
for _one in (Function, InplaceFunction, NestedIOFunction):
    _one.__module__ = "torch.autograd.function"
__test__ = {"Function": Function}
__getattr__ = lookup(globals(), "torch.autograd.function", {})
