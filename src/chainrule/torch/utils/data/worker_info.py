"""What a worker of a DataLoader can know of itself."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

__all__ = ["ME", "WorkerInfo", "get_worker_info"]


@dataclass(frozen=True)
class WorkerInfo:
    """The number of a worker (`id`), how many there are, its seed, and its set of examples."""

    id: int
    num_workers: int
    seed: int
    dataset: Any
    rng: Any = None
    worker_method: str = "thread"


ME: ContextVar[WorkerInfo | None] = ContextVar("ME", default=None)


def get_worker_info() -> WorkerInfo | None:
    """Return who the worker is that calls, and None in the program itself."""
    return ME.get()
