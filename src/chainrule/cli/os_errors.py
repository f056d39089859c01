"""What the operating system refuses, in a sentence."""

from __future__ import annotations

from chainrule._languages import mark, tr

__all__ = ["sentence_of"]

# What systems say of files, as C libraries write it: those that have entries are looked up.
REASONS = (
    mark("No such file or directory"),
    mark("No such folder"),
    mark("Permission denied"),
    mark("Operation not permitted"),
    mark("Is a directory"),
    mark("Not a directory"),
    mark("File exists"),
    mark("File name too long"),
    mark("Filename too long"),
    mark("Invalid argument"),
    mark("No space left on device"),
    mark("Disk quota exceeded"),
    mark("Read-only file system"),
    mark("Too many open files"),
    mark("Input/output error"),
)


def sentence_of(error: OSError) -> str:
    """Return what happened, to which file.

    >>> sentence_of(FileNotFoundError(2, "No such file or directory", "table.csv"))
    'table.csv cannot be used: No such file or directory'
    """
    reason = tr(error.strerror) if error.strerror else str(error)
    named = error.filename2 or error.filename
    if named:
        return tr("{path} cannot be used: {reason}", path=named, reason=reason)
    return tr("the operating system refused: {reason}", reason=reason)
