"""Dimensions of length 1: put in, and taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._arguments import no_overload, whole
from .._checks import argument_error, dimension
from .._tape.plans import Op
from .._tensor import Tensor
from .._writing.views import reshaped
from .shape_arguments import dim_named

__all__ = ["atleast_1d", "atleast_2d", "atleast_3d", "squeeze", "unsqueeze"]

SQUEEZE = Op("SqueezeBackward0", np.reshape, ("",), "self")
SQUEEZE_DIM = Op("SqueezeBackward1", np.reshape, ("",), "self")
SQUEEZE_DIMS = Op("SqueezeBackward2", np.reshape, ("",), "self")
UNSQUEEZE = Op("UnsqueezeBackward0", np.reshape, ("",), "self")


def squeeze(input: Tensor, dim: Any = None) -> Any:
    """Return a view without the dimensions of length 1, or without `dim` if it is one.

    >>> import chainrule.torch as torch
    >>> torch.squeeze(torch.tensor([[1, 2]]))
    tensor([1, 2])
    """
    if not isinstance(input, Tensor):
        raise argument_error("squeeze", "input", 1, input)
    shape = input._array.shape
    if dim is None:
        return reshaped(input, tuple([n for n in shape if n != 1]), SQUEEZE)
    if isinstance(dim, (tuple, list)):
        op, gone = SQUEEZE_DIMS, [dimension(d, len(shape)) for d in dim]
        for k, d in enumerate(gone):
            if d in gone[:k]:
                raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    elif whole(dim):
        op, gone = SQUEEZE_DIM, [dimension(int(dim), len(shape))]
    else:
        ways = "Tensor input", "Tensor input, int dim", "Tensor input, tuple of ints dim"
        raise no_overload("squeeze", (input, dim), {}, *ways)
    into = tuple([n for k, n in enumerate(shape) if n != 1 or k not in gone])
    return reshaped(input, into, op)


def unsqueeze(input: Tensor, dim: int) -> Any:
    """Return a view with a dimension of length 1 put in at `dim`.

    >>> import chainrule.torch as torch
    >>> torch.unsqueeze(torch.tensor([1, 2]), 1)
    tensor([[1],
            [2]])
    """
    if not isinstance(input, Tensor):
        raise argument_error("unsqueeze", "input", 1, input)
    shape = input._array.shape
    at = dim_named("unsqueeze", "dim", 2, dim, len(shape) + 1)
    return reshaped(input, (*shape[:at], 1, *shape[at:]), UNSQUEEZE)


def of_one_or_several(function: Callable[[Tensor], Any]) -> Callable[..., Any]:
    """Return a function of one tensor as one of one or more, or of a list: of a tuple then."""

    def apply(*tensors: Any) -> Any:
        if len(tensors) == 1:
            if isinstance(tensors[0], Tensor):
                return function(tensors[0])
            tensors = tuple(tensors[0])
        return tuple(function(one) for one in tensors)

    apply.__name__ = apply.__qualname__ = function.__name__
    apply.__doc__ = function.__doc__
    return apply


@of_one_or_several
def atleast_1d(tensor: Tensor) -> Any:
    """Return a tensor with at least one dimension; for several, a tuple of such.

    >>> import chainrule.torch as torch
    >>> torch.atleast_1d(torch.tensor(1))
    tensor([1])
    """
    return tensor if tensor._array.ndim else reshaped(tensor, (1,))


@of_one_or_several
def atleast_2d(tensor: Tensor) -> Any:
    """Return a tensor with at least two dimensions; for several, a tuple of such.

    >>> import chainrule.torch as torch
    >>> torch.atleast_2d(torch.tensor([1, 2]))
    tensor([[1, 2]])
    """
    ndim = tensor._array.ndim
    return tensor if ndim > 1 else unsqueeze(tensor, 0) if ndim else reshaped(tensor, (1, 1))


@of_one_or_several
def atleast_3d(tensor: Tensor) -> Any:
    """Return a tensor with at least three dimensions; for several, a tuple of such.

    >>> import chainrule.torch as torch
    >>> torch.atleast_3d(torch.tensor([1, 2])).shape
    torch.Size([1, 2, 1])
    """
    ndim = tensor._array.ndim
    if ndim > 2:
        return tensor
    if ndim == 2:
        return unsqueeze(tensor, -1)
    return unsqueeze(unsqueeze(tensor, 0), -1) if ndim else reshaped(tensor, (1, 1, 1))


METHODS: dict[str, Callable[..., Any]] = {
    "squeeze": squeeze, "unsqueeze": unsqueeze,
}  # fmt: skip
