"""Switches of cuDNN, which is not here: what is drawn and computed repeats itself anyway."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from .._missing import lookup

__all__ = [
    "allow_tf32",
    "benchmark",
    "deterministic",
    "enabled",
    "flags",
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


@contextlib.contextmanager
def flags(**chosen: Any) -> Iterator[None]:
    """Set the switches that are named, inside of the context.

    >>> import chainrule.torch as torch
    >>> with torch.backends.cudnn.flags(benchmark=True):
    ...     torch.backends.cudnn.benchmark
    True
    """
    before = {name: globals()[name] for name in chosen if name in __all__}
    globals().update({name: value for name, value in chosen.items() if name in before})
    try:
        yield
    finally:
        globals().update(before)


__getattr__ = lookup(globals(), "torch.backends.cudnn", {})
