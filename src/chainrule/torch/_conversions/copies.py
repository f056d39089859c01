"""Copies of a tensor, with its history or without; what `copy` and `pickle` make of one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from .._arguments import title_of, want_tensor
from .._creation.data import cast_array
from .._kinds.layout import memory_format as format_type
from .._kinds.layout import preserve_format
from .._tape.recording import operation
from .._tensor import Tensor, made
from ..storage import root_of, storage_of

__all__ = ["clone", "detach"]

NO_VIEWS = (
    "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel "
    "(DDP) for training, and gradient_as_bucket_view is set as True, gradients are views of DDP "
    "buckets, and hence detach_() cannot be called on these gradients. To fix this error, please "
    "refer to the Optimizer.zero_grad() function in torch/optim/optimizer.py as the solution."
)
ONLY_LEAVES = (
    "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at "
    "the moment.  If you were attempting to deepcopy a module, this may be because of a "
    "torch.nn.utils.weight_norm usage, see https://github.com/pytorch/pytorch/pull/103001"
)


def as_it_lies(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return cast_array(x, x.dtype)


def in_order(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return x.copy("C")


cloned = operation("Clone", np.positive, inputs="self", call=as_it_lies)
ordered = operation("Clone", np.positive, inputs="self", call=in_order)


def clone(input: Tensor, *, memory_format: Any = None) -> Any:
    """Return a copy of `input` with memory of its own; gradients pass through it.

    >>> import chainrule.torch as torch
    >>> clone(torch.ones(2, requires_grad=True))
    tensor([1., 1.], grad_fn=<CloneBackward0>)
    """
    want_tensor("clone", input)
    keeps = memory_format is None or memory_format is preserve_format
    return (cloned if keeps else ordered)(input)


def contiguous(self: Tensor, memory_format: Any = None) -> Any:
    """Return this tensor if its numbers lie in order in memory, else a copy in which they do."""
    if memory_format is not None and not isinstance(memory_format, format_type):
        raise TypeError(
            "contiguous(): argument 'memory_format' must be torch.memory_format, "
            f"not {title_of(memory_format)}"
        )
    return self if self._array.flags.c_contiguous else ordered(self)


def detach(input: Tensor) -> Any:
    """Return the same numbers, in the same memory, without the history: no gradient passes.

    Writes to it are counted with those to `input`, so that a backward pass that needs the old
    numbers says so.

    >>> import chainrule.torch as torch
    >>> detach(torch.ones(2, requires_grad=True))
    tensor([1., 1.])
    """
    out = made(input._array)
    out._writes = input._writes
    return out


def detach_(self: Tensor) -> Tensor:
    """Forget the history of this tensor, which becomes a leaf without a gradient; return it."""
    if self._view is not None:
        raise RuntimeError(NO_VIEWS)
    if self.is_leaf:
        self.requires_grad = False
    else:
        self._node = None
    return self


# ---------------------------------------------------------------- copy and pickle


def rebuilt(
    kind: type[Tensor] | None,
    array: np.ndarray[Any, Any],
    requires_grad: bool,
    named: dict[str, Any],
) -> Tensor:
    """Return the tensor of what `__reduce_ex__` wrote down; None stands for `Tensor` itself."""
    out: Tensor = made(array, kind or Tensor)
    out.__dict__.update(named)
    if requires_grad:
        out.requires_grad = True
    return out


def own_attributes(t: Tensor) -> dict[str, Any]:
    # what the class names too is the tape's, and no copy takes it over
    return {key: v for key, v in t.__dict__.items() if key not in vars(Tensor)}


def __reduce_ex__(self: Tensor, protocol: Any) -> Any:
    kind = None if type(self) is Tensor else type(self)  # its name is PyTorch's, and found there
    return rebuilt, (kind, self._array, self.requires_grad, own_attributes(self))


def copied_with_others(array: np.ndarray[Any, Any], memo: dict[int, Any]) -> np.ndarray[Any, Any]:
    """Return a copy of `array` that shares memory with copies of those that `array` shares it with.

    All of the memory that it is a part of is copied.
    """
    root = root_of(array)
    if not root.flags.forc or root.dtype != array.dtype:
        return as_it_lies(array)
    storage = storage_of(array)  # one object for all that share the memory, as `memo` wants it
    if id(storage) not in memo:
        memo[id(storage)] = root.copy("K"), storage
    copy = memo[id(storage)][0]
    offset = array.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    return np.ndarray(array.shape, array.dtype, copy, offset if array.size else 0, array.strides)


def __deepcopy__(self: Tensor, memo: dict[int, Any]) -> Any:
    if not self.is_leaf:
        raise RuntimeError(ONLY_LEAVES)
    if id(self) in memo:
        return memo[id(self)]
    named = copy.deepcopy(own_attributes(self), memo)
    out = rebuilt(type(self), copied_with_others(self._array, memo), self.requires_grad, named)
    memo[id(self)] = out
    if self.grad is not None:
        out.grad = copy.deepcopy(self.grad, memo)
    return out


METHODS: dict[str, Callable[..., Any]] = {
    "__deepcopy__": __deepcopy__,
    "__reduce_ex__": __reduce_ex__,
    "clone": clone,
    "contiguous": contiguous,
    "detach": detach,
    "detach_": detach_,
}
