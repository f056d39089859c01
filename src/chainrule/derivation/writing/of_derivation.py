"""A derivation as a page: what is named, then the steps from the chain rule to the number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule._languages import tr

from ..expressions import Expr
from .layout import Equation, Page
from .linear import UNICODE
from .walk import write

if TYPE_CHECKING:
    from ..derivation import Derivation, Note

__all__ = ["page_of"]


def page_of(d: Derivation) -> Page:
    """Return `d` as a page in the language that is spoken: names, parts, steps and notes."""
    definitions = [Equation(name, "=", e) for name, e in d.definitions.items()]
    parts = [Equation(slope, "=", e) for slope, e in d.parts]
    steps = [
        Equation(
            d.head if k == 0 else None,
            "≈" if step.about else "=",
            step.expr,
            step.caption,
            times=d.order,
        )
        for k, step in enumerate(d.steps)
    ]
    return Page([definitions, parts, steps], [_told(note) for note in d.notes])


def _told(note: Note) -> str:
    parts = {
        field: write(part, UNICODE).text if isinstance(part, Expr) else part
        for field, part in note.parts.items()
    }
    return tr(note.text, **parts)
