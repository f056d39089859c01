"""In Chinese: the film of a training and the homework's grid."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {}
