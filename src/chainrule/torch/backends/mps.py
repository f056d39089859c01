"""Apple's graphics processors: there are none here."""

from __future__ import annotations

from .._missing import lookup

__all__ = ["is_available", "is_built"]


def is_available() -> bool:
    """Return False.

    >>> is_available()
    False
    """
    return False


def is_built() -> bool:
    """Return False."""
    return False


__getattr__ = lookup(globals(), "torch.backends.mps", {})
