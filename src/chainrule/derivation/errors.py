"""What cannot be derived, and why."""

from __future__ import annotations

__all__ = ["DerivationError"]


class DerivationError(ValueError):
    """A derivation that cannot be written, as one sentence: what, and what to write instead."""
