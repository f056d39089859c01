"""The table of rules, and the functions that record by it, each made when it is first looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .stating import Rule

__all__ = ["CHAPTERS", "RECORD", "RULES", "SPELLED", "rule_of"]

RULES: dict[Any, Rule] = {}  # function -> its rule
SPELLED: dict[
    Any, tuple[Callable[..., Any], Callable[..., Any] | None]
] = {}  # function -> (spelling, when)
CHAPTERS: list[
    Callable[[], bool]
] = []  # each states further rules if they can matter now, and says whether it did


def known(function: Any) -> bool:
    """Say whether a rule or a spelling of `function` is stated.

    Loading what chapters it may stand in.
    """
    while function not in RULES and function not in SPELLED:
        if not any(load() for load in CHAPTERS):
            return False
    return True


def rule_of(function: Any) -> Rule | None:
    return RULES.get(function) if known(function) else None


class Recorders(dict[Any, Callable[..., Any]]):
    """function -> the function that records a call of it.

    `dict` calls `__missing__` at a first look-up only.
    """

    def __missing__(self, function: Any) -> Callable[..., Any]:
        from .dispatch import recorder_of

        record = self[function] = recorder_of(function)
        return record


RECORD = Recorders()
