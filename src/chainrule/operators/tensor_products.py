"""Products with the Jacobian and the Hessian, whose last argument is what is multiplied.

These are the names and calls of the `autograd` package, for vectors, matrices and what has more
axes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arguments import Function, checked_argnum, derived, name_of
from .at_a_point import make_vjp
from .gradients import grad
from .matrices import jacobian

__all__ = [
    "hessian_tensor_product",
    "hessian_vector_product",
    "tensor_jacobian_product",
    "vector_jacobian_product",
]


def hessian_tensor_product(f: Function, argnum: int = 0) -> Function:
    """Return the function of `f`'s arguments and a tensor that multiplies the Hessian with it.

    `hessian_tensor_product(f)(x, t)` is the Hessian of scalar-valued `f` in the argument at
    position `argnum`, times `t`, which has that argument's shape, and so has the result. Named
    arguments of `f` are passed on. The Hessian is never formed.
    `hessian_vector_product` is the same function.

    >>> import chainrule, numpy as np
    >>> product = chainrule.hessian_tensor_product(lambda x: np.sum(x**3))
    >>> product(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([  6., 120.])
    """
    checked_argnum("hessian_tensor_product", f, argnum)
    slope = grad(f, argnum)

    @derived(f, "hessian_tensor_product", "Product with the Hessian", argnum)
    def product(*args: Any, **options: Any) -> Any:
        *args_of_f, t = _with_tensor("hessian_tensor_product", f, args)
        # the Hessian is its own transpose, so a pull of the gradient is the product
        return make_vjp(slope, argnum)(*args_of_f, **options)[0](t)

    return product


def tensor_jacobian_product(f: Function, argnum: int = 0) -> Function:
    """Return the function of `f`'s arguments and a tensor that multiplies the Jacobian with it.

    `tensor_jacobian_product(f)(x, g)` is `g`, transposed, times the Jacobian of `f` in the argument
    at position `argnum`, summed over all axes of `g`: of the argument's shape, where `g` has the
    output's. Named arguments of `f` are passed on. The Jacobian is never formed.
    `vector_jacobian_product` is the same function.

    >>> import chainrule, numpy as np
    >>> product = chainrule.tensor_jacobian_product(lambda x: x**2)
    >>> product(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([ 2., 40.])
    """
    checked_argnum("tensor_jacobian_product", f, argnum)

    def along(*args: Any, **options: Any) -> Any:
        *args_of_f, g = _with_tensor("tensor_jacobian_product", f, args)
        return np.tensordot(g, f(*args_of_f, **options), np.ndim(g))

    # the tensor stands behind f's arguments, so positions from the end move by one
    product = jacobian(along, argnum if argnum >= 0 else argnum - 1)
    return derived(f, "tensor_jacobian_product", "Product with the Jacobian", argnum)(
        lambda *args, **options: product(*args, **options)
    )


hessian_vector_product = hessian_tensor_product
vector_jacobian_product = tensor_jacobian_product


def _with_tensor(operator: str, f: Function, args: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(args) < 2:
        raise TypeError(
            f"{operator} of {name_of(f)} takes the arguments of {name_of(f)} and, behind them, "
            "what to multiply with; the last is missing."
        )
    return args
