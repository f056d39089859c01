"""Intel's MKL: it computes nothing here, NumPy does."""

from __future__ import annotations

from .._missing import lookup

__all__ = ["is_available"]


def is_available() -> bool:
    """Return False.

    >>> is_available()
    False
    """
    return False


__getattr__ = lookup(globals(), "torch.backends.mkl", {})
