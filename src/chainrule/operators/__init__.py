"""The operators: from a function, the function that computes its derivative."""

from __future__ import annotations

from chainrule import _rules  # noqa: F401  (states the table)

from .gradients import deriv, elementwise_grad, grad, value_and_grad
from .matrices import hessian, hvp, jacobian
from .products import jvp, vjp

__all__ = [
    "deriv",
    "elementwise_grad",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "value_and_grad",
    "vjp",
]
