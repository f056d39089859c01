"""Shapes: views in another shape or order, and tensors joined and split."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ._tape import Op, common, operation
from ._tensor import Tensor
from ._views import UNSAFE_VIEW, expanded, indexed, reshaped, transposed

__all__ = [
    "broadcast_to",
    "cat",
    "chunk",
    "concat",
    "concatenate",
    "flatten",
    "hstack",
    "movedim",
    "permute",
    "ravel",
    "reshape",
    "split",
    "squeeze",
    "stack",
    "swapaxes",
    "t",
    "transpose",
    "unbind",
    "unsqueeze",
    "vstack",
]

SQUEEZE = Op("SqueezeBackward0", np.reshape, ("",), "self")
SQUEEZE_DIM = Op("SqueezeBackward1", np.reshape, ("",), "self")
UNSQUEEZE = Op("UnsqueezeBackward0", np.reshape, ("",), "self")
T = Op("TBackward0", np.transpose, ("",), "self")
TRANSPOSE = Op("TransposeBackward0", np.transpose, ("",), "self")
PERMUTE = Op("PermuteBackward0", np.transpose, ("",), "self")
EXPAND = Op("ExpandBackward0", np.broadcast_to, ("",), "self")


def dimension(dim: Any, ndim: int) -> int:
    """Return `dim` counted from the front; raise in PyTorch's words if there is none such."""
    n = max(ndim, 1)
    if not -n <= dim < n:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got {dim})"
        )
    return int(dim) % n


def sizes(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """Return sizes given one by one or as one tuple."""
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = tuple(shape[0])
    return tuple(n if type(n) is int else int(n) for n in shape)


def filled_in(shape: tuple[int, ...], count: int) -> tuple[int, ...]:
    """Return a shape for `count` numbers with what -1 stands for."""
    wrong = f"shape '{list(shape)}' is invalid for input of size {count}"
    if -1 not in shape:
        if any(n < 0 for n in shape):
            bad = next(n for n in shape if n < 0)
            raise RuntimeError(f"invalid shape dimension {bad}")
        if math.prod(shape) != count:
            raise RuntimeError(wrong)
        return shape
    if shape.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    rest = math.prod(n for n in shape if n != -1)
    if rest == 0 and count == 0:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {list(shape)} because the "
            "unspecified dimension size -1 can be any value and is ambiguous"
        )
    if rest == 0 or count % rest:
        raise RuntimeError(wrong)
    return tuple(count // rest if n == -1 else n for n in shape)


def view(self: Tensor, *shape: Any) -> Any:
    """Return a view of the same numbers in another shape; -1 stands for what is left over."""
    if len(shape) == 1 and not isinstance(shape[0], (int, tuple, list)):
        from ._conversions import view_as_dtype

        return view_as_dtype(self, shape[0])
    into = filled_in(sizes(shape), self._array.size)
    out = reshaped(self, into)
    if out is None:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        )
    return out


def reshape(input: Tensor, *shape: Any) -> Any:
    """Return the same numbers in another shape: a view where that can be."""
    into = filled_in(sizes(shape), input._array.size)
    out = reshaped(input, into)
    return copied_view(input, into) if out is None else out


