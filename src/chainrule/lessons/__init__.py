"""The lessons, run into pages; and their training, recorded with settings of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .lesson import Lesson, page
from .model_lessons import FORGOTTEN, HOMEWORK, LINEAR, LOGISTIC, WHY
from .page import Page
from .programs import MissingProgramsError
from .regressions_lesson import REGRESSIONS
from .tape_lessons import DERIVATION, FUNCTIONS, QUICKSTART, TAPE

if TYPE_CHECKING:
    from .homework import Sweep, sweep
    from .training import SettingsError, Training, record

__all__ = ["LESSONS", "Lesson", "MissingProgramsError", "Page", "SettingsError", "Sweep"]
__all__ += ["Training", "page", "record", "sweep"]

LESSONS = {
    lesson.name: lesson
    for lesson in (
        *(TAPE, DERIVATION, QUICKSTART, FUNCTIONS, LINEAR),
        *(LOGISTIC, REGRESSIONS, WHY, HOMEWORK, FORGOTTEN),
    )
}

# The list of the lessons needs none of what trains.
_LATER = {"Sweep": "homework", "sweep": "homework"}
_LATER |= dict.fromkeys(("SettingsError", "Training", "record"), "training")


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
