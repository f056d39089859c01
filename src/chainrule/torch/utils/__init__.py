"""What surrounds a model: its data."""

from __future__ import annotations

from .._missing import lookup
from . import data

__all__ = ["checkpoint", "data", "dlpack", "hooks"]

LATE = ("checkpoint", "dlpack", "hooks")
__getattr__ = lookup(globals(), "torch.utils", {name: f".{name}" for name in LATE})
