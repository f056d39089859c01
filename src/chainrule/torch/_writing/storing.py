"""Tensors that are given other numbers, or other parts of their memory: by strides, `set_`."""

from __future__ import annotations

import math
import weakref
from typing import Any

import numpy as np

from chainrule._core.values import take

from .._arguments import title_of, want_tensor, whole
from .._kinds.c_names import c_name
from .._tape.values import recording
from .._tensor import Tensor, made
from ..storage import UntypedStorage, root_of, storage_of
from .in_place import LEAF, set_data
from .views import NO_GRAD, View, Views, dead_end, lead

__all__ = ["as_strided"]

Array = np.ndarray[Any, Any]
NOT_RESIZABLE = "Trying to resize storage that is not resizable"
GAPS = (
    "as_strided cannot be differentiated where the memory has gaps, as that of every second row "
    "of an array; call contiguous() first."
)


# ---------------------------------------------------------------- parts of memory


def begin_of(array: Array) -> int:
    return int(array.__array_interface__["data"][0])


def lengths_named(function: str, name: str, place: int, v: Any) -> tuple[int, ...]:
    if not isinstance(v, (tuple, list)) or not all(map(whole, v)):
        raise TypeError(
            f"{function}(): argument '{name}' (position {place}) must be tuple of ints, not "
            f"{title_of(v)}"
        )
    return tuple(map(int, v))


