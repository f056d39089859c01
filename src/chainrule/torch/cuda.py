"""Graphics processors: there are none here, and this says so as PyTorch without them does."""

from __future__ import annotations

from typing import Any, NoReturn

from ._missing import lookup

__all__ = [
    "Event",
    "Stream",
    "current_device",
    "current_stream",
    "device_count",
    "empty_cache",
    "get_arch_list",
    "get_device_capability",
    "get_device_name",
    "get_device_properties",
    "get_rng_state",
    "init",
    "initial_seed",
    "is_available",
    "is_bf16_supported",
    "is_initialized",
    "manual_seed",
    "manual_seed_all",
    "max_memory_allocated",
    "max_memory_reserved",
    "mem_get_info",
    "memory_allocated",
    "memory_reserved",
    "seed",
    "seed_all",
    "set_device",
    "synchronize",
]

# PyTorch raises an AssertionError; scripts that catch it are to catch this one.
NONE_HERE = "Torch not compiled with CUDA enabled"


def is_available() -> bool:
    """Return False.

    >>> is_available()
    False
    """
    return False


def device_count() -> int:
    """Return 0."""
    return 0


def is_initialized() -> bool:
    """Return False."""
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Return False."""
    return False


def get_arch_list() -> list[str]:
    """Return the empty list: this was built for no device."""
    return []


def memory_allocated(device: Any = None) -> int:
    """Return 0: there is no memory but the computer's own."""
    return 0


max_memory_allocated = memory_reserved = max_memory_reserved = memory_allocated


# ---------------------------------------------------------------- without effect


def manual_seed(seed: Any) -> None:
    """Return None: there is no stream to begin anew, but `seed` must be a whole number."""
    int(seed)


def manual_seed_all(seed: Any) -> None:
    """Return None, as `manual_seed` does."""
    int(seed)


def seed() -> None:
    """Return None: there is no stream to begin anew."""


def seed_all() -> None:
    """Return None: there is no stream to begin anew."""


def empty_cache() -> None:
    """Return None: there is no cache."""


# ---------------------------------------------------------------- refused


def refuse(*_: Any, **__: Any) -> NoReturn:
    """Raise AssertionError: there is no device."""
    raise AssertionError(NONE_HERE)


current_device = current_stream = get_device_capability = get_device_name = refuse
get_device_properties = get_rng_state = init = initial_seed = mem_get_info = refuse
set_device = synchronize = refuse


class Event:
    """A moment on a device: to make one raises RuntimeError, as there is no device."""

    def __init__(
        self, enable_timing: bool = False, blocking: bool = False, interprocess: bool = False
    ) -> None:
        raise RuntimeError("Tried to instantiate dummy base class Event")


class Stream:
    """A queue of a device: to make one raises RuntimeError, as there is no device."""

    def __init__(self, device: Any = None, priority: int = 0) -> None:
        raise RuntimeError("torch.cuda.Stream requires CUDA support")


__getattr__ = lookup(globals(), "torch.cuda", {})
