"""A script, run in this process as `python SCRIPT.py` runs it in one of its own."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from importlib.util import decode_source
from pathlib import Path
from types import ModuleType, TracebackType

from chainrule._languages import tr
from chainrule.cli.errors import CommandError

__all__ = ["as_main", "execute", "exit_code", "folder_of", "own_traceback", "source_of"]


def source_of(path: Path) -> bytes:
    """Return the script's source, in bytes: Python itself finds out how they are encoded.

    Raises `CommandError` for what is no Python source; a syntax error is Python's to tell.
    """
    if path.is_dir():
        raise CommandError(tr("{path} is a folder; name the script in it", path=path))
    if path.suffix == ".ipynb":
        raise CommandError(
            tr(
                "{path} is a notebook; save its code as a script, for example with: "
                "jupyter nbconvert --to script {path}",
                path=path,
            )
        )
    source = path.read_bytes()
    if b"\0" in source:
        raise CommandError(
            tr("{path} is not a Python script: it has null bytes, which no text has", path=path)
        )
    try:
        decode_source(source)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise CommandError(
            tr(
                "{path} is not {encoding} text (line {line} does not decode); save it as utf-8",
                path=path,
                encoding=error.encoding,
                line=line,
            )
        ) from None
    except SyntaxError as error:  # of the encoding, which the first two lines may name
        raise CommandError(
            tr("{path}: {mistake}; save it as utf-8", path=path, mistake=error.msg)
        ) from None
    return source


def folder_of(path: Path) -> str:
    """Return the folder whose modules the script can import: where it lies, links followed."""
    return str(path.resolve().parent)


@contextmanager
def as_main(path: Path, arguments: Sequence[str]) -> Iterator[ModuleType]:
    """A context in which `__main__`, empty as yet, `sys.argv` and `sys.path` are the script's."""
    file = str(path.absolute())
    module = ModuleType("__main__")
    module.__file__ = file
    module.__loader__ = SourceFileLoader("__main__", file)
    vars(module).update(__builtins__=builtins, __cached__=None)
    if "__annotations__" in vars(sys.modules["__main__"]):  # of the Pythons that give it
        vars(module).update(__annotations__={})
    kept = sys.modules["__main__"], sys.argv, list(sys.path)
    if not sys.flags.safe_path:
        _come_first(folder_of(path))
    sys.argv = [str(path), *arguments]
    sys.modules["__main__"] = module
    try:
        yield module
    finally:
        sys.modules["__main__"], sys.argv, sys.path[:] = kept


def _come_first(folder: str) -> None:
    """Put `folder` where Python put the place that this command was started from."""
    launched_from = {str(Path.cwd()), sys.argv[0], str(Path(sys.argv[0]).parent)}
    if sys.path[:1] and sys.path[0] in launched_from:
        sys.path[0] = folder
    else:
        sys.path.insert(0, folder)


def execute(source: bytes, module: ModuleType) -> None:
    """Run `source` in `module`."""
    code = compile(source, str(module.__file__), "exec", dont_inherit=True)
    exec(code, vars(module))  # noqa: S102  (the user's script is what this command is for)


def own_traceback(error: BaseException) -> TracebackType | None:
    """Return the traceback of `error` from the script's first line on, without this command's."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_globals.get("__name__", "").startswith("chainrule.cli."):
        trace = trace.tb_next
    return trace


def exit_code(stop: SystemExit) -> int:
    """Return the exit code that Python gives for `stop`, having written its text if it has one."""
    if stop.code is None:
        return 0
    if isinstance(stop.code, int):
        return int(stop.code)
    print(stop.code, file=sys.stderr)  # noqa: T201  (as Python writes it, and no plainer)
    return 1
