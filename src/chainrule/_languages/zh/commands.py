"""In Chinese: the commands: their help, options and what they print."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {}
