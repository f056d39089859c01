"""scipy.integrate, with an odeint that is differentiable in start, times and parameters.

Every other name of scipy.integrate is here and works on plain arrays.

>>> import math
>>> import numpy as np
>>> import chainrule
>>> from chainrule.scipy.integrate import odeint
>>> times = np.array([0.0, 1.0])
>>> def left_after_an_hour(rate):
...     return odeint(lambda y, t, rate: -rate * y, 1.0, times, (rate,))[-1, 0]
>>> round(chainrule.grad(left_after_an_hour)(0.5), 6), -round(math.exp(-0.5), 6)
(-0.606531, -0.606531)
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from chainrule import _rules  # noqa: F401  (states the table)
from chainrule._core.faces import face_of
from chainrule._core.traces import joined
from chainrule._core.trees import values_in
from chainrule._core.values import RECORDING, bare, holds_value, shape_of
from chainrule._optional import library

_module = library("scipy.integrate", extra="scipy")

__all__ = list(_module.__all__)


def odeint(
    func: Any, y0: Any, t: Any, args: Any = (), Dfun: Any = None, *more: Any, **options: Any
) -> Any:
    """Return the solution of dy/dt = func(y, t, *args) from `y0` on, a row for each of the times.

    Arguments and options are SciPy's, and so is the solution. It is differentiable in `y0`, in
    the times `t`, and in all numbers and arrays in `args`, in both directions and to any order.
    Its derivative is as exact as the solution: set `rtol` and `atol` for both.

    `func` is written with functions that have derivatives; it may return a list. What it reads
    from around it must be plain: values that are being differentiated go through `args`, and
    TypeError says so. With `full_output` there is no derivative.

    Method: the adjoint equation, restarted from the solution at each of the times.

    >>> import numpy as np
    >>> import chainrule
    >>> from chainrule.scipy.integrate import odeint
    >>> def swing(y, t, k):
    ...     return [y[1], -k * y[0]]
    >>> end = lambda y0: odeint(swing, y0, np.array([0.0, np.pi]), (4.0,))[-1]
    >>> np.round(chainrule.jacobian(end)(np.array([1.0, 0.0])), 5) + 0.0
    array([[1., 0.],
           [0., 1.]])
    """
    from chainrule.scipy.flow import watched

    args = args if isinstance(args, tuple) else (args,)
    found: list[Any] = []
    put = values_in(args, found)
    if not (found or holds_value(y0) or holds_value(t)) or more:
        func = watched(func) if RECORDING.get() else func
        return _module.odeint(func, y0, t, args, Dfun, *more, **options)
    if options.pop("full_output", False):
        raise TypeError(
            "odeint with full_output has no derivative; take what it says from a call on plain "
            "numbers."
        )
    y0, t = joined(y0), joined(t)
    if len(shape_of(t)) != 1 or len(shape_of(y0)) > 1:
        return _module.odeint(func, bare(y0), bare(t))  # SciPy says what is wrong
    return recorded(func, np.reshape(y0, -1), t, put or (lambda p: args), found, options)


def recorded(func: Any, y0: Any, t: Any, put: Any, found: list[Any], options: Any) -> Any:
    """Solve for numbers that lie in one sequence: the start, the times and what `put` puts."""
    from chainrule.scipy.flow import Problem, solution

    shapes = [shape_of(v) for v in found]
    ends = list(itertools.accumulate(map(math.prod, shapes)))
    time_first = options.pop("tfirst", False)

    def system(y: Any, t: Any, p: Any) -> Any:
        parts = (
            np.reshape(p[end - math.prod(shape) : end], shape)
            for end, shape in zip(ends, shapes, strict=True)
        )
        slope = func(*((t, y) if time_first else (y, t)), *put(parts))
        return np.reshape(joined(slope), shape_of(y))

    numbers = np.concatenate([y0, t, *(np.reshape(v, -1) for v in found)])
    return solution(numbers, Problem(system, shape_of(y0)[0], shape_of(t)[0], options))


__getattr__ = face_of(globals(), _module, {})


def __dir__() -> list[str]:
    return sorted(__all__)
