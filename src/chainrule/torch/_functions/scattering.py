"""Numbers written, or added, at the places that an index or a mask names: in a copy.

The methods that end in _ write in place (`_inplace.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule._core.values import take as at_index
from chainrule._rules.indexing import added, overwritten, places

from .._arguments import title_of
from .._checks import argument_error, check_tensors, combination_error, dimension
from .._conversions.copies import clone
from .._indexing import fitting, own
from .._indices import as_array, inside
from .._indices import places as places_in
from .._kinds.c_names import c_name
from .._kinds.dtypes import scalar_name
from .._tape.plans import Op
from .._tape.recording import recorded
from .._tensor import Tensor
from .._writing.filling import NUMBERS, as_number
from .broadcasts import expand
from .places import check_index, check_inside, together
from .shapes import reshape

__all__ = [
    "index_add",
    "index_copy",
    "index_fill",
    "index_put",
    "masked_fill",
    "scatter",
    "scatter_add",
]

WRITTEN, ADDED = "index", ("", "index")
SCATTER = Op("ScatterBackward0", overwritten, (WRITTEN,), "self src")
SCATTER_NUMBER = Op("ScatterBackward1", overwritten, (WRITTEN,), "self")
SCATTER_ADD = Op("ScatterAddBackward0", added, ADDED, "self src")
INDEX_ADD = Op("IndexAddBackward0", added, ("", "source"), "self source")
INDEX_COPY = Op("IndexCopyBackward0", overwritten, (WRITTEN,), "self source")
INDEX_FILL = Op("IndexFillBackward0", overwritten, (WRITTEN,), "self")
INDEX_FILL_TENSOR = Op("IndexFillBackward1", overwritten, (WRITTEN,), "self value")
INDEX_PUT = Op("IndexPutBackward0", overwritten, (WRITTEN,), "self values")
INDEX_PUT_ADD = Op("IndexPutBackward0", added, ADDED, "self values")
MASKED_FILL = Op("MaskedFillBackward0", overwritten, (WRITTEN,), "self")
MASKED_FILL_TENSOR = Op("MaskedFillBackward1", overwritten, (WRITTEN,), "self value")
UNLIKE = "scatter(): Expected self.dtype to be equal to src.dtype"


def written(op: Op, t: Tensor, at: tuple[Any, ...], value: Any) -> Any:
    """Return `t` with `value` written, or added, `at` an index."""
    at = own(at, t if not isinstance(value, Tensor) or t._node is not None else value)
    return recorded(op, (t, value), {"steps": ((at_index, at),)}, op.function, None)


def one_number(name: str, t: Tensor, value: Any, given: Sequence[Any], before: str) -> Any:
    """Return a value to fill with: a number of the dtype of `t`, or a tensor of one number."""
    if isinstance(value, Tensor):
        if value._array.ndim:
            raise RuntimeError(
                f"{name}_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value._array.ndim} dimension(s)."
            )
        return value
    if not isinstance(value, NUMBERS):
        kinds = ("Tensor", "Number")
        raise combination_error(name, given, [f"{before}, {kind} value" for kind in kinds])
    return as_number(value, t)


# ---------------------------------------------------------------- each number at its own place


def check_scatter(t: Tensor, dim: int, index: Any, src: Any) -> tuple[int, Any]:
    """Return the dimension, and the index as an array, or raise in PyTorch's words."""
    shape = t._array.shape
    axis = dimension(dim, len(shape))
    at = check_index(index, "scatter(): Expected dtype int32/int64 for index", "scatter", 3)
    if not at.size:
        return axis, at
    if src is not None and src._array.dtype != t._array.dtype:
        raise RuntimeError(UNLIKE)
    if max(at.ndim, 1) != max(len(shape), 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as self tensor")
    fits = all(n <= m or d == axis for d, (n, m) in enumerate(zip(at.shape, shape, strict=False)))
    if src is not None:
        sizes = src._array.shape
        dimension(at.ndim - 1, len(sizes))
        fits = fits and all(n <= m for n, m in zip(at.shape, sizes, strict=False))
    if not fits:
        and_src = f" and to be no larger size than src {list(sizes)}" if src is not None else ""
        raise RuntimeError(
            f"Expected index {list(at.shape)} to be no larger than self {list(shape)} apart from "
            f"dimension {axis}{and_src}"
        )
    check_inside(at, shape[axis] if shape else 1, axis)
    return axis, at


def scatter(input: Tensor, dim: int, index: Tensor, src: Any = None, *, value: Any = None) -> Any:
    """Return a copy with `src` written to the places along `dim` that `index` names.

    `src` is a tensor at least as large as `index`, or a number.

    >>> import chainrule.torch as torch
    >>> torch.scatter(torch.zeros(2, 2), 1, torch.tensor([[1], [0]]), 5)
    tensor([[0., 5.],
            [5., 0.]])
    """
    check_tensors("scatter", input=input)
    src = value if src is None else src
    if isinstance(src, Tensor):
        return scattered(SCATTER, input, dim, index, src)
    if not isinstance(src, NUMBERS) or not isinstance(index, Tensor):
        before = "int dim, Tensor index"
        raise combination_error(
            "scatter", (dim, index, src), [f"{before}, Tensor src", f"{before}, Number value"]
        )
    return scattered(SCATTER_NUMBER, input, dim, index, as_number(src, input))


def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Any:
    """Return a copy with `src` added at the places along `dim` that `index` names.

    >>> import chainrule.torch as torch
    >>> torch.scatter_add(torch.zeros(2), 0, torch.tensor([0, 0, 1]), torch.ones(3))
    tensor([2., 1.])
    """
    check_tensors("scatter_add", input=input)
    if not isinstance(src, Tensor):
        raise argument_error("scatter_add", "src", 3, src)
    return scattered(SCATTER_ADD, input, dim, index, src)


def scattered(op: Op, t: Tensor, dim: int, index: Tensor, src: Any) -> Any:
    of_tensor = isinstance(src, Tensor)
    axis, at = check_scatter(t, dim, index, src if of_tensor else None)
    if not at.size:
        return clone(t)
    if not t._array.ndim:
        return written(op, t, (...,), reshape(src, ()) if of_tensor else src)
    if of_tensor and src._array.shape != at.shape:
        src = src[tuple(slice(0, n) for n in at.shape)]
    return written(op, t, places(at, axis), src)


# ---------------------------------------------------------------- whole slices


def check_slices(name: str, t: Tensor, dim: int, index: Any) -> tuple[int, Any]:
    """Return the dimension, and the index of slices along it as a vector."""
    axis = dimension(dim, t._array.ndim)
    text = f"{name}_(): Expected dtype int32/int64 for index but got: {{}}"
    at = check_index(index, text, name, 3)
    if at.ndim > 1:
        raise IndexError(f"{name}_(): Index should have dimension 1 or 0 (got {at.ndim})")
    return axis, at.reshape(-1)


def slices_at(t: Tensor, axis: int, at: Any) -> tuple[Any, ...]:
    return (*(slice(None),) * axis, at) if t._array.ndim else (at,)


def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Any:
    """Return a copy with the slices of `source` added to those along `dim` that `index` names.

    >>> import chainrule.torch as torch
    >>> torch.index_add(torch.zeros(3), 0, torch.tensor([0, 0, 2]), torch.ones(3))
    tensor([2., 0., 1.])
    """
    check_tensors("index_add", input=input)
    if not isinstance(source, Tensor):
        raise argument_error("index_add", "source", 3, source)
    axis, at = check_slices("index_add", input, dim, index)
    kinds = [scalar_name(t._array.dtype) for t in (input, source)]
    if kinds[0] != kinds[1]:
        raise RuntimeError(
            f"index_add_(): self ({kinds[0]}) and source ({kinds[1]}) must have the same scalar "
            "type"
        )
    shape, given = input._array.shape, source._array.shape
    count = given[axis] if given else 1
    if at.size != count:
        raise RuntimeError(
            f"index_add_(): Number of indices ({at.size}) should be equal to source.size(dim): "
            f"({count}), for dim: {axis}"
        )
    if shape[:axis] + shape[axis + 1 :] != given[:axis] + given[axis + 1 :]:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. "
            f"Got self.shape = {list(shape)} source.shape = {list(given)}"
        )
    check_inside(at, shape[axis] if shape else 1, axis)
    if alpha != 1:
        source = source * alpha
    return written(INDEX_ADD, input, slices_at(input, axis, at), source)


