"""Numbers repeated, turned, moved around, and those on or beside a diagonal."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import looped
from chainrule._core.stating import linear, spelled
from chainrule._core.traces import unstretched
from chainrule._core.values import ndim_of, recordable, shape_of

from .indexing import put_back

__all__ = ["diagonal_of"]


def back(shift: Any) -> Any:
    return tuple(-n for n in shift) if isinstance(shift, (tuple, list)) else -shift


def folded(g: Any, into: tuple[int, ...], reps: Any) -> Any:
    """Return the sum of the copies of an array of shape `into` that np.tile laid side by side."""
    times = tuple(reps) if isinstance(reps, (tuple, list)) else (reps,)
    ndim = max(len(times), len(into))
    lengths = (1,) * (ndim - len(into)) + into
    times = (1,) * (ndim - len(times)) + times
    pairs = [n for pair in zip(times, lengths, strict=True) for n in pair]
    return np.reshape(np.sum(np.reshape(g, pairs), tuple(range(0, 2 * ndim, 2))), into)


def of_each(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    """np.tril and np.triu work on the last two axes; of a vector they make a matrix."""
    one_by_one = ranks[0] == 1
    return looped(f, values, ranks, size, options) if one_by_one else f(*values, **options)


linear(np.roll, lambda g, shift, axis=None: np.roll(g, back(shift), axis))
linear(np.rot90, lambda g, k=1, axes=(0, 1): np.rot90(g, -k, axes))
linear(np.tile, folded)
linear(np.tril, lambda g, into, k=0: unstretched(np.tril(g, k), shape_of(g), into), batched=of_each)
linear(np.triu, lambda g, into, k=0: unstretched(np.triu(g, k), shape_of(g), into), batched=of_each)


@recordable
def diagonal_of(x: Any, at: tuple[int, int, int]) -> Any:
    """Return the diagonal `at` an offset between two axes: of an array, a view to write to."""
    y = np.diagonal(x, *at)
    y.flags.writeable = x.flags.writeable
    return y


linear(diagonal_of, lambda g, into, at: put_back(g, ((diagonal_of, at),), into))


def diag(v: Any, k: int = 0) -> Any:
    if ndim_of(v) == 2:
        return diagonal_of(v, (k, 0, 1))
    n = shape_of(v)[0] + abs(k)
    return put_back(v, ((diagonal_of, (k, 0, 1)),), (n, n))


spelled(np.diag, diag)
spelled(
    np.diagonal,
    lambda a, offset=0, axis1=0, axis2=1: diagonal_of(a, (offset, axis1, axis2)),
)
