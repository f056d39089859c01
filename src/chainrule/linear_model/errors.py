"""What can be wrong with a table or a model file; each exception's text is one sentence."""

from __future__ import annotations

__all__ = ["EncodingError", "ModelFileError", "TableError"]


class TableError(ValueError):
    """A table, or what was asked of it, does not do: says which file, row and column."""


class EncodingError(TableError):
    """A table's text is encoded in another way than was said: says how to say it."""


class ModelFileError(ValueError):
    """A model file cannot be used: truncated, foreign, or written by a newer version."""
