"""In Chinese: pictures of graphs, and walking through them."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {}
