"""All cores over the rows, and the same digits on any number of them.

The rows are cut into chunks, by the shape of the data alone; threads take chunks as they come. Each
chunk has sums of its own, which are added pairwise at the end: so neither the number of threads nor
who came first reaches the result, and a core that is busy elsewhere costs a chunk, not half of the
time. Kernels that release the interpreter (`nogil`) run side by side.
"""

from __future__ import annotations

import functools
import math
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy import zeros
from numpy.typing import DTypeLike, NDArray

__all__ = ["cores", "limit", "over_rows"]

Array = NDArray[Any]

# Numbers in the data below which a second thread gains less than the handing over takes.
DIRECT = 1_000_000
# Chunks: few while a chunk takes less than some 0.1 ms, or where the sums are as large as the data.
FEW, MANY = 8, 64
LARGE = 16_000_000
LINE = 128  # bytes: two cache lines, which some processors fetch as a pair


def cores() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_limit: ContextVar[int | None] = ContextVar("limit", default=None)


@contextmanager
def limit(threads: int) -> Iterator[None]:
    """Let compiled functions use at most `threads` threads, the caller's included, in the block.

    The results are the same, digit by digit. Without it they use every processor they may.

    >>> def count(start, stop, total):
    ...     total += stop - start
    >>> with limit(1):
    ...     over_rows(count, 10_000_000, [], [((1,), float)])
    [array([10000000.])]
    """
    if threads < 1:
        raise ValueError(f"limit needs at least one thread, the caller's own, but got {threads}.")
    token = _limit.set(threads)
    try:
        yield
    finally:
        _limit.reset(token)


@functools.cache
def _helpers(process: int) -> ThreadPoolExecutor:
    """Return the threads beside the caller's of this process: a child has none of its parent's."""
    return ThreadPoolExecutor(max(1, cores() - 1), "chainrule")


def over_rows(
    kernel: Callable[..., Any],
    rows: int,
    inputs: Sequence[Any],
    sums: Sequence[tuple[tuple[int, ...], DTypeLike]],
    row_outputs: Sequence[Array] = (),
    width: int = 1,
) -> list[Array]:
    """Return the sums that `kernel(start, stop, *inputs, *sums, *row_outputs)` adds up.

    Args:
        kernel: adds what the rows from `start` to `stop` contribute to the sums, which begin as
            zeros, and writes those rows of the `row_outputs`; called by several threads at once.
        rows: how many rows there are.
        inputs: passed on to every call.
        sums: shape and dtype of each sum.
        row_outputs: whole arrays, passed on to every call.
        width: about how many numbers a row has; how the rows are cut depends on it.
    """
    if rows * width >= DIRECT:
        return _in_chunks(kernel, rows, inputs, sums, row_outputs, width)
    parts = [zeros(shape, dtype) for shape, dtype in sums]
    kernel(0, rows, *inputs, *parts, *row_outputs)
    return parts


def _in_chunks(  # apart, because the variables of inner functions would cost small data 0.3 us
    kernel: Callable[..., Any],
    rows: int,
    inputs: Sequence[Any],
    sums: Sequence[tuple[tuple[int, ...], DTypeLike]],
    row_outputs: Sequence[Array],
    width: int,
) -> list[Array]:
    """Do what `over_rows` does, for data that are worth several threads."""
    sizes = [math.prod(shape) for shape, _ in sums]
    chunks = _chunks(rows * width, sum(sizes))
    every = [_apart(chunks, size, dtype) for size, (_, dtype) in zip(sizes, sums, strict=True)]
    waiting = deque(range(chunks))

    def shaped(parts: Iterable[Array]) -> list[Array]:
        together = zip(parts, sizes, sums, strict=True)
        return [part[:size].reshape(shape) for part, size, (shape, _) in together]

    def work() -> None:
        while waiting:
            try:
                chunk = waiting.popleft()
            except IndexError:  # another thread took the last one
                return
            start, stop = rows * chunk // chunks, rows * (chunk + 1) // chunks
            try:
                kernel(start, stop, *inputs, *shaped(s[chunk] for s in every), *row_outputs)
            except BaseException:
                waiting.clear()  # the others need not go on
                raise

    _together(work, min(_limit.get() or cores(), chunks))
    return shaped(map(_pairwise, every))


def _chunks(numbers: int, size: int) -> int:
    """Return how many chunks data of so many numbers are cut into, where the sums have `size`."""
    if numbers >= LARGE and 16 * MANY * size <= numbers:
        return MANY
    return FEW if FEW * size <= numbers else 1


def _apart(chunks: int, size: int, dtype: DTypeLike) -> Array:
    """Return zeros, a row of `size` or more for each chunk, none in the cache lines of another."""
    each = LINE // np.dtype(dtype).itemsize
    padded = -(-size // each) * each
    flat = zeros(chunks * padded + each, dtype)
    first = -flat.__array_interface__["data"][0] % LINE // flat.itemsize
    return flat[first : first + chunks * padded].reshape(chunks, padded)


def _pairwise(parts: Array) -> Array:
    while len(parts) > 1:
        half = len(parts) // 2
        parts = np.add(parts[:half], parts[half:], out=parts[:half])
    whole: Array = parts[0]
    return whole


def _together(work: Callable[[], None], threads: int) -> None:
    """Let so many threads work, the caller among them, and wait for those that have begun."""
    others: list[Future[None]] = []
    with suppress(RuntimeError):  # no new threads here, or not any more: the caller does it all
        while len(others) < threads - 1:
            others.append(_helpers(os.getpid()).submit(work))
    try:
        work()
    finally:
        # Who has not begun is not needed, and may be waiting for this very thread.
        begun = [other for other in others if not other.cancel()]
        wait(begun)
    for other in begun:
        other.result()  # raises what was raised there
