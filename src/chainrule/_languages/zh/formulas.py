"""In Chinese: formulas and what is wrong with them."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {}
