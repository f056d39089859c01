"""From a program as it was written down to the one that back ends take."""

from __future__ import annotations

from ..program import Program, numbered
from .leaving import without_numbers
from .lowering import lowered
from .merging import merged
from .scaling import scaled_once
from .simplify import simplified

__all__ = ["prepared"]


def prepared(program: Program) -> Program:
    """Return the program simple, in few words, its values counted anew."""
    program = simplified(lowered(simplified(program)))
    program = simplified(lowered(scaled_once(program)))  # of views that are simple by now, too
    return numbered(simplified(without_numbers(simplified(merged(program)))))
