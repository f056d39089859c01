"""The lessons' programs: where they lie, and running one as `chainrule run` does."""

from __future__ import annotations

import importlib.util
import re
import runpy
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import cast

from chainrule._languages import language, tr
from chainrule._optional import MissingLibraryError, library
from chainrule.substitution import substituted

from .undrawn import undrawn

__all__ = ["MissingProgramsError", "can_draw", "folder", "path_of", "run", "translated"]

HERE = Path(__file__).parent
# Beside these modules once installed, and in the repository when run from the sources.
FOLDERS = (HERE / "examples", HERE.parents[2] / "examples" / "lessons")


class MissingProgramsError(Exception):
    """The lessons' programs are not where they should be, as one sentence."""


def folder() -> Path:
    """Return the folder of the lessons' programs.

    >>> (folder() / "tape.py").exists()
    True
    """
    for each in FOLDERS:
        if (each / "pictures.py").is_file():
            return each
    raise MissingProgramsError(
        tr(
            "the lessons' programs are not installed with chainrule; install it anew, or run it in "
            "a copy of its repository"
        )
    )


def path_of(name: str) -> Path:
    """Return the file of the program `name`."""
    return folder() / f"{name}.py"


def run(name: str, out: Path) -> str:
    """Return what the program `name` prints, in the language spoken; it draws into `out`.

    Without Matplotlib it runs all the same, and draws nothing.
    """
    file = path_of(name)
    draws = can_draw()
    printed = StringIO()
    with ExitStack() as stack:
        stack.enter_context(_drawing() if draws else undrawn())
        stack.enter_context(_called(file, _options(out, draws)))
        stack.enter_context(substituted(str(file.parent)))
        stack.enter_context(redirect_stdout(printed))
        runpy.run_path(str(file), run_name="__main__")
    text = printed.getvalue()
    return translated(text if draws else re.sub("^Picture: .*\n", "", text, flags=re.MULTILINE))


def _options(out: Path, draws: bool) -> list[str]:
    return ["--out", str(out), "--lang", language() if draws else "en"]


def translated(text: str) -> str:
    """Return what a program has printed, in the language that is spoken."""
    return _in_chinese()(text) if language() == "zh" else text


def can_draw() -> bool:
    """Return whether Matplotlib is installed."""
    try:
        library("matplotlib", extra="plot")
    except MissingLibraryError:
        return False
    return True


@contextmanager
def _drawing() -> Iterator[None]:
    """A context in which a program's settings of Matplotlib are its own, and no window opens."""
    matplotlib = library("matplotlib", extra="plot")
    if "matplotlib.pyplot" not in sys.modules:  # or somebody has chosen where to draw
        matplotlib.use("Agg")
    with matplotlib.rc_context():
        yield


@contextmanager
def _called(file: Path, arguments: list[str]) -> Iterator[None]:
    """A context in which `sys.argv` and `sys.path` are those of `python FILE ARGUMENTS`.

    Modules that have been imported by the names of those beside the file are put away for as long.
    """
    kept = sys.argv, list(sys.path)
    beside = {path.stem for path in file.parent.glob("*.py")} & sys.modules.keys()
    theirs = {name: sys.modules.pop(name) for name in beside}
    sys.argv = [str(file), *arguments]
    sys.path.insert(0, str(file.parent))
    try:
        yield
    finally:
        sys.argv, sys.path[:] = kept
        sys.modules.update(theirs)


@cache
def _in_chinese() -> Callable[[str], str]:
    """The function by which the programs themselves translate what they draw."""
    spec = importlib.util.spec_from_file_location("in_chinese", path_of("in_chinese"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Callable[[str], str], module.in_chinese)
