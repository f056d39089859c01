"""A tensor in parts: views of consecutive slices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from chainrule._core.values import take

from .._arguments import whole
from .._checks import check_tensors, dimension
from .._indices import SELECT, SLICE
from .._tape.plans import Op, Plan
from .._tape.values import recording
from .._tensor import Tensor
from .._writing.views import SEVERAL, indexed, part_view, plan_of, renamed
from .shape_arguments import dim_named, tuple_of

__all__ = [
    "chunk",
    "dsplit",
    "hsplit",
    "narrow",
    "select",
    "split",
    "split_with_sizes",
    "tensor_split",
    "unbind",
    "vsplit",
]

SPLIT = Op("SplitBackward0", take, ("",), "self")
SPLIT_SIZES = Op("SplitWithSizesBackward0", take, ("",), "self")
UNBIND = Op("UnbindBackward0", take, ("",), "self")


@cache
def plan_at(op: Op, output: int) -> Plan:
    """Return what the node of one of several outputs holds."""
    plan = renamed(plan_of(op), "")
    plan.name, plan.output = op.name, output
    return plan


def parts(t: Tensor, op: Op, places: Sequence[Any]) -> tuple[Any, ...]:
    """Return views of `t` at several places, made by one operation: they cannot be written to."""
    x, views = t._array, []
    for k, at in enumerate(places):
        view = part_view(t, x[at], at, plan_at(op, k))
        if recording.get():
            view._view.trouble = SEVERAL
        views.append(view)
    return tuple(views)


def slices(t: Tensor, sizes: Sequence[int], at: int) -> list[Any]:
    """Return the indices of consecutive parts along a dimension."""
    lead, start, places = (slice(None),) * at, 0, []
    for size in sizes:
        places.append((*lead, slice(start, start + size), ...))
        start += size
    return places


def unbind(input: Tensor, dim: int = 0) -> tuple[Any, ...]:
    """Return the slices along a dimension, which they no longer have.

    >>> import chainrule.torch as torch
    >>> torch.unbind(torch.tensor([[1, 2], [3, 4]]))
    (tensor([1, 2]), tensor([3, 4]))
    """
    check_tensors("unbind", input=input)
    ndim = input._array.ndim
    at = dim_named("unbind", "dim", 2, dim, ndim)
    if not ndim:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    lead = (slice(None),) * at
    return parts(input, UNBIND, [(*lead, k, ...) for k in range(input._array.shape[at])])


def split(tensor: Tensor, split_size_or_sections: Any, dim: int = 0) -> tuple[Any, ...]:
    """Return views of consecutive parts along a dimension, of one size or of the sizes given.

    >>> import chainrule.torch as torch
    >>> torch.split(torch.tensor([1, 2, 3]), 2)
    (tensor([1, 2]), tensor([3]))
    """
    check_tensors("split", tensor=tensor)
    size = split_size_or_sections
    if not tensor._array.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    at = dimension(dim, tensor._array.ndim)
    n = tensor._array.shape[at]
    if whole(size):
        size = int(size)
        if size < 0:
            raise RuntimeError(
                f"split expects split_size be non-negative, but got split_size={size}"
            )
        if size == 0 and n:
            raise RuntimeError(
                f"split_size can only be 0 if dimension size is 0, but got dimension size of {n}"
            )
        sizes = [min(size, n - k) for k in range(0, n, size or 1)] or [0]
        return parts(tensor, SPLIT, slices(tensor, sizes, at))
    return sized(tensor, list(tuple_of("split_with_sizes", "split_sizes", size)), at, dim)


def sized(t: Tensor, sizes: list[int], at: int, said: int) -> tuple[Any, ...]:
    n = t._array.shape[at]
    if any(size < 0 for size in sizes):
        raise RuntimeError(
            "split_with_sizes expects split_sizes have only non-negative entries, but got "
            f"split_sizes={sizes}"
        )
    if sum(sizes) != n:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size at "
            f"dimension {said}), but got split_sizes={sizes}"
        )
    return parts(t, SPLIT_SIZES, slices(t, sizes, at))


def split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> tuple[Any, ...]:
    """Return views of consecutive parts along a dimension, of the sizes given.

    >>> import chainrule.torch as torch
    >>> torch.split_with_sizes(torch.tensor([1, 2, 3]), (1, 2))
    (tensor([1]), tensor([2, 3]))
    """
    check_tensors("split_with_sizes", input=input)
    at = dimension(dim, input._array.ndim)
    sizes = list(tuple_of("split_with_sizes", "split_sizes", split_sizes))
    return sized(input, sizes, at, dim)


def split_method(self: Tensor, split_size: Any, dim: int = 0) -> tuple[Any, ...]:
    """Return views of consecutive parts along a dimension, of one size or of the sizes given."""
    return split(self, split_size, dim)


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Any, ...]:
    """Return at most `chunks` views of equal parts along a dimension; the last may be smaller.

    >>> import chainrule.torch as torch
    >>> torch.chunk(torch.tensor([1, 2, 3]), 2)
    (tensor([1, 2]), tensor([3]))
    """
    check_tensors("chunk", input=input)
    if not input._array.ndim:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    at = dimension(dim, input._array.ndim)
    n = input._array.shape[at]
    return split(input, -(-n // chunks), at) if n else sized(input, [0] * chunks, at, dim)


# ---------------------------------------------------------------- parts that can be written to


def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Any, ...]:
    """Return views of as many parts as are asked for, or of those between the places given.

    >>> import chainrule.torch as torch
    >>> torch.tensor_split(torch.tensor([1, 2, 3]), (1,))
    (tensor([1]), tensor([2, 3]))
    """
    check_tensors("tensor_split", input=input)
    if not input._array.ndim:
        raise RuntimeError(
            "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims"
        )
    at, given = dimension(dim, input._array.ndim), indices_or_sections
    n = input._array.shape[at]
    if whole(given):
        count = int(given)
        if count <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {count}")
        sizes = [n // count + (k < n % count) for k in range(count)]
        ends = [sum(sizes[:k]) for k in range(1, count)]
    else:
        ends = given._array.tolist() if isinstance(given, Tensor) else [int(end) for end in given]
    lead = (slice(None),) * at
    places = [(*lead, slice(i, j), ...) for i, j in zip([0, *ends], [*ends, n], strict=True)]
    return tuple(indexed(input, place, SLICE) for place in places)


def evenly(name: str, input: Tensor, given: Any, dim: int) -> tuple[Any, ...]:
    check_tensors(name, input=input)
    ndim, least = input._array.ndim, {"hsplit": 1, "vsplit": 2, "dsplit": 3}[name]
    if ndim < least:
        raise RuntimeError(
            f"torch.{name} requires a tensor with at least {least} dimension, but got a tensor "
            f"with {ndim} dimensions!"
        )
    n = input._array.shape[dim]
    if whole(given) and n % int(given):
        raise RuntimeError(
            f"torch.{name} attempted to split along dimension {dim}, but the size of the dimension "
            f"{n} is not divisible by the split_size {int(given)}!"
        )
    return tensor_split(input, given, dim)


def hsplit(input: Tensor, indices_or_sections: Any) -> tuple[Any, ...]:
    """Return views of parts along the second dimension, or along the only one.

    >>> import chainrule.torch as torch
    >>> torch.hsplit(torch.tensor([1, 2]), 2)
    (tensor([1]), tensor([2]))
    """
    check_tensors("hsplit", input=input)
    return evenly("hsplit", input, indices_or_sections, 0 if input._array.ndim == 1 else 1)


def dsplit(input: Tensor, indices_or_sections: Any) -> tuple[Any, ...]:
    """Return views of parts along the third dimension.

    >>> import chainrule.torch as torch
    >>> torch.dsplit(torch.ones(1, 1, 4), 2)[0].shape
    torch.Size([1, 1, 2])
    """
    return evenly("dsplit", input, indices_or_sections, 2)


def vsplit(input: Tensor, indices_or_sections: Any) -> tuple[Any, ...]:
    """Return views of parts along the first dimension of a matrix.

    >>> import chainrule.torch as torch
    >>> torch.vsplit(torch.tensor([[1], [2]]), 2)
    (tensor([[1]]), tensor([[2]]))
    """
    return evenly("vsplit", input, indices_or_sections, 0)


def narrow(input: Tensor, dim: int, start: Any, length: int) -> Any:
    """Return a view of `length` places along a dimension, from `start` on.

    >>> import chainrule.torch as torch
    >>> torch.narrow(torch.tensor([1, 2, 3]), 0, 1, 2)
    tensor([2, 3])
    """
    check_tensors("narrow", input=input)
    shape = input._array.shape
    if not shape:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    at, first = dimension(dim, len(shape)), int(start)
    n = shape[at]
    if not -n <= first <= n:
        raise IndexError(
            f"start out of range (expected to be in range of [{-n}, {n}], but got {first})"
        )
    first += n if first < 0 else 0
    if first + length > n:
        raise RuntimeError(f"start ({first}) + length ({length}) exceeds dimension size ({n}).")
    return indexed(input, ((slice(None),) * at + (slice(first, first + length), ...)), SLICE)


def select(input: Tensor, dim: int, index: int) -> Any:
    """Return the view at one place along a dimension, which it no longer has.

    >>> import chainrule.torch as torch
    >>> torch.select(torch.tensor([[1, 2], [3, 4]]), 1, 0)
    tensor([1, 3])
    """
    check_tensors("select", input=input)
    shape = input._array.shape
    if not shape:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    at = dimension(dim, len(shape))
    if not -shape[at] <= index < shape[at]:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {list(shape)} at dimension "
            f"{at}"
        )
    return indexed(input, ((slice(None),) * at + (int(index), ...)), SELECT)


METHODS: dict[str, Callable[..., Any]] = {
    "chunk": chunk,
    "dsplit": dsplit,
    "hsplit": hsplit,
    "narrow": narrow,
    "select": select,
    "split": split_method,
    "split_with_sizes": split_with_sizes,
    "tensor_split": tensor_split,
    "unbind": unbind,
    "vsplit": vsplit,
}
