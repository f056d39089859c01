"""The tape face: what users of PyTorch know, on the engine."""

from chainrule import _rules

from . import _methods, autograd
from ._arithmetic import *
from ._shapes import *
from ._tensor import Tensor
from ._types import *
from .autograd import enable_grad, no_grad, set_grad_enabled
from .autograd._modes import is_grad_enabled

for _m in (
    "_conversions",
    "_creation",
    "_operations",
    "_choices",
    "_comparisons",
    "_extremes",
    "_mixing",
    "_powers",
    "_products",
    "_reductions",
):
    try:
        import importlib

        _mod = importlib.import_module("." + _m, __name__)
        globals().update({k: getattr(_mod, k) for k in _mod.__all__})
    except ModuleNotFoundError:
        pass