def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Any:
    """Return a copy with the slices of `source` in place of those along `dim` that `index` names.

    >>> import chainrule.torch as torch
    >>> torch.index_copy(torch.zeros(3), 0, torch.tensor([2]), torch.ones(1))
    tensor([0., 0., 1.])
    """
    check_tensors("index_copy", input=input)
    if not isinstance(source, Tensor):
        raise argument_error("index_copy", "source", 3, source)
    axis, at = check_slices("index_copy", input, dim, index)
    if input._array.dtype != source._array.dtype:
        raise RuntimeError(
            "index_copy_(): self and source expected to have the same dtype, but got (self) "
            f"{scalar_name(input._array.dtype)} and (source) {scalar_name(source._array.dtype)}"
        )
    shape, given = input._array.shape, source._array.shape
    count = given[axis] if given else 1
    if at.size != count:
        raise IndexError(
            f"index_copy_(): Number of indices ({at.size}) should be equal to source.size(dim) "
            f"({count})"
        )
    check_inside(at, shape[axis] if shape else 1, axis, IndexError, "index_copy_(): ")
    return written(INDEX_COPY, input, slices_at(input, axis, at), source)


def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Any:
    """Return a copy with one number in all slices along `dim` that `index` names.

    >>> import chainrule.torch as torch
    >>> torch.index_fill(torch.zeros(3), 0, torch.tensor([0, 2]), 5.0)
    tensor([5., 0., 5.])
    """
    check_tensors("index_fill", input=input)
    axis, at = check_slices("index_fill", input, dim, index)
    n = input._array.shape[axis] if input._array.ndim else 1
    check_inside(np.where(at < 0, at + n, at), n, axis, IndexError)
    value = one_number("index_fill", input, value, (dim, index, value), "int dim, Tensor index")
    op = INDEX_FILL_TENSOR if isinstance(value, Tensor) else INDEX_FILL
    return written(op, input, slices_at(input, axis, at), value)


