"""Memory that would be written twice, or read after it was written: PyTorch refuses both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .._tensor import Tensor

__all__ = ["check_beside", "check_copy", "check_distinct", "check_pair", "is_twice"]

ASK = "Please clone() the tensor before performing the operation."
TWICE = (
    "unsupported operation: more than one element of the written-to tensor refers to a single "
    f"memory location. {ASK}"
)
BESIDE = (
    "unsupported operation: some elements of the input tensor and the written-to tensor refer to a "
    f"single memory location. {ASK}"
)


def check_distinct(array: np.ndarray[Any, Any]) -> None:
    """Raise if numbers of `array`, which will be written to, lie in one place: it is expanded."""
    if is_twice(array):
        raise RuntimeError(TWICE)


def is_twice(array: np.ndarray[Any, Any]) -> bool:
    """Say whether several numbers of `array` lie in one place."""
    return (
        0 in array.strides
        and array.size > 0
        and any(n > 1 and s == 0 for n, s in zip(array.shape, array.strides, strict=True))
    )


def check_beside(a: np.ndarray[Any, Any], inputs: Iterable[Any]) -> None:
    """Raise if `a`, which will be written to, shares some of its memory with one of `inputs`."""
    for v in inputs:
        if isinstance(v, Tensor) and v._array is not a:
            check_pair(a, v._array)


def check_pair(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any], *, at_all: bool = False) -> None:
    """Raise if `a`, which will be written to, shares some of its memory with `b`.

    To share all of it in the same order does no harm, unless `at_all` says that it does. Two views
    whose numbers do not lie densely in memory are let through, as PyTorch does.
    """
    if at_all and a is b:
        raise RuntimeError(BESIDE)
    if type(a) is not np.ndarray or type(b) is not np.ndarray:
        return  # a batch: what is written to it is put in anew
    if not (np.may_share_memory(a, b) and dense(a) and dense(b)):
        return
    (start, end), (other, other_end) = extent(a), extent(b)
    same = start == other and end == other_end and alike(a, b)
    if start < other_end and other < end and (at_all or not same):
        raise RuntimeError(BESIDE)


def dense(array: np.ndarray[Any, Any]) -> bool:
    """Say whether the numbers fill the memory from the first to the last, in whatever order."""
    if array.flags.forc:
        return True
    step = array.itemsize
    for s, n in sorted(zip(array.strides, array.shape, strict=True)):
        if n != 1:
            if s != step:
                return False
            step *= n
    return True


def check_copy(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> None:
    """Raise if `b` cannot be written over `a`; over itself it can."""
    if not np.may_share_memory(a, b):
        check_distinct(a)
    elif not is_same(a, b):
        check_distinct(a)
        check_pair(a, b)


def is_same(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> bool:
    """Say whether `a` and `b` are the same numbers in the same order, so that copying is idle."""
    return a.dtype == b.dtype and extent(a)[0] == extent(b)[0] and alike(a, b)


def alike(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> bool:
    """Say whether two arrays that begin together go through the memory in the same order."""
    return a.shape == b.shape and a.strides == b.strides


def extent(array: np.ndarray[Any, Any]) -> tuple[int, int]:
    """Return where the memory of a dense array begins and ends."""
    start = array.__array_interface__["data"][0]
    return start, start + array.nbytes
