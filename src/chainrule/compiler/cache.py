"""Printed sources as modules; what Numba made of them waits on disk for the next process."""

from __future__ import annotations

import hashlib
import linecache
import os
import pickle
import sys
import time
from collections.abc import Hashable
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from chainrule._files import replacing

from .cache_folder import folder, say, sweep

__all__ = ["kept", "load"]

DAY = 86400.0
DIGEST = hashlib.sha256().digest_size
# What else decides which code Numba makes, and what else it puts into it.
SETTINGS = (
    *("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "ENABLE_AVX", "CPU_NAME", "CPU_FEATURES"),
    *("BOUNDSCHECK", "DEBUGINFO_DEFAULT", "USING_SVML"),
)


def load(source: str, name: str = "program", on_disk: bool = True) -> ModuleType:
    """Return the module that a printed source makes.

    `name` is how tracebacks call it, letters, digits and underscores. The source itself is always
    run, never a copy of it on disk; tracebacks show its lines.

    With `on_disk`, which is for sources with functions that Numba compiles (`@njit` without
    `cache=True`: the text does not know where it lies), a copy to read is put into `folder()`, and
    beside it each function as it was compiled, for the next process. An entry is found by a hash
    of the source, of our compiler's files, of the versions and settings of what compiles it, and of
    this processor's abilities; so another version never reads it, and the same source loaded again
    is the same module.

    Entries are complete when they appear, and each stands for itself: any number of processes and
    threads may read, write and remove them at once. A damaged one is removed, a `CacheWarning` says
    so, and the function is compiled anew. Where there is no folder to write to, everything works
    and nothing is kept.

    >>> module = load("def double(x):\\n    return 2 * x\\n", on_disk=False)
    >>> module.double(21)
    42
    """
    full_name = _full_name(source + _surroundings() if on_disk else source, name)
    known = sys.modules.get(full_name)
    if known is not None:
        return known
    if on_disk:
        _let_forks_wait()
    kept_in = folder() if on_disk else None
    file = f"<{full_name}>" if kept_in is None else str(kept_in / f"{full_name}.py")
    # Lines without a time of change are kept, whether or not there is such a file.
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    module = ModuleType(full_name)
    module.__file__ = file
    exec(compile(source, file, "exec"), module.__dict__)
    if kept_in is not None:
        _copy(source, kept_in / f"{full_name}.py")
        _keep_functions(module, kept_in)
    # Numba looks up by name the module to which a function belongs that it reads from disk.
    return sys.modules.setdefault(full_name, module) if on_disk else module


def kept(source: str, name: str = "program") -> bool:
    """Return whether code of this source, compiled before, waits on disk: to load it is quick."""
    kept_in = folder()
    full_name = _full_name(source + _surroundings(), name)
    return kept_in is not None and any(kept_in.glob(f"{full_name}.*.code"))


def _full_name(settled: str, name: str) -> str:
    return f"chainrule_{name}_{hashlib.sha256(settled.encode()).hexdigest()[:32]}"


@cache
def _surroundings() -> str:
    """Return in words everything but the source that decides what Numba makes of it."""
    import llvmlite
    import numba
    from llvmlite import binding

    package = sys.modules[__name__.partition(".")[0]]
    # All of this folder, lest what kernels call should some day lie in a file that is not listed.
    library = [path.read_text("utf-8") for path in sorted(Path(__file__).parent.rglob("*.py"))]
    versions = (
        *(module.__version__ for module in (package, numba, llvmlite, np)),
        *(sys.implementation.name, sys.version),
    )
    processor = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    settings = [getattr(numba.config, setting, None) for setting in SETTINGS]
    return repr((versions, processor, settings, library))


@cache
def _let_forks_wait() -> None:
    """Let a process be copied only while no thread of it compiles.

    Its copy would have Numba's lock and not the thread that holds it, and wait for ever.
    """
    from numba.core.compiler_lock import global_compiler_lock as lock

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release
        )