# ---------------------------------------------------------------- masks, and what t[...] names


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Any:
    """Return a copy with one number wherever `mask` is true.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 2.0, 3.0])
    >>> torch.masked_fill(x, x > 1, 0)
    tensor([1., 0., 0.])
    """
    check_tensors("masked_fill", input=input, mask=mask)
    value = one_number("masked_fill", input, value, (mask, value), "Tensor mask")
    if mask._array.dtype.kind != "b":
        raise RuntimeError(
            "masked_fill_ only supports boolean masks, but got mask with dtype "
            f"{c_name(mask._array.dtype)}"
        )
    into = together(mask._array, input)
    if input._array.shape != into:
        input = expand(input, into)
    op = MASKED_FILL_TENSOR if isinstance(value, Tensor) else MASKED_FILL
    return written(op, input, (np.broadcast_to(mask._array, into),), value)


def index_put(
    input: Tensor, indices: Sequence[Tensor], values: Tensor, accumulate: bool = False
) -> Any:
    """Return a copy with `values` written, or added, where `input[indices]` reads.

    >>> import chainrule.torch as torch
    >>> torch.index_put(torch.zeros(3), (torch.tensor([0, 2]),), torch.tensor(5.0))
    tensor([5., 0., 5.])
    """
    check_tensors("index_put", input=input)
    if not isinstance(indices, (tuple, list)):
        raise argument_error("index_put", "indices", 1, indices, "tuple of Tensors")
    for k, one in enumerate(indices):
        if not isinstance(one, Tensor):
            raise TypeError(
                f"expected Tensor as element {k} in argument 0, but got {title_of(one)}"
            )
    shape = input._array.shape
    taken = sum(one._array.ndim if one._array.dtype.kind == "b" else 1 for one in indices)
    if taken > len(shape):
        raise IndexError(f"too many indices for tensor of dimension {len(shape)} (got {taken})")
    at, into = places_in([as_array(one) for one in indices], shape)
    values = fitting(values, into, input._array.dtype)
    op = INDEX_PUT_ADD if accumulate else INDEX_PUT
    return written(op, input, inside(at, shape, into), values)


METHODS: dict[str, Callable[..., Any]] = {
    "index_add": index_add,
    "index_copy": index_copy,
    "index_fill": index_fill,
    "index_put": index_put,
    "masked_fill": masked_fill,
    "scatter": scatter,
    "scatter_add": scatter_add,
}
