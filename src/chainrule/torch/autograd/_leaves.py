"""Leaves: what requires a gradient, where it is kept, and the rules for setting both."""

from __future__ import annotations

import warnings
from typing import Any

from chainrule._core.traces import tick

from .._tape import EXTRA, RULELESS, bare_plan, recording
from .._tensor import Tensor
from .._types import scalar_name
from .._walk import Extra, Leaf

__all__ = [
    "gradient_of",
    "make_leaf",
    "requires_grad_",
    "retain_grad",
    "retains",
    "set_gradient",
    "set_requires_grad",
]

ONLY_FLOATS = "Only Tensors of floating point and complex dtype can require gradients"

ACCUMULATE = bare_plan("AccumulateGrad", RULELESS)

NOT_A_LEAF = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad "
    "attribute won't be populated during autograd.backward(). If you indeed want the .grad field "
    "to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you "
    "access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead. See "
    "github.com/pytorch/pytorch/pull/30531 for more informations."
)


def make_leaf(t: Any) -> Any:
    """Let `t` require its gradient."""
    leaf = Leaf(t)
    leaf.grad, t._old_grad = t._old_grad, None
    t._node = [tick(), None, None, None, None, ACCUMULATE, None, None, leaf]
    return t


def set_requires_grad(t: Tensor, wanted: bool) -> None:
    if not isinstance(wanted, bool):
        raise RuntimeError("requires_grad must be a bool")
    if not t.is_leaf:
        if not wanted:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you want to use a "
                "computed variable in a subgraph that doesn't require differentiation use "
                "var_no_grad = var.detach()."
            )
        return
    if wanted and t._array.dtype.kind not in "fc":
        raise RuntimeError("only Tensors of floating point dtype can require gradients")
    if wanted and t._node is None:
        make_leaf(t)
    elif not wanted and t._node is not None:
        t._old_grad = t._node[EXTRA].grad
        t._node = None


def requires_grad_(self: Tensor, requires_grad: bool = True) -> Tensor:
    """Let gradients reach this leaf, or no longer; return it."""
    set_requires_grad(self, requires_grad)
    return self


def gradient_of(t: Tensor) -> Tensor | None:
    node = t._node
    if node is None:
        return t._old_grad
    if node[1] is None:
        return node[EXTRA].grad  # type: ignore[no-any-return]
    extra = node[EXTRA]
    if extra is not None and extra.retains:
        return extra.grad  # type: ignore[no-any-return]
    warnings.warn(NOT_A_LEAF, UserWarning, stacklevel=3)
    return None


def set_gradient(t: Tensor, gradient: Any) -> None:
    if gradient is not None:
        if not isinstance(gradient, Tensor):
            raise TypeError(
                "assigned grad expected to be a Tensor or None but got grad of type "
                f"{type(gradient).__name__}"
            )
        if gradient is t:
            raise RuntimeError("can't assign Variable as its own grad")
        if gradient._array.dtype != t._array.dtype:
            raise RuntimeError(
                f"attempting to assign a gradient with dtype "
                f"'{scalar_name(gradient._array.dtype).lower()}' to a tensor with grad_dtype "
                f"'{scalar_name(t._array.dtype)}'. The gradient must match the tensor's grad_dtype "
                "(defaults to the tensor's dtype). You can set the tensor's grad_dtype attribute "
                "with a specific dtype, or None to allow any dtype. Set grad_dtype with caution. "
                "Diverging the dtypes of a tensor and its gradient may break downstream systems "
                "that assume they match."
            )
        if gradient._array.shape != t._array.shape:
            raise RuntimeError(
                f"attempting to assign a gradient of size '{list(gradient._array.shape)}' to a "
                f"tensor of size '{list(t._array.shape)}'. Please ensure that the gradient and the "
                "tensor are the same size"
            )
    if t._node is None:
        t._old_grad = gradient
    elif t._node[1] is None:
        t._node[EXTRA].grad = gradient
    else:
        extra_of(t._node).grad = gradient


def extra_of(node: Any) -> Any:
    if node[EXTRA] is None:
        node[EXTRA] = Extra()
    return node[EXTRA]


def retain_grad(self: Tensor) -> None:
    """Let this result keep its gradient in `.grad`, as leaves do."""
    if not self.requires_grad:
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    if self._node is not None and self._node[1] is not None:
        extra_of(self._node).retains = True


def retains(t: Tensor) -> bool:
    node = t._node
    return bool(node is not None and node[1] is not None and node[EXTRA] and node[EXTRA].retains)


def wants(t: Tensor) -> bool:
    """Say whether an operation on `t` is to be recorded now."""
    return t._node is not None and recording.get()
