"""The lessons: their words, and running their programs, pictures and derivations into a page."""

from __future__ import annotations

from .lesson import Lesson, page
from .model_lessons import FORGOTTEN, HOMEWORK, LINEAR, LOGISTIC, WHY
from .page import Page
from .programs import MissingProgramsError
from .regressions_lesson import REGRESSIONS
from .tape_lessons import DERIVATION, FUNCTIONS, QUICKSTART, TAPE

__all__ = ["LESSONS", "Lesson", "MissingProgramsError", "Page", "page"]

LESSONS = {
    lesson.name: lesson
    for lesson in (
        *(TAPE, DERIVATION, QUICKSTART, FUNCTIONS, LINEAR),
        *(LOGISTIC, REGRESSIONS, WHY, HOMEWORK, FORGOTTEN),
    )
}
