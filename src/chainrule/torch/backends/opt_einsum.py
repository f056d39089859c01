"""The order in which `einsum` multiplies: these switches are remembered only."""

from __future__ import annotations

from .._missing import lookup

__all__ = ["enabled", "is_available", "strategy"]

enabled = False
strategy: str | None = None


def is_available() -> bool:
    """Return False: NumPy chooses the order.

    >>> is_available()
    False
    """
    return False


__getattr__ = lookup(globals(), "torch.backends.opt_einsum", {})
