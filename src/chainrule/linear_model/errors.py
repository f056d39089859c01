"""What can be wrong with a table or a model file; each exception's text is one sentence."""

from __future__ import annotations

from chainrule._languages import tr
from chainrule._text import shortened

__all__ = ["EncodingError", "ModelFileError", "TableError", "quoted"]


class TableError(ValueError):
    """A table, or what was asked of it, does not do: says which file, row and column."""


class EncodingError(TableError):
    """A table's text is encoded in another way than was said: says how to say it."""


class ModelFileError(ValueError):
    """A model file cannot be used: truncated, foreign, or written by a newer version."""


def quoted(text: str, most: int = 40) -> str:
    """Return a cell or a name as an error shows it: in quotes, on one line, its end left out.

    >>> quoted("mean  fractal dimension", 12)
    '"mean fracta…"'
    >>> quoted("Ada\\nBob")
    '"Ada Bob" (which runs over several lines: look for a quote that is not closed)'
    """
    beginning = text[: 8 * most]  # a quote left open makes a cell of the rest of the file
    shown = f'"{shortened(beginning, most)}"'
    if len(beginning.strip().splitlines()) > 1:
        return tr(
            "{shown} (which runs over several lines: look for a quote that is not closed)",
            shown=shown,
        )
    return shown
