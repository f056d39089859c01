"""Numbers read at the places that an index or a mask names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule._core.values import numbers
from chainrule._core.values import take as at_index
from chainrule._rules.indexing import gathered, part

from .._arguments import title_of
from .._checks import broadcast_error, check_tensors, dimension
from .._indexing import copied, own
from .._kinds.dtypes import scalar_name
from .._tape.plans import Op
from .._tape.recording import recorded
from .._tensor import Tensor, made
from .broadcasts import expand
from .splitting import unbind

__all__ = [
    "argwhere",
    "check_index",
    "check_inside",
    "gather",
    "index_select",
    "masked_select",
    "nonzero",
    "take",
    "take_along_dim",
    "together",
]

GATHER = Op("GatherBackward0", gathered, ("self index",), "self")
INDEX_SELECT = Op("IndexSelectBackward0", at_index, ("index",), "self")
MASKED_SELECT = Op("MaskedSelectBackward0", at_index, ("self mask",), "self")
TAKE = Op("TakeBackward0", part, ("self index",), "self")
WHOLE_NUMBERS = (np.dtype(np.int64), np.dtype(np.int32))


# ---------------------------------------------------------------- checks


def check_index(index: Any, text: str, name: str, position: int) -> Any:
    """Return the array of an index, or raise that it is no tensor, or with `text` its number type.

    `name` and `position` are the function's name and the place of the argument.
    """
    if not isinstance(index, Tensor):
        raise TypeError(
            f"{name}(): argument 'index' (position {position}) must be Tensor, "
            f"not {title_of(index)}"
        )
    if index._array.dtype not in WHOLE_NUMBERS:
        raise RuntimeError(text.format(scalar_name(index._array.dtype)))
    return index._array


def check_inside(
    at: Any, n: int, dim: int, error: type[Exception] = RuntimeError, before: str = ""
) -> None:
    """Raise if an index names a place that is not among `n`; none is counted from the end."""
    at = numbers(at)
    outside = (at < 0) | (at >= n)
    if outside.any():
        i = at[outside].flat[0]
        raise error(f"{before}index {i} is out of bounds for dimension {dim} with size {n}")


def check_axes(index: Any, shape: Sequence[int], at: int, text: str) -> None:
    """Raise if an index is longer than an array of `shape` in a dimension other than `at`."""
    for d, (n, m) in enumerate(zip(index.shape, shape, strict=False)):
        if n > m and d != at:
            raise RuntimeError(text.format(d=d, index=list(index.shape), shape=list(shape), dim=at))


def together(mask: Any, t: Tensor) -> tuple[int, ...]:
    """Return the shape that a mask and a tensor broadcast to."""
    try:
        return np.broadcast_shapes(mask.shape, t._array.shape)
    except ValueError:
        raise broadcast_error(mask.shape, t._array.shape) from None


# ---------------------------------------------------------------- by an index


def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Any:
    """Return the numbers that `index` names along `dim`, each beside its own place elsewhere.

    >>> import chainrule.torch as torch
    >>> torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0], [1]]))
    tensor([[1],
            [4]])
    """
    check_tensors("gather", input=input)
    shape = input._array.shape
    axis = dimension(dim, len(shape))
    at = check_index(index, "gather(): Expected dtype int32/int64 for index", "gather", 3)
    if not at.size and at.ndim != len(shape):
        return made(np.empty(at.shape, input._array.dtype))
    if max(at.ndim, 1) != max(len(shape), 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
    check_axes(
        at, shape, axis,
        "Size does not match at dimension {d} expected index {index} to be no larger than self "
        "{shape} apart from dimension {dim}",
    )  # fmt: skip
    check_inside(at, shape[axis] if shape else 1, axis)
    (at,) = own((at,), input)
    return recorded(GATHER, (input, at), {"axis": axis}, gathered, None)


def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Any:
    """Return the numbers that `indices` names along `dim`; both broadcast elsewhere.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([[3, 1], [2, 4]])
    >>> torch.take_along_dim(x, torch.tensor([[0]]), dim=1)
    tensor([[3],
            [2]])
    """
    check_tensors("take_along_dim", input=input, indices=indices)
    if dim is None:
        return gather(input.reshape(-1), 0, indices.reshape(-1))  # type: ignore[attr-defined]
    x, at = input._array, indices._array
    if x.ndim != at.ndim:
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same number of dimensions, "
            f"but got {x.ndim} dimensions for input, and {at.ndim} dimensions for indices"
        )
    axis = dimension(dim, x.ndim)
    elsewhere = [
        tuple(n if d != axis else 1 for d, n in enumerate(shape)) for shape in (x.shape, at.shape)
    ]
    try:
        whole = list(np.broadcast_shapes(*elsewhere))
    except ValueError:
        raise broadcast_error(*elsewhere) from None
    own_shape, shape = whole.copy(), whole
    own_shape[axis], shape[axis] = x.shape[axis], at.shape[axis]
    return gather(expand(input, tuple(own_shape)), axis, expand(indices, tuple(shape)))


def index_select(input: Tensor, dim: int, index: Tensor) -> Any:
    """Return a copy of the slices that `index` names along `dim`.

    >>> import chainrule.torch as torch
    >>> torch.index_select(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([1, 1]))
    tensor([[2, 2],
            [4, 4]])
    """
    check_tensors("index_select", input=input)
    shape = input._array.shape
    axis = dimension(dim, len(shape))
    text = "index_select(): Expected dtype int32 or int64 for index"
    at = check_index(index, text, "index_select", 3)
    if at.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if not shape:
        if at.size != 1:
            raise RuntimeError(
                f"index_select(): Index to scalar can have only 1 value, got {at.size} value(s)"
            )
        return input.clone()  # type: ignore[attr-defined]
    if ((at < 0) | (at >= shape[axis])).any():
        raise IndexError("index out of range in self")
    (at,) = own((at.reshape(-1),), input)
    picks = (*(slice(None),) * axis, at)
    return recorded(INDEX_SELECT, (input,), {"at": picks}, copied, None)


def take(input: Tensor, index: Tensor) -> Any:
    """Return the numbers that `index` names among all, counted row by row.

    >>> import chainrule.torch as torch
    >>> torch.take(torch.tensor([[1, 2], [3, 4]]), torch.tensor([0, -1]))
    tensor([1, 4])
    """
    check_tensors("take", input=input, index=index)
    at, count = index._array, input._array.size
    if at.dtype != np.int64:
        raise RuntimeError(
            f"take(): Expected a long tensor for index, but got {scalar_name(at.dtype)}"
        )
    outside = (at < -count) | (at >= count)
    if outside.any():
        raise IndexError(
            f"out of range: tried to access index {at[outside].flat[0]} on a tensor of {count} "
            "elements."
        )
    (at,) = own((at,), input)
    steps = ((np.reshape, (-1,)), (at_index, (at,)))
    return recorded(TAKE, (input,), {"steps": steps}, part, None)


# ---------------------------------------------------------------- by a mask


def masked_select(input: Tensor, mask: Tensor) -> Any:
    """Return the numbers where `mask` is true, in one dimension.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 2.0, 3.0])
    >>> torch.masked_select(x, x > 1)
    tensor([2., 3.])
    """
    check_tensors("masked_select", input=input, mask=mask)
    if mask._array.dtype.kind != "b":
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    into = together(mask._array, input)
    if input._array.shape != into:
        input = expand(input, into)
    (at,) = own((np.broadcast_to(mask._array, into),), input)
    return recorded(MASKED_SELECT, (input,), {"at": (at,)}, copied, None)


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """Return where `input` is not zero: a row of positions for each.

    With `as_tuple`, a tensor for each dimension.

    >>> import chainrule.torch as torch
    >>> torch.nonzero(torch.tensor([0, 5, 7]))
    tensor([[1],
            [2]])
    """
    check_tensors("nonzero", input=input)
    x = input._array
    if as_tuple:
        found: Any = nonzero(made(x.reshape(x.shape or 1)))
        return unbind(found, 1)
    return made(np.argwhere(x).astype(np.int64))


def argwhere(input: Tensor) -> Any:
    """Return where `input` is not zero: a row of positions for each.

    >>> import chainrule.torch as torch
    >>> torch.argwhere(torch.tensor([0, 5, 7]))
    tensor([[1],
            [2]])
    """
    return nonzero(input)


METHODS: dict[str, Callable[..., Any]] = {
    "argwhere": argwhere,
    "gather": gather,
    "index_select": index_select,
    "masked_select": masked_select,
    "nonzero": nonzero,
    "take": take,
    "take_along_dim": take_along_dim,
}
