"""Reading and writing parts of a tensor: `t[at]` and `t[at] = v`.

An index has two halves, taken one after the other as PyTorch does: numbers, slices, None and `...`
lead to a view; lists, tensors and masks then pick copies from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule._core.values import take
from chainrule._rules.indexing import overwritten

from ._inplace import COPY, FILL, check_write, fill, write
from ._tape import Op, recorded, recording
from ._tensor import Tensor, made
from ._views import indexed

__all__ = ["get_item", "set_item"]

SELECT = Op("SelectBackward0", take, ("",), "self")
SLICE = Op("SliceBackward0", take, ("",), "self")
UNSQUEEZE = Op("UnsqueezeBackward0", take, ("",), "self")
ALIAS = Op("AliasBackward0", take, ("",), "self")
INDEX = Op("IndexBackward0", take, ("indices",), "self")
PUT = Op("IndexPutBackward0", overwritten, ("indices", "indices"), "self values")

WHOLE = slice(None)
NOT_AN_INDEX = (
    "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid "
    "indices (got {})"
)
Parts = tuple[tuple[Any, ...], Op, tuple[Any, ...] | None]


def get_item(self: Tensor, at: Any) -> Any:
    """Return the part of this tensor at an index: a view, unless a list or a tensor picks."""
    basic, op, picks = parsed(self, at)
    v = self
    if basic is not None:
        v = indexed(self, basic, op)
    if picks is None:
        return v
    return picked(v, picks)


def picked(v: Tensor, picks: tuple[Any, ...]) -> Any:
    try:
        return recorded(INDEX, (v,), {"at": picks}, take, None)
    except IndexError as error:
        raise explained(error, v._array.shape, picks) from None


def set_item(self: Tensor, at: Any, value: Any) -> None:
    """Write `value`, a number or a tensor that broadcasts, to the part at an index."""
    basic, op, picks = parsed(self, at)
    if not isinstance(value, Tensor):
        value = number_or_tensor(value, self)
    plain = not recording.get() or not (
        self.requires_grad or (isinstance(value, Tensor) and value._node is not None)
    )
    array = fitting(value)
    if plain and picks is None:
        target = (
            self._array
            if basic is None
            else self._array[(*basic, ...) if ... not in basic else basic]
        )
        store(target, array)
        self._writes[0] += 1
        return
    v = self if basic is None else indexed(self, basic, op)
    if picks is None:
        check_fit(v._array.shape, array)
        if isinstance(value, Tensor):
            src = made(array) if array is not value._array and value._node is None else value
            if array.shape != np.shape(value._array):
                from ._shapes import reshape

                src = reshape(value, array.shape)
            fill(v, src, COPY)
        else:
            fill(v, value, FILL)
        return
    check_write(v, fills=True)
    try:
        result = recorded(
            PUT, (v, cast_alike(value, v)), {"steps": ((take, picks),)}, overwritten, None
        )
    except IndexError as error:
        raise explained(error, v._array.shape, picks) from None
    except ValueError:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(np.shape(array))} cannot be broadcast "
            f"to indexing result of shape {list(v._array[picks].shape)}"
        ) from None
    write(v, result)


def cast_alike(value: Any, v: Tensor) -> Any:
    if not isinstance(value, Tensor) or value._array.dtype == v._array.dtype:
        return value
    raise RuntimeError(
        "Index put requires the source and destination dtypes match, got "
        f"{of_name(v)} for the destination and {of_name(value)} for the source."
    )


def of_name(t: Tensor) -> str:
    from ._types import scalar_name

    return scalar_name(t._array.dtype)


def number_or_tensor(value: Any, t: Tensor) -> Any:
    if isinstance(value, (bool, int, float, complex, np.number, np.bool_)):
        return value
    if isinstance(value, (list, tuple, np.ndarray)):
        from ._creation import tensor

        return tensor(value, dtype=t.dtype)
    raise TypeError(f"can't assign a {type(value).__name__} to a {t.type()}")


def fitting(value: Any) -> Any:
    """Return the array of a value without leading dimensions of length 1, which may be too many."""
    if not isinstance(value, Tensor):
        return value
    return value._array


def check_fit(shape: tuple[int, ...], array: Any) -> None:
    given = np.shape(array)
    while len(given) > len(shape) and given[0] == 1:
        given = given[1:]
    fits = len(given) <= len(shape) and all(
        a == b or a == 1 for a, b in zip(given[::-1], shape[::-1], strict=False)
    )
    if not fits:
        from ._checks import expand_error

        raise expand_error(shape, given)


def store(target: Any, array: Any) -> None:
    check_fit(target.shape, array)
    target[...] = array


# ---------------------------------------------------------------- reading an index


def parsed(t: Tensor, at: Any) -> tuple[Any, Op, tuple[Any, ...] | None]:
    """Return the half of an index that leads to a view (or None), its name, and what then picks."""
    items = list(at) if type(at) is tuple else [at]
    ndim = t._array.ndim
    if len(items) == 1 and type(items[0]) is int and ndim:  # the common case
        check_number(items[0], t._array.shape[0], 0)
        return (items[0],), SELECT, None
    items = [as_index(item) for item in items]
    used = sum(dimensions_of(item) for item in items)
    if ndim == 0 and used:
        first = next(item for item in items if dimensions_of(item))
        if isinstance(first, slice):
            raise IndexError("slice() cannot be applied to a 0-dim tensor.")
        if type(first) is int:
            raise IndexError(
                "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
                "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number"
            )
    if used > ndim:
        raise IndexError(f"too many indices for tensor of dimension {ndim}")
    basic: list[Any] = []
    picks: list[Any] = []
    op, dimension = None, 0
    for item in items:
        if item is Ellipsis:
            basic += [WHOLE] * (ndim - used)
            picks += [WHOLE] * (ndim - used)
            dimension += ndim - used
        elif item is None:
            basic.append(None)
            picks.append(WHOLE)
            op = UNSQUEEZE
        elif type(item) is int:
            check_number(item, t._array.shape[dimension], dimension)
            basic.append(item)
            op = SELECT
            dimension += 1
        elif isinstance(item, slice):
            item = checked_slice(item)
            basic.append(item)
            picks.append(WHOLE)
            if item != WHOLE and item.indices(t._array.shape[dimension]) != (
                0,
                t._array.shape[dimension],
                1,
            ):
                op = SLICE
            dimension += 1
        else:
            if item.dtype.kind == "b":
                check_mask(item, t._array.shape, dimension)
            basic += [WHOLE] * dimensions_of(item)
            picks.append(item)
            dimension += dimensions_of(item)
    picking = any(isinstance(item, np.ndarray) for item in picks)
    if op is None and picking:
        return None, ALIAS, tuple(picks)
    return tuple(basic), op or ALIAS, tuple(picks) if picking else None


def as_index(item: Any) -> Any:
    if isinstance(item, Tensor):
        array = item._array
        if array.dtype.kind not in "biu":
            raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
        if array.dtype == np.uint8:
            array = array.astype(bool)
        return int(array) if array.ndim == 0 and array.dtype.kind != "b" else array
    if item is None or item is Ellipsis or type(item) is int or isinstance(item, slice):
        return item
    if isinstance(item, (bool, np.bool_)):
        return np.array(bool(item))
    if isinstance(item, (np.ndarray, list, tuple, range)):
        array = as_array(item)
        if array.dtype.kind not in "biu" and array.size:
            raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
        return array if array.size or array.dtype.kind == "b" else array.astype(np.int64)
    try:
        return int(item.__index__())
    except AttributeError:
        raise IndexError(NOT_AN_INDEX.format(type(item).__name__)) from None


def as_array(items: Any) -> Any:
    if isinstance(items, np.ndarray):
        return items
    return np.array([as_array(one._array if isinstance(one, Tensor) else one)
                     if isinstance(one, (list, tuple, Tensor)) else one for one in items])  # fmt: skip


def dimensions_of(item: Any) -> int:
    """Return how many dimensions of the tensor an item of an index stands for."""
    if item is None or item is Ellipsis:
        return 0
    if isinstance(item, np.ndarray) and item.dtype.kind == "b":
        return item.ndim
    return 1


def check_number(i: int, n: int, dimension: int) -> None:
    if not -n <= i < n:
        raise IndexError(f"index {i} is out of bounds for dimension {dimension} with size {n}")


def checked_slice(item: slice) -> slice:
    start, stop, step = (
        int(v) if isinstance(v, Tensor) else v for v in (item.start, item.stop, item.step)
    )
    if step is not None and step <= 0:
        raise ValueError("step must be greater than zero")
    return slice(start, stop, step)


def check_mask(mask: Any, shape: Sequence[int], dimension: int) -> None:
    for k, n in enumerate(mask.shape):
        if shape[dimension + k] != n:
            raise IndexError(
                f"The shape of the mask {list(mask.shape)} at index {k} does not match the shape "
                f"of the indexed tensor {list(shape)} at index {dimension + k}"
            )


def explained(error: IndexError, shape: tuple[int, ...], picks: tuple[Any, ...]) -> IndexError:
    text = str(error)
    if "broadcast" in text:
        shapes = ", ".join(str(list(item.shape)) for item in picks if isinstance(item, np.ndarray))
        return IndexError(
            f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
        )
    return IndexError(text.replace(" axis ", " dimension "))


METHODS: dict[str, Callable[..., Any]] = {"__getitem__": get_item, "__setitem__": set_item}
