"""From a program as it was written down to the one that back ends take."""

from __future__ import annotations

from ..program import Program, numbered
from .leaving import without_numbers
from .lowering import lowered
from .merging import merged
from .scaling import scaled_once
from .simplify import simplified
from .uniform import without_uniform

__all__ = ["prepared"]


def prepared(program: Program) -> Program:
    """Return the program simple, in few words, its values counted anew."""
    program = without_uniform(lowered(simplified(program)))
    return numbered(
        simplified(without_numbers(simplified(merged(scaled_once(simplified(program))))))
    )
