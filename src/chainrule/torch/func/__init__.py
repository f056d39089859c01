"""Functions of functions: derivatives without `requires_grad`, batches, modules as functions."""

from __future__ import annotations

from .._missing import lookup
from ._batches import vmap
from ._derivatives import grad, grad_and_value, hessian, jacfwd, jacrev
from ._modules import functional_call, stack_module_state
from ._products import jvp, linearize, vjp
from ._writes import functionalize

__all__ = [
    "functional_call",
    "functionalize",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "linearize",
    "stack_module_state",
    "vjp",
    "vmap",
]

__getattr__ = lookup(globals(), "torch.func", {})
