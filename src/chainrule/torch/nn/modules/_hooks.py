"""Hooks of modules: functions that run before and after `forward`, and around its gradients."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from ..._tensor import Tensor
from ...autograd._hooks import RemovableHandle
from ...autograd.function import Function
from ._hook_lists import GLOBAL, Hooks, hooks_of

__all__ = ["called"]

NO_INPUT = (
    "Full backward hook is firing when gradients are computed with respect to module outputs since "
    "no inputs require gradients. See https://docs.pytorch.org/docs/main/generated/"
    "torch.nn.Module.html#torch.nn.Module.register_full_backward_hook for more details."
)


def registered(hooks: dict[int, Any], hook: Any, prepend: bool) -> RemovableHandle:
    handle = RemovableHandle(hooks, hook)
    if prepend:
        for number in [number for number in hooks if number != handle.id]:
            hooks[number] = hooks.pop(number)
    return handle


def register_forward_pre_hook(
    self: Any, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
) -> RemovableHandle:
    """Call `hook(module, inputs)` before `forward`; what it returns takes the inputs' place."""
    return registered(hooks_of(self).before, (hook, with_kwargs), prepend)


def register_forward_hook(
    self: Any,
    hook: Callable[..., Any],
    *,
    prepend: bool = False,
    with_kwargs: bool = False,
    always_call: bool = False,
) -> RemovableHandle:
    """Call `hook(module, inputs, output)` after `forward`; what it returns takes its place."""
    return registered(hooks_of(self).after, (hook, with_kwargs, always_call), prepend)


def register_full_backward_pre_hook(
    self: Any, hook: Callable[..., Any], prepend: bool = False
) -> RemovableHandle:
    """Call `hook(module, grad_output)` before gradients go back through the module."""
    return registered(hooks_of(self).backward_before, hook, prepend)


def register_full_backward_hook(
    self: Any, hook: Callable[..., Any], prepend: bool = False
) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` when gradients have gone through the module."""
    hooks = hooks_of(self)
    if hooks.backward_is_full is False:
        raise RuntimeError(BOTH.format("a single Module"))
    hooks.backward_is_full = True
    return registered(hooks.backward, hook, prepend)


def register_backward_hook(self: Any, hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` behind the module's last operation.

    The gradients are those of that operation alone: `register_full_backward_hook` is to be
    preferred.
    """
    hooks = hooks_of(self)
    if hooks.backward_is_full is True:
        raise RuntimeError(BOTH.format("a single Module"))
    hooks.backward_is_full = False
    return RemovableHandle(hooks.backward, hook)


BOTH = (
    "Cannot use both regular backward hooks and full backward hooks on {}. Please use only one of "
    "them."
)

# ---------------------------------------------------------------- a call with hooks


def called(module: Any, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Call `module.forward`, and its hooks around it."""
    hooks = module._called
    for hook, with_options in [*GLOBAL.before.values(), *hooks.before.values()]:
        if with_options:
            result = hook(module, inputs, options)
            if result is not None:
                inputs, options = checked_pair(result)
        elif (result := hook(module, inputs)) is not None:
            inputs = result if isinstance(result, tuple) else (result,)
    passing = None
    if full_hooks(hooks) or hooks.backward_before or GLOBAL.backward_before:
        passing = Passing(module)
        inputs = passing.inputs(inputs)
    waiting = [*GLOBAL.after.values(), *hooks.after.values()]
    try:
        output = module.forward(*inputs, **options)
        if passing:
            output = passing.outputs(output)
        while waiting:
            hook, with_options, _ = waiting.pop(0)
            result = hook(module, inputs, *([options] if with_options else []), output)
            if result is not None:
                output = result
    except Exception:
        after_error(module, waiting, inputs, options)
        raise
    if not passing and (old := old_hooks(hooks)):
        watch_last(module, old, output)
    return output


def after_error(module: Any, waiting: list[Any], inputs: Any, options: Any) -> None:
    """Call the hooks that are called even then; what they raise is only warned of."""
    for hook, with_options, always in waiting:
        if always:
            try:
                hook(module, inputs, *([options] if with_options else []), None)
            except Exception as error:
                warnings.warn(
                    "module forward hook with ``always_call=True`` raised an exception that was "
                    f"silenced as another error was raised in forward: {error}",
                    UserWarning,
                    stacklevel=5,
                )


