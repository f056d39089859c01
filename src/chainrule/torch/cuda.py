"""Graphics processors: there are none here, and this says so as PyTorch without them does."""

from __future__ import annotations

from typing import Any

from ._missing import lookup

__all__ = [
    "current_device",
    "device_count",
    "empty_cache",
    "get_device_name",
    "is_available",
    "manual_seed",
    "manual_seed_all",
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


# ---------------------------------------------------------------- without effect


def manual_seed(seed: Any) -> None:
    """Return None: there is no stream to begin anew, but `seed` must be a whole number."""
    int(seed)


def manual_seed_all(seed: Any) -> None:
    """Return None, as `manual_seed` does."""
    int(seed)


def empty_cache() -> None:
    """Return None: there is no cache."""


# ---------------------------------------------------------------- refused


def current_device() -> int:
    """Raise AssertionError: there is no device."""
    raise AssertionError(NONE_HERE)


def get_device_name(device: Any = None) -> str:
    """Raise AssertionError: there is no device."""
    raise AssertionError(NONE_HERE)


def synchronize(device: Any = None) -> None:
    """Raise AssertionError: there is no device."""
    raise AssertionError(NONE_HERE)


__getattr__ = lookup(globals(), "torch.cuda", {})
