"""Switches of cuDNN, which is not here: what is drawn and computed repeats itself anyway."""

from __future__ import annotations

from .._missing import lookup

__all__ = [
    "allow_tf32",
    "benchmark",
    "deterministic",
    "enabled",
    "is_available",
    "version",
]

# As they stand in PyTorch; a script may set them.
allow_tf32 = True
benchmark = False
deterministic = False
enabled = True


def is_available() -> bool:
    """Return False.

    >>> is_available()
    False
    """
    return False


def version() -> int | None:
    """Return None: there is none."""
    return None


__getattr__ = lookup(globals(), "torch.backends.cudnn", {})
