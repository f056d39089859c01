"""What stands between the brackets of `t[...]`, read as PyTorch reads it.

An index has two halves, taken one after the other: numbers, slices, None and `...` lead to a view;
lists, tensors and masks then pick copies from it.
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule._core.values import Batched, numbers, take

from ._tape.plans import Op
from ._tensor import Tensor

__all__ = ["ALIAS", "SELECT", "SLICE", "UNSQUEEZE", "bounded", "inside", "places", "read_index"]

ALIAS = Op("AliasBackward0", take, ("",), "self")
SELECT = Op("SelectBackward0", take, ("",), "self")
SLICE = Op("SliceBackward0", take, ("",), "self")
UNSQUEEZE = Op("UnsqueezeBackward0", take, ("",), "self")

ndarray = np.ndarray
WHOLE = slice(None)
SCALAR = (
    "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ "
    "to convert a 0-dim tensor to a number"
)
NOT_AN_INDEX = (
    "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid "
    "indices (got {})"
)
NOT_WHOLE = "tensors used as indices must be long, int, byte or bool tensors"
SEQUENCE = (
    "Using a non-tuple sequence for multidimensional indexing is deprecated and will be changed in "
    "pytorch 2.9; use x[tuple(seq)] instead of x[seq]. In pytorch 2.9 this will be interpreted as "
    "tensor index, x[torch.tensor(seq)], which will result either in an error or a different result"
)
BYTES = "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead."


def read_index(x: ndarray[Any, Any], at: Any) -> tuple[Any, Op, Any]:
    """Return an index of `x` in two halves, and the name of the operation that is the first.

    The first half leads to a view, a tuple for NumPy or None; the second, a list or None, picks
    from that.
    """
    alone = type(at) is not tuple
    if alone and is_number(at) and (x.ndim or not isinstance(at, Tensor)):
        if not x.ndim and operator.index(at) == 0:
            raise IndexError(SCALAR)
        return (bounded(at, x.shape[0] if x.ndim else 0, 0), ...), SELECT, None
    if alone and isinstance(at, slice):
        cut = as_slice(at)
        if not x.ndim:
            raise IndexError("slice() cannot be applied to a 0-dim tensor.")
        return (cut, ...), SLICE, None
    items = list(at) if not alone or means_tuple(at) else [at]
    used = sum(map(dimensions_of, items))
    if used > x.ndim:
        raise IndexError(f"too many indices for tensor of dimension {x.ndim}")
    return halves(x, items, x.ndim - used)


def halves(x: ndarray[Any, Any], items: list[Any], unnamed: int) -> tuple[Any, Op, Any]:
    """Return the two halves; `unnamed` is how many dimensions `...` stands for."""
    basic: list[Any] = []
    picks: list[Any] = []  # one for each dimension of the view, so far
    op, dimension = ALIAS, 0  # a dimension of x
    beyond = 0
    for place, item in enumerate(items):
        if beyond and item is not None and item is not Ellipsis:
            r = x.ndim + sum(i is None for i in basic) - sum(type(i) is int for i in basic)
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-r}, {r - 1}], but got "
                f"{len(picks) + beyond})"
            )
        if is_number(item):
            n = x.shape[dimension]
            basic.append(bounded(item, n, place))
            op, dimension = SELECT, dimension + 1
        elif isinstance(item, slice):
            cut = as_slice(item)
            basic.append(cut)
            picks.append(WHOLE)
            end = x.shape[dimension] if cut.stop is None else cut.stop
            if cut.start or end < x.shape[dimension] or cut.step not in (None, 1):
                op = SLICE
            dimension += 1
        elif item is Ellipsis:
            if any(before is Ellipsis for before in items[:place]):
                beyond += unnamed  # a second one leads out of the tensor
                continue
            basic += [WHOLE] * unnamed
            picks += [WHOLE] * unnamed
            dimension += unnamed
        elif item is None:
            basic.append(None)
            picks.append(WHOLE)
            op = UNSQUEEZE
        else:
            chosen = as_array(item)
            if chosen.ndim == 0 and chosen.dtype.kind == "b":
                basic.append(None)
                picks.append(np.zeros(int(chosen), np.int64))
                op = UNSQUEEZE
                continue
            count = chosen.ndim if chosen.dtype.kind == "b" else 1
            basic += [WHOLE] * count
            picks.append(chosen)
            dimension += count
    if all(type(pick) is slice for pick in picks):
        return (*basic, ...), op, None
    return None if op is ALIAS else (*basic, ...), op, picks


def places(picks: list[Any], shape: tuple[int, ...]) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    """Return what picks from an array of `shape` as whole numbers, and the shape of the result."""
    found: list[Any] = []
    for pick in picks:
        if type(pick) is slice or pick.dtype.kind != "b":
            found.append(pick)
            continue
        at = len(found)
        for k, n in enumerate(pick.shape):
            if shape[at + k : at + k + 1] != (n,):
                raise IndexError(
                    f"The shape of the mask {list(pick.shape)} at index {k} does not match the "
                    f"shape of the indexed tensor {list(shape)} at index {at + k}"
                )
        found += pick.nonzero()
    chosen = [k for k, pick in enumerate(found) if type(pick) is not slice]
    try:
        into = np.broadcast_shapes(*(found[k].shape for k in chosen))
    except ValueError:
        shapes = ", ".join(str(list(found[k].shape)) for k in chosen)
        raise IndexError(
            f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
        ) from None
    if 0 not in into and not all(shape[k] for k in chosen):
        raise IndexError("index is out of bounds for dimension with size 0")
    rest = [n for k, n in enumerate(shape) if k not in chosen]
    first = chosen[0] if chosen[-1] - chosen[0] < len(chosen) else 0  # else they come in front
    return tuple(found), (*rest[:first], *into, *rest[first:])


def inside(found: tuple[Any, ...], shape: tuple[int, ...], into: tuple[int, ...]) -> Any:
    """Return the picks if all are in an array of `shape`, or raise.

    `into` is the shape of the result.
    """
    chosen = [(pick, n) for pick, n in zip(found, shape, strict=False) if type(pick) is not slice]
    if 0 in into:  # what is picked has no numbers: anything goes
        return tuple(pick if type(pick) is slice else np.zeros_like(pick) for pick in found)
    for k, (pick, n) in enumerate(chosen):
        numbers_in = numbers(pick)
        outside = (numbers_in < -n) | (numbers_in >= n)
        if outside.any():
            raise IndexError(
                f"index {numbers_in[outside][0]} is out of bounds for dimension {k} with size {n}"
            )
    return found


# ---------------------------------------------------------------- single items


def is_number(item: Any) -> bool:
    """Say whether an item selects one place along a dimension, which goes."""
    kind = type(item)
    if kind is int:
        return True
    if isinstance(item, Tensor):
        array: Any = item._array
        if type(array) is Batched:
            return False  # another for each example
        return not array.ndim and array.dtype.kind in "iu" and array.dtype != np.uint8
    if isinstance(item, (bool, np.bool_, ndarray, slice, tuple, list)):
        return False
    return hasattr(kind, "__index__")


def bounded(item: Any, n: int, dimension: int) -> int:
    """Return a number that selects one of `n` places, or raise that there is none such."""
    i = operator.index(item._array if isinstance(item, Tensor) else item)
    if not -n <= i < n:
        if not -(2**63) <= i < 2**63:
            raise ValueError("Overflow when unpacking long long")
        raise IndexError(f"index {i} is out of bounds for dimension {dimension} with size {n}")
    return i


def as_slice(item: slice) -> slice:
    start, stop, step = (
        v if v is None or type(v) is int else whole(v) for v in (item.start, item.stop, item.step)
    )
    if step is not None and step <= 0:
        zero = "slice step cannot be zero"
        raise ValueError("step must be greater than zero" if step else zero)
    return slice(start, stop, step)


def whole(v: Any) -> int:
    if isinstance(v, Tensor):
        return int(v._array.item())
    try:
        return operator.index(v)
    except TypeError:
        raise TypeError(
            "slice indices must be integers or None or have an __index__ method"
        ) from None


def means_tuple(at: Any) -> bool:
    """Say whether a list of an odd kind is taken for the tuple of its items, as it long was."""
    if isinstance(at, (Tensor, ndarray)) or not isinstance(at, Sequence) or len(at) >= 32:
        return False
    for item in at:
        if item is None or item is Ellipsis or isinstance(item, (Tensor, slice, Sequence, ndarray)):
            warnings.warn(SEQUENCE, UserWarning, stacklevel=5)
            return True
    return False


def dimensions_of(item: Any) -> int:
    """Return how many dimensions of the tensor an item stands for."""
    if item is None or item is Ellipsis or item is True or item is False:
        return 0
    array = item._array if isinstance(item, Tensor) else item
    if isinstance(array, ndarray) and (array.dtype.kind == "b" or array.dtype == np.uint8):
        return array.ndim
    return 1


def as_array(item: Any) -> Any:
    """Return the whole numbers or truth values that an item picks by."""
    if isinstance(item, Tensor):
        array = item._array
        if array.dtype == np.uint8:
            if array.ndim:
                warnings.warn(BYTES, UserWarning, stacklevel=6)
            return array.astype(bool)
        if array.dtype not in (np.int64, np.int32, np.bool_):
            raise IndexError(NOT_WHOLE)
        return array
    if isinstance(item, bool):
        return np.array(item)
    if not isinstance(item, (ndarray, Sequence)):
        raise IndexError(NOT_AN_INDEX.format(title_of(item)))
    array = listed(item)
    return array if array.dtype.kind == "b" else array.astype(np.int64)


def listed(items: Any) -> Any:
    if isinstance(items, ndarray):
        return items.astype(bool) if items.dtype == np.uint8 else items
    if isinstance(items, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(items).__name__}'")
    from ._creation.from_data import tensor

    found: Any = tensor([] if len(items) == 0 else items)
    return found._array


def title_of(item: Any) -> str:
    kind = type(item)
    return f"numpy.{kind.__name__}" if isinstance(item, np.generic) else kind.__name__
