"""Solutions of ordinary differential equations, by the adjoint equation.

A change `g` of the solution at the times t is pulled back from each time to the one before by
da/dt = -(df/dy)' a, beside which the state runs back and -(df/dp)' a is summed for the parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.integrate

from chainrule._core.stating import pulled
from chainrule._core.traces import joined
from chainrule._core.values import freed, holds_value, recordable, shape_of
from chainrule.operators import vjp

__all__ = ["Problem", "solution", "watched"]

System = Callable[..., Any]


class Problem:
    """A system of equations, where its numbers lie in one sequence, and the solver's options."""

    def __init__(self, system: System, size: int, times: int, options: dict[str, Any]) -> None:
        self.system, self.size, self.times, self.options = system, size, times, options

    def split(self, x: Any) -> tuple[Any, Any, Any]:
        """Return the state at the start, the times, and the parameters."""
        end = self.size + self.times
        return x[: self.size], x[self.size : end], x[end:]


@recordable
def solution(x: Any, problem: Problem) -> Any:
    """Return the state at all times: SciPy's odeint."""
    y, t, p = problem.split(x)
    return scipy.integrate.odeint(watched(problem.system), y, t, (p,), **problem.options)


def watched(system: System) -> System:
    """Return `system`, which is called on plain numbers and has to answer with plain ones."""

    def call(*args: Any) -> Any:
        slope = freed(joined(system(*args)))
        if holds_value(slope):
            raise TypeError(
                "the function that odeint integrates reads a value that is being differentiated "
                "from around it, whose gradient would be lost; hand it over by args=(...)."
            )
        return slope

    return call


def backward_system(system: System, size: int) -> System:
    """The state, the change that is pulled back, and what it has added to the parameters."""

    def run(s: Any, t: Any, p: Any) -> Any:
        slope, pull = vjp(lambda y, p: system(y, t, p), s[:size], p)
        to_state, to_parameters = pull(s[size : 2 * size])
        return np.concatenate([slope, -to_state, -to_parameters])

    return run


SHARED = ("hmax", "hmin", "mxstep", "mxhnil", "mxordn", "mxords", "printmessg")


def adjoint(g: Any, x: Any, y: Any, problem: Problem) -> Any:
    size, system = problem.size, problem.system
    _, t, p = problem.split(x)
    options = {name: v for name, v in problem.options.items() if name in SHARED}
    options |= {
        name: np.min(v)  # an array has an entry for each number of a state that is longer here
        for name, v in problem.options.items()
        if name in ("rtol", "atol") and v is not None
    }
    count = shape_of(p)[0]
    back = Problem(backward_system(system, size), 2 * size + count, 2, options)
    moves: list[Any] = []
    a, to_parameters, reached = g[-1], np.zeros(count), np.zeros(size)
    for k in range(problem.times - 1, 0, -1):
        moves.append(np.sum(g[k] * system(y[k], t[k], p)))
        start = [y[k], a, to_parameters, t[k : k + 1], t[k - 1 : k], p]
        end = solution(np.concatenate(start), back)[1]
        reached, to_parameters = end[size : 2 * size], end[2 * size :]
        a = reached + g[k - 1]
    moves.append(-np.sum(reached * system(y[0], t[0], p)))  # starting later is starting further on
    return np.concatenate([a, joined(moves[::-1]), to_parameters])


pulled(solution, adjoint)
