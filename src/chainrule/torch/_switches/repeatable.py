"""Whether results repeat themselves: here they always do, so these switches only remember."""

from __future__ import annotations

from typing import Any

__all__ = [
    "are_deterministic_algorithms_enabled",
    "get_deterministic_debug_mode",
    "is_deterministic_algorithms_warn_only_enabled",
    "set_deterministic_debug_mode",
    "use_deterministic_algorithms",
]

MODES = ("default", "warn", "error")
_chosen = {"enabled": False, "warn_only": False}


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Ask for algorithms that give the same numbers each time; all that are here do.

    >>> use_deterministic_algorithms(True)
    >>> are_deterministic_algorithms_enabled()
    True
    >>> use_deterministic_algorithms(False)
    """
    given: dict[str, Any] = {"mode": mode, "warn_only": warn_only}
    for place, (name, value) in enumerate(given.items(), 1):
        if not isinstance(value, bool):
            at = f" (position {place})" if place == 1 else ""
            raise TypeError(
                f"_set_deterministic_algorithms(): argument '{name}'{at} must be bool, not "
                f"{type(value).__name__}"
            )
    _chosen.update(enabled=mode, warn_only=warn_only)


def are_deterministic_algorithms_enabled() -> bool:
    """Return whether `use_deterministic_algorithms` asked for them."""
    return _chosen["enabled"]


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Return whether it was asked that other algorithms only warn."""
    return _chosen["warn_only"]


def get_deterministic_debug_mode() -> int:
    """Return 0 for "default", 1 for "warn" and 2 for "error"."""
    if not _chosen["enabled"]:
        return 0
    return 1 if _chosen["warn_only"] else 2


def set_deterministic_debug_mode(debug_mode: int | str) -> None:
    """Choose "default", "warn" or "error", or their numbers: 0, 1 or 2."""
    at: Any = debug_mode
    if isinstance(at, str):
        if at not in MODES:
            raise RuntimeError(
                "invalid value of debug_mode, expected one of `default`, `warn`, `error`, but got "
                f"{at}"
            )
        at = MODES.index(at)
    elif not isinstance(at, int):
        raise TypeError(f"debug_mode must be str or int, but got {type(at)}")
    if at not in (0, 1, 2):
        raise RuntimeError(f"invalid value of debug_mode, expected 0, 1, or 2, but got {at}")
    use_deterministic_algorithms(at > 0, warn_only=at == 1)
