"""chainrule: from a slope that can be checked by hand to a trained, explained model.

>>> import chainrule
>>> chainrule.grad(lambda x: x / 2)(3.0)
0.5
"""

from __future__ import annotations

import numpy  # noqa: F401  (imported from further inside, it takes a tenth longer)

from .operators import (
    deriv,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)

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

__version__ = "0.1.0"
