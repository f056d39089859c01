"""Optimisers that need the gradient alone: momentum, RMSprop and Adam.

Each takes `grad(x, i)`, the gradient at `x` in iteration `i` (by which it may choose its batch),
the start `x0`, and `callback(x, i, g)`, called before each step. `x0` may be any container of
numbers and arrays; what is returned, and what both functions see, has its structure. They are
made of NumPy's functions, so a result may itself be differentiated, in the start or a step size.

>>> import numpy as np
>>> from chainrule import grad
>>> from chainrule.misc.optimizers import adam
>>> slope = grad(lambda p: (p["a"] - 3.0) ** 2 + p["b"] ** 2)
>>> found = adam(lambda p, i: slope(p), {"a": 0.0, "b": 1.0}, num_iters=500, step_size=0.1)
>>> round(found["a"], 4)
3.0
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .flatten import flatten

__all__ = ["adam", "rmsprop", "sgd", "unflatten_optimizer"]

Function = Callable[..., Any]


def unflatten_optimizer(optimize: Function) -> Function:
    """Return an optimiser of containers, from one of vectors.

    `optimize(grad, x, callback, ...)` works on vectors; what is returned takes and gives
    containers in their place.

    >>> from chainrule.misc.optimizers import unflatten_optimizer
    >>> @unflatten_optimizer
    ... def one_step(grad, x, callback=None, step_size=0.5):
    ...     return x - step_size * grad(x, 0)
    >>> one_step(lambda x, i: x, [2.0, {"a": 4.0}])
    [1.0, {'a': 2.0}]
    """

    @functools.wraps(optimize)
    def of_containers(
        grad: Function, x0: Any, callback: Function | None = None, *args: Any, **options: Any
    ) -> Any:
        vector, unflatten = flatten(x0)

        def grad_of_vector(x: Any, i: int) -> Any:
            return flatten(grad(unflatten(x), i))[0]

        def told(x: Any, i: int, g: Any) -> None:
            assert callback is not None
            callback(unflatten(x), i, unflatten(g))

        found = optimize(grad_of_vector, vector, told if callback else None, *args, **options)
        return unflatten(found)

    return of_containers


@unflatten_optimizer
def sgd(
    grad: Function,
    x: Any,
    callback: Function | None = None,
    num_iters: int = 200,
    step_size: Any = 0.1,
    mass: Any = 0.9,
) -> Any:
    """Return where gradient descent with momentum is after `num_iters` steps from `x`.

    The velocity is a running mean of gradients downhill, of which the last counts `1 - mass`.

    >>> from chainrule.misc.optimizers import sgd
    >>> round(sgd(lambda x, i: 2 * (x - 3.0), 0.0), 3)
    3.0
    """
    velocity = np.zeros(len(x), x.dtype)
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        velocity = mass * velocity - (1.0 - mass) * g
        x = x + step_size * velocity
    return x


@unflatten_optimizer
def rmsprop(
    grad: Function,
    x: Any,
    callback: Function | None = None,
    num_iters: int = 100,
    step_size: Any = 0.1,
    gamma: Any = 0.9,
    eps: float = 1e-8,
) -> Any:
    """Return where RMSprop is after `num_iters` steps from `x`.

    Each step is the gradient over the root of a running mean of its squares, which starts at 1.
    Method: Tieleman and Hinton (2012), *Lecture 6.5: RMSprop*.

    >>> from chainrule.misc.optimizers import rmsprop
    >>> round(rmsprop(lambda x, i: 2 * (x - 3.0), 0.0, step_size=0.05), 2)
    3.0
    """
    squares = np.ones(len(x), x.dtype)
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        squares = squares * gamma + g**2 * (1 - gamma)
        x = x - step_size * g / (np.sqrt(squares) + eps)
    return x


@unflatten_optimizer
def adam(
    grad: Function,
    x: Any,
    callback: Function | None = None,
    num_iters: int = 100,
    step_size: Any = 0.001,
    b1: Any = 0.9,
    b2: Any = 0.999,
    eps: float = 1e-8,
) -> Any:
    """Return where Adam is after `num_iters` steps from `x`.

    Running means of the gradient and of its square, each freed of its start at zero; a step is
    their quotient. Method: Kingma and Ba (2015), *Adam: a method for stochastic optimization*.

    >>> from chainrule.misc.optimizers import adam
    >>> round(adam(lambda x, i: 2 * (x - 3.0), 0.0, num_iters=400, step_size=0.1), 3)
    3.0
    """
    mean, square = np.zeros(len(x), x.dtype), np.zeros(len(x), x.dtype)
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        mean = (1 - b1) * g + b1 * mean
        square = (1 - b2) * g**2 + b2 * square
        x = x - step_size * (mean / (1 - b1 ** (i + 1))) / (
            np.sqrt(square / (1 - b2 ** (i + 1))) + eps
        )
    return x