def _keep_functions(module: ModuleType, kept_in: Path) -> None:
    from numba.core.dispatcher import Dispatcher

    for name, f in vars(module).items():
        if isinstance(f, Dispatcher) and f.py_func.__module__ == module.__name__:
            f._cache = KeptFunction(kept_in / f"{module.__name__}.{name}")


class KeptFunction:
    """What Numba asks for a function that was compiled before, and gives one that was just now.

    Numba's own answer keeps an index beside the code. Two processes that compile for two
    signatures at once may both write the same file, and each names it by its own signature; here
    the signature is in the file's name, and nothing has to agree with anything else. Numba's reads
    back whatever is there; here a sum is checked first, because damaged machine code would run.
    """

    def __init__(self, stem: Path) -> None:
        self.stem = stem
        self.cache_path = str(stem.parent)  # what Numba's `stats` shows

    def load_overload(self, signature: Hashable, target: Any) -> Any:
        """Return the function compiled for `signature`, or None."""
        path = self._path(signature, target)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        try:
            if hashlib.sha256(data[DIGEST:]).digest() != data[:DIGEST]:
                raise ValueError("the sum is another")
            found = _rebuilt(target, *pickle.loads(data[DIGEST:]))
        except Exception:  # Numba's reading fails in as many ways as there are versions of it
            with suppress(OSError):
                path.unlink()
            say(f"the compiled code in {path} was damaged: removed, and compiled anew.")
            return None
        with suppress(OSError):  # when it was last used; a day's precision costs nothing
            if time.time() - path.stat().st_mtime > DAY:
                os.utime(path)
        return found

    def save_overload(self, signature: Hashable, compiled: Any) -> None:
        """Keep a compiled function, unless it holds what only this process has."""
        from numba.core.serialize import dumps

        if compiled.lifted or compiled.library.has_dynamic_globals:
            return
        data = dumps((_outside(compiled.library), compiled._reduce()))
        path = self._path(signature, compiled.target_context)
        _write(path, hashlib.sha256(data).digest() + data)
        sweep(path.parent)

    def flush(self) -> None:
        """Forget nothing: what Numba is told to recompile replaces what was kept."""

    def _path(self, signature: Hashable, target: Any) -> Path:
        settled = repr((str(signature), target.codegen().magic_tuple()))
        digest = hashlib.sha256(settled.encode()).hexdigest()[:16]
        return self.stem.with_name(f"{self.stem.name}.{digest}.code")


def _rebuilt(target: Any, needed: list[str], reduced: tuple[Any, ...]) -> Any:
    """Return the compiled function that `reduced` describes, of which `needed` is outside.

    Numba would first prepare all that compiling may ask for, most of half a second with SciPy's
    linear algebra. Machine code asks for its memory manager, and for what it names.
    """
    from llvmlite import binding
    from numba.core.compiler import CompileResult
    from numba.core.runtime import rtsys

    rtsys.initialize(target)
    if not all(map(binding.address_of_symbol, needed)):
        target.refresh()  # a missing name would end the process
    return CompileResult._rebuild(target, *reduced)


def _outside(library: Any) -> list[str]:
    """Return the names of what machine code uses and does not contain, but for LLVM's own."""
    module = library._final_module
    used = (each for each in (*module.functions, *module.global_variables) if each.is_declaration)
    return [each.name for each in used if not each.name.startswith("llvm.")]


def _copy(source: str, path: Path) -> None:
    """Have a copy of `source` at `path`, for people and tools to read."""
    data = source.encode()
    with suppress(OSError):
        if path.exists():
            if path.read_bytes() == data:
                return
            say(f"the source in {path} was damaged or edited: written anew.")
        _write(path, data)


def _write(path: Path, data: bytes) -> None:
    """Write a file at once as a whole; where it cannot be written there will be none."""
    with suppress(OSError), replacing(path) as new:
        new.write_bytes(data)
