"""In Chinese: derivations: captions, notes, and what cannot be derived."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {}
