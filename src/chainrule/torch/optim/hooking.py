"""Hooks around what optimisers do: steps, and the taking down and up of their state."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..autograd._hooks import RemovableHandle

__all__ = [
    "Hooked",
    "around",
    "register_optimizer_step_post_hook",
    "register_optimizer_step_pre_hook",
]

Hooks = dict[int, Callable[..., Any]]
BEFORE_ALL: Hooks = {}  # before the steps of all optimisers
AFTER_ALL: Hooks = {}


def register_optimizer_step_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(optimizer, args, kwargs)` before every step of every optimiser."""
    return RemovableHandle(BEFORE_ALL, hook)


def register_optimizer_step_post_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(optimizer, args, kwargs)` after every step of every optimiser."""
    return RemovableHandle(AFTER_ALL, hook)


def around(step: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method `step` that calls the hooks, if there are any, before and after."""

    @functools.wraps(step)
    def hooked(self: Any, *args: Any, **kwargs: Any) -> Any:
        self._opt_called = True
        if not (self._hooks or BEFORE_ALL or AFTER_ALL):
            return step(self, *args, **kwargs)
        given: Any = (self, *args)
        for hook in (*BEFORE_ALL.values(), *self._hooked("step_pre")):
            result = hook(self, given, kwargs)
            if result is not None:
                if not (isinstance(result, tuple) and len(result) == 2):
                    raise RuntimeError(
                        f"{step} must return None or a tuple of (new_args, new_kwargs), but got "
                        f"{result}."
                    )
                given, kwargs = result
        answer = step(*given, **kwargs)
        for hook in (*self._hooked("step_post"), *AFTER_ALL.values()):
            hook(self, given, kwargs)
        return answer

    return hooked


class Hooked:
    """Holds hooks of several kinds; most optimisers have none."""

    _hooks: dict[str, Hooks] | None = None

    def _hooked(self, kind: str) -> list[Callable[..., Any]]:
        return list(self._hooks[kind].values()) if self._hooks and kind in self._hooks else []

    def _hook(self, kind: str, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        if self._hooks is None:
            self._hooks = {}
        hooks = self._hooks.setdefault(kind, {})
        handle = RemovableHandle(hooks, hook)
        if prepend:
            others = {key: hooks.pop(key) for key in list(hooks) if key != handle.id}
            hooks |= others
        return handle

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` before every step.

        It may return new arguments, as a pair.
        """
        return self._hook("step_pre", hook)

    def register_step_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` after every step."""
        return self._hook("step_post", hook)

    def register_state_dict_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer)` before the state is taken down; `prepend` makes it the first."""
        return self._hook("state_pre", hook, prepend)

    def register_state_dict_post_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer, state_dict)` after it; a dictionary it returns takes its place."""
        return self._hook("state_post", hook, prepend)

    def register_load_state_dict_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer, state_dict)` before loading; what it returns takes its place."""
        return self._hook("load_pre", hook, prepend)

    def register_load_state_dict_post_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer)` after a state was loaded."""
        return self._hook("load_post", hook, prepend)
