"""In Chinese: tables, training, and saved models."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {}
