"""Reading and writing parts of a tensor: `t[at]` and `t[at] = v`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.values import take
from chainrule._rules.indexing import overwritten

from ._checks import expand_error
from ._filling import COPY, FILL_TENSOR, as_number
from ._indices import ALIAS, SELECT, read_index
from ._inplace import overwrite, wanted
from ._overlap import check_beside, check_distinct
from ._tape import Op, recorded, recording
from ._tensor import Tensor
from ._types import scalar_name, type_name
from ._views import indexed, reshaped

__all__: list[str] = []

INDEX = Op("IndexBackward0", take, ("indices",), "self")
PUT = Op("IndexPutBackward0", overwritten, ("indices", "indices"), "self values")


def get_item(self: Tensor, at: Any) -> Any:
    """Return the part of this tensor at an index: a view, unless a list or a tensor picks."""
    x = self._array
    if type(at) is int and x.ndim and -len(x) <= at < len(x):
        return indexed(self, (at, ...), SELECT)
    basic, op, picks = read_index(x, at)
    v = self if basic is None else indexed(self, basic, op)
    return v if picks is None else picked(v, picks)


def picked(v: Tensor, picks: tuple[Any, ...]) -> Any:
    """Return copies of the places in `v` that lists, tensors and masks pick."""
    if v._node is not None and recording.get():
        picks = kept(picks)
    return recorded(INDEX, (v,), {"at": picks}, take, None)


def kept(picks: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return indices for the tape: they may be changed before it is walked."""
    return tuple(pick if type(pick) is slice else pick.copy() for pick in picks)


def set_item(self: Tensor, at: Any, value: Any) -> None:
    """Write `value`, a number or a tensor that broadcasts, to the part at an index."""
    if not isinstance(value, Tensor):
        value = assigned(value, self)
    if at is False:
        return
    x, steps, picks = self._array, (), None
    if at is True or at is None:
        steps = ((take, (None, ...)),)
    elif at is not Ellipsis:
        basic, op, picks = read_index(x, at)
        if op is not ALIAS:
            steps = ((take, basic),)
    if picks is not None:
        put(self, steps, picks, value, alone_a_mask(at))
        return
    into = x[steps[0][1]] if steps else x
    if not isinstance(value, Tensor):
        overwrite(self, value, steps, FILL_TENSOR if into.ndim else COPY)
        return
    if value._array.ndim or not into.ndim:
        value = widened(value, into.shape)
        check_distinct(into)
        check_beside(into, self._writes, (value,))
    overwrite(self, value, steps, FILL_TENSOR if value._array.ndim < into.ndim else COPY)


def put(t: Tensor, steps: Any, picks: tuple[Any, ...], value: Any, by_mask: bool) -> None:
    """Write `value` to the places that lists, tensors and masks pick."""
    seen = t._array[steps[0][1]] if steps else t._array
    if isinstance(value, Tensor):
        array = value._array
        if array.dtype != seen.dtype and not (array.size == 1 and by_mask):
            raise RuntimeError(
                "Index put requires the source and destination dtypes match, got "
                f"{scalar_name(seen.dtype)} for the destination and {scalar_name(array.dtype)} "
                "for the source."
            )
        value = unpadded(value)
        check_beside(seen, t._writes, (value,))
    if wanted(t, (value,)):
        picks = kept(picks)
    try:
        overwrite(t, value, (*steps, (take, picks)), PUT, bool(steps))
    except ValueError:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(value._array.shape)} cannot be broadcast "
            f"to indexing result of shape {list(seen[picks].shape)}"
        ) from None


def alone_a_mask(at: Any) -> bool:
    """Say whether an index picks by one mask, and by nothing else."""
    items = at if type(at) is tuple else (at,)
    kinds = [item._array.dtype.kind for item in items if isinstance(item, Tensor)]
    return kinds == ["b"] and not any(isinstance(item, (list, np.ndarray)) for item in items)


def assigned(value: Any, t: Tensor) -> Any:
    """Return a number that can be written to `t`."""
    if isinstance(value, (bool, int, float, complex)):
        if type(value) is int and not -(2**63) <= value < 2**63:
            raise ValueError("Overflow when unpacking long long")
        return as_number(value, t)
    if isinstance(value, np.integer):
        return as_number(int(value), t)
    module = type(value).__module__
    title = f"{module}.{type(value).__name__}" if module == "numpy" else type(value).__name__
    raise TypeError(f"can't assign a {title} to a {type_name(t._array.dtype)}")


def unpadded(value: Tensor) -> Tensor:
    """Return `value` without its first dimensions, as far as they have length 1."""
    shape = value._array.shape
    k = next((k for k, n in enumerate(shape) if n != 1), len(shape))
    return reshaped(value, shape[k:]) if k else value  # type: ignore[no-any-return]


def widened(value: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return `value` if it broadcasts to `shape`; leading dimensions of length 1 may go."""
    if value._array.shape == shape:
        return value
    value = unpadded(value)
    if not fits(value._array.shape, shape):
        raise expand_error(shape, value._array.shape, type_name(value._array.dtype))
    return value


def fits(shape: tuple[int, ...], into: tuple[int, ...]) -> bool:
    return len(shape) <= len(into) and all(
        m in (1, n) for m, n in zip(shape[::-1], into[::-1], strict=False)
    )


METHODS: dict[str, Callable[..., Any]] = {"__getitem__": get_item, "__setitem__": set_item}
