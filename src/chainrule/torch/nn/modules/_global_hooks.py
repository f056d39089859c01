"""Hooks on all modules at once: their calls, their gradients, and what is registered with them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from ...autograd._hooks import RemovableHandle
from ._hook_lists import GLOBAL, Hooks
from ._hooks import BOTH

__all__: list[str] = []

REGISTERED: dict[str, Any] = {k: OrderedDict() for k in ("parameter", "buffer", "module")}


def for_all(hooks: Any, hook: Any) -> RemovableHandle:
    """Add a hook of all modules; from now on, none is called without looking for hooks."""
    from .module import Module

    if Module._called is None:
        Module._called = Hooks()
    return RemovableHandle(hooks, hook)


def register_module_forward_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, inputs)` before every module's `forward`."""
    return for_all(GLOBAL.before, (hook, False))


def register_module_forward_hook(
    hook: Callable[..., Any], *, with_kwargs: bool = False, always_call: bool = False
) -> RemovableHandle:
    """Call `hook(module, inputs, output)` after every module's `forward`."""
    return for_all(GLOBAL.after, (hook, with_kwargs, always_call))


def register_module_full_backward_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, grad_output)` before gradients go back through any module."""
    return for_all(GLOBAL.backward_before, hook)


def register_module_full_backward_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` when gradients have gone through any module."""
    return backward(hook, full=True)


def register_module_backward_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` behind every module's last operation."""
    return backward(hook, full=False)


def backward(hook: Any, full: bool) -> RemovableHandle:
    if GLOBAL.backward_is_full is (not full):
        raise RuntimeError(BOTH.format("as a global Module hook").replace(" on as", " as"))
    GLOBAL.backward_is_full = full
    return for_all(GLOBAL.backward, hook)


def register_module_parameter_registration_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, name, parameter)` when a module is given a parameter."""
    return RemovableHandle(REGISTERED["parameter"], hook)


def register_module_buffer_registration_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, name, buffer)` when a module is given a buffer."""
    return RemovableHandle(REGISTERED["buffer"], hook)


def register_module_module_registration_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, name, submodule)` when a module is given a module."""
    return RemovableHandle(REGISTERED["module"], hook)
