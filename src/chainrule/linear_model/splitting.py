"""Setting rows aside, so that a model is judged by rows that it has not seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["stratified_split"]

IntArray = NDArray[np.int64]


def stratified_split(codes: IntArray, fraction: float, seed: int) -> tuple[IntArray, IntArray]:
    """Return which rows train and which are held out, each in ascending order.

    Of every class about `fraction` of its rows are held out, never all; the sizes of the classes
    differ from exact shares by less than a row. The same seed gives the same split.

    >>> training, held_out = stratified_split(np.array([0] * 8 + [1] * 4), 0.25, seed=0)
    >>> np.bincount(np.array([0] * 8 + [1] * 4)[held_out])
    array([2, 1])
    """
    counts = np.bincount(codes)
    exact = fraction * counts
    taken = np.floor(exact).astype(np.int64)
    # What rounding down left over goes to the classes that lost most by it.
    left_over = round(exact.sum()) - int(taken.sum())
    taken[np.argsort(taken - exact, kind="stable")[:left_over]] += 1
    taken = np.minimum(taken, np.maximum(counts - 1, 0))
    shuffled = np.random.default_rng(seed).permutation(len(codes))
    held_out = np.concatenate(
        [shuffled[codes[shuffled] == k][: taken[k]] for k in range(len(counts))]
    )
    aside = np.zeros(len(codes), dtype=bool)
    aside[held_out] = True
    return np.flatnonzero(~aside), np.flatnonzero(aside)
