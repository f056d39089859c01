"""Where new tensors are when nothing is said: on the CPU, which can be said here again."""

from __future__ import annotations

from typing import Any

from .._kinds.device import checked_device, device

__all__ = ["get_default_device", "set_default_device"]


def get_default_device() -> device:
    """Return `device(type='cpu')`: there is no other.

    >>> get_default_device()
    device(type='cpu')
    """
    return device("cpu")


def set_default_device(device: Any) -> None:
    """Accept the CPU, or None, which stands for it; any other device raises what a tensor would."""
    checked_device(device)
