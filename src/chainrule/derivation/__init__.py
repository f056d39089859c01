"""Derivations: how a derivative is found, written as a course writes it."""

from __future__ import annotations

from .asking import derive
from .derivation import Derivation, Note, Step
from .errors import DerivationError

__all__ = ["Derivation", "DerivationError", "Note", "Step", "derive"]
