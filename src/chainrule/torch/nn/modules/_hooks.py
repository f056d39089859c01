"""Hooks of modules: how they are registered, and a call with those that it has."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from ...autograd._hooks import RemovableHandle
from ._backward_hooks import Passing, full_hooks, old_hooks, watch_last
from ._hook_lists import GLOBAL, hooks_of

__all__ = ["called"]


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
    passing = None
    waiting = [*GLOBAL.after.values(), *hooks.after.values()]
    try:
        for hook, with_options in [*GLOBAL.before.values(), *hooks.before.values()]:
            if with_options:
                result = hook(module, inputs, options)
                if result is not None:
                    inputs, options = checked_pair(result)
            elif (result := hook(module, inputs)) is not None:
                inputs = result if isinstance(result, tuple) else (result,)
        if full_hooks(hooks) or hooks.backward_before or GLOBAL.backward_before:
            passing = Passing(module)
            inputs = passing.inputs(inputs)
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
        watch_last(module, old, inputs, output)
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


def checked_pair(result: Any) -> Any:
    if isinstance(result, tuple) and len(result) == 2:
        return result
    raise RuntimeError(
        f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {result}."
    )
