"""A lesson, and running it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chainrule._languages import language, tr
from chainrule._optional import how_to_get

from . import programs
from .page import Graph, Output, Page, Paragraph, Part, Picture, Program

__all__ = ["Lesson", "Step", "page", "steps"]

# What a lesson consists of: what is shown as it is, and programs that are still to be run.
Step = Part | Program


@dataclass(frozen=True)
class Lesson:
    """A lesson by its name: `title` and `shows` in English, to be looked up; `parts` in order."""

    name: str
    title: str
    shows: str
    parts: Callable[[], Iterator[Step]]


def page(lesson: Lesson, out: Path) -> Page:
    """Return the page of `lesson`, in the language spoken; its pictures are drawn into `out`."""
    return Page(tr(lesson.title), tuple(steps(lesson.parts(), out)), language())


def steps(parts: Iterator[Step], out: Path) -> Iterator[Part]:
    """Yield the parts of a page as they come to be, each program run when it is its turn."""
    for part in parts:
        if isinstance(part, Program):
            yield from _ran(part, out)
        elif isinstance(part, Graph):
            (out / part.name).write_text(part.graph.svg(), encoding="utf-8")
            yield part
        else:
            yield part


def _ran(program: Program, out: Path) -> Iterator[Part]:
    printed = programs.run(program.name, out)
    source = programs.path_of(program.name)
    yield Output(printed, source.name, source.read_text(encoding="utf-8"))
    if program.seen and not programs.can_draw():
        yield Paragraph(
            tr(
                "There are no pictures, as matplotlib is not installed; {how}",
                how=how_to_get("plot"),
            )
        )
        return
    for name, seen in program.seen:
        yield Picture(out / name, seen)