def copied_view(t: Tensor, into: tuple[int, ...]) -> Any:
    """Return a reshaped copy: the numbers do not lie as a view needs."""
    from ._conversions import contiguous

    out: Any = reshaped(contiguous(t), into, UNSAFE_VIEW)
    out._view = None
    return out


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Return the tensor with the dimensions from `start_dim` to `end_dim` made one."""
    shape = input._array.shape
    first, last = dimension(start_dim, len(shape)), dimension(end_dim, len(shape))
    if first > last:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if not shape:
        return reshape(input, (1,))
    if first == last:
        return input
    return reshape(input, (*shape[:first], math.prod(shape[first : last + 1]), *shape[last + 1 :]))


def ravel(input: Tensor) -> Any:
    """Return all numbers in one dimension."""
    return reshape(input, (-1,)) if input._array.size else reshape(input, (0,))


def squeeze(input: Tensor, dim: Any = None) -> Any:
    """Return a view without the dimensions of length 1, or without `dim` if it is one."""
    shape = input._array.shape
    if dim is None:
        return reshaped(input, tuple(n for n in shape if n != 1), SQUEEZE)
    chosen = dim if isinstance(dim, (tuple, list)) else (dim,)
    gone = {dimension(d, len(shape)) for d in chosen}
    into = tuple(n for k, n in enumerate(shape) if n != 1 or k not in gone)
    return reshaped(input, into, SQUEEZE_DIM)


def unsqueeze(input: Tensor, dim: int) -> Any:
    """Return a view with a dimension of length 1 put in at `dim`."""
    shape = input._array.shape
    at = dimension(dim, len(shape) + 1)
    return reshaped(input, (*shape[:at], 1, *shape[at:]), UNSQUEEZE)


def t(input: Tensor) -> Any:
    """Return the transpose of a matrix; a vector as it is."""
    ndim = input._array.ndim
    if ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {ndim}D")
    return transposed(input, tuple(range(ndim))[::-1], T)


def transpose(input: Tensor, dim0: int, dim1: int) -> Any:
    """Return a view with two dimensions exchanged."""
    ndim = input._array.ndim
    i, j = dimension(dim0, ndim), dimension(dim1, ndim)
    axes = list(range(ndim))
    if ndim:
        axes[i], axes[j] = j, i
    return transposed(input, tuple(axes), TRANSPOSE)


swapaxes = transpose


def permute(input: Tensor, *dims: Any) -> Any:
    """Return a view with the dimensions in the order `dims`."""
    ndim, chosen = input._array.ndim, sizes(dims)
    if len(chosen) != ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            f"length of the desired ordering of dimensions i.e. input.dim() = {ndim} is not equal "
            f"to len(dims) = {len(chosen)}"
        )
    axes = tuple(dimension(d, ndim) for d in chosen)
    if len(set(axes)) != ndim:
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return transposed(input, axes, PERMUTE)


def movedim(input: Tensor, source: Any, destination: Any) -> Any:
    """Return a view with the dimensions `source` moved to `destination`."""
    ndim = input._array.ndim
    from_ = [
        dimension(d, ndim) for d in (source if isinstance(source, (tuple, list)) else (source,))
    ]
    to = [
        dimension(d, ndim)
        for d in (destination if isinstance(destination, (tuple, list)) else (destination,))
    ]
    axes = [k for k in range(ndim) if k not in from_]
    for place, k in sorted(zip(to, from_, strict=True)):
        axes.insert(place, k)
    return transposed(input, tuple(axes), PERMUTE)


def reversed_axes(self: Tensor) -> Any:
    """Return the tensor with all dimensions reversed, as `.T` does."""
    return transposed(self, tuple(range(self._array.ndim))[::-1], PERMUTE)


def matrix_transpose(self: Tensor) -> Any:
    """Return the tensor with its last two dimensions exchanged, as `.mT` does."""
    if self._array.ndim < 2:
        raise RuntimeError(
            "tensor.mT is only supported on matrices or batches of matrices. Got "
            f"{self._array.ndim}-D tensor."
        )
    return transpose(self, -2, -1)


def expand(self: Tensor, *shape: Any) -> Any:
    """Return a view in a larger shape, along which the numbers repeat; -1 leaves a length."""
    from ._checks import expand_error

    into, own = list(sizes(shape)), self._array.shape
    extra = len(into) - len(own)
    if extra < 0:
        raise RuntimeError(
            f"expand({self.type()}{{{list(own)}}}, size={into}): the number of sizes provided "
            f"({len(into)}) must be greater or equal to the number of dimensions in the tensor "
            f"({len(own)})"
        )
    for k in range(len(into)):
        if into[k] == -1 and k >= extra:
            into[k] = own[k - extra]
        if k >= extra and own[k - extra] not in (1, into[k]):
            raise expand_error(tuple(into), own)
    return expanded(self, tuple(into), EXPAND)


def broadcast_to(input: Tensor, size: Sequence[int]) -> Any:
    """Return `input` expanded to `size`."""
    return expand(input, *size)


# ---------------------------------------------------------------- joining and splitting

join = operation("Cat", np.concatenate, "", "tensors")


def checked_list(name: str, tensors: Any) -> list[Tensor]:
    if isinstance(tensors, Tensor):
        raise TypeError(
            f"{name}(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor"
        )
    found = list(tensors)
    for k, one in enumerate(found):
        if not isinstance(one, Tensor):
            raise TypeError(
                f"expected Tensor as element {k} in argument 0, but got {type(one).__name__}"
            )
    if not found:
        word = "torch.cat(): " if name == "cat" else f"{name} "
        raise (
            ValueError(f"{word}expected a non-empty list of Tensors")
            if name == "cat"
            else RuntimeError(f"{word}expects a non-empty TensorList")
        )
    return alike(found)


def alike(tensors: list[Tensor]) -> list[Tensor]:
    """Return the tensors in the dtype that they have together."""
    dtypes = {one._array.dtype for one in tensors}
    if len(dtypes) == 1:
        return tensors
    from ._conversions import cast_tensor

    dtype = common([one._array for one in tensors])[0].dtype
    return [cast_tensor(one, dtype) for one in tensors]


def cat(tensors: Any, dim: int = 0, *, axis: int | None = None, out: None = None) -> Any:
    """Return the tensors joined along a dimension that they have."""
    given = checked_list("cat", tensors)
    dim = dim if axis is None else axis
    used = [one for one in given if one._array.shape != (0,)] or given[:1]  # PyTorch lets these be
    ndim = used[0]._array.ndim
    for k, one in enumerate(given):
        if not one._array.ndim:
            raise RuntimeError(f"zero-dimensional tensor (at position {k}) cannot be concatenated")
    at = dimension(dim, ndim)
    first = used[0]._array.shape
    for k, one in enumerate(used):
        shape = one._array.shape
        if len(shape) != ndim:
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {ndim} and {len(shape)}"
            )
        for d, (n, m) in enumerate(zip(first, shape, strict=True)):
            if n != m and d != at:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {at}. Expected size {n} but "
                    f"got size {m} for tensor number {k} in the list."
                )
    return join(used, axis=at)


concat = concatenate = cat


def stack(tensors: Any, dim: int = 0, *, out: None = None) -> Any:
    """Return tensors of one shape joined along a new dimension."""
    given = checked_list("stack", tensors)
    first = given[0]._array.shape
    for k, one in enumerate(given):
        if one._array.shape != first:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 "
                f"and {list(one._array.shape)} at entry {k}"
            )
    at = dimension(dim, len(first) + 1)
    rows = [unsqueeze_plain(one, at) for one in given]
    out_ = join(rows, axis=at)
    if out_._node is not None:
        from ._tape import PLAN
        from ._views import renamed

        out_._node[PLAN] = renamed(out_._node[PLAN], "StackBackward0")
    return out_


def unsqueeze_plain(one: Tensor, at: int) -> Tensor:
    return unsqueeze(one, at)  # type: ignore[no-any-return]


def vstack(tensors: Any, *, out: None = None) -> Any:
    """Return tensors joined along the first dimension; vectors become rows."""
    given = checked_list("vstack", tensors)
    return cat([unsqueeze(one, 0) if one._array.ndim == 1 else one for one in given], 0)


def hstack(tensors: Any, *, out: None = None) -> Any:
    """Return tensors joined along the second dimension; vectors along their only one."""
    given = checked_list("hstack", tensors)
    return cat(given, 0 if given[0]._array.ndim == 1 else 1)


SPLIT, UNBIND = "SplitBackward0", "UnbindBackward0"


def parts(t: Tensor, name: str, places: Sequence[Any]) -> tuple[Any, ...]:
    """Return views of `t` at several places, made by one operation."""
    from chainrule._core.values import take

    op = Op(name, take, ("",), "self")
    views = tuple(indexed(t, at, op) for at in places)
    for one in views:
        one._view.one_of_several = name
    return views


def unbind(input: Tensor, dim: int = 0) -> tuple[Any, ...]:
    """Return the slices along a dimension, which they no longer have."""
    ndim = input._array.ndim
    if not ndim:
        raise RuntimeError("Dimension specified as 0 but tensor has no dimensions")
    at = dimension(dim, ndim)
    lead = (slice(None),) * at
    return parts(input, UNBIND, [(*lead, k) for k in range(input._array.shape[at])])


def split(tensor: Tensor, split_size_or_sections: Any, dim: int = 0) -> tuple[Any, ...]:
    """Return views of consecutive parts along a dimension, of one size or of the sizes given."""
    at = dimension(dim, tensor._array.ndim)
    n, given = tensor._array.shape[at], split_size_or_sections
    if isinstance(given, int):
        if given <= 0 and n:
            raise RuntimeError(
                f"split expects split_size be non-negative, but got split_size={given}"
            )
        given = [min(given, n - k) for k in range(0, n, given)] or [0]
    elif sum(given) != n:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size at "
            f"dimension {at}), but got split_sizes={list(given)}"
        )
    lead, start, places = (slice(None),) * at, 0, []
    for size in given:
        places.append((*lead, slice(start, start + size)))
        start += size
    return parts(tensor, SPLIT, places)


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Any, ...]:
    """Return at most `chunks` views of equal parts along a dimension; the last may be smaller."""
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    n = input._array.shape[dimension(dim, input._array.ndim)]
    return split(input, max(-(-n // chunks), 1), dim)


def view_as(self: Tensor, other: Tensor) -> Any:
    """Return a view in the shape of `other`."""
    return view(self, other._array.shape)


METHODS: dict[str, Callable[..., Any]] = {
    "broadcast_to": lambda self, *size: expand(self, *size),
    "chunk": chunk,
    "expand": expand,
    "expand_as": lambda self, other: expand(self, other._array.shape),
    "flatten": flatten,
    "movedim": movedim,
    "permute": permute,
    "ravel": ravel,
    "reshape": reshape,
    "reshape_as": lambda self, other: reshape(self, other._array.shape),
    "split": split,
    "squeeze": squeeze,
    "swapaxes": transpose,
    "t": t,
    "transpose": transpose,
    "unbind": unbind,
    "unsqueeze": unsqueeze,
    "view": view,
    "view_as": view_as,
}
