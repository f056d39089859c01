"""Switches of what PyTorch computes on: they can be set, and change nothing here."""

from __future__ import annotations

from .._missing import lookup
from . import cuda, cudnn, mps

__all__ = ["cuda", "cudnn", "mps"]

__getattr__ = lookup(globals(), "torch.backends", {})