def placed(
    array: Array, shape: tuple[int, ...], strides: tuple[int, ...], offset: int | None
) -> Array:
    """Return the numbers of the memory of `array` that stand at these strides."""
    if len(shape) != len(strides):
        raise RuntimeError("mismatch in length of strides and shape")
    if any(s < 0 for s in strides):
        raise RuntimeError(
            "as_strided: Negative strides are not supported at the moment, got strides: "
            f"{[*strides]}"
        )
    if any(n < 0 for n in shape):
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={[*shape]} and strides={[*strides]}"
        )
    item = array.itemsize
    root = root_of(array)
    if offset is None:
        offset = (begin_of(array) - begin_of(root)) // item
    if offset < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {offset}")
    memory = storage_of(array)._bytes
    last = sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
    needed = (offset + last + 1) * item if all(shape) else 0
    if needed > memory.size:
        raise RuntimeError(
            f"setStorage: sizes {[*shape]}, strides {[*strides]}, storage offset {offset}, and "
            f"itemsize {item} requiring a storage size of {needed} are out of bounds for storage "
            f"of size {memory.size}"
        )
    if not all(shape):
        return np.empty(shape, array.dtype)
    if root.flags.forc:
        flat = np.ndarray(memory.size // item, array.dtype, root, 0)
    else:
        flat = memory.view(array.dtype)
    return np.ndarray(shape, array.dtype, flat, offset * item, [s * item for s in strides])


def as_strided(input: Tensor, size: Any, stride: Any, storage_offset: int | None = None) -> Tensor:
    """Return the view of the memory of `input` in the shape `size`, at these strides.

    Strides, and the offset from the start of the memory, count numbers. A gradient adds up what
    reaches a number that is seen more than once. Beyond the memory a RuntimeError is raised.

    >>> import chainrule.torch as torch
    >>> torch.as_strided(torch.arange(4), (3, 2), (1, 1))
    tensor([[0, 1],
            [1, 2],
            [2, 3]])
    """
    want_tensor("as_strided", input)
    shape = lengths_named("as_strided", "size", 2, size)
    strides = lengths_named("as_strided", "stride", 3, stride)
    y = placed(input._array, shape, strides, storage_offset)
    # a leaf's gradient is its own, not its base's
    base = input if input._view is None or input.is_leaf else input._view.base
    steps = steps_to(base._array, y)
    if steps is None:
        if input.requires_grad and recording.get():
            raise RuntimeError(GAPS)
        out: Tensor = made(y)
        out._writes = input._writes
        return out
    return view_by(base, y, steps)


def steps_to(base: Array, y: Array) -> list[tuple[Any, Any]] | None:
    """Return the calls that lead from `base` to the numbers of `y`; None if there are none."""
    order = sorted(range(base.ndim), key=lambda k: -base.strides[k])
    ordered = base.transpose(order)
    if not ordered.flags.c_contiguous:
        return None
    first = (begin_of(y) - begin_of(base)) // base.itemsize
    places = np.full(y.shape, first)
    for k, (n, s) in enumerate(zip(y.shape, y.strides, strict=True)):
        along = np.arange(n) * (s // base.itemsize)
        places = places + along.reshape(n, *(1,) * (y.ndim - k - 1))
    if places.size and (places.min() < 0 or places.max() >= base.size):
        return None
    return [(np.transpose, tuple(order)), (np.reshape, (-1,)), (take, (places,))]


def view_by(base: Tensor, y: Array, steps: list[tuple[Any, Any]]) -> Tensor:
    """Return the view `y` of `base`, whose history is these steps."""
    view: View | None = None
    for function, argument in steps:
        before, view = view, View()
        view.base, view.before, view.trouble = base, before, ""
        view.function, view.argument = function, argument
    out: Tensor = made(y)
    out._writes = writes = base._writes
    out._view = view
    if len(writes) == 1:
        writes.append(Views())
    writes[1].append(weakref.ref(out))
    if recording.get():
        if base._node is not None:
            lead(out, base._node)
    else:
        out._view.trouble = NO_GRAD  # type: ignore[union-attr]
        out._node = None if base._node is None else dead_end(out)
    return out


# ---------------------------------------------------------------- other numbers


def set_(
    self: Tensor,
    source: Any = None,
    storage_offset: int = 0,
    size: Any = None,
    stride: Any = None,
) -> Tensor:
    """Let this tensor be the numbers of `source`, a tensor or a storage, which they share."""
    if self.requires_grad and recording.get() and self.is_leaf:
        raise RuntimeError(LEAF)
    array = self._array
    if source is None:
        fresh = np.empty(0, array.dtype)
    elif isinstance(source, Tensor):
        fresh = source._array
        if fresh.dtype != array.dtype:
            raise RuntimeError(
                f"Could not set tensor of type {c_name(fresh.dtype)} to a tensor of type "
                f"{c_name(array.dtype)}"
            )
    elif isinstance(source, UntypedStorage):
        fresh = source._bytes[: source.nbytes() // array.itemsize * array.itemsize]
        fresh = fresh.view(array.dtype)
        if size is not None:
            shape = lengths_named("set_", "size", 3, size)
            strides = in_order(shape) if stride is None else tuple(stride)
            fresh = placed(fresh, shape, strides, storage_offset)
    else:
        raise TypeError(
            f"set_(): argument 'source' (position 1) must be Tensor, not {title_of(source)}"
        )
    set_data(self, made(fresh))
    self._writes[0] += 1
    return self


def in_order(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(math.prod(shape[k + 1 :]) for k in range(len(shape)))


def resize_(self: Tensor, *size: Any, memory_format: Any = None) -> Tensor:
    """Give this tensor other lengths: of the numbers in its memory, or of more of them.

    New numbers are arbitrary. More memory than there is raises a RuntimeError if views, or an
    array of NumPy's, share it.
    """
    given = size[0] if len(size) == 1 and not whole(size[0]) else size
    shape = lengths_named("resize_", "size", 1, given)
    if self.requires_grad and recording.get():
        raise RuntimeError("cannot resize variables that require grad")
    if any(n < 0 for n in shape):
        raise RuntimeError("numel: integer multiplication overflow")
    array = self._array
    try:
        self._array = placed(array, shape, in_order(shape), None)
    except RuntimeError:
        if self._view is not None or any(one() is not None for one in views_of(self)):
            raise RuntimeError(NOT_RESIZABLE) from None
        held = array.reshape(-1) if array.flags.c_contiguous else array.T.reshape(-1)
        fresh = np.empty(math.prod(shape), array.dtype)
        fresh[: held.size] = held
        self._array = fresh.reshape(shape)
    return self


def views_of(t: Tensor) -> Any:
    return t._writes[1] if len(t._writes) > 1 else ()


def resize_as_(self: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
    """Give this tensor the lengths of another."""
    want_tensor("resize_as_", the_template, "the_template", 1)
    return resize_(self, the_template._array.shape)


METHODS: dict[str, Any] = {
    "as_strided": as_strided,
    "resize_": resize_,
    "resize_as_": resize_as_,
    "set_": set_,
}
