"""A derivation as a page: what is named, then the steps from the chain rule to the number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chainrule._languages import tr

from ..expressions import Expr, rowed
from .alphabet import Alphabet
from .latex import LATEX
from .layout import Equation, Page
from .linear import PYTHON, UNICODE
from .walk import write

if TYPE_CHECKING:
    from ..derivation import Derivation, Note

__all__ = ["data_of", "page_of"]

ALPHABETS: dict[str, Alphabet] = {"text": UNICODE, "latex": LATEX, "python": PYTHON}


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


def data_of(d: Derivation) -> dict[str, Any]:
    """Return `d` for programs: numbers, strings, lists and dicts, each expression in three ways."""

    indices = page_of(d).indices

    def shown(e: Expr, *, in_row: bool = False) -> dict[str, str]:
        return {
            name: write(e, alphabet, in_row=in_row, indices=indices).text
            for name, alphabet in ALPHABETS.items()
        }

    def named(pairs: Iterable[tuple[Expr, Expr]]) -> list[dict[str, Any]]:
        return [{"name": shown(name)["text"], **shown(e, in_row=rowed(name))} for name, e in pairs]

    return {
        "slope": shown(d.head),
        "order": d.order,
        "at": d.at,
        "definitions": named(d.definitions.items()),
        "parts": named(d.parts),
        "steps": [
            {
                "why": step.why,
                "rules": list(step.rules),
                "caption": step.caption,
                "exact": not step.about,
                **shown(step.expr, in_row=rowed(d.head)),
            }
            for step in d.steps
        ],
        "value": d.value,
        "notes": [_told(note) for note in d.notes],
    }
