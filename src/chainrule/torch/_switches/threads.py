"""How many threads compute: the numbers are remembered, NumPy's library decides for itself."""

from __future__ import annotations

import os
from typing import Any

__all__ = [
    "get_num_interop_threads",
    "get_num_threads",
    "set_num_interop_threads",
    "set_num_threads",
]

_counts: dict[str, int] = {}


def available() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # there is no such question on macOS and Windows
        return os.cpu_count() or 1


def remember(name: str, count: Any) -> None:
    if isinstance(count, bool) or not isinstance(count, int):
        raise RuntimeError(f"set_{name} expects an int, but got {type(count).__name__}")
    if count < 1:
        raise RuntimeError(f"set_{name} expects a positive integer")
    _counts[name] = count


def get_num_threads() -> int:
    """Return the number that was set, or how many processors there are.

    NumPy's own library of linear algebra reads OPENBLAS_NUM_THREADS, or its like, at its start.

    >>> set_num_threads(2)
    >>> get_num_threads()
    2
    """
    return _counts.get("num_threads") or available()


def set_num_threads(count: int, /) -> None:
    """Remember a number of threads; results never depend on it."""
    remember("num_threads", count)


def get_num_interop_threads() -> int:
    """Return the number that was set, or how many processors there are."""
    return _counts.get("num_interop_threads") or available()


def set_num_interop_threads(count: int, /) -> None:
    """Remember a number of threads; results never depend on it."""
    remember("num_interop_threads", count)
