"""r_ and c_, which join what stands between brackets; the ways to go through the elements."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chainrule._core.traces import joined
from chainrule._core.values import Value, bare, cast, dtype_of, holds_value, ndim_of, shape_of

from .creation import arange

__all__ = ["c_", "ndenumerate", "nditer", "nested_iters", "r_"]


class Joiner:
    """What `numpy.r_` and `numpy.c_` are, for values that are being differentiated too.

    >>> import chainrule
    >>> import chainrule.numpy as np
    >>> chainrule.grad(lambda x: np.sum(np.r_[x, 0:3, [x, 2.0]] ** 2))(1.0)
    4.0
    """

    def __init__(self, plain: Any, axis: int, ndmin: int, place: int) -> None:
        self.plain, self.axis, self.ndmin, self.place = plain, axis, ndmin, place
        self.__doc__ = plain.__doc__

    def __len__(self) -> int:
        return 0

    def __getitem__(self, key: Any) -> Any:
        parts = key if isinstance(key, tuple) else (key,)
        if not any(map(within, parts)):
            return self.plain[key]
        axis, ndmin, place = self.axis, self.ndmin, self.place
        if isinstance(parts[0], str):
            axis, ndmin, place = directive(parts[0], axis, ndmin, place)
            parts = parts[1:]
        items = [ranged(v) if isinstance(v, slice) else joined(v) for v in parts]
        dtype = np.result_type(*map(bare, items))
        return np.concatenate([lifted(v, dtype, ndmin, place) for v in items], axis)


def within(v: Any) -> bool:
    return holds_value((v.start, v.stop, v.step) if isinstance(v, slice) else v)


def directive(text: str, axis: int, ndmin: int, place: int) -> tuple[int, int, int]:
    """Read the axis to join along, how many axes each part has at least, where its own stand."""
    if text in ("r", "c"):
        raise TypeError(
            f"{text!r} asks for a matrix, which values that are being differentiated cannot be "
            "in; leave it out, and use numpy.reshape."
        )
    try:
        found = [int(word) for word in text.split(",")]
    except ValueError:
        raise ValueError(f"unknown special directive {text!r}") from None
    return tuple(found + [axis, ndmin, place][len(found) :])[:3]  # type: ignore[return-value]


def ranged(v: slice) -> Any:
    """Return the numbers that a slice names: `start:stop:step`, or `start:stop:5j` for five."""
    start, step = 0 if v.start is None else v.start, 1 if v.step is None else v.step
    if isinstance(step, complex):
        return np.linspace(start, v.stop, int(abs(step)))
    return arange(start, v.stop, step)


def lifted(v: Any, dtype: Any, ndmin: int, place: int) -> Any:
    """Return `v` with `ndmin` axes at least: those it has from `place` on, others of length 1."""
    v = v if isinstance(v, Value) else np.asarray(v)
    v = v if dtype_of(v) == dtype else cast(v, dtype)
    if (more := ndmin - ndim_of(v)) <= 0:
        return v if ndim_of(v) else np.reshape(v, 1)
    before = place + more + 1 if place < 0 else place
    return np.reshape(v, (1,) * before + shape_of(v) + (1,) * (more - before))


r_ = Joiner(np.r_, 0, 1, -1)
c_ = Joiner(np.c_, -1, 2, 0)


class ndenumerate:
    """Pairs of a place, a tuple, and the element there; as `numpy.ndenumerate`.

    >>> import chainrule
    >>> import chainrule.numpy as np
    >>> f = lambda v: sum((i + 1) * x for (i,), x in np.ndenumerate(v))
    >>> chainrule.grad(f)(np.array([3.0, -1.0]))
    array([1., 2.])
    """

    def __init__(self, arr: Any) -> None:
        arr = joined(arr)
        if isinstance(arr, Value):
            places = np.ndindex(shape_of(arr))
            self._pairs: Iterator[Any] = ((i, arr[i]) for i in places)  # type: ignore[index]
        else:
            self._pairs = np.ndenumerate(arr)

    def __next__(self) -> Any:
        return next(self._pairs)

    def __iter__(self) -> ndenumerate:
        return self


def of_constants(iterator: Callable[..., Any]) -> Callable[..., Any]:
    """Return `iterator`, which hands out memory, for arrays that are not being differentiated."""

    @functools.wraps(iterator, updated=())
    def iterate(op: Any, *inputs: Any, **options: Any) -> Any:
        if holds_value(op):
            raise TypeError(
                f"numpy.{iterator.__name__} goes through the memory of arrays, and would lose what "
                "is being differentiated; loop over the array itself or numpy.ndenumerate, or "
                "write the step for whole arrays."
            )
        return iterator(op, *inputs, **options)

    return iterate


nditer, nested_iters = of_constants(np.nditer), of_constants(np.nested_iters)
