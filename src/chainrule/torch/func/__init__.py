"""Functions of functions: derivatives without `requires_grad`, batches, modules as functions."""

from __future__ import annotations

from .._missing import lookup
from ._batches import vmap
from ._derivatives import grad, grad_and_value, hessian, jacfwd, jacrev
from ._modules import functional_call
from ._products import jvp, vjp

__all__ = [
    "functional_call",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "vjp",
    "vmap",
]

__getattr__ = lookup(globals(), "torch.func", {})
