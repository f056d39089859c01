"""What an error in the backward pass says of the call whose pull raised it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .constants import checked
from .errors import name_of
from .table import RULES

__all__ = ["blame", "note_calls", "place_in_record"]

WHERE = "_place_in_record"  # on the error, for the operator that can find the user's line


def blame(error: Exception, top: int, order: int, pull: Any, kept: Any, fitted: Any) -> None:
    """Add to `error` which function's pull raised it, and where that stands in the record.

    `top` is the order of the node where the pass began, `order` that of the node that failed.
    """
    while kept is not None and (pull is fitted or pull is checked):  # None: it was freed
        pull, kept = kept[:2]
    note_calls(error, calls_of(pull))
    setattr(error, WHERE, (top, order))


def note_calls(error: Exception, calls: Iterable[str]) -> None:
    """Say which call's pull raised an error, unless an inner pass has said it."""
    if not hasattr(error, WHERE) and (found := " or ".join(dict.fromkeys(calls))):
        error.add_note(f"This happened in the backward pass, from {found}.")


def calls_of(pull: Any) -> Iterator[str]:
    for rule in list(RULES.values()):
        for i, argument in list(rule._arguments.items()):
            if argument and argument[0] is pull:
                yield f"the result of {name_of(rule.function)} to its argument {i}"


def place_in_record(error: Exception) -> tuple[int, int] | None:
    """Return the orders of the node where the pass began and of the one that failed."""
    return getattr(error, WHERE, None)
