"""Gradients by the tape: `backward`, `grad`, `Function`, the modes, and `functional`."""

from __future__ import annotations

from . import functional
from ._modes import enable_grad, no_grad, set_grad_enabled
from ._passes import backward, grad
from .function import Function

__all__ = [
    "Function",
    "backward",
    "enable_grad",
    "functional",
    "grad",
    "no_grad",
    "set_grad_enabled",
]
