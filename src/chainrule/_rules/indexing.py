"""Reading parts of an array, and adding parts up."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import looped
from chainrule._core.pieces import Pieces, gather
from chainrule._core.stating import linear
from chainrule._core.values import dtype_of, recordable, take

__all__ = ["gathered", "scattered"]


def take_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    at = options["at"] if isinstance(options["at"], tuple) else (options["at"],)
    arrays = [
        n
        for n, i in enumerate(at)
        if not isinstance(i, slice) and i is not None and i is not Ellipsis
    ]
    if arrays and arrays != list(range(arrays[0], arrays[-1] + 1)):
        return looped(
            f, values, ranks, size, options
        )  # NumPy moves the dimensions of such indices in front
    return f(values[0], (slice(None), *at))


linear(take, lambda g, into, at: Pieces([(into, at, g)]), batched=take_batch)
linear(gather, lambda g, places, shape: [g[place] for place in places], lists=True)


def places(index: Any, axis: int) -> tuple[Any, ...]:
    """Return an index of every element: its own place, but that along `axis` is in `index`."""
    found = list(np.ogrid[tuple(slice(n) for n in np.shape(index))])
    found[axis] = index
    return tuple(found)


@recordable
def gathered(x: Any, index: Any, axis: int) -> Any:
    """Return the elements of `x` that the whole numbers `index`, of the same rank, name on `axis`.

    The result has the shape of `index`, which may be shorter than `x` on the other axes.
    """
    if np.ndim(x) == 0:
        return np.reshape(x, 1)[index]
    return x[places(index, axis)]


@recordable
def scattered(parts: Any, index: Any, axis: int, shape: tuple[int, ...]) -> Any:
    """Return zeros of `shape`, where every part is added at its place as `gathered` reads it."""
    whole = np.zeros(shape, dtype_of(parts))
    if whole.ndim == 0:
        return whole[()] + np.sum(parts)
    np.add.at(whole, places(index, axis), parts)
    return whole


linear(gathered, lambda g, into, b, axis: scattered(g, b, axis, into), None)
linear(scattered, lambda g, b, axis, shape: gathered(g, b, axis), None)


def part(x: Any, steps: Any) -> Any:
    """What `steps`, pairs of a function and its argument, lead to from `x`: a view of an array."""
    for function, argument in steps:
        x = function(x, argument)
    return x


@recordable
def overwritten(a: Any, b: Any, steps: Any) -> Any:
    """Return `a` with `b` in place of the part that `steps` lead to."""
    whole = np.array(a)
    if not steps:
        whole[...] = b
        return whole
    function, argument = steps[-1]
    seen = part(whole, steps[:-1])
    if function is take:
        seen[argument] = b  # which an index that copies can do, too
    else:
        function(seen, argument)[...] = b
    return whole


linear(
    overwritten,
    lambda g, steps: overwritten(g, 0.0, steps),
    lambda g, steps: part(g, steps),
)
