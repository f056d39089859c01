"""Tensors joined to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .._arguments import title_of
from .._checks import argument_error
from .._tape.promotion import common
from .._tape.recording import operation
from .._tensor import Tensor
from .._writing.out import into_out
from .shape_arguments import dim_named
from .shapes import reshape
from .unit_dimensions import atleast_1d, atleast_2d, unsqueeze

__all__ = [
    "cat",
    "column_stack",
    "concat",
    "concatenate",
    "dstack",
    "hstack",
    "row_stack",
    "stack",
    "vstack",
]


def alike(values: list[Any]) -> list[Any]:
    """Return a list of arrays in the dtype that they have together."""
    (arrays,) = values
    first = arrays[0].dtype
    return values if all(a.dtype is first for a in arrays) else [common(arrays)]


def joined(arrays: Sequence[Any], axis: int) -> Any:
    # NumPy keeps the order in memory that the arrays have, PyTorch puts the result in order
    y = np.concatenate(arrays, axis)
    return y if y.flags.c_contiguous else np.ascontiguousarray(y)


def stacked(arrays: Sequence[Any], axis: int) -> Any:
    if axis == 0 and arrays[0].ndim:
        return joined([a[None] for a in arrays], 0)
    at = (slice(None),) * axis + (None, ...)
    return joined([a[at] for a in arrays], axis)


join = operation("Cat", np.concatenate, "", "tensors", to=alike, call=joined)
pile = operation("Stack", np.stack, "", "tensors", to=alike, call=stacked)


def tensors_in(name: str, tensors: Any) -> list[Tensor]:
    """Return a list of tensors, or raise that it is none."""
    if not isinstance(tensors, (tuple, list)):
        raise argument_error(name, "tensors", 1, tensors, "tuple of Tensors")
    for k, one in enumerate(tensors):
        if not isinstance(one, Tensor):
            raise TypeError(
                f"expected Tensor as element {k} in argument 0, but got {title_of(one)}"
            )
    if not tensors:
        if name == "cat":
            raise ValueError("torch.cat(): expected a non-empty list of Tensors")
        raise RuntimeError(f"{name} expects a non-empty TensorList")
    return list(tensors)


def delivered(name: str, result: Any, out: Tensor | None) -> Any:
    return result if out is None else into_out(name, result, out)


def cat(tensors: Any, dim: int = 0, *, axis: int | None = None, out: Tensor | None = None) -> Any:
    """Return the tensors joined along a dimension that they have.

    Tensors of shape (0,) may be among them, whatever the shape of the others.

    >>> import chainrule.torch as torch
    >>> torch.cat([torch.tensor([1, 2]), torch.tensor([3])])
    tensor([1, 2, 3])
    """
    given = tensors_in("cat", tensors)
    for k, one in enumerate(given):
        if not one._array.ndim:
            raise RuntimeError(f"zero-dimensional tensor (at position {k}) cannot be concatenated")
    used = [one for one in given if one._array.shape != (0,)]
    if not used:
        return delivered("cat", join(given, axis=0), out)
    first = used[0]._array.shape
    at = dim_named("cat", "dim", 2, dim if axis is None else axis, len(first))
    for k, one in enumerate(given):
        shape = one._array.shape
        if shape == first or shape == (0,):
            continue
        if len(shape) != len(first):
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {len(first)} and {len(shape)}"
            )
        for d, (n, m) in enumerate(zip(first, shape, strict=True)):
            if n != m and d != at:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {at}. Expected size {n} but "
                    f"got size {m} for tensor number {k} in the list."
                )
    if len(used) < len(given) and len({one._array.dtype for one in given}) > 1:
        empty = (*first[:at], 0, *first[at + 1 :])
        used = [reshape(one, empty) if one._array.shape == (0,) else one for one in given]
    return delivered("cat", join(used, axis=at), out)


concat = concatenate = cat


def stack(tensors: Any, dim: int = 0, *, out: Tensor | None = None) -> Any:
    """Return tensors of one shape joined along a new dimension.

    >>> import chainrule.torch as torch
    >>> torch.stack([torch.tensor([1, 2]), torch.tensor([3, 4])])
    tensor([[1, 2],
            [3, 4]])
    """
    given = tensors_in("stack", tensors)
    first = given[0]._array.shape
    at = dim_named("stack", "dim", 2, dim, len(first) + 1)
    for k, one in enumerate(given):
        if one._array.shape != first:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 "
                f"and {list(one._array.shape)} at entry {k}"
            )
    return delivered("stack", pile(given, axis=at), out)


def vstack(tensors: Any, *, out: Tensor | None = None) -> Any:
    """Return tensors joined along the first dimension; vectors become rows.

    >>> import chainrule.torch as torch
    >>> torch.vstack([torch.tensor([1, 2]), torch.tensor([3, 4])])
    tensor([[1, 2],
            [3, 4]])
    """
    return cat([atleast_2d(one) for one in tensors_in("vstack", tensors)], 0, out=out)


row_stack = vstack


def hstack(tensors: Any, *, out: Tensor | None = None) -> Any:
    """Return tensors joined along the second dimension; vectors along their only one.

    >>> import chainrule.torch as torch
    >>> torch.hstack([torch.tensor([1, 2]), torch.tensor([3, 4])])
    tensor([1, 2, 3, 4])
    """
    given = [atleast_1d(one) for one in tensors_in("hstack", tensors)]
    return cat(given, 0 if given[0]._array.ndim == 1 else 1, out=out)


def column_stack(tensors: Any, *, out: Tensor | None = None) -> Any:
    """Return tensors joined along the second dimension; numbers and vectors become columns.

    >>> import chainrule.torch as torch
    >>> torch.column_stack([torch.tensor([1, 2]), torch.tensor([3, 4])])
    tensor([[1, 3],
            [2, 4]])
    """
    given = tensors_in("column_stack", tensors)
    columns = [reshape(t, (-1, 1)) if t._array.ndim < 2 else t for t in given]
    return cat(columns, 1, out=out)


def dstack(tensors: Any, *, out: Tensor | None = None) -> Any:
    """Return tensors joined along the third dimension, which those of fewer are given.

    >>> import chainrule.torch as torch
    >>> torch.dstack([torch.tensor([1, 2]), torch.tensor([3, 4])]).shape
    torch.Size([1, 2, 2])
    """
    given = [atleast_2d(one) for one in tensors_in("dstack", tensors)]
    return cat([unsqueeze(t, 2) if t._array.ndim == 2 else t for t in given], 2, out=out)
