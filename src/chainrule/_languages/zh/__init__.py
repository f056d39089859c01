"""The sentences in Chinese: a module for each part of the product, none with another's entries."""

from __future__ import annotations

from . import commands, curves, derivation, deriving, film, fitting, formulas, graph, lessons

__all__ = ["CHAPTERS", "MESSAGES"]

CHAPTERS = (commands, curves, derivation, deriving, film, fitting, formulas, graph, lessons)
MESSAGES: dict[str, str] = {}
for _chapter in CHAPTERS:
    MESSAGES |= _chapter.MESSAGES
