"""Losses of a linear model: what a row's scores cost, given the class it has.

A loss is a few lines of plain NumPy. Its gradient is nowhere written down: the engine has it.
Another loss needs the same three things as these two and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["BinaryLogLoss", "Loss", "SoftmaxLogLoss"]

FloatArray = NDArray[np.float64]


class Loss(Protocol):
    """What a fit needs to know of a loss."""

    @property
    def outputs(self) -> int:
        """How many scores a row has."""

    def total(self, scores: Any, codes: NDArray[np.int64]) -> Any:
        """Return the sum over rows, for scores of shape (rows, outputs) and codes 0, 1, …"""

    def probabilities(self, scores: FloatArray) -> FloatArray:
        """Return the probability of each class, shape (rows, classes)."""


@dataclass(frozen=True)
class BinaryLogLoss:
    """The log loss of two classes: a row has one score, the log-odds of class 1.

    >>> bool(BinaryLogLoss().total(np.array([[0.0], [0.0]]), np.array([0, 1])) == 2 * np.log(2))
    True
    """

    outputs: int = 1

    def total(self, scores: Any, codes: NDArray[np.int64]) -> Any:
        against = np.where(codes == 1, -1.0, 1.0)
        # log(1 + exp(z)) by logaddexp: exp(z) itself overflows at 710
        return np.sum(np.logaddexp(0.0, against * scores[:, 0]))

    def probabilities(self, scores: FloatArray) -> FloatArray:
        # Each class from its own exponential: 1 - p has no digits left where p is near 1.
        signed = np.hstack([-scores, scores])
        return np.exp(-np.logaddexp(0.0, -signed))


@dataclass(frozen=True)
class SoftmaxLogLoss:
    """The log loss of several classes: a row has a score for each.

    Scores are the classes' log-probabilities but for a constant.

    >>> bool(SoftmaxLogLoss(classes=3).total(np.zeros((2, 3)), np.array([0, 2])) == 2 * np.log(3))
    True
    """

    classes: int

    @property
    def outputs(self) -> int:
        return self.classes

    def total(self, scores: Any, codes: NDArray[np.int64]) -> Any:
        chosen = codes[:, np.newaxis] == np.arange(self.classes)
        return np.sum(_log_sum_exp(scores)) - np.sum(np.where(chosen, scores, 0.0))

    def probabilities(self, scores: FloatArray) -> FloatArray:
        shifted: FloatArray = scores - _log_sum_exp(scores)
        return np.exp(shifted)


def _log_sum_exp(scores: Any) -> Any:
    largest = np.max(scores, axis=1, keepdims=True)  # so that no exponential overflows
    return largest + np.log(np.sum(np.exp(scores - largest), axis=1, keepdims=True))
