"""How a program runs: by NumPy at once, as machine code when the calls have repaid compiling it."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from time import perf_counter
from typing import Any, Literal

from .cache import kept
from .parts import Part, cut
from .program import Program
from .source import Printer, Source

__all__ = ["Backend", "Runnable", "runnable"]

Backend = Literal["auto", "python", "numba"]
REPAID = 2.0  # seconds: about what Numba takes for a program of middling size
KEPT = 0.5  # seconds: what it takes where an earlier process has left the code on disk


class Runnable:
    """A printed program; call it with the leaves of the arguments.

    With the back end "auto" it adds up how long NumPy takes, and changes to Numba when that is as
    long as a compilation.
    """

    def __init__(self, program: Program, name: str, backend: Backend) -> None:
        self.program, self.name = program, name
        self.asked: Backend = backend
        self.spent, self.enough = 0.0, KEPT
        self.changed: Callable[[], None] = lambda: None  # called when another back end runs
        self._lock = threading.Lock()
        self.run: Callable[..., Any]
        if backend == "numba":
            self.use_numba()
        else:
            parts = cut(program)
            self.use(Printer(program, parts, name).source(), parts)
            if backend == "auto":
                self.run = self.timed

    def use(self, source: Source, parts: list[Part]) -> None:
        self.source, self.parts = source, parts
        self.function: Callable[..., Any] = source.load()
        self.run = self.function

    def use_numba(self) -> None:
        self.use(*self.fused())

    def fused(self) -> tuple[Source, list[Part]]:
        from .fused import FusedPrinter, fuses

        parts = cut(self.program, fuses)
        return FusedPrinter(self.program, parts, self.name).source(), parts

    def timed(self, *leaves: Any) -> Any:
        began = perf_counter()
        out = self.function(*leaves)
        self.spent += perf_counter() - began
        if self.spent > self.enough:
            with self._lock:
                if self.run == self.timed:
                    self.change()
        return out

    def change(self) -> None:
        """Let Numba run the program, if that is repaid by now."""
        if find_spec("numba") is not None:
            source, parts = self.fused()
            if self.spent > REPAID or kept(source.text, source.name):
                self.use(source, parts)
                self.changed()
                return
        if self.spent > REPAID:
            say_what_is_missing(self.name)
            self.run = self.function
            self.changed()
        self.enough = REPAID

    def said(self) -> str:
        """Return which back end runs, and why."""
        if self.source.kernels:
            return "numba" + (
                f" (NumPy had taken {self.spent:.1f} s)" if self.asked == "auto" else ""
            )
        if self.asked == "python":
            return "python"
        if find_spec("numba") is None:
            return "python (Numba is not installed: pip install 'chainrule[fast]')"
        return f"python, until its calls have taken {REPAID:g} s ({self.spent:.2g} s so far)"


def runnable(program: Program, name: str, backend: Backend) -> Runnable:
    if backend == "numba" and find_spec("numba") is None:
        raise ImportError(
            "backend='numba' needs Numba, which is not installed: pip install 'chainrule[fast]'. "
            "backend='auto' runs with NumPy alone."
        )
    return Runnable(program, name, backend)


TOLD: list[str] = []


def say_what_is_missing(name: str) -> None:
    """Say, once in a process, what would make compiled functions faster."""
    if not TOLD:
        TOLD.append(name)
        warnings.warn(
            f"{name} has run for {REPAID:g} s by NumPy; with Numba (pip install 'chainrule[fast]') "
            "compiled functions run several times as fast.",
            stacklevel=2,
        )
