"""Measures against counting by hand, and against scikit-learn's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from chainrule.linear_model.measures import accuracy, auc, decide, log_loss, measure, roc_curve


@given(
    pairs=st.lists(
        st.tuples(st.booleans(), st.sampled_from([0.1, 0.2, 0.5, 0.8])), min_size=2
    ).filter(lambda pairs: len({positive for positive, _ in pairs}) == 2)
)
@settings(deadline=None)
def test_auc_counts_pairs_in_the_right_order(pairs: list[tuple[bool, float]]) -> None:
    positives = [score for positive, score in pairs if positive]
    negatives = [score for positive, score in pairs if not positive]
    won = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
    codes = np.array([int(positive) for positive, _ in pairs])
    scores = np.array([score for _, score in pairs])
    expected = won / (len(positives) * len(negatives))
    assert auc(codes, np.stack([1 - scores, scores], axis=1)) == pytest.approx(expected)
    false, true = roc_curve(codes == 1, scores)
    assert np.trapezoid(true, false) == pytest.approx(expected)


def random_predictions(classes: int) -> tuple[NDArray, NDArray]:
    random = np.random.default_rng(classes)
    probabilities = random.dirichlet(np.ones(classes), size=100).round(2) + 1e-3
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return random.integers(0, classes, size=100), probabilities


@pytest.mark.peers
@pytest.mark.parametrize("classes", [2, 3, 6])
def test_agree_with_scikit_learn(classes: int) -> None:
    peers = pytest.importorskip("sklearn.metrics", reason="scikit-learn is the peer")
    codes, probabilities = random_predictions(classes)
    ours = measure(codes, probabilities)
    assert ours.accuracy == peers.accuracy_score(codes, probabilities.argmax(axis=1))
    assert ours.log_loss == pytest.approx(peers.log_loss(codes, probabilities), rel=1e-12)
    shown = probabilities[:, 1] if classes == 2 else probabilities
    expected = peers.roc_auc_score(codes, shown, multi_class="ovr", average="macro")
    assert ours.auc == pytest.approx(expected, rel=1e-12)


def test_what_the_rows_cannot_tell_is_nan() -> None:
    assert math.isnan(auc(np.array([1, 1]), np.array([[0.2, 0.8], [0.3, 0.7]])))


def test_a_class_without_rows_is_left_out_of_the_mean() -> None:
    probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]])
    assert auc(np.array([0, 1]), probabilities) == 1.0


def test_a_probability_of_zero_costs_much_but_not_everything() -> None:
    loss = log_loss(np.array([0]), np.array([[0.0, 1.0]]))
    assert 700 < loss < 710


def test_from_one_half_on_it_is_the_second_of_two_classes() -> None:
    probabilities = np.array([[0.5, 0.5], [0.5 + 1e-15, 0.5 - 1e-15], [0.5, 0.5]])
    np.testing.assert_array_equal(decide(probabilities), [1, 0, 1])
    assert accuracy(np.array([1, 0, 0]), probabilities) == 2 / 3


def test_of_several_classes_it_is_the_first_of_equals() -> None:
    np.testing.assert_array_equal(decide(np.array([[0.4, 0.4, 0.2], [0.2, 0.4, 0.4]])), [0, 1])
