"""Diagonals, slices and chosen places that are written into a copy, or into zeros."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.values import take as at_index
from chainrule._rules.indexing import overwritten
from chainrule._rules.rearranging import diagonal_of

from .._checks import check_tensors, combination_error, dimension
from .._kinds.dtypes import scalar_name
from .._tape.plans import Op
from .._tape.recording import recorded
from .._tensor import Tensor
from .._writing.filling import NUMBERS, as_number
from .._writing.in_place import check_write, overwrite
from .broadcasts import expand
from .places import together
from .rearranging import embedded
from .scattering import written
from .shapes import reshape

__all__ = [
    "diag_embed",
    "diagflat",
    "diagonal_scatter",
    "masked_scatter",
    "put",
    "select_scatter",
    "slice_scatter",
]

SELECT = Op("SelectScatterBackward0", overwritten, ("",), "self src")
SLICE = Op("SliceScatterBackward0", overwritten, ("",), "self src")
DIAGONAL = Op("DiagonalScatterBackward0", overwritten, ("",), "self src")
PUT = Op("PutBackward0", overwritten, ("index",), "self source")
MASKED_SCATTER = Op("MaskedScatterBackward0", overwritten, ("mask",), "self source")
FILL = Op("FillBackward0", overwritten, ("",), "self")


# ---------------------------------------------------------------- diagonals


def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Return matrices in two new dimensions, with zeros beside the last dimension of `input`.

    That stands on the diagonal `offset`, counted from the main one.

    >>> import chainrule.torch as torch
    >>> torch.diag_embed(torch.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    """
    check_tensors("diag_embed", input=input)
    shape = input._array.shape
    i, j = dimension(dim1, len(shape) + 1), dimension(dim2, len(shape) + 1)
    if i == j:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    n = shape[-1] + abs(offset)
    into = list(shape[:-1])
    for axis in sorted((i, j)):
        into.insert(axis, n)
    return embedded(input, steps=((diagonal_of, (int(offset), i, j)),), shape=tuple(into))


def diagflat(input: Tensor, offset: int = 0) -> Any:
    """Return the matrix with all numbers of `input` on the diagonal `offset`, and zeros beside it.

    >>> import chainrule.torch as torch
    >>> torch.diagflat(torch.tensor([[1, 2]]))
    tensor([[1, 0],
            [0, 2]])
    """
    check_tensors("diagflat", input=input)
    return diag_embed(reshape(input, (-1,)), offset)


# ---------------------------------------------------------------- what views see


def replaced(op: Op, t: Tensor, src: Any, part: Any, step: Any) -> Any:
    """Return a copy with `src` in place of `part`, an array's view that one step leads to."""
    if src._array.shape != part.shape:
        raise RuntimeError(
            "expected src to have a size equal to the slice of self. src size = "
            f"{list(src._array.shape)}, slice size = {list(part.shape)}"
        )
    return recorded(op, (t, src), {"steps": (step,)}, op.function, None)


def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Any:
    """Return a copy with `src` at one place along a dimension, which `src` does not have.

    >>> import chainrule.torch as torch
    >>> torch.select_scatter(torch.zeros(2, 2), torch.ones(2), 0, 1)
    tensor([[0., 0.],
            [1., 1.]])
    """
    check_tensors("select_scatter", input=input, src=src)
    shape = input._array.shape
    axis = dimension(dim, len(shape))
    if not -shape[axis] <= index < shape[axis]:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {list(shape)} at dimension "
            f"{axis}"
        )
    at: Any = (*(slice(None),) * axis, int(index), ...)
    return replaced(SELECT, input, src, input._array[at], (at_index, at))


def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Any:
    """Return a copy with `src` in place of the slice from `start` to `end` along a dimension.

    >>> import chainrule.torch as torch
    >>> torch.slice_scatter(torch.zeros(4), torch.ones(2), start=1, end=3)
    tensor([0., 1., 1., 0.])
    """
    check_tensors("slice_scatter", input=input, src=src)
    axis = dimension(dim, input._array.ndim)
    if step <= 0:
        raise RuntimeError("slice step must be positive")
    at = (*(slice(None),) * axis, slice(start, end, step), ...)
    return replaced(SLICE, input, src, input._array[at], (at_index, at))


