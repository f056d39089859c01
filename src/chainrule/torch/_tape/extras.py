"""What is asked of a node besides: hooks on its gradient, and that the gradient be kept.

Of a leaf it is the gradient itself that is kept. All lies with the node and not with the tensor:
a node refers to nothing that refers back to it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from .._kinds.dtypes import type_name
from .._tensor import Tensor, made
from .plans import Op
from .recording import recorded
from .values import Taped, as_taped, cell, conjugated, recording

__all__ = ["Extra", "Hooks", "Leaf", "checked_hook", "hooked", "replaced"]

Hooks = dict[int, Callable[..., Any]]
COPIED = Op("CopyBackwards", np.positive, ("",), "self")


class Extra:
    """Hooks by the order of their registration, and the gradient, if it is to be kept.

    hooks         of the tensor, called with its gradient
    before_node   of the node, called with the gradients of its outputs
    after_node    of the node, called with the gradients of its inputs too
    metadata      whatever one wants to remember of the node
    """

    __slots__ = ("after_node", "before_node", "grad", "hooks", "metadata", "retains")

    def __init__(self) -> None:
        self.hooks: Hooks | None = None
        self.before_node: Hooks | None = None
        self.after_node: Hooks | None = None
        self.metadata: dict[Any, Any] | None = None
        self.retains = False
        self.grad: Any = None

    def seen(self, g: Any) -> Any:
        """Return the gradient as the tensor's hooks leave it, and keep it if that was asked."""
        if self.hooks:
            g = hooked(self.hooks, g)
        if self.retains:
            kept = conjugated(g)
            if self.grad is None:
                self.grad = cell(kept) if type(g) is Taped else made(np.array(kept))
            else:
                self.grad = self.grad + cell(kept)
        return g


class Leaf(Extra):
    """What a leaf's node holds: the gradient, so that no cycle arises, and the tensor itself.

    The tensor is referred to weakly; its array serves to make it anew for those who come by the
    graph when it is gone. `wanted` is False while the tensor does not require its gradient.
    """

    __slots__ = ("after", "array", "tensor", "wanted")

    hooked: ClassVar[bool] = False  # whether any leaf ever had a hook (`prompt.py`)

    def __init__(self, tensor: Any) -> None:
        super().__init__()
        self.tensor = weakref.ref(tensor)
        self.array = tensor._array
        self.after: Hooks | None = None
        self.wanted = True

    def deposit(self, node: Any, g: Any) -> None:
        """Add a gradient up."""
        if not self.wanted:
            return
        if self.before_node:
            (g,) = replaced(self.before_node, (g,))
            if g is None:
                return
        old = self.grad
        if old is not None and (type(g) is Taped or recording.get()):
            self.grad = old + cell(conjugated(g))
        elif type(g) is Taped:
            self.grad = copied(conjugated(g))
        else:
            self.add_up(g)
        if self.after_node:
            replaced(self.after_node, (), (g,))
        if self.after:
            for hook in list(self.after.values()):
                result = hook(self.variable(node))
                if result is not None:
                    check_type(result)

    def add_up(self, g: Any) -> None:
        """Add an array up, in place if there is a gradient already, as nothing is recorded."""
        if not self.wanted:
            return
        x, old = self.array, self.grad
        if x.dtype.kind == "c":
            g = conjugated(g)
        if old is None:
            self.grad = made(copy_like(g, x))
            return
        total = old._array
        try:
            total += g
        except ValueError:
            if total.flags.writeable:
                raise
            self.grad = made(total + g)  # a view of what may only be read
        else:
            old._writes[0] += 1

    def variable(self, node: Any) -> Any:
        """Return the leaf itself."""
        found = self.tensor()
        if found is None:
            found = made(self.array)
            found._node = node
            self.tensor = weakref.ref(found)
        return found


def copy_like(g: Any, x: Any) -> Any:
    """Return a copy of a gradient that lies in memory as the tensor does."""
    if x.ndim < 2:
        return np.array(g)
    if x.flags.c_contiguous:
        return np.array(g, order="C")
    out = np.empty_like(x, g.dtype)
    out[...] = g
    return out


def copied(g: Any) -> Any:
    return recorded(COPIED, (cell(g),), {}, np.array, None)


# ---------------------------------------------------------------- hooks


def hooked(hooks: Hooks, g: Any) -> Any:
    """Return a gradient as a tensor's hooks leave it, in the order of their registration."""
    for hook in list(hooks.values()):
        given = cell(conjugated(g))
        if type(g) is not Taped:
            given._array = np.array(given._array)  # a hook may write to what it is given
        result = hook(given)
        if result is None:
            g = conjugated(given._array) if type(g) is not Taped else g
        else:
            checked_hook(hook, result, given)
            g = value_of(result)
    return g


def value_of(t: Tensor) -> Any:
    """Return what a backward pass computes with in place of a tensor that a user gave it."""
    if t._node is None or not recording.get():
        return conjugated(t._array)
    return conjugated(as_taped(t._array, t._node, t._writes))


def replaced(hooks: Hooks, values: Any, besides: Any = None) -> tuple[Any, ...]:
    """Return gradients as a node's hooks leave them; None is none.

    The hooks are called with tuples of tensors: of `values`, which they may replace by another
    tuple, and of `besides`, if it is given.
    """
    found: tuple[Any, ...] = tuple(values)
    for hook in list(hooks.values()):
        cells = tuple(None if g is None else cell(conjugated(g)) for g in found)
        if besides is None:
            result = hook(cells)
        else:
            others = (None if g is None else cell(conjugated(g)) for g in besides)
            result = hook(cells, tuple(others))
        if result is None:
            continue
        if not isinstance(result, tuple):
            raise TypeError(f"expected tuple, but hook returned '{type(result).__name__}'")
        if len(result) != len(cells):
            raise RuntimeError(
                f"hook '{hook_name(hook)}' has returned an incorrect number of values "
                f"(got {len(result)}, but expected {len(cells)})"
            )
        for one, given in zip(result, cells, strict=True):
            if one is not None:
                if given is None:
                    raise RuntimeError("can't replace a None gradient with a non-None value")
                checked_hook(hook, one, given)
        found = tuple(None if one is None else value_of(one) for one in result)
    return found


def checked_hook(hook: Any, result: Any, given: Tensor) -> None:
    """Raise, in PyTorch's words, if a hook returned what cannot take the gradient's place."""
    check_type(result)
    new, old = result._array, given._array
    if new.dtype != old.dtype:
        raise RuntimeError(
            f"hook '{hook_name(hook)}' has changed the type of value "
            f"(was {type_name(old.dtype)} got {type_name(new.dtype)})"
        )
    if new.shape != old.shape:
        raise RuntimeError(f"hook '{hook_name(hook)}' has changed the size of value")


def check_type(result: Any) -> None:
    if not isinstance(result, Tensor):
        raise TypeError(f"expected Variable, but hook returned '{type(result).__name__}'")


def hook_name(hook: Any) -> str:
    return getattr(hook, "__name__", "<unknown>")
