"""Fixed points of iterations, and how they change with parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainrule.extend import defjvp, defvjp, primitive, vspace
from chainrule.operators import jvp, vjp

__all__ = ["fixed_point"]

Function = Callable[..., Any]


@primitive
def fixed_point(f: Function, a: Any, x0: Any, distance: Function, tol: float) -> Any:
    """Return the x at which f(a)(x) is x: where the iteration of f(a) from `x0` comes to rest.

    It rests when `distance(x, x_before)` is at most `tol`. `a` and x are numbers, arrays or
    containers of them. The derivative in `a` is that of the fixed point itself, not of the
    iteration: nothing of that is kept, and it does not depend on `x0`. It is found by an iteration
    of its own, which comes to rest where the first does. `f` takes all that is differentiated
    from `a`.

    Method: the implicit function theorem; Griewank and Walther (2008), chapter 15.

    >>> from chainrule import grad
    >>> from chainrule.misc.fixed_points import fixed_point
    >>> def newton(a):
    ...     return lambda x: 0.5 * (x + a / x)
    >>> def root(a):
    ...     return fixed_point(newton, a, 1.0, lambda x, y: abs(x - y), 1e-12)
    >>> round(root(4.0), 9), round(grad(root)(4.0), 9)
    (2.0, 0.25)
    """
    step = f(a)
    before, x = x0, step(x0)
    while distance(x, before) > tol:
        before, x = x, step(x)
    return x


def pull(ans: Any, f: Function, a: Any, x0: Any, distance: Function, tol: float) -> Function:
    """With J the step's Jacobian at the fixed point: g (1 - J)^-1, by h -> g + h J, then to `a`."""

    def adjoint(both: Any) -> Function:
        a, x, g = both
        pull_x = vjp(f(a), x)[1]
        return lambda h: vspace(x).add(pull_x(h)[0], g)

    pull_a = vjp(lambda a: f(a)(ans), a)[1]
    zero = vspace(x0).zeros()
    return lambda g: pull_a(fixed_point(adjoint, (a, ans, g), zero, distance, tol))[0]


def push(t: Any, ans: Any, f: Function, a: Any, x0: Any, distance: Function, tol: float) -> Any:
    """(1 - J)^-1 times the change of the step with `a`, by s -> J s + that change."""

    def tangent(both: Any) -> Function:
        a, x, t = both
        moved = jvp(lambda a: f(a)(x), (a,), (t,))[1]
        return lambda s: vspace(x).add(jvp(f(a), (x,), (s,))[1], moved)

    return fixed_point(tangent, (a, ans, t), vspace(x0).zeros(), distance, tol)


defvjp(fixed_point, None, pull, None)
defjvp(fixed_point, None, push, None)