def full_hooks(hooks: Hooks) -> list[Any]:
    """Return the hooks that are called with the gradients of the module as a whole."""
    found = list(GLOBAL.backward.values()) if GLOBAL.backward_is_full else []
    return found + (list(hooks.backward.values()) if hooks.backward_is_full else [])


def old_hooks(hooks: Hooks) -> list[Any]:
    """Return those that are called with the gradients of its last operation."""
    found = list(GLOBAL.backward.values()) if GLOBAL.backward_is_full is False else []
    return found + (list(hooks.backward.values()) if hooks.backward_is_full is False else [])


def watch_last(module: Any, hooks: list[Any], output: Any) -> None:
    """Let hooks of the older kind see the gradients of the operation that made `output`."""
    last = output
    while not isinstance(last, Tensor):
        if not isinstance(last, (dict, tuple, list)) or not last:
            return
        last = next(iter(last.values())) if isinstance(last, dict) else last[0]
    if last.grad_fn is not None:
        for hook in hooks:
            last.grad_fn.register_hook(functools.partial(hook, module))


def checked_pair(result: Any) -> Any:
    if isinstance(result, tuple) and len(result) == 2:
        return result
    raise RuntimeError(
        f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {result}."
    )


class BackwardHookFunction(Function):
    """Passes tensors on, and tells of their gradients."""

    @staticmethod
    def forward(ctx: Any, told: Any, *tensors: Any) -> Any:
        ctx.told = told
        return tuple(tensor.view(tensor.shape) for tensor in tensors)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        return (None, *ctx.told(gradients))


class Passing:
    """One call of a module whose gradients are watched, where they enter and where they leave."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.outer: tuple[Any, ...] | None = None  # the gradients of the outputs, once they came
        self.places: list[int] = []
        self.count = 0

    def inputs(self, given: tuple[Any, ...]) -> tuple[Any, ...]:
        self.count = len(given)
        self.places = [k for k, v in enumerate(given) if isinstance(v, Tensor) and v.requires_grad]
        return watched(given, self.places, self.leaving)

    def outputs(self, output: Any) -> Any:
        several = isinstance(output, tuple)
        items = output if several else (output,)
        places = [k for k, v in enumerate(items) if isinstance(v, Tensor) and v.requires_grad]
        items = watched(items, places, self.entering)
        return items if several else items[0]

    def entering(self, gradients: tuple[Any, ...]) -> tuple[Any, ...]:
        hooks = self.module._called
        for hook in [*GLOBAL.backward_before.values(), *hooks.backward_before.values()]:
            result = hook(self.module, gradients)
            if result is not None:
                gradients = result if isinstance(result, tuple) else (result,)
        self.outer = gradients
        if (full := full_hooks(hooks)) and not self.places:
            warnings.warn(NO_INPUT, UserWarning, stacklevel=5)
            for hook in full:
                hook(self.module, (None,) * self.count, gradients)
        return gradients

    def leaving(self, gradients: tuple[Any, ...]) -> tuple[Any, ...]:
        all_: list[Any] = [None] * self.count
        for k, gradient in zip(self.places, gradients, strict=True):
            all_[k] = gradient
        shown = tuple(all_)
        for hook in full_hooks(self.module._called):
            result = hook(self.module, shown, self.outer)
            if result is not None:
                shown = result if isinstance(result, tuple) else (result,)
        return tuple(shown[k] for k in self.places)


def watched(items: Sequence[Any], places: list[int], told: Any) -> tuple[Any, ...]:
    """Return `items`, those at `places` passed on by a function that tells of their gradients."""
    changed = list(items)
    if places:
        passed = BackwardHookFunction.apply(told, *(items[k] for k in places))
        passed = passed if isinstance(passed, tuple) else (passed,)
        for k, tensor in zip(places, passed, strict=True):
            changed[k] = tensor
    return tuple(changed)
