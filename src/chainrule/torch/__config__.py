"""What computes here, as text."""

from __future__ import annotations

import sys

import numpy as np

from ._switches.threads import get_num_threads

__all__ = ["parallel_info", "show"]


def show() -> str:
    """Return a text that names what the tensors' numbers are computed by.

    >>> "NumPy" in show()
    True
    """
    python = ".".join(map(str, sys.version_info[:3]))
    return f"chainrule built with:\n  - Python {python}\n  - NumPy {np.__version__}\n"


def parallel_info() -> str:
    """Return a text that tells how many threads were asked for."""
    return f"threads: {get_num_threads()} (NumPy's own library decides for itself)\n"
