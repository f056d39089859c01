"""Leaves: what requires a gradient, where it is kept, and the rules for setting both."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from chainrule._core.traces import tick

from .. import _tensor
from .._kinds.dtypes import scalar_name
from .._tape.extras import Extra, Leaf
from .._tape.inference import inferring
from .._tape.nodes import EXTRA
from .._tape.plans import RULELESS, bare_plan
from .._tape.transforms import ACTIVE, check_no_leaf
from .._tensor import Tensor

__all__ = [
    "extra_of",
    "gradient_of",
    "make_leaf",
    "requires_grad_",
    "retain_grad",
    "retains",
    "set_gradient",
    "set_requires_grad",
]

# `_duals`, once there was a level of forward mode: not every node leads to a leaf then.
duals: Any = None

ONLY_FLOATS = "Only Tensors of floating point and complex dtype can require gradients"

ACCUMULATE = bare_plan("AccumulateGrad", RULELESS)

NOT_A_LEAF = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad "
    "attribute won't be populated during autograd.backward(). If you indeed want the .grad field "
    "to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you "
    "access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead. See "
    "github.com/pytorch/pytorch/pull/30531 for more information."
)
ONLY_LEAVES = "you can only change requires_grad flags of leaf variables."
COMPUTED = (
    f"{ONLY_LEAVES}"
    " If you want to use a computed variable in a subgraph that doesn't require differentiation "
    "use var_no_grad = var.detach()."
)
# What NumPy's number types are called where a gradient of the wrong one is set.
C_NAMES = {
    "float32": "float", "float64": "double", "float16": "c10::Half", "int64": "long int",
    "int32": "int", "int16": "short int", "int8": "signed char", "uint8": "unsigned char",
    "bool": "bool", "complex64": "c10::complex<float>", "complex128": "c10::complex<double>",
}  # fmt: skip


# ---------------------------------------------------------------- whether a gradient is required


def make_leaf(t: Any) -> Any:
    """Let `t` require its gradient."""
    node = t._old_leaf  # it did so before: gradients of earlier graphs arrive again
    if node is None:
        t._node = leaf_node(t)
    else:
        t._node, t._old_leaf = node, None
        node[EXTRA].wanted, node[EXTRA].array = True, t._array
    if len(t._writes) > 1:
        from .._writing.views import end_views

        end_views(t)
    return t


def leaf_node(t: Any) -> Any:
    return [tick(), None, None, None, None, ACCUMULATE, None, None, Leaf(t)]


def set_requires_grad(t: Tensor, wanted: Any) -> None:
    """Let `t` require its gradient, or no longer, as `t.requires_grad = wanted` does."""
    if not isinstance(wanted, bool):
        raise RuntimeError("requires_grad must be a bool")
    if wanted and not t.is_leaf:
        raise RuntimeError(ONLY_LEAVES)
    change(t, wanted, "only Tensors of floating point and complex dtype can require gradients")


def requires_grad_(self: Tensor, requires_grad: bool = True) -> Tensor:
    """Let gradients reach this leaf, or no longer; return it.

    >>> import chainrule.torch as torch
    >>> torch.ones(2).requires_grad_()
    tensor([1., 1.], requires_grad=True)
    """
    if not isinstance(requires_grad, bool):
        raise TypeError(
            "requires_grad_(): argument 'requires_grad' (position 1) must be bool, not "
            f"{type(requires_grad).__name__}"
        )
    if ACTIVE:
        check_no_leaf()
    change(self, requires_grad, "only Tensors of floating point dtype can require gradients")
    return self


def change(t: Tensor, wanted: bool, of_whole_numbers: str) -> None:
    if not t.is_leaf:
        if not wanted:
            raise RuntimeError(COMPUTED)
        return
    if wanted and t._array.dtype.kind not in "fc":
        raise RuntimeError(of_whole_numbers)
    if wanted and t._node is None:
        if type(t._writes) is not list and not inferring.get():
            raise RuntimeError(
                "Setting requires_grad=True on inference tensor outside InferenceMode is not "
                "allowed."
            )
        make_leaf(t)
    elif not wanted and t._node is not None:
        t._node[EXTRA].wanted = False
        t._old_leaf, t._node = t._node, None
        if len(t._writes) > 1:
            from .._writing.views import free_views

            free_views(t)


# ---------------------------------------------------------------- the gradient


def gradient_of(t: Tensor) -> Tensor | None:
    """Return what `t.grad` is, with PyTorch's warning where it can be nothing."""
    node = t._node
    if node is None:
        node = t._old_leaf
        return None if node is None else node[EXTRA].grad
    if node[1] is None:
        return node[EXTRA].grad  # type: ignore[no-any-return]
    extra = node[EXTRA]
    if extra is not None and (extra.retains or extra.grad is not None):
        return extra.grad  # type: ignore[no-any-return]
    warnings.warn(NOT_A_LEAF, UserWarning, stacklevel=3)
    return None


def set_gradient(t: Tensor, gradient: Any) -> None:
    """Set `t.grad`, if it is None or a tensor of the shape and dtype of `t`."""
    if gradient is not None:
        check_gradient(t, gradient)
    node = t._node
    if node is None:
        if t._old_leaf is None:
            t._old_leaf = leaf_node(t)
            t._old_leaf[EXTRA].wanted = False
        node = t._old_leaf
    extra_of(node).grad = gradient


def check_gradient(t: Tensor, gradient: Any) -> None:
    if not isinstance(gradient, Tensor):
        kind = type(gradient)
        name = (
            kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
        )
        raise TypeError(
            f"assigned grad expected to be a Tensor or None but got grad of type {name}"
        )
    if gradient is t:
        raise RuntimeError("can't assign Variable as its own grad")
    new, own = gradient._array, t._array
    if new.dtype != own.dtype:
        raise RuntimeError(
            f"attempting to assign a gradient with dtype '{C_NAMES[new.dtype.name]}' to a tensor "
            f"with grad_dtype '{scalar_name(own.dtype)}'. The gradient must match the tensor's "
            "grad_dtype (defaults to the tensor's dtype). You can set the tensor's grad_dtype "
            "attribute with a specific dtype, or None to allow any dtype. Set grad_dtype with "
            "caution. Diverging the dtypes of a tensor and its gradient may break downstream "
            "systems that assume they match."
        )
    if new.shape != own.shape:
        raise RuntimeError(
            f"attempting to assign a gradient of size '{list(new.shape)}' to a tensor of size "
            f"'{list(own.shape)}'. Please ensure that the gradient and the tensor are the same size"
        )


def extra_of(node: Any) -> Any:
    """Return what is asked of a node besides; nothing yet, if it is new."""
    if node[EXTRA] is None:
        node[EXTRA] = Extra()
    return node[EXTRA]


def retain_grad(self: Tensor) -> None:
    """Let this result keep its gradient in `.grad`, as leaves do.

    >>> import chainrule.torch as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> y = 3 * x
    >>> y.retain_grad()
    >>> (y * y).sum().backward()
    >>> y.grad
    tensor([6., 6.])
    """
    if not self.requires_grad:
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    if self._node is not None and self._node[1] is not None:
        extra_of(self._node).retains = True


def retains(t: Tensor) -> bool:
    """Say whether `t` is a result that keeps its gradient."""
    node = t._node
    return bool(node is not None and node[1] is not None and node[EXTRA] and node[EXTRA].retains)


_tensor.leaves = sys.modules[__name__]
