"""Apple's graphics processors: there are none here, and this says so as PyTorch without them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from ._missing import lookup

__all__ = [
    "current_allocated_memory",
    "device_count",
    "driver_allocated_memory",
    "empty_cache",
    "get_rng_state",
    "is_available",
    "manual_seed",
    "recommended_max_memory",
    "seed",
    "synchronize",
]


def is_available() -> bool:
    """Return False.

    >>> is_available()
    False
    """
    return False


def device_count() -> int:
    """Return 0."""
    return 0


def manual_seed(seed: int) -> None:
    """Return None: there is no stream to begin anew, but `seed` must be a whole number."""
    int(seed)


def refused(what: str) -> Callable[..., NoReturn]:
    """Return a function that raises RuntimeError: `what` needs a device."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        """Raise RuntimeError: there is no device."""
        raise RuntimeError(f"Cannot execute {what}() without MPS backend.")

    return refuse


current_allocated_memory = refused("getCurrentAllocatedMemory")
driver_allocated_memory = refused("getDriverAllocatedMemory")
empty_cache = refused("emptyCache")
get_rng_state = seed = refused("getDefaultGenerator")
recommended_max_memory = refused("getRecommendedMaxMemory")
synchronize = refused("deviceSynchronize")

__getattr__ = lookup(globals(), "torch.mps", {})
