"""What a script lacks under `chainrule run`: one sentence, with the script's file and line.

What the faces say themselves (that torch has no such name here, and which is near) is passed on as
it is, in English, for it is what every program that uses them gets to read.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from traceback import walk_tb
from types import ModuleType, TracebackType

from chainrule._languages import tr
from chainrule._optional import MissingLibraryError, how_to_get
from chainrule.substitution import MissingNameError, Substitutes, not_served

__all__ = ["lacking"]

CANNOT_IMPORT = re.compile(r"cannot import name '(\w+)'")

OURS = Path(__file__).parents[1]

# What the extras of this package install, by the names that scripts import them by.
EXTRAS = {"matplotlib": "plot", "scipy": "scipy", "pyarrow": "fit", "numba": "fast"}


def lacking(
    error: BaseException, trace: TracebackType | None, substitutes: Substitutes
) -> str | None:
    """Return the sentence about the module or name whose absence `error` tells of.

    None if it tells of anything else: that is the script's own affair, and Python's to show.
    """
    what = _what(error, substitutes)
    where = what and _where(trace, substitutes.folder)
    return tr("{where}: {what}", where=where, what=what) if where else what


def _what(error: BaseException, substitutes: Substitutes) -> str | None:
    if isinstance(error, MissingNameError | MissingLibraryError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _not_installed(error.name)
    if isinstance(error, ImportError) and (found := CANNOT_IMPORT.match(str(error))):
        return _no_name(error.name or "", found[1], substitutes)
    if isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        return _no_name(error.obj.__name__, error.name or "", substitutes)
    if isinstance(error, AttributeError) and "is not in chainrule" in str(error):
        return str(error).rstrip(".")  # a method of PyTorch's tensors
    return None


def _not_installed(name: str) -> str:
    root = name.partition(".")[0]
    if root != name:
        return tr("there is no module {name}", name=name)
    if root in EXTRAS:
        return tr(
            "{library} is not installed; {how_to_get}",
            library=root,
            how_to_get=how_to_get(EXTRAS[root]),
        )
    return tr("{library} is not installed", library=root)


def _no_name(module: str, name: str, substitutes: Substitutes) -> str | None:
    """The sentence about a name that `module` lacks; None unless it stands in for another."""
    asked = substitutes.asked_for(module)
    if asked is None:
        return None
    try:
        getattr(sys.modules[module], name)
    except AttributeError as error:
        own = str(error)  # a face may know more: that NumPy has no such name, or a near one
        if not own.startswith("module "):
            return own.rstrip(".")
    return not_served(f"{asked}.{name}")


def _where(trace: TracebackType | None, folder: str) -> str | None:
    """The last line on the way to the error that is the script's, or a module's beside it.

    None if no file is on the way: Python's own importer is not, nor a text given to `exec`.
    """
    places = [(frame.f_code.co_filename, line) for frame, line in walk_tb(trace)]
    files = [(Path(name), line) for name, line in places if not name.startswith("<")]
    if not files:
        return None
    own = [(file, line) for file, line in files if _is_of_user(file, Path(folder))]
    name, line = (own or files[:1])[-1]
    file, here = name.resolve(), Path.cwd()
    shown = file.relative_to(here) if here in file.parents else file
    return tr("{path}, line {line}", path=shown, line=line)


def _is_of_user(file: Path, folder: Path) -> bool:
    installed = {"site-packages", "dist-packages"} & set(file.parts)
    return folder in file.resolve().parents and not installed and OURS not in file.parents
