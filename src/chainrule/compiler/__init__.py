"""Functions written down as programs, printed as Python source, and run by NumPy or Numba."""

from __future__ import annotations

from .blocks import Partial, Rows, rows
from .compiled import Compiled, compile
from .loops.choices import cond
from .loops.repeating import iterate, scan, until
from .refusals import CompileError

__all__ = [
    "CompileError",
    "Compiled",
    "Partial",
    "Rows",
    "compile",
    "cond",
    "iterate",
    "rows",
    "scan",
    "until",
]
