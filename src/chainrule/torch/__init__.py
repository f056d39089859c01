"""The tape face: what users of PyTorch know, on the engine."""

from __future__ import annotations

import importlib
import math

from . import _methods, _types, autograd
from ._missing import lookup
from ._printing import set_printoptions
from ._tensor import Tensor
from .autograd import enable_grad, inference_mode, no_grad, set_grad_enabled
from .autograd._anomaly import is_anomaly_check_nan_enabled, is_anomaly_enabled
from .autograd._modes import is_grad_enabled, is_inference_mode_enabled

for _m in (*_methods.FILES, "_types", "_random"):
    try:
        _mod = importlib.import_module("." + _m, __name__)
        globals().update({k: getattr(_mod, k) for k in _mod.__all__})
    except ModuleNotFoundError:
        pass
globals().update(_types.ALIASES)
__version__ = "2.13.0+chainrule"
nan, inf, pi, e = math.nan, math.inf, math.pi, math.e
__all__ = [k for k in globals() if not k.startswith("_")]
__getattr__ = lookup(globals(), "torch", {k: "."+k for k in ("nn", "optim", "utils", "cuda", "random", "linalg", "func")})
