"""Reading and writing parts of a tensor: `t[at]` and `t[at] = v`."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.values import take
from chainrule._rules.indexing import indices_put

from ._checks import expand_error
from ._indices import ALIAS, SELECT, UNSQUEEZE, inside, places, read_index
from ._kinds.dtypes import scalar_name, type_name
from ._tape.plans import Op
from ._tape.recording import recorded
from ._tape.values import recording
from ._tensor import Tensor
from ._writing.filling import COPY, FILL_TENSOR, as_number
from ._writing.in_place import check_history, overwrite, wanted
from ._writing.overlap import check_copy, check_distinct, check_pair, is_twice
from ._writing.views import indexed, reshaped

__all__: list[str] = []

INDEX = Op("IndexBackward0", take, ("indices",), "self")
QUICK = {np.dtype(np.int64), np.dtype(np.bool_)}
FLOATS = {np.dtype(np.float32), np.dtype(np.float64)}
EXPANDED = (
    "Use of index_put_ on expanded tensors is deprecated. Please clone() the tensor before "
    "performing this operation. This also applies to advanced indexing e.g. tensor[indices] = "
    "tensor"
)
PUT = Op("IndexPutBackward0", indices_put, ("indices", "indices"), "self values")


def get_item(self: Tensor, at: Any) -> Any:
    """Return the part of this tensor at an index: a view, unless a list or a tensor picks."""
    x = self._array
    if type(at) is int and x.ndim and -len(x) <= at < len(x):
        return indexed(self, (at, ...), SELECT)
    if type(at) is Tensor and at._array.dtype in QUICK and at._array.ndim and x.size:
        picks: Any = (at._array,)
        try:
            return recorded(INDEX, (self,), {"at": own(picks, self)}, copied, None)
        except IndexError:
            pass  # the long way knows PyTorch's words
    basic, op, picks = read_index(x, at)
    v = self if basic is None else indexed(self, basic, op)
    return v if picks is None else picked(v, picks)


def picked(v: Tensor, picks: list[Any]) -> Any:
    """Return copies of the places in `v` that lists, tensors and masks pick."""
    shape = v._array.shape
    at, into = places(picks, shape)
    at = inside(at, shape, into)
    return recorded(INDEX, (v,), {"at": own(at, v)}, copied, None)


def own(at: tuple[Any, ...], v: Tensor) -> tuple[Any, ...]:
    """Return indices of `v` that nobody else writes to, if they are kept on the tape."""
    return kept(at) if v._node is not None and recording.get() else at


def copied(x: Any, at: Any) -> Any:
    y = x[at]
    return y if y.flags.c_contiguous else y.copy()  # NumPy puts the places that are picked first


def kept(picks: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return indices for the tape: they may be changed before it is walked."""
    return tuple(pick.copy() if type(pick) is np.ndarray else pick for pick in picks)


def set_item(self: Tensor, at: Any, value: Any) -> None:
    """Write `value`, a number or a tensor that broadcasts, to the part at an index."""
    alone = self._node is None and len(self._writes) == 1  # there is no view of it, nor is it one
    if alone and type(at) is int and type(value) in (float, int):
        x = self._array
        if x.dtype in FLOATS and x.ndim and -len(x) <= at < len(x) and -1e38 < value < 1e38:
            x[at] = value
            self._writes[0] += 1
            return
    if not isinstance(value, Tensor):
        value = assigned(value, self)
    if at is False:
        return
    x, picks = self._array, None
    steps: tuple[Any, ...] = ()
    of_part = ""
    if at is True or at is None:
        of_part = UNSQUEEZE.name
        steps = ((take, (None, ...)),)
    elif at is not Ellipsis:
        basic, op, picks = read_index(x, (at,) if isinstance(at, slice) and x.ndim else at)
        if op is not ALIAS:
            of_part = op.name
            steps = ((take, basic),)
    if picks is not None:
        put(self, steps, of_part, picks, value)
        return
    into = x[steps[0][1]] if steps else x
    of_tensor = isinstance(value, Tensor)
    op = COPY if not into.ndim or (of_tensor and value._array.ndim) else FILL_TENSOR
    if of_tensor and op is COPY:
        value = widened(value, into.shape)
    if wanted(self, (value,)):
        check_history(self, of_part)
    if of_tensor and op is COPY and value._writes is self._writes:
        source = value._array
        check_copy(
            into, source if source.ndim == into.ndim else np.broadcast_to(source, into.shape)
        )
    else:
        check_distinct(into)
    overwrite(self, value, steps, op, of_part)


def put(t: Tensor, steps: Any, of_part: str, picks: list[Any], value: Any) -> None:
    """Write `value` to the places that lists, tensors and masks pick."""
    seen = t._array[steps[0][1]] if steps else t._array
    wants, of_tensor = wanted(t, (value,)), isinstance(value, Tensor)
    if wants:
        check_history(t, of_part)
    if is_twice(seen):
        warnings.warn(EXPANDED, UserWarning, stacklevel=3)
    kinds = [pick.dtype.kind for pick in picks if type(pick) is not slice]
    single = kinds == ["b"] and (not of_tensor or value._array.size == 1)
    if of_tensor and not single and value._writes is t._writes:
        check_pair(seen, value._array, at_all=True)
    for pick in picks:
        if not single and type(pick) is not slice:
            check_pair(seen, pick, at_all=True)
    at, into = places(picks, seen.shape)
    if of_tensor and not single:
        value = fitting(value, into, seen.dtype)
    elif of_tensor and value._array.ndim:
        value = reshaped(value, ())  # one number, which a mask may let in nowhere
    at = inside(at, seen.shape, into)
    overwrite(t, value, (*steps, (take, kept(at) if wants else at)), PUT, of_part)


def fitting(value: Tensor, into: tuple[int, ...], dtype: Any) -> Tensor:
    """Return `value` if it can be put where an index picked `into`, numbers of `dtype`."""
    value = unpadded(value)
    if not fits(value._array.shape, into):
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(value._array.shape)} cannot be broadcast "
            f"to indexing result of shape {list(into)}"
        )
    if value._array.dtype != dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{scalar_name(dtype)} for the destination and {scalar_name(value._array.dtype)} "
            "for the source."
        )
    return value


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
    return reshaped(value, shape[k:]) if k else value


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
