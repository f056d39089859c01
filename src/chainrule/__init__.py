"""chainrule: from a slope that can be checked by hand to a trained, explained model.

>>> import chainrule
>>> chainrule.grad(lambda x: x / 2)(3.0)
0.5
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as _numpy  # noqa: F401  (imported from further inside, it takes a tenth longer)

from .operators import (
    deriv,
    elementwise_grad,
    grad,
    jvp,
    value_and_grad,
    vjp,
)

if TYPE_CHECKING:
    from .compiler import compile, cond, iterate, rows, scan, until
    from .derivation import derive
    from .drawing import draw_graph, draw_slopes
    from .operators import (
        checkpoint,
        checkpoint_chain,
        ggnvp,
        grad_and_aux,
        grad_named,
        hessian,
        hessian_diagonal,
        hessian_tensor_product,
        hessian_vector_product,
        holomorphic_grad,
        hvp,
        implicit_solution,
        jacobian,
        make_ggnvp,
        make_hvp,
        make_jvp,
        make_jvp_reversemode,
        make_vjp,
        multigrad_dict,
        sparse_hessian,
        sparse_jacobian,
        tensor_jacobian_product,
        vector_jacobian_product,
        vmap,
    )

__all__ = [
    "checkpoint",
    "checkpoint_chain",
    "compile",
    "cond",
    "deriv",
    "derive",
    "draw_graph",
    "draw_slopes",
    "elementwise_grad",
    "ggnvp",
    "grad",
    "grad_and_aux",
    "grad_named",
    "hessian",
    "hessian_diagonal",
    "hessian_tensor_product",
    "hessian_vector_product",
    "holomorphic_grad",
    "hvp",
    "implicit_solution",
    "iterate",
    "jacobian",
    "jvp",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_jvp_reversemode",
    "make_vjp",
    "multigrad_dict",
    "rows",
    "scan",
    "sparse_hessian",
    "sparse_jacobian",
    "tensor_jacobian_product",
    "until",
    "value_and_grad",
    "vector_jacobian_product",
    "vjp",
    "vmap",
]

__version__ = "0.1.0"

# What is imported when it is first asked for: most programs never do. The last names are Python's,
# as the autograd package has them beside its operators.
_LATER = {
    **dict.fromkeys(("compile", "cond", "iterate", "rows", "scan", "until"), "compiler"),
    "derive": "derivation",
    "draw_graph": "drawing",
    "draw_slopes": "drawing",
    **dict.fromkeys(("dict", "isinstance", "list", "tuple", "type"), "builtins"),
    "primitive": "extend",
}
# Modules that programs for autograd reach by importing nothing but it.
_MODULES = {name: name for name in ("builtins", "differential_operators", "extend", "numpy")}
_MODULES |= dict.fromkeys(("core", "tracer", "util", "wrap_util"), "extend.inside")


def __getattr__(name: str) -> Any:
    module = _LATER.get(name) or _MODULES.get(name, "operators" if name in __all__ else "")
    if not module:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = import_module(f"{__name__}.{module}")
    return found if name in _MODULES else getattr(found, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
