"""Modules: layers, activations, losses, and what holds them."""

from __future__ import annotations

from .._missing import lookup
from . import functional, init, modules, parameter
from .modules import *  # noqa: F403  (the public list of the classes stands there)
from .parameter import Buffer, Parameter, UninitializedBuffer, UninitializedParameter

__all__ = [
    "Buffer",
    "Parameter",
    "UninitializedBuffer",
    "UninitializedParameter",
    "functional",
    "init",
    "modules",
    "parameter",
]
__all__ += modules.__all__

__getattr__ = lookup(globals(), "torch.nn", {"utils": ".utils"})
