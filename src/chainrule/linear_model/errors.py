"""What can be wrong with a table or a model file; each exception's text is one sentence."""

from __future__ import annotations

__all__ = ["ModelFileError", "TableError"]


class TableError(ValueError):
    """A table, or what was asked of it, does not do: says which file, row and column."""


class ModelFileError(ValueError):
    """A model file cannot be used: truncated, foreign, or written by a newer version."""
