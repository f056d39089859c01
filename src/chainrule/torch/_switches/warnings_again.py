"""Whether a warning is given again: Python's filters decide, and this switch only remembers."""

from __future__ import annotations

__all__ = ["is_warn_always_enabled", "set_warn_always"]

_chosen = {"always": False}


def set_warn_always(b: bool, /) -> None:
    """Remember whether warnings are wanted each time; `warnings.simplefilter` decides it."""
    if not isinstance(b, bool):
        raise RuntimeError(f"setWarnOnlyOnce expects a bool, but got {type(b).__name__}")
    _chosen["always"] = b


def is_warn_always_enabled() -> bool:
    """Return what `set_warn_always` was told.

    >>> is_warn_always_enabled()
    False
    """
    return _chosen["always"]
