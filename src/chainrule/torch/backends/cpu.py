"""What the processor can do."""

from __future__ import annotations

from .._missing import lookup

__all__ = ["get_cpu_capability"]


def get_cpu_capability() -> str:
    """Return "DEFAULT": NumPy chooses its own code for the processor.

    >>> get_cpu_capability()
    'DEFAULT'
    """
    return "DEFAULT"


__getattr__ = lookup(globals(), "torch.backends.cpu", {})
