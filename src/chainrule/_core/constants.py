"""Constants that a pull keeps: the user's own arrays, which may be changed in place meanwhile.

    y = x * c;  c *= 2          the slope is the old c, as the value was

A small array is copied when the call is recorded. Copying a large one at each call could take more
memory than the program has (a loop of ten thousand steps over one matrix), so it is sampled: some
numbers, spread over the array, are compared when the backward pass comes. It raises if they differ.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from typing import Any, NoReturn

import numpy as np

__all__ = [
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
OTHERS = 256  # a matrix is longer than the vectors that it meets
SAMPLES = 48  # 0.6 us


class ChangedConstantError(ValueError):
    """An array that the backward pass needs was changed in place after it was used."""


def small(word: str) -> int:
    """Return up to which size the constants of a rule stated by `word` are copied."""
    return SMALL.get(word, OTHERS)


@lru_cache(256)
def spread(size: int, last: int) -> slice:
    """Return every so-manieth place of an array: not of one column alone, of the `last` ones."""
    step = size // SAMPLES | 1
    return slice(None, None, step if math.gcd(step, last) == 1 else step + 2)


def sample(array: np.ndarray) -> bytes:
    """Return some of the numbers of `array`, spread over it, as bytes: NaN is equal to itself."""
    return array.flat[spread(array.size, array.shape[-1])].tobytes()


def checked(g: Any, kept: Any) -> Any:
    """Pull, if a constant of the call is what it was."""
    pull, kept, array, before = kept
    if sample(array) != before:
        refuse_changed(array)
    return pull(g, kept)


def refuse_changed(array: np.ndarray) -> NoReturn:
    raise ChangedConstantError(
        f"an array of shape {array.shape} was changed in place after it was used, and the "
        "backward pass needs what it was. Copy it before the change (c = c.copy()), or "
        "make a new array (c = c + 1 in place of c += 1)."
    )


def guarded(link: Any, array: np.ndarray) -> Any:
    """Return the node `link` with a look at a large `array` before its first pull."""
    order, pull, parent, kept, more = link
    return (order, checked, parent, (pull, kept, array, sample(array)), more)


def unchanged(samples: list[tuple[np.ndarray, bytes]]) -> None:
    """Raise if one of the arrays is no longer what its sample says."""
    for array, before in samples:
        if sample(array) != before:
            refuse_changed(array)


def owned(values: Iterable[Any], size: int = OTHERS) -> tuple[list[Any], list[Any]]:
    """Return `values` with copies of the arrays up to `size`, and samples of the larger ones."""
    out, samples = [], []
    for v in values:
        if type(v) is np.ndarray and v.size > size:
            samples.append((v, sample(v)))
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
