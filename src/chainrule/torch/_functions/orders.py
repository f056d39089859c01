"""Views with their dimensions in another order."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .._checks import argument_error, check_tensors, dimension
from .._indices import ALIAS
from .._tape.plans import Op
from .._tensor import Tensor
from .._writing.views import indexed, transposed
from .shape_arguments import dim_named, lengths, tuple_of

__all__ = ["moveaxis", "movedim", "permute", "swapaxes", "swapdims", "t", "transpose"]

T = Op("TBackward0", np.transpose, ("",), "self")
TRANSPOSE = Op("TransposeBackward0", np.transpose, ("",), "self")
PERMUTE = Op("PermuteBackward0", np.transpose, ("",), "self")
LIKE_T = (
    "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated "
    "and it will throw an error in a future release. Consider `x.mT` to transpose batches of "
    "matrices or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a "
    "tensor."
)
LIKE_MT = "Tensor.mT is deprecated on 0-D tensors. This function is the identity in these cases."


def t(input: Tensor) -> Any:
    """Return the transpose of a matrix; a vector as it is.

    >>> import chainrule.torch as torch
    >>> torch.t(torch.tensor([[1, 2], [3, 4]]))
    tensor([[1, 3],
            [2, 4]])
    """
    if not isinstance(input, Tensor):
        raise argument_error("t", "input", 1, input)
    ndim = input._array.ndim
    if ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {ndim}D")
    return transposed(input, (1, 0) if ndim == 2 else (0,) * ndim, T)


def transpose(input: Tensor, dim0: int, dim1: int) -> Any:
    """Return a view with two dimensions exchanged.

    >>> import chainrule.torch as torch
    >>> torch.transpose(torch.tensor([[1, 2], [3, 4]]), 0, 1)
    tensor([[1, 3],
            [2, 4]])
    """
    if not isinstance(input, Tensor):
        raise argument_error("transpose", "input", 1, input)
    ndim = input._array.ndim
    i = dim_named("transpose", "dim0", 2, dim0, ndim)
    j = dim_named("transpose", "dim1", 3, dim1, ndim)
    axes = list(range(ndim))
    if ndim:
        axes[i], axes[j] = j, i
    return transposed(input, tuple(axes), TRANSPOSE)


swapaxes = swapdims = transpose


def permute(input: Tensor, dims: Sequence[int]) -> Any:
    """Return a view with the dimensions in the order `dims`.

    >>> import chainrule.torch as torch
    >>> torch.permute(torch.ones(2, 3, 4), (2, 0, 1)).shape
    torch.Size([4, 2, 3])
    """
    check_tensors("permute", input=input)
    ndim, chosen = input._array.ndim, tuple_of("permute", "dims", dims)
    if len(chosen) != ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            f"length of the desired ordering of dimensions i.e. input.dim() = {ndim} is not equal "
            f"to len(dims) = {len(chosen)}"
        )
    axes: list[int] = []
    for d in chosen:
        axis = dimension(d, ndim)
        if axis in axes:
            raise RuntimeError("permute(): duplicate dims are not allowed.")
        axes.append(axis)
    return transposed(input, tuple(axes), PERMUTE)


def permute_method(self: Tensor, *given: Any, dims: Any = None) -> Any:
    """Return a view with the dimensions in another order."""
    if not given and dims is None:
        raise TypeError('permute() missing 1 required positional arguments: "dims"')
    return permute(self, lengths("permute", "dims", given if dims is None else tuple(dims)))


def movedim(input: Tensor, source: Any, destination: Any) -> Any:
    """Return a view with the dimensions `source` moved to `destination`.

    >>> import chainrule.torch as torch
    >>> torch.movedim(torch.ones(2, 3, 4), 0, 2).shape
    torch.Size([3, 4, 2])
    """
    check_tensors("movedim", input=input)
    ndim, found = input._array.ndim, []
    sides = [list(v) if isinstance(v, (tuple, list)) else [v] for v in (source, destination)]
    if len(sides[0]) != len(sides[1]):
        raise RuntimeError(
            f"movedim: Invalid source or destination dims: source ({sides[0]} dims) should contain "
            f"the same number of dims as destination ({sides[1]} dims)"
        )
    for name, dims in zip(("source", "destination"), sides, strict=True):
        found.append([dimension(d, ndim) for d in dims])
        if len(set(found[-1])) < len(dims):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({dims})")
    if not ndim:
        return indexed(input, (...,), ALIAS)
    axes = [k for k in range(ndim) if k not in found[0]]
    for place, k in sorted(zip(found[1], found[0], strict=True)):
        axes.insert(place, k)
    return transposed(input, tuple(axes), PERMUTE)


moveaxis = movedim


def reversed_dims(self: Tensor) -> Any:
    """Return the tensor with all dimensions reversed: what `.T` is."""
    ndim = self._array.ndim
    if ndim != 2:
        warnings.warn(LIKE_T, UserWarning, stacklevel=2)
    return transposed(self, tuple(range(ndim))[::-1], PERMUTE)


def matrix_transpose(self: Tensor) -> Any:
    """Return the tensor with its last two dimensions exchanged: what `.mT` is."""
    if not self._array.ndim:
        warnings.warn(LIKE_MT, UserWarning, stacklevel=2)
        return self
    if self._array.ndim < 2:
        raise RuntimeError(
            "tensor.mT is only supported on matrices or batches of matrices. Got "
            f"{self._array.ndim}-D tensor."
        )
    return transpose(self, -2, -1)


def t_method(self: Tensor, *given: Any) -> Any:
    """Return the view of a matrix with its dimensions exchanged."""
    if given:
        raise TypeError(f"TensorBase.t() takes no arguments ({len(given)} given)")
    return t(self)


METHODS: dict[str, Callable[..., Any]] = {
    "T": property(reversed_dims),  # type: ignore[dict-item]
    "mT": property(matrix_transpose),  # type: ignore[dict-item]
    "moveaxis": movedim,
    "movedim": movedim,
    "permute": permute_method,
    "swapaxes": transpose,
    "swapdims": transpose,
    "t": t_method,
    "transpose": transpose,
}
