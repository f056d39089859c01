"""Fits against published numbers, a peer, and properties that every fit has."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from chainrule.linear_model.fitting import LinearFit, fit_linear, separated_classes
from chainrule.linear_model.lbfgs import LBFGS
from chainrule.linear_model.losses import BinaryLogLoss, SoftmaxLogLoss
from chainrule.linear_model.penalties import Ridge
from chainrule.linear_model.solvers import Step

from . import spector

STUDENTS = np.array([row.split(",") for row in spector.TABLE.split()[1:]], dtype=float)


def blobs(seed: int, rows: int, columns: int, classes: int) -> tuple[NDArray, NDArray]:
    """Overlapping clouds, one a class."""
    random = np.random.default_rng(seed)
    codes = np.arange(rows) % classes
    centers = random.normal(size=(classes, columns))
    return random.normal(size=(rows, columns)) + centers[codes], codes


def test_spector_without_a_penalty() -> None:
    students = STUDENTS[:, :3]
    center, scale = students.mean(axis=0), students.std(axis=0)
    codes = STUDENTS[:, 3].astype(int)
    fit = fit_linear((students - center) / scale, codes, BinaryLogLoss(), Ridge(0.0))
    coefficients = fit.weights[:, 0] / scale
    np.testing.assert_allclose(coefficients, spector.COEFFICIENTS, rtol=1e-7)
    np.testing.assert_allclose(
        fit.intercepts[0] - center @ coefficients, spector.INTERCEPT, rtol=1e-7
    )
    assert fit.solution.last.value * len(codes) == pytest.approx(-spector.LOG_LIKELIHOOD, rel=1e-13)
    assert fit.solution.converged
    assert fit.separated == ()


def test_spector_with_a_penalty_on_raw_columns() -> None:
    codes = STUDENTS[:, 3].astype(int)
    fit = fit_linear(STUDENTS[:, :3], codes, BinaryLogLoss(), Ridge(1.0))
    np.testing.assert_allclose(fit.weights[:, 0], spector.RIDGE_COEFFICIENTS, rtol=1e-6)
    np.testing.assert_allclose(fit.intercepts[0], spector.RIDGE_INTERCEPT, rtol=1e-6)
    assert fit.solution.last.value * len(codes) == pytest.approx(spector.RIDGE_OBJECTIVE, rel=1e-13)


@pytest.mark.peers
@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("l2", [0.01, 1.0, 30.0])
def test_agrees_with_scikit_learn(classes: int, l2: float) -> None:
    peers = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is the peer")
    features, codes = blobs(seed=classes, rows=200, columns=4, classes=classes)
    loss = BinaryLogLoss() if classes == 2 else SoftmaxLogLoss(classes)
    ours = fit_linear(features, codes, loss, Ridge(l2))
    peer = peers.LogisticRegression(C=1 / l2, solver="newton-cholesky", tol=1e-12)
    peer.fit(features, codes)
    # Of several classes, scikit-learn's intercepts are known but for a constant.
    intercepts = peer.intercept_ - (peer.intercept_.mean() if classes > 2 else 0.0)
    np.testing.assert_allclose(ours.weights.T, peer.coef_, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(ours.intercepts, intercepts, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(
        loss.probabilities(ours.scores(features)), peer.predict_proba(features), atol=1e-6
    )


def close(one: LinearFit, other: LinearFit) -> None:
    np.testing.assert_allclose(one.weights, other.weights, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(one.intercepts, other.intercepts, rtol=1e-6, atol=1e-6)


@given(seed=st.integers(0, 10_000), classes=st.integers(2, 4), l2=st.floats(0.1, 10))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_and_columns_does_not_matter(seed: int, classes: int, l2: float) -> None:
    features, codes = blobs(seed, rows=40, columns=3, classes=classes)
    loss = BinaryLogLoss() if classes == 2 else SoftmaxLogLoss(classes)
    fit = fit_linear(features, codes, loss, Ridge(l2))
    random = np.random.default_rng(seed)
    rows, columns = random.permutation(40), random.permutation(3)
    shuffled = fit_linear(features[rows][:, columns], codes[rows], loss, Ridge(l2))
    restored = shuffled.weights[np.argsort(columns)]
    np.testing.assert_allclose(restored, fit.weights, rtol=1e-6, atol=1e-6)


@given(seed=st.integers(0, 10_000), l2=st.floats(0.1, 10))
@settings(max_examples=25, deadline=None)
def test_exchanging_two_classes_exchanges_signs(seed: int, l2: float) -> None:
    features, codes = blobs(seed, rows=40, columns=3, classes=2)
    one = fit_linear(features, codes, BinaryLogLoss(), Ridge(l2))
    other = fit_linear(features, 1 - codes, BinaryLogLoss(), Ridge(l2))
    np.testing.assert_allclose(one.weights, -other.weights, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(one.intercepts, -other.intercepts, rtol=1e-6, atol=1e-6)


@given(seed=st.integers(0, 10_000), l2=st.floats(0.1, 10))
@settings(max_examples=25, deadline=None)
def test_two_classes_by_softmax_are_the_binary_model(seed: int, l2: float) -> None:
    features, codes = blobs(seed, rows=40, columns=3, classes=2)
    binary = fit_linear(features, codes, BinaryLogLoss(), Ridge(l2))
    # Half the difference of two score columns w and -w is penalised twice: 2 (w/2)^2 = w^2 / 2.
    softmax = fit_linear(features, codes, SoftmaxLogLoss(2), Ridge(2 * l2))
    np.testing.assert_allclose(
        softmax.weights[:, 1] - softmax.weights[:, 0], binary.weights[:, 0], rtol=1e-5, atol=1e-6
    )


def test_separated_data_are_found_out() -> None:
    features = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    fit = fit_linear(features, np.array([0, 0, 1, 1]), BinaryLogLoss(), Ridge(0.0))
    assert fit.separated == (0, 1)
    overlapping = fit_linear(features, np.array([0, 1, 0, 1]), BinaryLogLoss(), Ridge(0.0))
    assert overlapping.separated == ()


def test_one_class_of_three_separated() -> None:
    # Class 2 lies apart; 0 and 1 mix.
    scores = np.array([[1.0, 0.5, -5], [1, 2, -5], [2, 1, -5], [0.5, 1, -5], [0, 0, 5]])
    assert separated_classes(scores, np.array([0, 0, 1, 1, 2])) == (2,)


def test_a_fit_cut_short_says_that_it_did_not_converge() -> None:
    features, codes = blobs(seed=1, rows=100, columns=4, classes=3)
    fit = fit_linear(features, codes, SoftmaxLogLoss(3), Ridge(1.0), LBFGS(most_steps=2))
    assert not fit.solution.converged
    assert fit.solution.last.number == 2


def test_every_step_is_reported_and_the_loss_falls() -> None:
    features, codes = blobs(seed=2, rows=100, columns=4, classes=3)
    told: list[Step] = []
    fit = fit_linear(features, codes, SoftmaxLogLoss(3), Ridge(1.0), report=told.append)
    assert tuple(told) == fit.solution.steps
    assert [step.number for step in told] == list(range(len(told)))
    assert told[0].value == pytest.approx(np.log(3))
    assert all(later.value <= earlier.value + 1e-15 for earlier, later in pairwise(told))
    assert told[-1].gradient < 1e-8
