"""Whether operations are recorded: PyTorch's module of these names."""

from __future__ import annotations

from .._missing import lookup
from ._modes import (
    enable_grad,
    inference_mode,
    no_grad,
    set_grad_enabled,
    set_multithreading_enabled,
)

__all__ = [
    "enable_grad",
    "inference_mode",
    "no_grad",
    "set_grad_enabled",
    "set_multithreading_enabled",
]
__getattr__ = lookup(globals(), "torch.autograd.grad_mode", {})
