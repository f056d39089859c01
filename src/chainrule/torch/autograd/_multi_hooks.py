"""Hooks on several tensors at once: called when all their gradients are there, or the first is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .._tape.extras import Leaf
from .._tape.prompt import underway
from .._tensor import Tensor
from ._hooks import RemovableHandle, register_hook

__all__ = ["register_multi_grad_hook"]


class _MultiHandle(RemovableHandle):
    """What registering such a hook returns: `remove()` takes it off all tensors."""

    def __init__(self, handles: tuple[RemovableHandle, ...]) -> None:
        self.handles = handles

    def remove(self) -> None:
        """Take the hook off."""
        for handle in self.handles:
            handle.remove()


def register_multi_grad_hook(
    tensors: Sequence[Tensor], fn: Callable[..., None], *, mode: str = "all"
) -> RemovableHandle:
    """Call `fn` once in each backward pass that brings gradients to some of `tensors`.

    With `mode="all"` it is called with the list of all their gradients, None for those that the
    pass does not come to, as soon as the last is there; with "any" with the first one alone.

    >>> import chainrule.torch as torch
    >>> a, b = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    >>> handle = register_multi_grad_hook((a, b), print)
    >>> (2 * a + 3 * b).sum().backward()
    [tensor([2., 2.]), tensor([3., 3.])]
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    Leaf.hooked = True  # walks know which nodes they will come to
    if any(not t.requires_grad for t in tensors):
        raise AssertionError("Expected gradient function to be set")
    nodes = [t._node for t in tensors]
    waiting: dict[int, tuple[Any, list[Any], list[int]]] = {}  # by the walk that is under way

    def arrived(k: int, gradient: Tensor) -> None:
        walk = underway.get()
        if id(walk) not in waiting or waiting[id(walk)][0] is not walk:
            waiting.clear()
            coming = sum(walk is None or walk.comes_to(node) for node in nodes)
            waiting[id(walk)] = walk, [None] * len(nodes), [coming]
        _, found, left = waiting[id(walk)]
        found[k], left[0] = gradient, left[0] - 1
        if mode == "any":
            if sum(g is not None for g in found) == 1:
                fn(gradient)
        elif not left[0]:
            waiting.pop(id(walk))
            fn(found)

    def hook_of(k: int) -> Callable[[Tensor], None]:
        return lambda gradient: arrived(k, gradient)

    return _MultiHandle(tuple(register_hook(t, hook_of(k)) for k, t in enumerate(tensors)))


for _one in (_MultiHandle, register_multi_grad_hook):
    _one.__module__ = "torch.autograd.graph"
__test__ = {"register_multi_grad_hook": register_multi_grad_hook}
