"""Fitting a linear model of arrays: a loss, a penalty and a solver put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.linear_model.lbfgs import LBFGS
from chainrule.linear_model.losses import Loss
from chainrule.linear_model.penalties import Penalty
from chainrule.linear_model.solvers import Solution, Solver, Step
from chainrule.operators import value_and_grad

__all__ = ["LinearFit", "fit_linear"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class LinearFit:
    """A fitted linear model: `scores = features @ weights + intercepts`.

    `weights` has shape (features, outputs), `intercepts` (outputs,). `separated` lists the classes
    found to be told apart without error; without a penalty no finite weights are best for them.
    """

    weights: FloatArray
    intercepts: FloatArray
    solution: Solution
    separated: tuple[int, ...]

    def scores(self, features: FloatArray) -> FloatArray:
        return features @ self.weights + self.intercepts


def fit_linear(
    features: FloatArray,
    codes: NDArray[np.int64],
    loss: Loss,
    penalty: Penalty,
    solver: Solver | None = None,
    report: Callable[[Step], None] = lambda step: None,
) -> LinearFit:
    """Return the linear model for which loss and penalty together are least.

    `features` has shape (rows, features) and is best standardised; `codes` are the classes as
    0, 1, …. The steps that `report` is told of count the objective per row, so that a tolerance
    means the same for a short table as for a long one.

    >>> from chainrule.linear_model.losses import BinaryLogLoss
    >>> from chainrule.linear_model.penalties import Ridge
    >>> features = np.array([[-1.0], [0.0], [0.0], [1.0]])
    >>> fit = fit_linear(features, np.array([0, 1, 0, 1]), BinaryLogLoss(), Ridge(1.0))
    >>> fit.weights.round(3), abs(fit.intercepts.round(6))
    (array([[0.675]]), array([0.]))
    """
    rows, columns = features.shape
    shape = (columns + 1, loss.outputs)

    def objective(parameters: Any) -> Any:
        weights, intercepts = _parts(parameters, shape)
        cost = loss.total(features @ weights + intercepts, codes) + penalty.cost(weights)
        return cost / rows

    start = np.zeros(columns * loss.outputs + loss.outputs)
    solution = (solver or LBFGS()).minimise(value_and_grad(objective), start, report)
    weights, intercepts = _parts(solution.parameters, shape)
    if loss.outputs > 1:
        # A constant added to all scores of a row changes nothing: the mean is set to 0.
        weights = weights - weights.mean(axis=1, keepdims=True)
        intercepts = intercepts - intercepts.mean()
    separated = separated_classes(features @ weights + intercepts, codes)
    return LinearFit(weights, intercepts, solution, separated)


def _parts(parameters: Any, shape: tuple[int, int]) -> tuple[Any, Any]:
    matrix = np.reshape(parameters, shape)
    return matrix[:-1], matrix[-1]


def separated_classes(scores: FloatArray, codes: NDArray[np.int64]) -> tuple[int, ...]:
    """Return the classes that `scores` tell from all other rows without a single error.

    Either every row's own class scores highest, or all of a class's rows score above every other
    row. Such scores are themselves the proof that the classes separate, so that their loss falls
    without end as the weights grow. That no class is listed proves nothing.

    >>> separated_classes(np.array([[-3.0], [-1.0], [2.0]]), np.array([0, 0, 1]))
    (0, 1)
    """
    if scores.shape[1] == 1:
        scores = np.hstack([-scores, scores])
    classes = range(scores.shape[1])
    own = scores[np.arange(len(codes)), codes]
    rivals = np.where(codes[:, np.newaxis] == np.array(classes), -np.inf, scores)
    if (own > rivals.max(axis=1)).all():
        return tuple(classes)
    return tuple(
        k
        for k in classes
        if (codes == k).any() and scores[codes == k, k].min() > scores[codes != k, k].max()
    )
