"""The DataLoader: batches of a set of examples, in the orders that PyTorch would draw."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import Any, Generic, TypeVar

from ...random import Generator
from .collating import default_collate, default_convert
from .dataset import IterableDataset
from .sampler import BatchSampler, RandomSampler, Sampler, SequentialSampler
from .walks import alone, with_workers

__all__ = ["DataLoader"]

TOO_MANY = (
    "This DataLoader will create {} worker processes in total. Our suggested max number of worker "
    "in current system is {}, which is smaller than what this DataLoader is going to create. "
    "Please be aware that excessive worker creation might get DataLoader running slow or even "
    "freeze, lower the worker number to avoid potential slowness/freeze if necessary."
)
T_co = TypeVar("T_co", covariant=True)

FIXED = (
    "batch_size",
    "batch_sampler",
    "sampler",
    "drop_last",
    "dataset",
    "persistent_workers",
)


class DataLoader(Generic[T_co]):
    """Batches of examples: an iterable that begins anew with every loop over it.

    `shuffle` walks the examples in random order, drawn as PyTorch draws it; `sampler` says another
    order, `batch_sampler` the batches themselves. `collate_fn` makes a batch of a list of
    examples. `batch_size=None` gives single examples.

    `num_workers` threads load `prefetch_factor` batches each ahead of the program; they begin with
    `worker_init_fn(number)` and end with the loop, unless they are `persistent_workers`. Each has
    a random stream of its own in the place of the default one. Batches come in order, or as they
    are ready (`in_order=False`); waiting for one ends after `timeout` seconds. Raises ValueError
    for options that exclude one another, and what workers raise, with where it was.

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
        check_workers(num_workers, timeout, prefetch_factor, persistent_workers)
        self.dataset, self.num_workers, self.timeout = dataset, num_workers, timeout
        self.pin_memory, self.pin_memory_device = pin_memory, pin_memory_device
        self.worker_init_fn, self.in_order = worker_init_fn, in_order
        self.prefetch_factor = 2 if num_workers and prefetch_factor is None else prefetch_factor
        self.multiprocessing_context = context_of(multiprocessing_context, num_workers)
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
        if self._unnumbered:
            sampler = _InfiniteConstantSampler()
        elif sampler is None:
            sampler = RandomSampler(dataset, generator=generator) if shuffle else None
            sampler = SequentialSampler(dataset) if sampler is None else sampler
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)  # type: ignore[arg-type]
        self.batch_size, self.drop_last = batch_size, drop_last
        self.sampler, self.batch_sampler = sampler, batch_sampler
        self.generator, self.persistent_workers = generator, persistent_workers
        batched = batch_size is not None or batch_sampler is not None
        self.collate_fn = collate_fn or (default_collate if batched else default_convert)
        self._told_length: int | None = None  # of a set without numbers, by whoever asked
        self._walk: Any = None
        self._ready = True
        self.check_worker_number_rationality()

    def check_worker_number_rationality(self) -> None:
        """Warn if there are more workers than processors."""
        count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        if self.num_workers and count is not None and self.num_workers > count:
            warnings.warn(TOO_MANY.format(self.num_workers, count), UserWarning, stacklevel=3)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in FIXED and "_ready" in self.__dict__:
            raise ValueError(
                f"{name} attribute should not be set after {type(self).__name__} is initialized"
            )
        super().__setattr__(name, value)

    def __iter__(self) -> Iterator[Any]:
        return with_workers(self) if self.num_workers else alone(self)

    def __len__(self) -> int:
        if self._unnumbered:
            count = self._told_length = len(self.dataset)
            if self.batch_size is None:
                return count
            return (count if self.drop_last else count + self.batch_size - 1) // self.batch_size
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)  # type: ignore[arg-type]


class _InfiniteConstantSampler(Sampler[None]):
    """What stands for the order of examples that have no numbers."""

    def __iter__(self) -> Iterator[None]:
        return repeat(None)


# ---------------------------------------------------------------- options


def check_workers(workers: int, timeout: float, prefetch: Any, persistent: bool) -> None:
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


def context_of(context: Any, workers: int) -> Any:
    """Return the context that was meant; threads need none."""
    if context is None:
        return None
    if workers == 0:
        raise ValueError(
            "multiprocessing_context can only be used with multi-process loading (num_workers > "
            f"0), but got num_workers={workers}"
        )
    import multiprocessing  # which nobody else needs

    if isinstance(context, str):
        if context not in (known := multiprocessing.get_all_start_methods()):
            raise ValueError(
                "multiprocessing_context option should specify a valid start method in "
                f"{known}, but got multiprocessing_context={context!r}"
            )
        return multiprocessing.get_context(context)
    if not isinstance(context, multiprocessing.context.BaseContext):
        raise TypeError(
            "multiprocessing_context option should be a valid context object or a string "
            f"specifying the start method, but got multiprocessing_context={context}"
        )
    return context


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
