"""Workers that load batches ahead: threads of the program, which see its objects as they are.

The program hands out the numbers of the batches in turn and takes the batches back in their order,
so that what is given, and what each worker draws, does not depend on who is faster.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
import traceback
import weakref
from typing import Any, NamedTuple

from ...random import Generator
from ...random._own_stream import OWN
from .dataset import IterableDataset
from .fetching import fetcher
from .worker_info import ME, WorkerInfo

__all__ = ["ENDED", "Crew", "Failure"]

PATIENCE = 5.0  # seconds that an end waits for workers that are still loading


class Failure(NamedTuple):
    """An error in a worker, to be raised in the program."""

    kind: type[BaseException]
    text: str

    def raised(self) -> BaseException:
        """Return the error, of its type if that can be made of a text."""
        if self.kind is KeyError:
            return KeyError(Words(self.text))  # which would print it with \\n in it
        try:
            return self.kind(self.text)
        except Exception:
            return RuntimeError(self.text)


class Words(str):
    """A text that is printed as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


ENDED = object()  # a worker's part of an IterableDataset is at its end


class Crew:
    """Threads with a queue each, and one for what they have loaded.

    They end with `stop`, when the crew is no longer in use, and with the program.
    """

    def __init__(self, loader: Any, seed: int) -> None:
        self.results: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.tasks: list[queue.SimpleQueue[Any]] = []
        over = threading.Event()
        threads = []
        for k in range(loader.num_workers):
            tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
            info = WorkerInfo(k, loader.num_workers, seed + k, loader.dataset)
            plan = Plan(loader)
            thread = threading.Thread(
                target=work, args=(info, plan, tasks, self.results, over), daemon=True
            )
            self.tasks.append(tasks)
            threads.append(thread)
        self.stop = weakref.finalize(self, dismiss, threads, self.tasks, over)
        for thread in threads:
            thread.start()


class Plan:
    """What a worker needs of a loader, without the loader: it shall be freed while they work."""

    def __init__(self, loader: Any) -> None:
        self.dataset, self.collate_fn = loader.dataset, loader.collate_fn
        self.batch_size, self.batch_sampler = loader.batch_size, loader.batch_sampler
        self.drop_last, self.init = loader.drop_last, loader.worker_init_fn


def work(info: WorkerInfo, plan: Plan, tasks: Any, results: Any, over: threading.Event) -> None:
    """Load batches until there is nothing more to do."""
    ME.set(info)
    OWN.set(Generator().manual_seed(info.seed))
    failure = fetch = None
    try:
        if plan.init is not None:
            plan.init(info.id)
        fetch = fetcher(plan)
    except BaseException:
        failure = caught(info.id)
    while (task := tasks.get()) is not None and not over.is_set():
        k, numbers = task
        if numbers is ENDED:  # a new epoch of workers that persist
            try:
                fetch = fetcher(plan)
            except BaseException:
                failure = caught(info.id)
            continue
        found: Any
        try:
            found = failure if fetch is None else fetch(numbers)
            failure = None if fetch is None else failure
        except StopIteration:
            found = ENDED if isinstance(plan.dataset, IterableDataset) else caught(info.id)
        except BaseException:
            found = caught(info.id)
        results.put((k, info.id, found))
        del found, task, numbers  # a batch belongs to the program, not to an idle worker


def caught(k: int) -> Failure:
    """Return the error that is being handled, with where it came from."""
    kind, error, trace = sys.exc_info()
    assert kind is not None
    lines = "".join(traceback.format_exception(kind, error, trace))
    return Failure(
        kind, f"Caught {kind.__name__} in DataLoader worker process {k}.\nOriginal {lines}"
    )


def dismiss(threads: list[threading.Thread], tasks: list[Any], over: threading.Event) -> None:
    """Let the threads end, and wait for them a while: a batch on the way is loaded to its end."""
    over.set()
    for one in tasks:
        one.put(None)
    deadline = time.monotonic() + PATIENCE
    for thread in threads:
        if thread is not threading.current_thread() and thread.ident is not None:
            thread.join(max(0.0, deadline - time.monotonic()))
