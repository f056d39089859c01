"""Reading the graph of tensors: what their tape knows, and what can be told for sure besides."""

from __future__ import annotations

from .names import names_given, names_in, names_used
from .reading import read_tape

__all__ = ["names_given", "names_in", "names_used", "read_tape"]
