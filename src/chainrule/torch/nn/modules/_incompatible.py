"""What `load_state_dict` returns."""

from __future__ import annotations

from typing import NamedTuple

__all__: list[str] = []


class _IncompatibleKeys(NamedTuple):
    """Which keys a state dict lacked, and which the module did not know."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"_IncompatibleKeys(missing_keys={self.missing_keys}, "
            f"unexpected_keys={self.unexpected_keys})"
        )


_IncompatibleKeys.__module__ = __package__ + ".module"  # where PyTorch has it
