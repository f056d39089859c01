"""Hooks that run before and after a module's state is saved or loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...autograd._hooks import RemovableHandle
from ._hook_lists import hooks_of

__all__: list[str] = []


def listed(hooks: Any, hook: Any) -> RemovableHandle:
    """Add a hook with what it was registered with."""
    return RemovableHandle(hooks, hook)


def register_state_dict_pre_hook(self: Any, hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, prefix, keep_vars)` before the state dict is made."""
    return RemovableHandle(hooks_of(self).before_saving, hook)


def register_state_dict_post_hook(self: Any, hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, state_dict, prefix, local_metadata)` when the state dict is made."""
    return listed(hooks_of(self).after_saving, (hook, True))


def register_state_dict_hook(self: Any, hook: Callable[..., Any]) -> RemovableHandle:
    """Do as `register_state_dict_post_hook`; what the hook returns takes the dict's place."""
    return listed(hooks_of(self).after_saving, (hook, False))


def register_load_state_dict_pre_hook(self: Any, hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, state_dict, prefix, …)` before the module loads its tensors."""
    return listed(hooks_of(self).before_loading, (hook, True))


def old_register_load_state_dict_pre_hook(
    self: Any, hook: Callable[..., Any], with_module: bool = False
) -> RemovableHandle:
    """Call `hook(state_dict, prefix, …)` before the module loads its tensors."""
    return listed(hooks_of(self).before_loading, (hook, with_module))


def register_load_state_dict_post_hook(self: Any, hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, incompatible_keys)` when the module has loaded its tensors."""
    return RemovableHandle(hooks_of(self).after_loading, hook)
