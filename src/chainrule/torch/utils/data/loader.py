"""The DataLoader: batches of a set of examples, in the orders that PyTorch would draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from ..._tensor import made
from ...random import Generator, default_generator
from .collating import default_collate, default_convert
from .datasets import IterableDataset, TensorDataset
from .samplers import BatchSampler, RandomSampler, SequentialSampler

__all__ = ["DataLoader", "get_worker_info"]

FIXED = (
    "batch_size",
    "batch_sampler",
    "sampler",
    "drop_last",
    "dataset",
    "persistent_workers",
)


def get_worker_info() -> None:
    """Return None: examples are loaded by the program itself."""


class DataLoader:
    """Batches of examples: an iterable that begins anew with every loop over it.

    `shuffle` walks the examples in random order, drawn as PyTorch draws it; `sampler` says another
    order, `batch_sampler` the batches themselves. `collate_fn` makes a batch of a list of
    examples. `batch_size=None` gives single examples. Whatever `num_workers` says, the program
    itself loads them: the batches are the same. Raises ValueError for options that exclude one
    another.

    >>> import chainrule.torch as torch
    >>> from chainrule.torch.utils.data import DataLoader, TensorDataset
    >>> [batch for (batch,) in DataLoader(TensorDataset(torch.arange(3)), batch_size=2)]
    [tensor([0, 1]), tensor([2])]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Any] | None = None,
        batch_sampler: Iterable[list[Any]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], None] | None = None,
        multiprocessing_context: Any = None,
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        check_workers(
            num_workers, timeout, prefetch_factor, persistent_workers, multiprocessing_context
        )
        self.dataset, self.num_workers, self.timeout = dataset, num_workers, timeout
        self.pin_memory, self.pin_memory_device = pin_memory, pin_memory_device
        self.worker_init_fn, self.in_order = worker_init_fn, in_order
        self.prefetch_factor = 2 if num_workers and prefetch_factor is None else prefetch_factor
        self.multiprocessing_context = multiprocessing_context
        self._unnumbered = isinstance(dataset, IterableDataset)
        if self._unnumbered:
            check_unnumbered(shuffle, sampler, batch_sampler)
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, "
                    "and drop_last"
                )
            batch_size = None
        elif batch_size is None and drop_last:
            raise ValueError(
                "batch_size=None option disables auto-batching and is mutually exclusive with "
                "drop_last"
            )
        if sampler is None and not self._unnumbered:
            sampler = RandomSampler(dataset, generator=generator) if shuffle else None
            sampler = SequentialSampler(dataset) if sampler is None else sampler
        if batch_size is not None and batch_sampler is None and not self._unnumbered:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)  # type: ignore[arg-type]
        self.batch_size, self.drop_last = batch_size, drop_last
        self.sampler, self.batch_sampler = sampler, batch_sampler
        self.generator, self.persistent_workers = generator, persistent_workers
        batched = batch_size is not None or batch_sampler is not None
        self.collate_fn = collate_fn or (default_collate if batched else default_convert)
        self._ready = True

    def __setattr__(self, name: str, value: Any) -> None:
        if name in FIXED and "_ready" in self.__dict__:
            raise ValueError(
                f"{name} attribute should not be set after {type(self).__name__} is initialized"
            )
        super().__setattr__(name, value)

    def __iter__(self) -> Iterator[Any]:
        # PyTorch draws a seed for workers, whether there are any or not
        (self.generator or default_generator).random_int64()
        return _Batches(self)

    def __len__(self) -> int:
        if self._unnumbered:
            count = len(self.dataset)
            if self.batch_size is None:
                return count
            return (count if self.drop_last else count + self.batch_size - 1) // self.batch_size
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)  # type: ignore[arg-type]


class _Batches:
    """One walk over the batches of a loader."""

    def __init__(self, loader: DataLoader) -> None:
        self.loader = loader
        self.next = (examples if loader._unnumbered else batches)(loader).__next__

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self.next()

    def __len__(self) -> int:
        return len(self.loader)


def batches(loader: DataLoader) -> Iterator[Any]:
    dataset, collate = loader.dataset, loader.collate_fn
    if loader.batch_sampler is None:
        for i in loader.sampler:  # type: ignore[union-attr]
            yield collate(dataset[i])
        return
    quick = type(dataset) is TensorDataset and collate is default_collate
    quick = quick and all(tensor._node is None for tensor in dataset.tensors)
    several = getattr(dataset, "__getitems__", None)
    for numbers in loader.batch_sampler:
        if quick and all(type(i) is int for i in numbers) and numbers:
            yield rows(dataset.tensors, numbers)
        elif several:
            yield collate(several(numbers))
        else:
            yield collate([dataset[i] for i in numbers])


def rows(tensors: Any, numbers: list[int]) -> list[Any]:
    """Return the rows of these numbers: stacked one by one they would be the same."""
    try:
        return [made(tensor._array[numbers]) for tensor in tensors]
    except IndexError:
        return default_collate([tuple(tensor[i] for tensor in tensors) for i in numbers])  # type: ignore[no-any-return]


def examples(loader: DataLoader) -> Iterator[Any]:
    found = iter(loader.dataset)
    if loader.batch_size is None:
        for one in found:
            yield loader.collate_fn(one)
        return
    while batch := list(islice(found, loader.batch_size)):
        if len(batch) == loader.batch_size or not loader.drop_last:
            yield loader.collate_fn(batch)


# ---------------------------------------------------------------- options


def check_workers(
    workers: int, timeout: float, prefetch: Any, persistent: bool, context: Any
) -> None:
    if workers < 0:
        raise ValueError(
            "num_workers option should be non-negative; use num_workers=0 to disable "
            "multiprocessing."
        )
    if timeout < 0:
        raise ValueError("timeout option should be non-negative")
    if workers == 0 and prefetch is not None:
        raise ValueError(
            "prefetch_factor option could only be specified in multiprocessing."
            "let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None."
        )
    if workers > 0 and prefetch is not None and prefetch < 0:
        raise ValueError("prefetch_factor option should be non-negative")
    if persistent and workers == 0:
        raise ValueError("persistent_workers option needs num_workers > 0")
    if workers == 0 and context is not None:
        raise ValueError(
            "multiprocessing_context can only be used with multi-process loading (num_workers > "
            f"0), but got num_workers={workers}"
        )


def check_unnumbered(shuffle: Any, sampler: Any, batch_sampler: Any) -> None:
    """Raise for an order of examples that have no numbers."""
    given = (
        ("shuffle", shuffle if shuffle not in (None, False) else None),
        ("sampler", sampler),
        ("batch_sampler", batch_sampler),
    )
    for name, v in given:
        if v is not None:
            raise ValueError(
                f"DataLoader with IterableDataset: expected unspecified {name} option, but got "
                f"{name}={v}"
            )
