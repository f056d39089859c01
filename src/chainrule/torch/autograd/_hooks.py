"""Hooks on tensors: functions that are called with a gradient, and may replace it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from .._tape import EXTRA
from .._tensor import Tensor
from ._leaves import extra_of

__all__ = ["RemovableHandle", "register_hook", "register_post_accumulate_grad_hook"]

Hook = Callable[..., Any]
number = itertools.count().__next__


class RemovableHandle:
    """What registering a hook returns: `remove()` takes the hook off again."""

    def __init__(self, hooks: dict[int, Hook], hook: Hook) -> None:
        self.id = number()
        self._hooks = hooks
        hooks[self.id] = hook

    def remove(self) -> None:
        """Take the hook off; a second time does nothing."""
        self._hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def register_hook(self: Tensor, hook: Hook) -> RemovableHandle:
    """Call `hook(grad)` with the gradient of this tensor; what it returns takes its place.

    Hooks run in the order of their registration, each with what the one before left.
    """
    if self._node is None:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if self._node[1] is None:
        leaf = self._node[EXTRA]
        if leaf.hooks is None:
            leaf.hooks = {}
        return RemovableHandle(leaf.hooks, hook)
    return RemovableHandle(extra_of(self._node).hooks, hook)


def register_post_accumulate_grad_hook(self: Tensor, hook: Hook) -> RemovableHandle:
    """Call `hook(tensor)` after a gradient was added up in this leaf."""
    if self._node is None:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if self._node[1] is not None:
        raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
    leaf = self._node[EXTRA]
    if leaf.after is None:
        leaf.after = {}
    return RemovableHandle(leaf.after, hook)
