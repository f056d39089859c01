"""Graphics processors: there are none here, and this says so."""

from __future__ import annotations

from ._missing import lookup

__all__ = ["device_count", "is_available"]


def is_available() -> bool:
    """Return False.

    >>> is_available()
    False
    """
    return False


def device_count() -> int:
    """Return 0."""
    return 0


__getattr__ = lookup(globals(), "torch.cuda", {})
