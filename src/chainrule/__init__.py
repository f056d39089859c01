"""chainrule: from a slope that can be checked by hand to a trained, explained model.

>>> import chainrule
>>> chainrule.grad(lambda x: x / 2)(3.0)
0.5
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from .derivation import derive
    from .drawing import draw_graph, draw_slopes

__all__ = [
    "deriv",
    "derive",
    "draw_graph",
    "draw_slopes",
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

# What writes and draws is imported when it is first asked for: most programs never do.
_LATER = {"derive": "derivation", "draw_graph": "drawing", "draw_slopes": "drawing"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
