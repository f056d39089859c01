"""Walks over the batches of a loader: by the program itself, or with workers."""

from __future__ import annotations

import itertools
import queue
import warnings
from collections.abc import Iterator
from typing import Any

from ...random import default_generator
from .dataset import IterableDataset
from .fetching import fetcher
from .workers import ENDED, Crew, Failure

__all__ = ["alone", "with_workers"]

NO_PINNING = (
    "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory "
    "won't be used."
)
REPORTED = (
    "Length of IterableDataset {} was reported to be {}(when accessing len(dataloader)), but {} "
    "samples have been fetched. "
)
WITH_WORKERS = (
    "For multiprocessing data-loading, this could be caused by not properly configuring the "
    "IterableDataset replica at each worker. Please see "
    "https://pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset for examples."
)


class Walk:
    """One walk over the batches of a loader."""

    def __init__(self, loader: Any) -> None:
        # PyTorch draws a seed for workers, whether there are any or not
        self.seed = (loader.generator or default_generator).random_int64()
        self.start(loader)

    def start(self, loader: Any) -> None:
        """Begin at the first batch."""
        self.loader, self.given = loader, 0
        if loader.pin_memory:
            warnings.warn(NO_PINNING, UserWarning, stacklevel=3)
        self.told = loader._told_length  # whoever asks later does not mean this walk
        self.numbers = self.orders()

    def orders(self) -> Iterator[Any]:
        """Return the numbers of the examples of each batch."""
        loader = self.loader
        return iter(loader.sampler if loader.batch_sampler is None else loader.batch_sampler)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        batch = self.following()
        self.given += 1
        if self.told is not None and self.given > self.told:
            text = REPORTED.format(self.loader.dataset, self.told, self.given)
            if self.loader.num_workers:
                text += WITH_WORKERS
            warnings.warn(text, UserWarning, stacklevel=2)
        return batch

    def following(self) -> Any:
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self.loader)


class Alone(Walk):
    """A walk in which the program itself loads the batches."""

    def __init__(self, loader: Any) -> None:
        super().__init__(loader)
        if loader.timeout != 0:
            raise AssertionError("_SingleProcessDataLoaderIter requires timeout == 0")
        self.fetch = fetcher(loader)

    def following(self) -> Any:
        return self.fetch(next(self.numbers))


class WithWorkers(Walk):
    """A walk with batches loaded ahead: some for each worker, in turn.

    `waiting` holds, for each batch that was handed out and not given yet, the worker and, once it
    is there, the batch.
    """

    def __init__(self, loader: Any) -> None:
        super().__init__(loader)
        self.crew = Crew(loader, self.seed)
        self.begin()

    def begin(self) -> None:
        """Hand out the first batches."""
        count = self.loader.num_workers
        self.handed_out = self.next = 0
        self.waiting: dict[int, Any] = {}
        self.left = [0] * count  # what each worker still has to do
        self.active = [True] * count
        self.turns = itertools.cycle(range(count))
        for _ in range(self.loader.prefetch_factor * count):
            self.hand_out()

    def begin_anew(self) -> None:
        """Walk once more, with the workers that there are."""
        while sum(self.left):
            self.receive()  # what was loaded for a walk that was left
        self.start(self.loader)
        if isinstance(self.loader.dataset, IterableDataset):
            for tasks in self.crew.tasks:
                tasks.put((0, ENDED))  # which lets them begin anew
        self.begin()

    def hand_out(self) -> None:
        try:
            numbers = next(self.numbers)
        except StopIteration:
            return
        loader = self.loader
        fewest = sum(self.left) // max(1, sum(self.active)) if not loader.in_order else None
        for _ in range(loader.num_workers):
            worker = next(self.turns)
            if self.active[worker] and (fewest is None or self.left[worker] <= fewest):
                break
        else:
            return
        k = self.handed_out
        self.waiting[k] = [worker]
        self.left[worker] += 1
        self.handed_out += 1
        self.crew.tasks[worker].put((k, numbers))

    def following(self) -> Any:
        while True:
            while self.next < self.handed_out:
                here = self.waiting.get(self.next)
                if here is not None and (len(here) == 2 or self.active[here[0]]):
                    break
                self.waiting.pop(self.next, None)
                self.next += 1
            else:
                if not self.loader.persistent_workers:
                    self.crew.stop()
                raise StopIteration
            here = self.waiting[self.next]
            if len(here) == 2:
                del self.waiting[self.next]
                self.next += 1
                return self.opened(here[1])
            k, worker, found = self.receive()
            if found is ENDED:
                if self.active[worker]:
                    self.active[worker] = False
                    self.hand_out()
            elif k == self.next or not self.loader.in_order:
                del self.waiting[k]
                self.next += k == self.next
                return self.opened(found)
            else:
                self.waiting[k].append(found)

    def receive(self) -> tuple[int, int, Any]:
        timeout = self.loader.timeout
        try:
            k, worker, found = self.crew.results.get(timeout=timeout if timeout > 0 else None)
        except queue.Empty:
            text = f"DataLoader timed out after {timeout} seconds"
            raise RuntimeError(text) from None
        self.left[worker] -= 1
        return k, worker, found

    def opened(self, found: Any) -> Any:
        self.hand_out()
        if isinstance(found, Failure):
            raise found.raised()
        return found


def alone(loader: Any) -> Iterator[Any]:
    """Return a walk by the program itself."""
    return Alone(loader)


def with_workers(loader: Any) -> Iterator[Any]:
    """Return a walk with workers; those that persist are used again."""
    if loader.persistent_workers and loader._walk is not None:
        loader._walk.begin_anew()
        return loader._walk  # type: ignore[no-any-return]
    walk = WithWorkers(loader)
    if loader.persistent_workers:
        loader._walk = walk
    return walk
