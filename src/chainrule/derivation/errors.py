"""What cannot be derived, and why."""

from __future__ import annotations

from typing import NoReturn

from chainrule._languages import tr

__all__ = ["DerivationError", "refuse"]


class DerivationError(ValueError):
    """A derivation that cannot be written, as one sentence: what, and what to write instead."""


def refuse(what: str) -> NoReturn:
    """Raise for what a function did with a value that stands for any number."""
    if what == "if":
        raise DerivationError(
            tr(
                "the function asks whether a condition holds, which no derivation can tell before "
                "the numbers are known; write numpy.where(condition, a, b) instead of if"
            )
        )
    if what in ("float", "int"):
        raise DerivationError(
            tr(
                "the function needs one of Python's own numbers where a derivation has a symbol; "
                "use NumPy's functions instead of those of math, and leave float( ) and int( ) out"
            )
        )
    if what == "iter":
        raise DerivationError(
            tr("the function takes a value apart, but a derivation is of single numbers")
        )
    raise DerivationError(
        tr(
            "derivations do not know {function} here; write it with + - * / ** and the functions "
            "of formulas",
            function=what,
        )
    )
