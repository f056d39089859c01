"""Gradients by the tape: `backward`, `grad`, `Function`, the modes, and `functional`."""

from __future__ import annotations

from . import functional
from ._anomaly import detect_anomaly, set_detect_anomaly
from ._modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from ._passes import backward, grad
from .function import Function

__all__ = [
    "Function",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "functional",
    "grad",
    "inference_mode",
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
]
