"""Hooks on tensors: functions that are called with a gradient, and may replace it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from .._tape.extras import Leaf
from .._tape.nodes import EXTRA
from .._tensor import Tensor
from ._leaves import extra_of

__all__ = [
    "RemovableHandle",
    "hook_into",
    "register_hook",
    "register_post_accumulate_grad_hook",
]

Hook = Callable[..., Any]
number = itertools.count().__next__

NO_GRADIENT = "cannot register a hook on a tensor that doesn't require gradient"


class RemovableHandle:
    """What registering a hook returns: `remove()` takes the hook off again.

    As a context it does so at the end.
    """

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


RemovableHandle.__module__ = "torch.utils.hooks"


def hook_into(extra: Any, kind: str, hook: Hook) -> RemovableHandle:
    """Add a hook to those of one kind that a node has."""
    if isinstance(extra, Leaf):
        Leaf.hooked = True
    if (hooks := getattr(extra, kind)) is None:
        hooks = {}
        setattr(extra, kind, hooks)
    return RemovableHandle(hooks, hook)


def register_hook(self: Tensor, hook: Hook) -> RemovableHandle:
    """Call `hook(grad)` with the gradient of this tensor; what it returns takes its place.

    Hooks run in the order of their registration, each with what the one before left. A hook that
    returns None leaves the gradient as it is.

    >>> import chainrule.torch as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> handle = x.register_hook(lambda grad: 10 * grad)
    >>> x.sum().backward()
    >>> x.grad
    tensor([10., 10.])
    """
    if self._node is None:
        raise RuntimeError(NO_GRADIENT)
    return hook_into(extra_of(self._node), "hooks", hook)


def register_post_accumulate_grad_hook(self: Tensor, hook: Hook) -> RemovableHandle:
    """Call `hook(tensor)` after a gradient was added up in this leaf.

    >>> import chainrule.torch as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> handle = x.register_post_accumulate_grad_hook(lambda x: print(x.grad))
    >>> x.sum().backward()
    tensor([1., 1.])
    """
    if self._node is None:
        raise RuntimeError(NO_GRADIENT)
    if self._node[1] is not None:
        raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
    return hook_into(self._node[EXTRA], "after", hook)