def diagonal_scatter(
    input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Any:
    """Return a copy with `src` on a diagonal between two dimensions.

    >>> import chainrule.torch as torch
    >>> torch.diagonal_scatter(torch.zeros(2, 2), torch.ones(2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    check_tensors("diagonal_scatter", input=input, src=src)
    ndim = input._array.ndim
    at = (int(offset), dimension(dim1, ndim), dimension(dim2, ndim))
    if at[1] == at[2]:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return replaced(DIAGONAL, input, src, diagonal_of(input._array, at), (diagonal_of, at))


# ---------------------------------------------------------------- chosen places


def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Any:
    """Return a copy with `source` written, or added, at places that are counted in a row.

    >>> import chainrule.torch as torch
    >>> torch.put(torch.zeros(2, 2), torch.tensor([1, 2]), torch.tensor([5.0, 6.0]))
    tensor([[0., 5.],
            [6., 0.]])
    """
    check_tensors("put", input=input, index=index, source=source)
    x, at = input._array, index._array
    if at.dtype != np.int64:
        raise RuntimeError(
            f"put_(): Expected a long tensor for index, but got {scalar_name(at.dtype)}"
        )
    if x.dtype != source._array.dtype:
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{scalar_name(x.dtype)} and source.dtype = {scalar_name(source._array.dtype)}"
        )
    if at.size != source._array.size:
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got "
            f"source.numel() = {source._array.size}, index.numel() = {at.size}"
        )
    outside = (at < -x.size) | (at >= x.size)
    if outside.any():
        raise IndexError(
            f"out of range: tried to access index {at[outside].flat[0]} on a tensor of {x.size} "
            "elements."
        )
    where: tuple[Any, ...] = np.unravel_index(np.where(at < 0, at + x.size, at), x.shape)
    values = reshape(source, at.shape)
    if accumulate:
        from .scattering import INDEX_PUT_ADD

        result = written(INDEX_PUT_ADD, input, where, values)
        from .spelling import called

        return called(PUT.name, result)
    return written(PUT, input, where, values)


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Any:
    """Return a copy with the numbers of `source`, in their order, wherever `mask` is true.

    >>> import chainrule.torch as torch
    >>> x = torch.zeros(3)
    >>> torch.masked_scatter(x, torch.tensor([True, False, True]), torch.tensor([5.0, 6.0]))
    tensor([5., 0., 6.])
    """
    check_tensors("masked_scatter", input=input, mask=mask, source=source)
    if mask._array.dtype.kind != "b":
        raise RuntimeError(
            "masked_scatter_ only supports boolean masks, but got mask with dtype "
            f"{scalar_name(mask._array.dtype)}"
        )
    if input._array.dtype != source._array.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got "
            f"{scalar_name(input._array.dtype)} and {scalar_name(source._array.dtype)}"
        )
    into = together(mask._array, input)
    t = input if input._array.shape == into else expand(input, into)
    chosen = np.broadcast_to(mask._array, into)
    count = int(chosen.sum())
    if source._array.size < count:
        raise RuntimeError("Number of elements of source < number of ones in mask")
    return written(MASKED_SCATTER, t, (chosen,), reshape(source, (-1,))[:count])


# ---------------------------------------------------------------- in place


def fill_diagonal_(self: Tensor, fill_value: Any, wrap: bool = False) -> Any:
    """Write one number over the main diagonal; return the tensor.

    With `wrap` the diagonal of a tall matrix begins anew one row below its end.
    """
    shape = self._array.shape
    if not isinstance(fill_value, NUMBERS):
        way = "Number fill_value, bool wrap = False"
        raise combination_error("fill_diagonal_", (fill_value,), [way])
    if len(shape) < 2:
        raise RuntimeError("dimensions must larger than 1")
    if len(shape) > 2 and len(set(shape)) > 1:
        raise RuntimeError("all dimensions of input must be of equal length")
    check_write(self)
    if len(shape) == 2:
        rows, columns = shape
        places = np.arange(0, rows * columns, columns + 1)
        places = places if wrap else places[: min(shape)]
        at: tuple[Any, ...] = np.unravel_index(places, shape)
    else:
        at = (np.arange(shape[0]),) * len(shape)
    return overwrite(self, as_number(fill_value, self), ((at_index, at),), FILL, "AsStrided")


METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__} | {
    "fill_diagonal_": fill_diagonal_
}
