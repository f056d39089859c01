"""Switches of CUDA, of which there is none here."""

from __future__ import annotations

from types import SimpleNamespace

from .._missing import lookup

__all__ = ["is_built", "matmul"]

matmul = SimpleNamespace(allow_tf32=False)


def is_built() -> bool:
    """Return False.

    >>> is_built()
    False
    """
    return False


__getattr__ = lookup(globals(), "torch.backends.cuda", {})
