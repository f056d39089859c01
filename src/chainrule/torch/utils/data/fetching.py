"""Batches from numbers of examples: the part of loading that workers can do, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from ..._tensor import made
from .collating import default_collate
from .dataset import IterableDataset, Subset, TensorDataset

__all__ = ["fetcher"]


def fetcher(loader: Any) -> Callable[[Any], Any]:
    """Return the function that makes a batch of the numbers of its examples.

    Of an IterableDataset it ignores the numbers, and raises StopIteration at the end.
    """
    dataset, collate = loader.dataset, loader.collate_fn
    if isinstance(dataset, IterableDataset):
        found = iter(dataset)
        if loader.batch_size is None:
            return lambda _: collate(next(found))
        return lambda _: collate(next_of(found, loader.batch_size, loader.drop_last))
    if loader.batch_sampler is None:
        return lambda number: collate(dataset[number])
    several: Any = getattr(dataset, "__getitems__", None)

    def one_by_one(numbers: Any) -> Any:
        return collate(several(numbers) if several else [dataset[i] for i in numbers])

    source = rows_of(dataset) if collate is default_collate else None
    if source is None:
        return one_by_one
    arrays, chosen = source
    shortest = min(map(len, arrays), default=0)

    def at_once(numbers: Any) -> Any:
        # stacked one by one, rows of tensors would give the same
        if not (type(numbers) is list and numbers and type(numbers[0]) is int):
            return one_by_one(numbers)
        try:
            rows = numbers if chosen is None else [chosen[i] for i in numbers]
            if min(rows) < 0 or max(rows) >= shortest:
                return one_by_one(numbers)
            # of rows that are there "clip" changes nothing: it saves a look at each
            return [made(array.take(rows, 0, mode="clip")) for array in arrays]
        except (IndexError, TypeError):
            return one_by_one(numbers)

    return at_once


def rows_of(dataset: Any) -> tuple[list[Any], list[int] | None] | None:
    """Return the arrays that a set of examples takes rows of, and which ones, if it does just so.

    A subclass may do anything else, and so may rows that are recorded or of several types.
    """
    chosen = None
    while type(dataset) is Subset:
        inner = dataset.indices
        if type(inner) is not list or not all(type(i) is int for i in inner):
            return None
        try:
            chosen = inner if chosen is None else [inner[i] for i in chosen]
        except IndexError:
            return None
        dataset = dataset.dataset
    if type(dataset) is not TensorDataset:
        return None
    if any(tensor._node is not None or not tensor._array.ndim for tensor in dataset.tensors):
        return None
    return [tensor._array for tensor in dataset.tensors], chosen


def next_of(found: Iterator[Any], count: int, whole: bool) -> list[Any]:
    """Return the next examples; raise StopIteration where there are none, or too few."""
    batch = list(islice(found, count))
    if not batch or (whole and len(batch) < count):
        raise StopIteration
    return batch
