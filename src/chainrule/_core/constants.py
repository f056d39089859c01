"""Constants that a pull keeps: the user's own arrays, which may be changed in place meanwhile.

    y = x * c;  c *= 2          the slope is the old c, as the value was

A small array is copied when the call is recorded. Copying a large one at each call could take more
memory than the program has (a loop of ten thousand steps over one matrix), so it is sampled: some
numbers, spread over the array, are compared when the backward pass comes. It raises if they differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Sequence
from functools import lru_cache
from typing import Any, NoReturn

import numpy as np

__all__ = [
    "CONTAINERS",
    "ChangedConstantError",
    "checked",
    "copied",
    "guarded",
    "owned",
    "sample",
    "small",
    "still",
    "unchanged",
]

SMALL = {"elementwise": 4096}  # numbers: the record of such a call is at least as long anyway
OTHERS = 1024  # a matrix is longer than the vectors that it meets: 8 kB a call at most
SAMPLES = 48
CONTAINERS = {tuple, list, np.ndarray}  # an option of another type cannot be changed in place


class ChangedConstantError(ValueError):
    """An array that the backward pass needs was changed in place after it was used."""


def small(word: str) -> int:
    """Return up to which size the constants of a rule stated by `word` are copied."""
    return SMALL.get(word, OTHERS)


@lru_cache(256)
def spread(size: int, first: int, last: int) -> slice:
    """Return every so-manieth place of an array: of all its `first` rows and `last` columns."""
    step = size // SAMPLES | 1
    while math.gcd(step, first * last) > 1:
        step += 2
    return slice(None, None, step)


def sample(array: np.ndarray) -> Callable[[], bytes]:
    """Return what reads some of the numbers of `array`, spread over it.

    It reads them as bytes, so that NaN is equal to itself, and of most arrays through a view that
    is made once: reading takes 0.2 us.
    """
    places = spread(array.size, array.shape[0], array.shape[-1])
    if array.flags.forc:
        return array.ravel("K")[places].tobytes
    return lambda: array.flat[places].tobytes()


def checked(g: Any, kept: Any) -> Any:
    """Pull, if a constant of the call is what it was."""
    pull, kept, shape, read, before = kept
    if read() != before:
        refuse_changed(shape)
    return pull(g, kept)


def refuse_changed(shape: tuple[int, ...]) -> NoReturn:
    raise ChangedConstantError(
        f"an array of shape {shape} was changed in place after it was used, and the "
        "backward pass needs what it was. Copy it before the change (c = c.copy()), or "
        "make a new array (c = c + 1 in place of c += 1)."
    )


def guarded(link: Any, array: np.ndarray) -> Any:
    """Return the node `link` with a look at a large `array` before its first pull."""
    order, pull, parent, kept, more = link
    read = sample(array)
    return (order, checked, parent, (pull, kept, array.shape, read, read()), more)


def unchanged(samples: list[tuple[tuple[int, ...], Callable[[], bytes], bytes]]) -> None:
    """Raise if one of the arrays is no longer what its sample says."""
    for shape, read, before in samples:
        if read() != before:
            refuse_changed(shape)


def owned(values: Iterable[Any], size: int = OTHERS) -> tuple[list[Any], list[Any]]:
    """Return `values` with copies of the arrays up to `size`, and samples of the larger ones."""
    out, samples = [], []
    for v in values:
        if type(v) is np.ndarray and v.size > size:
            read = sample(v)
            samples.append((v.shape, read, read()))
        out.append(v.copy() if type(v) is np.ndarray and v.size <= size else v)
    return out, samples


def copied(values: list[Any], inputs: Sequence[Any], kept: Container[int], size: int) -> Any:
    """Return `values` with copies of constants up to `size` among them, and the larger constants.

    `kept` are the positions of the inputs that a pull may keep.
    """
    out, large = list(values), []
    for i, v in enumerate(values):
        if type(v) is np.ndarray and v is inputs[i] and i in kept:
            if v.size > size:
                large.append(v)
            else:
                out[i] = v.copy()
    return out, large


def still(option: Any) -> Any:
    """Return an index or another option with copies of the arrays and lists in it."""
    kind = type(option)
    if kind is np.ndarray or kind is list:
        return option.copy()
    if kind is tuple:
        for v in option:
            if type(v) is np.ndarray or type(v) is list:
                return tuple(map(still, option))
    return option
