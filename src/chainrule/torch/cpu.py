"""The processor that computes: it is there, it is one, and it waits for nothing."""

from __future__ import annotations

from typing import Any

from ._missing import lookup

__all__ = ["current_device", "device_count", "is_available", "synchronize"]


def is_available() -> bool:
    """Return True.

    >>> is_available()
    True
    """
    return True


def device_count() -> int:
    """Return 1."""
    return 1


def current_device() -> str:
    """Return "cpu"."""
    return "cpu"


def synchronize(device: Any = None) -> None:
    """Return None: every operation is done when it returns."""


__getattr__ = lookup(globals(), "torch.cpu", {})
