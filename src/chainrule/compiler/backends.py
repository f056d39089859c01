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
from .printing.source import Printer, Source
from .program import Program

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
        self.spent, self.enough, self.stays = 0.0, KEPT, False
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
        from .printing.fused import FusedPrinter, fuses

        parts = cut(self.program, fuses)
        return FusedPrinter(self.program, parts, self.name).source(), parts

    def timed(self, *leaves: Any) -> Any:
        began = perf_counter()
        out = self.function(*leaves)
        self.spent += perf_counter() - began
        if self.spent > self.enough:
            with self._lock:
                if self.run == self.timed:
                    self.change(leaves)
        return out

    def change(self, leaves: tuple[Any, ...]) -> None:
        """Let Numba run the program, if that is repaid by now."""
        if find_spec("numba") is None:
            if self.spent > REPAID:
                say_what_is_missing(self.name)
                self.stay()
        elif self.spent > REPAID or self.is_kept():
            before = self.source, self.parts
            try:
                self.use_numba()
                self.function(*leaves)
            except Exception as error:  # what has run so far goes on running
                self.use(*before)
                warnings.warn(
                    f"{self.name} goes on by NumPy, as Numba could not compile it: {error}",
                    stacklevel=4,
                )
                self.stay()
            self.changed()
        self.enough = REPAID

    def stay(self) -> None:
        """Run by NumPy from now on, without looking at the time."""
        self.run, self.stays = self.function, True
        self.changed()

    def is_kept(self) -> bool:
        """Say whether an earlier process has left the machine code on disk."""
        source, _ = self.fused()
        return kept(source.text, source.name)

    def said(self) -> str:
        """Return which back end runs, and why."""
        if self.source.kernels:
            return "numba" + (
                f" (NumPy had taken {self.spent:.1f} s)" if self.asked == "auto" else ""
            )
        if self.asked == "python":
            return "python"
        if self.asked == "numba":
            return "numba, which has nothing to compile here"
        if find_spec("numba") is None:
            return "python (Numba is not installed: pip install 'chainrule[fast]')"
        if self.stays:
            return "python, as Numba could not compile it"
        return (
            f"python, and numba when its calls have taken {REPAID:g} s, about as long as compiling "
            f"takes, or {KEPT:g} s, if an earlier process has compiled it ({self.spent:.2g} s so "
            "far)"
        )


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
