"""Views in another shape: the same numbers, in the same memory where that can be."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .._arguments import no_overload, whole
from .._checks import argument_error, check_tensors
from .._kinds.dtypes import dtype, scalar_name
from .._tape.plans import Op
from .._tensor import Tensor, made
from .._writing.views import UNSAFE_VIEW, VIEW, reshaped
from .shape_arguments import dim_named, filled_in, lengths, tuple_of

__all__ = ["flatten", "ravel", "reshape", "unflatten"]

RESHAPE_ALIAS = Op("ReshapeAliasBackward0", np.reshape, ("",), "self")


def view(self: Tensor, *shape: Any, **named: Any) -> Any:
    """Return a view of the same numbers in another shape; -1 stands for what is left over.

    >>> import chainrule.torch as torch
    >>> torch.tensor([1, 2, 3, 4]).view(2, -1)
    tensor([[1, 2],
            [3, 4]])
    """
    if named and not shape:
        shape = (named.pop("size", named.pop("dtype", None)),)
    if len(shape) == 1 and isinstance(shape[0], dtype):
        return read_as(self, shape[0])
    first = shape[0] if shape else None
    if named or not (type(first) is int or isinstance(first, (tuple, list)) or whole(first)):
        raise no_overload("view", shape, named, "torch.dtype dtype", "tuple of ints size")
    into = filled_in(lengths("view", "size", shape), self._array.size)
    out = reshaped(self, into)
    if out is None:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        )
    return out


def read_as(t: Tensor, kind: dtype) -> Any:
    """Return a tensor of the same memory, whose bytes are read as numbers of another type."""
    x, into = t._array, kind.numpy
    ratio = into.itemsize // x.itemsize
    between = f"to view {scalar_name(x.dtype)} as {scalar_name(into)} (different element sizes)"
    if not x.ndim and ratio != 1:
        raise RuntimeError(f"self.dim() cannot be 0 {between}")
    if into.itemsize != x.itemsize and x.strides[-1] != x.itemsize:
        raise RuntimeError(
            f"self.stride(-1) must be 1 {between}, but got {x.strides[-1] // x.itemsize}"
        )
    if ratio > 1 and x.shape[-1] % ratio:
        raise RuntimeError(
            f"self.size(-1) must be divisible by {ratio} {between}, but got {x.shape[-1]}"
        )
    out = made(x.view(into))
    out._writes = t._writes
    return out


def view_as(self: Tensor, other: Tensor) -> Any:
    """Return a view in the shape of `other`."""
    if not isinstance(other, Tensor):
        raise argument_error("view_as", "other", 1, other)
    return view(self, other._array.shape)


def reshaped_or_copied(t: Tensor, into: tuple[int, ...]) -> Any:
    """Return the view in another shape; a copy where the numbers do not lie as a view needs."""
    out: Any = reshaped(t, into, VIEW if t._array.flags.c_contiguous else RESHAPE_ALIAS)
    if out is None:
        from .._conversions.copies import contiguous

        out = reshaped(contiguous(t), into, UNSAFE_VIEW)
        out._view = None
        out._writes = [0]
    return out


def reshape(input: Tensor, shape: Sequence[int]) -> Any:
    """Return the same numbers in another shape: a view where that can be.

    >>> import chainrule.torch as torch
    >>> torch.reshape(torch.tensor([[1, 2], [3, 4]]), (-1,))
    tensor([1, 2, 3, 4])
    """
    check_tensors("reshape", input=input)
    into = filled_in(tuple_of("reshape", "shape", shape), input._array.size)
    return reshaped_or_copied(input, into)


def reshape_method(self: Tensor, *given: Any, shape: Any = None) -> Any:
    """Return the same numbers in another shape: a view where that can be."""
    given = given if shape is None else (tuple(shape),)
    if not given:
        raise TypeError('reshape() missing 1 required positional arguments: "shape"')
    return reshaped_or_copied(self, filled_in(lengths("reshape", "shape", given), self._array.size))


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Return the tensor with the dimensions from `start_dim` to `end_dim` made one.

    >>> import chainrule.torch as torch
    >>> torch.flatten(torch.tensor([[1, 2], [3, 4]]))
    tensor([1, 2, 3, 4])
    """
    if not isinstance(input, Tensor):
        raise argument_error("flatten", "input", 1, input)
    shape = input._array.shape
    first = dim_named("flatten", "start_dim", 2, start_dim, len(shape))
    last = dim_named("flatten", "end_dim", 3, end_dim, len(shape))
    if first > last:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if not shape:
        return reshaped_or_copied(input, (1,))
    if first == last:
        return input
    middle = math.prod(shape[first : last + 1])
    return reshaped_or_copied(input, (*shape[:first], middle, *shape[last + 1 :]))


def ravel(input: Tensor) -> Any:
    """Return all numbers in one dimension.

    >>> import chainrule.torch as torch
    >>> torch.ravel(torch.tensor([[1, 2], [3, 4]]))
    tensor([1, 2, 3, 4])
    """
    from .._conversions.copies import contiguous

    check_tensors("ravel", input=input)
    return reshaped(contiguous(input), (input._array.size,))


def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Any:
    """Return a view with a dimension split into several; -1 stands for what is left over.

    >>> import chainrule.torch as torch
    >>> torch.unflatten(torch.tensor([1, 2, 3, 4]), 0, (2, -1))
    tensor([[1, 2],
            [3, 4]])
    """
    check_tensors("unflatten", input=input)
    shape = input._array.shape
    parts = tuple_of("unflatten", "sizes", sizes)
    if not parts:
        raise RuntimeError("unflatten: sizes must be non-empty")
    at = dim_named("unflatten", "dim", 1, dim, len(shape))
    n = shape[at] if shape else 1
    rest = math.prod(m for m in parts if m != -1)
    if parts.count(-1) == 1 and rest and not n % rest:
        parts = tuple(n // rest if m == -1 else m for m in parts)
    if math.prod(parts) != n or -1 in parts:
        raise RuntimeError(
            f"unflatten: Provided sizes {list(parts)} don't multiply up to the size of dim {at} "
            f"({n}) in the input tensor"
        )
    return reshaped(input, (*shape[:at], *parts, *shape[at + 1 :]))


METHODS: dict[str, Callable[..., Any]] = {
    "flatten": flatten,
    "ravel": ravel,
    "reshape": reshape_method,
    "reshape_as": lambda self, other: reshape(self, other._array.shape),
    "unflatten": unflatten,
    "view": view,
    "view_as": view_as,
}
