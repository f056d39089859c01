"""Gradients by the tape: `backward`, `grad`, `Function`, the modes, and `functional`."""

from __future__ import annotations

from .._missing import lookup
from . import function, functional, graph
from ._anomaly import detect_anomaly, set_detect_anomaly
from ._modes import (
    enable_grad,
    inference_mode,
    is_multithreading_enabled,
    no_grad,
    set_grad_enabled,
    set_multithreading_enabled,
)
from ._passes import backward, grad
from ._variable import Variable
from .function import Function
from .gradcheck import gradcheck, gradgradcheck

__all__ = [
    "Function",
    "Variable",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "function",
    "functional",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "graph",
    "inference_mode",
    "is_multithreading_enabled",
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
    "set_multithreading_enabled",
]
LATE = ("anomaly_mode", "forward_ad", "grad_mode", "profiler")
__getattr__ = lookup(globals(), "torch.autograd", {name: f".{name}" for name in LATE})
