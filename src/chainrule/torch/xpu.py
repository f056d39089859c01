"""Intel's graphics processors: there are none here, and this says so as PyTorch without them."""

from __future__ import annotations

from typing import Any, NoReturn

from ._missing import lookup

__all__ = [
    "current_device",
    "device_count",
    "empty_cache",
    "get_device_name",
    "get_device_properties",
    "is_available",
    "manual_seed",
    "manual_seed_all",
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


def empty_cache() -> None:
    """Return None: there is no cache."""


def manual_seed(seed: int) -> None:
    """Return None: there is no stream to begin anew, but `seed` must be a whole number."""
    int(seed)


manual_seed_all = manual_seed


def refuse(*_: Any, **__: Any) -> NoReturn:
    """Raise AssertionError: there is no device."""
    raise AssertionError("Torch not compiled with XPU enabled")


current_device = get_device_name = get_device_properties = synchronize = refuse

__getattr__ = lookup(globals(), "torch.xpu", {})
