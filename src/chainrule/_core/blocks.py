"""Large arrays are worked through block by block, so that what lies between stays in the cache.

A chain of elementwise calls pulls a change through array after array. Beyond the cache that takes
as long as memory does, and each new array as long as the system takes to find it. Pulled block by
block, the change passes the whole chain at once, and only its end is written to memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["ALONG", "LARGE", "by_blocks", "passed", "pulled_along"]

LARGE = 65536  # numbers: half a megabyte
BLOCK = 16384
ALONG: set[Any] = set()  # pulls that work element by element, on what they keep as well
ndarray = np.ndarray


def pulled_along(node: Any, g: Any, changes: dict[int, Any], waiting: list[Any]) -> Any:
    """Return the step of a backward pass from `node`, `(pull, parent, kept, g)`.

    It leads past all nodes that follow one another, if it can: a node follows if nothing else that
    waits can add to its change, so that it would be next in any case.
    """
    chain: list[Any] = []
    next_ = waiting[0][0] if waiting else 0
    at = node
    while True:
        order, pull, parent, kept, more = at
        if more is not None or pull not in ALONG or (chain and (order in changes or order > next_)):
            break
        chain.append((pull, kept))
        at = parent
    if len(chain) > 1 and (h := pulled_by_blocks(g, chain)) is not None:
        return passed, at, None, h
    return node[1], node[2], node[3], g


def passed(g: Any, kept: Any) -> Any:
    return g


def pulled_by_blocks(g: Any, chain: list[Any]) -> Any:
    """Return the change `g` pulled through `chain`; None if it cannot be done by blocks."""
    for _, kept in chain:
        for v in kept if type(kept) is tuple else (kept,):
            if v is not None and getattr(v, "shape", ()) not in (g.shape, ()):
                return None
            if type(v) not in PLAIN:
                return None
    out = np.empty(g.shape, g.dtype)
    try:
        for block in blocks(g.shape):
            h = g[block]
            for pull, kept in chain:
                h = pull(h, part_of(kept, block))
            out[block] = h
    except Exception:
        return None  # one by one the pulls say which of them it was
    return out


def part_of(kept: Any, block: slice) -> Any:
    if type(kept) is tuple:
        return tuple([part_of(v, block) for v in kept])
    return kept[block] if type(kept) is ndarray and kept.ndim else kept


PLAIN = {ndarray, float, int, bool, complex, np.float64, np.float32, np.complex128, type(None)}


def blocks(shape: tuple[int, ...]) -> Iterator[slice]:
    """Return slices of the first axis, each of about as many numbers as the cache holds."""
    rows = max(1, BLOCK * shape[0] // int(np.prod(shape)))
    return (slice(start, start + rows) for start in range(0, shape[0], rows))


def by_blocks(f: Callable[[Any], Any], x: Any) -> Any:
    """Return f(x), elementwise, block by block."""
    out = np.empty(x.shape, x.dtype)
    for block in blocks(x.shape):
        out[block] = f(x[block])
    return out
