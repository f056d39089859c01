"""In Chinese: pictures of curves, slopes and fitted models."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {}
