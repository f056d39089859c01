"""Solvers: finding the parameters at which a smooth objective is least."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chainrule._optional import library

__all__ = ["LBFGS", "Solution", "Solver", "Step"]

FloatArray = NDArray[np.float64]
ValueAndGradient = Callable[[FloatArray], tuple[float, FloatArray]]


@dataclass(frozen=True)
class Step:
    """Where a solver stands after `number` steps; `gradient` is its largest entry's size."""

    number: int
    value: float
    gradient: float


@dataclass(frozen=True)
class Solution:
    """The parameters found, the way there, and whether the solver's tolerance was met."""

    parameters: FloatArray
    steps: tuple[Step, ...]
    converged: bool

    @property
    def last(self) -> Step:
        return self.steps[-1]


class Solver(Protocol):
    """What a fit needs of a solver; `report` is told of every step, the start being step 0."""

    def minimise(
        self, objective: ValueAndGradient, start: FloatArray, report: Callable[[Step], None]
    ) -> Solution: ...


@dataclass(frozen=True)
class LBFGS:
    """SciPy's L-BFGS-B (Byrd, Lu, Nocedal and Zhu 1995).

    It stops when no entry of the gradient is larger than `tolerance`, or after `most_steps`. Where
    rounding ends the search earlier, a gradient below `acceptable` still counts as converged.
    """

    tolerance: float = 1e-10
    acceptable: float = 1e-7
    most_steps: int = 1000

    def minimise(
        self, objective: ValueAndGradient, start: FloatArray, report: Callable[[Step], None]
    ) -> Solution:
        optimize = library("scipy.optimize", extra="fit")
        steps: list[Step] = []
        latest = objective(start)

        def evaluated(parameters: FloatArray) -> tuple[float, FloatArray]:
            nonlocal latest
            latest = objective(parameters)
            return latest

        def stepped(parameters: FloatArray) -> None:
            # A step ends at the point evaluated last: its gradient is not computed again.
            value, gradient = latest
            steps.append(Step(len(steps), float(value), float(np.max(np.abs(gradient)))))
            report(steps[-1])

        stepped(start)
        found = optimize.minimize(
            evaluated,
            start,
            method="L-BFGS-B",
            jac=True,
            callback=stepped,
            options={
                "maxiter": self.most_steps,
                "maxfun": 20 * self.most_steps,
                "maxcor": 20,
                "ftol": 0.0,  # the gradient decides: a flat stretch is no minimum
                "gtol": self.tolerance,
            },
        )
        return Solution(found.x, tuple(steps), steps[-1].gradient <= self.acceptable)
