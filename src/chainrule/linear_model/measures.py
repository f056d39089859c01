"""How good predicted probabilities are: accuracy, area under the ROC curve, log loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Measures", "accuracy", "auc", "decide", "log_loss", "measure", "roc_curve"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Measures:
    """The three measures of one set of predictions; NaN for what the rows cannot tell."""

    accuracy: float
    auc: float
    log_loss: float


def measure(codes: IntArray, probabilities: FloatArray) -> Measures:
    """Return all measures of `probabilities`, shape (rows, classes), for the classes `codes`."""
    return Measures(
        accuracy(codes, probabilities), auc(codes, probabilities), log_loss(codes, probabilities)
    )


def decide(probabilities: FloatArray, threshold: float = 0.5) -> IntArray:
    """Return the class that is predicted for each row of `probabilities`, shape (rows, classes).

    Of two classes it is the second where its probability is at least `threshold`, of several the
    most probable, the first of equals.

    >>> decide(np.array([[0.7, 0.3], [0.5, 0.5]]))
    array([0, 1])
    """
    if probabilities.shape[1] == 2:
        return (probabilities[:, 1] >= threshold).astype(np.int64)
    likeliest: IntArray = np.argmax(probabilities, axis=1)
    return likeliest


def accuracy(codes: IntArray, probabilities: FloatArray) -> float:
    """Return the share of rows whose class is the one that `decide` predicts.

    >>> accuracy(np.array([0, 1]), np.array([[0.7, 0.3], [0.6, 0.4]]))
    0.5
    """
    return float(np.mean(decide(probabilities) == codes))


def log_loss(codes: IntArray, probabilities: FloatArray) -> float:
    """Return the mean of -log(probability given to the row's own class).

    A probability of 0 counts as the smallest normal number, about 1e-308, or one row would make
    the whole infinite.

    >>> round(log_loss(np.array([0, 1]), np.array([[0.5, 0.5], [0.75, 0.25]])), 6)
    1.039721
    """
    own = probabilities[np.arange(len(codes)), codes]
    return float(-np.mean(np.log(np.maximum(own, np.finfo(np.float64).tiny))))


def auc(codes: IntArray, probabilities: FloatArray) -> float:
    """Return the area under the ROC curve, for several classes the mean of each against the rest.

    It is the chance that a row of the class ranks above a row of another, ties counting half.
    Classes that no row or every row has say nothing; NaN if that is all of them.

    >>> auc(np.array([0, 0, 1, 1]), np.array([[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.2, 0.8]]))
    0.75
    """
    classes = probabilities.shape[1]
    judged = range(1, 2) if classes == 2 else range(classes)
    areas = [_binary_auc(codes == k, probabilities[:, k]) for k in judged]
    known = [area for area in areas if not np.isnan(area)]
    return float(np.mean(known)) if known else float("nan")


def _binary_auc(positive: NDArray[np.bool_], scores: FloatArray) -> float:
    positives = int(positive.sum())
    negatives = len(positive) - positives
    if not positives or not negatives:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]  # equal scores share their mean rank
    # Mann and Whitney's U: the pairs that stand in the right order.
    right = ranks[positive].sum() - positives * (positives + 1) / 2
    return float(right / (positives * negatives))


def roc_curve(positive: NDArray[np.bool_], scores: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the false and the true positive rates as the threshold falls from above all scores.

    >>> roc_curve(np.array([True, False]), np.array([0.9, 0.2]))
    (array([0., 0., 1.]), array([0., 1., 1.]))
    """
    order = np.argsort(-scores, kind="stable")
    last_of_equals = np.append(np.diff(scores[order]) != 0, True)
    true = np.cumsum(positive[order])[last_of_equals]
    false = np.cumsum(~positive[order])[last_of_equals]
    return (
        np.append(0.0, false / max(1, false[-1])),
        np.append(0.0, true / max(1, true[-1])),
    )
