"""Numbers repeated, turned, moved around, and those on or beside a diagonal."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from chainrule._core.batching import along
from chainrule._core.stating import linear, spelled
from chainrule._core.traces import unstretched
from chainrule._core.values import dtype_of, ndim_of, recordable, shape_of, take

from .indexing import put_back

__all__ = ["diagonal_of", "windows_of"]


def back(shift: Any) -> Any:
    return tuple(-n for n in shift) if isinstance(shift, (tuple, list)) else -shift


def folded(g: Any, into: tuple[int, ...], reps: Any) -> Any:
    """Return the sum of the copies of an array of shape `into` that np.tile laid side by side."""
    times = tuple(np.ravel(reps).tolist())
    ndim = max(len(times), len(into))
    lengths = (1,) * (ndim - len(into)) + into
    times = (1,) * (ndim - len(times)) + times
    pairs = [n for pair in zip(times, lengths, strict=True) for n in pair]
    return np.reshape(np.sum(np.reshape(g, pairs), tuple(range(0, 2 * ndim, 2))), into)


def gathered_up(g: Any, into: tuple[int, ...], repeats: Any, axis: Any = None) -> Any:
    """Return the sum of the copies that np.repeat made of each number of an array."""
    if axis is None or not into:
        return np.reshape(gathered_up(g, (math.prod(into),), repeats, 0), into)
    axis, times = axis % len(into), np.ravel(repeats)
    if times.size == 1:
        shape = (*into[:axis], into[axis], int(times[0]), *into[axis + 1 :])
        return np.sum(np.reshape(g, shape), axis + 1)
    places = np.repeat(np.arange(into[axis]), times)
    return put_back(g, ((take, (*(slice(None),) * axis, places)),), into)


def resize(a: Any, new_shape: Any) -> Any:
    shape = tuple(np.ravel(new_shape).tolist())
    size, n = math.prod(shape_of(a)), math.prod(shape)
    if any(length < 0 for length in shape):
        raise ValueError("all elements of `new_shape` must be non-negative")
    if 0 in (size, n):
        return np.zeros(shape, dtype_of(a))
    return np.reshape(np.tile(np.ravel(a), -(-n // size))[:n], shape)


def of_each(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    """np.tril and np.triu work on the last two axes; of a vector they make a matrix."""
    x = values[0]
    if ranks[0] == 1:
        n = shape_of(x)[1]
        x = np.broadcast_to(np.expand_dims(x, 1), (size, n, n))
    return f(x, **options)


def roll_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    x, shift, axis = values[0], options["shift"], options.get("axis")
    if axis is None:
        return np.reshape(f(np.reshape(x, (size, -1)), shift, 1), shape_of(x))
    return along(f, values, ranks, size, {"shift": shift, "axis": axis})


def turned_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    axes = tuple(i % ranks[0] + 1 for i in options.get("axes", (0, 1)))
    return f(values[0], options.get("k", 1), axes)


def tile_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    times = tuple(np.ravel(options["reps"]).tolist())
    lengths = (1,) * (len(times) - ranks[0]) + shape_of(values[0])[1:]
    times = (1,) * (len(lengths) - len(times)) + times
    return f(np.reshape(values[0], (size, *lengths)), (1, *times))


def repeat_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    x, axis = values[0], options.get("axis")
    if axis is None or not ranks[0]:
        return f(np.reshape(x, (size, -1)), options["repeats"], 1)
    return f(x, options["repeats"], normalize_axis_index(axis, ranks[0]) + 1)


def diagonal_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    """The diagonal of every example; the new axis is the last as ever."""
    axes = (options.get(name, k) for k, name in enumerate(("axis1", "axis2")))
    first, second = (normalize_axis_index(axis, ranks[0]) + 1 for axis in axes)
    return f(values[0], options.get("offset", 0), first, second)


def diagonal_of_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    offset, *axes = options["at"]
    return f(values[0], (offset, *(i % ranks[0] + 1 for i in axes)))


linear(np.roll, lambda g, shift, axis=None: np.roll(g, back(shift), axis), batched=roll_batch)
linear(np.rot90, lambda g, k=1, axes=(0, 1): np.rot90(g, -k, axes), batched=turned_batch)
linear(np.tile, folded, batched=tile_batch)
linear(np.repeat, gathered_up, batched=repeat_batch)
spelled(np.resize, resize)
spelled(np.fliplr, lambda m: np.flip(m, 1))
spelled(np.flipud, lambda m: np.flip(m, 0))
linear(np.tril, lambda g, into, k=0: unstretched(np.tril(g, k), shape_of(g), into), batched=of_each)
linear(np.triu, lambda g, into, k=0: unstretched(np.triu(g, k), shape_of(g), into), batched=of_each)


@recordable
def diagonal_of(x: Any, at: tuple[int, int, int]) -> Any:
    """Return the diagonal `at` an offset between two axes: of an array, a view to write to."""
    y = np.diagonal(x, *at)
    y.flags.writeable = x.flags.writeable
    return y


linear(
    diagonal_of,
    lambda g, into, at: put_back(g, ((diagonal_of, at),), into),
    batched=diagonal_of_batch,
)


def diag(v: Any, k: int = 0) -> Any:
    if ndim_of(v) == 2:
        return np.diagonal(v, k)
    if ndim_of(v) != 1:
        raise ValueError("Input must be 1- or 2-d.")
    n = shape_of(v)[0] + abs(k)
    return put_back(v, ((diagonal_of, (k, 0, 1)),), (n, n))


spelled(np.diag, diag)
spelled(np.diagflat, lambda v, k=0: np.diag(np.ravel(v), k))
linear(  # NumPy's own is not to be written to
    np.diagonal,
    lambda g, into, offset=0, axis1=0, axis2=1: put_back(
        g, ((diagonal_of, (offset, axis1, axis2)),), into
    ),
    batched=diagonal_batch,
)


# ---------------------------------------------------------------- windows


@recordable
def windows_of(x: Any, at: tuple[int, int, int]) -> Any:
    """Return a view of the windows along an axis: `at` is the axis, their length and their step.

    The numbers of a window are the last axis.
    """
    axis, length, step = at
    if length == 0:  # NumPy knows none
        shape = (*x.shape[:axis], x.shape[axis] // step + 1, *x.shape[axis + 1 :], 0)
        return np.zeros(shape, x.dtype)
    seen = np.lib.stride_tricks.sliding_window_view(x, length, axis)
    return seen[(*(slice(None),) * axis, slice(None, None, step))]


def windows_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    axis, length, step = options["at"]
    return f(values[0], at=(axis + 1, length, step))


linear(
    windows_of,
    lambda g, into, at: put_back(g, ((windows_of, at),), into),
    batched=windows_batch,
)
