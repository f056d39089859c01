"""Accelerators of any kind: there are none here, and this says so as PyTorch without them does."""

from __future__ import annotations

from typing import Any, NoReturn

from ._missing import lookup

__all__ = [
    "current_accelerator",
    "current_device_idx",
    "current_device_index",
    "current_stream",
    "device_count",
    "empty_cache",
    "is_available",
    "max_memory_allocated",
    "max_memory_reserved",
    "memory_allocated",
    "memory_reserved",
    "set_device_idx",
    "set_device_index",
    "set_stream",
    "synchronize",
]

NONE_HERE = "Cannot access accelerator device when none is available."


def is_available() -> bool:
    """Return False.

    >>> is_available()
    False
    """
    return False


def device_count() -> int:
    """Return 0."""
    return 0


def current_accelerator(check_available: bool = False) -> None:
    """Return None: there is none."""


def refuse(*_: Any, **__: Any) -> NoReturn:
    """Raise RuntimeError: there is no device."""
    raise RuntimeError(NONE_HERE)


current_device_idx = current_device_index = current_stream = empty_cache = refuse
max_memory_allocated = max_memory_reserved = memory_allocated = memory_reserved = refuse
set_device_idx = set_device_index = set_stream = synchronize = refuse

__getattr__ = lookup(globals(), "torch.accelerator", {})
