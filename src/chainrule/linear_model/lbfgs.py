"""L-BFGS: Newton's method with a curvature guessed from the last steps.

Nocedal, "Updating quasi-Newton matrices with limited storage" (1980), with the approximate
conditions for a step of Hager and Zhang (2005): they look at slopes where values no longer differ,
so that gradients fall to rounding, some digits further than a search by values alone.
It is written here because importing SciPy's takes longer than most fits.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule.linear_model.solvers import Solution, Step, ValueAndGradient

__all__ = ["LBFGS"]

FloatArray = NDArray[np.float64]

FALL = 1e-4  # the least part of the fall that the slope promises
FLATTENING = 0.9  # the slope must become flatter than this part of what it was
ROUNDING = 1e-13  # by so much, relatively, a value may rise and still count as equal


@dataclass(frozen=True)
class LBFGS:
    """The solver: it remembers `memory` steps, and takes at most `most_steps`.

    It stops when no entry of the gradient is larger than `tolerance`. Where rounding ends the
    search earlier, a gradient below `acceptable` still counts as converged.

    >>> bowl = lambda x: (float((x - 3) @ (x - 3)), 2 * (x - 3))
    >>> LBFGS().minimise(bowl, np.zeros(2), report=lambda step: None).parameters
    array([3., 3.])
    """

    memory: int = 20
    tolerance: float = 1e-10
    acceptable: float = 1e-7
    most_steps: int = 1000

    def minimise(
        self, objective: ValueAndGradient, start: FloatArray, report: Callable[[Step], None]
    ) -> Solution:
        here = _evaluated(objective, start)
        curvature = _Curvature(self.memory)
        steps: list[Step] = []
        while True:
            steps.append(Step(len(steps), here.value, float(np.max(np.abs(here.gradient)))))
            report(steps[-1])
            if steps[-1].gradient <= self.tolerance or len(steps) > self.most_steps:
                break
            there = _search(objective, here, curvature.downhill(here.gradient))
            if there is None and curvature.pairs:
                curvature.pairs.clear()  # steepest descent may find what the memory hides
                there = _search(objective, here, curvature.downhill(here.gradient))
            if there is None:
                break
            curvature.remember(there.point - here.point, there.gradient - here.gradient)
            here = there
        return Solution(here.point, "L-BFGS", tuple(steps), steps[-1].gradient <= self.acceptable)


@dataclass(frozen=True)
class _Place:
    point: FloatArray
    value: float
    gradient: FloatArray


def _evaluated(objective: ValueAndGradient, point: FloatArray) -> _Place:
    value, gradient = objective(point)
    return _Place(point, float(value), gradient)


class _Curvature:
    """An inverse Hessian, known by what it did to the last steps: their pairs (s, y, 1 / s·y)."""

    def __init__(self, memory: int) -> None:
        self.pairs: deque[tuple[FloatArray, FloatArray, float]] = deque(maxlen=memory)

    def remember(self, s: FloatArray, y: FloatArray) -> None:
        """Learn that a step `s` changed the gradient by `y`."""
        product = float(s @ y)
        if product > 0:  # else rounding has eaten the difference
            self.pairs.append((s, y, 1 / product))

    def downhill(self, gradient: FloatArray) -> FloatArray:
        """Return less the inverse Hessian times `gradient`, by Nocedal's two loops."""
        if not self.pairs:
            return -gradient / max(1.0, float(np.linalg.norm(gradient)))
        q = gradient
        parts = []
        for s, y, rho in reversed(self.pairs):
            parts.append(rho * float(s @ q))
            q = q - parts[-1] * y
        s, y, rho = self.pairs[-1]
        r = q / (rho * float(y @ y))
        for (s, y, rho), part in zip(self.pairs, reversed(parts), strict=True):
            r = r + (part - rho * float(y @ r)) * s
        return -r


def _search(objective: ValueAndGradient, here: _Place, direction: FloatArray) -> _Place | None:
    """Return a place along `direction` where value and slope have fallen enough; None if none is.

    The step is doubled until it is too long, then the interval is cut where the slopes at its
    ends say that the slope is 0.
    """
    slope = float(here.gradient @ direction)
    if not slope < 0:
        return None
    low, slope_low = 0.0, slope
    high, slope_high = math.inf, math.nan
    length = 1.0
    for _ in range(60):
        there = _evaluated(objective, here.point + length * direction)
        slope_there = float(there.gradient @ direction)
        fallen = there.value <= here.value + FALL * length * slope
        equal = (
            there.value <= here.value + ROUNDING * abs(here.value)
            and slope_there <= (2 * FALL - 1) * slope
        )
        if not (fallen or equal):
            high, slope_high = length, slope_there
        elif slope_there < FLATTENING * slope:
            low, slope_low = length, slope_there
        else:
            return there
        length = 2 * low if math.isinf(high) else _within(low, slope_low, high, slope_high)
        if length in (low, high):
            return None
    return None


def _within(low: float, slope_low: float, high: float, slope_high: float) -> float:
    """Return where between two steps the slope is 0 if it changes evenly, but near neither end."""
    part = slope_low / (slope_low - slope_high) if slope_high > 0 else 0.5
    return low + min(max(part, 0.1), 0.9) * (high - low)
