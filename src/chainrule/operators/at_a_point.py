"""Products with derivatives at one point, each as a function that is made once and called often.

What `vjp`, `jvp` and `hvp` do with all arguments in one call is done here for the arguments that
`argnum` names, in two steps: `make_vjp(f)(x)` runs `f` at `x`, and returns what computes products
there. These are the names and calls of the `autograd` package.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.pieces import zeros
from chainrule._core.trees import build, flatten
from chainrule._core.values import shape_of

from .arguments import ArgNum, Function, checked_argnum, chosen_arguments, derived, replaced
from .gradients import grad
from .products import changing_dtype, jvp, vjp

__all__ = ["make_ggnvp", "make_hvp", "make_jvp", "make_jvp_reversemode", "make_vjp"]


def at_arguments(f: Function, argnum: ArgNum, args: Any, options: Any) -> tuple[Function, Any]:
    """Return `f` as a function of what `argnum` names alone, and that."""
    x = chosen_arguments(f, argnum, args)
    return lambda v: f(*replaced(args, argnum, v), **options), x


def make_vjp(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that runs `f` and gives `(pull, value)`, `pull` to be called often.

    `make_vjp(f)(x)` runs `f` once. `pull(g)` takes a change `g` of the value back to the argument
    at position `argnum`: the product of `g` with the Jacobian. For a tuple of positions it
    returns a tuple. Structures, shapes and errors are those of `vjp`, which serves all arguments
    at once.

    >>> import chainrule, numpy as np
    >>> pull, y = chainrule.make_vjp(np.multiply, 1)(2.0, 3.0)
    >>> pull(1.0), y
    (2.0, 6.0)
    """
    argnum = checked_argnum("make_vjp", f, argnum)

    @derived(f, "make_vjp", "Pull of changes, and value,", argnum)
    def made(*args: Any, **options: Any) -> Any:
        y, pull = vjp(*at_arguments(f, argnum, args, options))
        return (lambda g: pull(g)[0]), y

    return made


def make_jvp(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function of a point that gives the function of a tangent there.

    `make_jvp(f)(x)(t)` is `f(x)` and its change when the argument at position `argnum` changes by
    `t`: the product of the Jacobian with `t`, in forward mode. For a tuple of positions `t` is a
    tuple. Each call runs `f`. Structures, shapes and errors are those of `jvp`, which serves all
    arguments at once.

    >>> import chainrule, numpy as np
    >>> chainrule.make_jvp(np.multiply)(2.0, 3.0)(1.0)
    (6.0, 3.0)
    """
    argnum = checked_argnum("make_jvp", f, argnum)

    @derived(f, "make_jvp", "Push of tangents", argnum)
    def made(*args: Any, **options: Any) -> Any:
        of_x, x = at_arguments(f, argnum, args, options)
        return lambda t: jvp(of_x, (x,), (t,))

    return made


def make_jvp_reversemode(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function of a point that gives the function of a tangent, by reverse mode.

    `make_jvp_reversemode(f)(x)(t)` is the product of the Jacobian with `t`. The pull of a
    change is linear, so its transpose is the push. It runs `f` once, whatever the number of
    tangents, and keeps what it recorded; `make_jvp` runs `f` for each, and keeps nothing.

    >>> import chainrule, numpy as np
    >>> float(chainrule.make_jvp_reversemode(np.multiply)(2.0, 3.0)(1.0))
    3.0
    """
    argnum = checked_argnum("make_jvp_reversemode", f, argnum)

    @derived(f, "make_jvp_reversemode", "Push of tangents, by reverse mode,", argnum)
    def made(*args: Any, **options: Any) -> Any:
        y, pull = vjp(*at_arguments(f, argnum, args, options))
        return transposed_pull(y, lambda g: pull(g)[0])

    return made


def transposed_pull(y: Any, pull: Function) -> Function:
    """Return the transpose of the linear `pull` of changes of `y`."""
    leaves: list[Any] = []
    structure = flatten(y, "a value", leaves)
    nothing = build(structure, [zeros(shape_of(v), changing_dtype(v)) for v in leaves])
    push = vjp(pull, nothing)[1]
    return lambda t: push(t)[0]


def make_hvp(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function of a point that gives `(product, gradient)`, to multiply often.

    `make_hvp(f)(x)` runs scalar-valued `f` once. `product(t)` is the Hessian of `f` in the
    argument at position `argnum`, at `x`, times `t`; the Hessian itself is never formed. `hvp`
    serves all arguments at once.

    >>> import chainrule
    >>> product, slope = chainrule.make_hvp(lambda x: x**3)(2.0)
    >>> product(1.0), slope
    (12.0, 12.0)
    """
    checked_argnum("make_hvp", f, argnum)
    return make_vjp(grad(f, argnum), argnum)


def half_square(y: Any) -> Any:
    """Half the sum of squares along the last axis: the loss of least squares."""
    return 0.5 * np.sum(y * y, axis=-1)


def make_ggnvp(f: Function, g: Function = half_square, f_argnum: ArgNum = 0) -> Function:
    """Return the function of a point that gives products with the generalised Gauss-Newton matrix.

    For a scalar-valued loss `g` of the outputs of `f`, `make_ggnvp(f, g)(x)(t)` is
    J' H J t, with J the Jacobian of `f` in the argument at position `f_argnum`, and H the Hessian
    of `g` at `f(x)`. It is the Hessian of g(f(x)) without the curvature of `f`, so never negative
    for a convex `g`. Without `g` it is half the sum of squares, and the product J' J t.
    Method: Schraudolph (2002), *Fast curvature matrix-vector products*.

    >>> import chainrule, numpy as np
    >>> product = chainrule.make_ggnvp(lambda x: x * np.array([1.0, 2.0]))(np.array([5.0, 5.0]))
    >>> product(np.array([1.0, 1.0]))
    array([1., 4.])
    """
    f_argnum = checked_argnum("make_ggnvp", f, f_argnum)

    @derived(f, "make_ggnvp", "Product with the Gauss-Newton matrix", g, f_argnum)
    def made(*args: Any, **options: Any) -> Any:
        y, pull = vjp(*at_arguments(f, f_argnum, args, options))
        pull_one: Function = lambda h: pull(h)[0]
        push = transposed_pull(y, pull_one)
        curve = make_hvp(g)(y)[0]
        return lambda t: pull_one(curve(push(t)))

    return made
