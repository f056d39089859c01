"""Functions of your own in the engine: recorded as one call, with derivatives that you give.

What cannot be recorded (a compiled library, a solver, a loop too long to be kept) is made a
primitive, and its derivative stated beside it:

>>> import numpy as np
>>> from chainrule import grad
>>> from chainrule.extend import defvjp, primitive
>>> @primitive
... def logsumexp(x):
...     return np.logaddexp.reduce(x)
>>> defvjp(logsumexp, lambda ans, x: lambda g: g * np.exp(x - ans))
>>> grad(logsumexp)(np.array([0.0, 0.0]))
array([0.5, 0.5])

The names and calls are those of `autograd.extend`, so rules that were written for the `autograd`
package work as they are. One direction is enough here: what `defvjp` states is transposed where
forward mode needs it, and what `defjvp` states where reverse mode does. Higher orders follow, as
long as the rules are made of NumPy's functions and of primitives.
"""

from __future__ import annotations

from chainrule._core.values import Value as Box

from .calls import getval, isbox
from .primitives import JVPNode, VJPNode, notrace_primitive, primitive, register_notrace
from .rules import (
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
)
from .spaces import SparseObject, VSpace, vspace

__all__ = [
    "Box",
    "JVPNode",
    "SparseObject",
    "VJPNode",
    "VSpace",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "getval",
    "isbox",
    "notrace_primitive",
    "primitive",
    "register_notrace",
    "vspace",
]
