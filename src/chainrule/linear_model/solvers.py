"""Solvers: finding the parameters at which a smooth objective is least."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Solution", "Solver", "Step", "ValueAndGradient"]

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
    """The parameters found, the method and its way there, and whether its tolerance was met."""

    parameters: FloatArray
    method: str
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
