"""Losses against scores that are hard for the textbook's formula, and their own probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule import value_and_grad
from chainrule.linear_model.losses import BinaryLogLoss, Loss, SoftmaxLogLoss

LOSSES = [(BinaryLogLoss(), 2), (SoftmaxLogLoss(2), 2), (SoftmaxLogLoss(4), 4)]


@pytest.mark.parametrize(("loss", "classes"), LOSSES)
@given(data=st.data())
@settings(deadline=None)
def test_the_total_is_the_log_of_the_probabilities(
    loss: Loss, classes: int, data: st.DataObject
) -> None:
    row = st.lists(st.floats(-30, 30), min_size=loss.outputs, max_size=loss.outputs)
    scores = np.array(data.draw(st.lists(row, min_size=1, max_size=6)))
    codes = np.array([data.draw(st.integers(0, classes - 1)) for _ in scores])
    probabilities = loss.probabilities(scores)
    assert probabilities.shape == (len(scores), classes)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-14)
    own = probabilities[np.arange(len(codes)), codes]
    np.testing.assert_allclose(
        loss.total(scores, codes), -np.log(own).sum(), rtol=1e-11, atol=1e-11
    )


@pytest.mark.parametrize(("loss", "classes"), LOSSES)
@given(data=st.data())
@settings(deadline=None)
def test_the_engine_s_gradient_is_probability_less_truth(
    loss: Loss, classes: int, data: st.DataObject
) -> None:
    row = st.lists(st.floats(-30, 30), min_size=loss.outputs, max_size=loss.outputs)
    scores = np.array(data.draw(st.lists(row, min_size=1, max_size=6)))
    codes = np.array([data.draw(st.integers(0, classes - 1)) for _ in scores])
    _, gradient = value_and_grad(lambda s: loss.total(s, codes))(scores)
    truth = np.eye(classes)[codes]
    expected = (loss.probabilities(scores) - truth)[:, classes - loss.outputs :]
    np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("score", [800.0, -800.0, 1e300])
def test_large_scores_neither_overflow_nor_lose_their_loss(score: float) -> None:
    binary = np.array([[score]])
    assert BinaryLogLoss().total(binary, np.array([1])) == max(0.0, -score)
    assert BinaryLogLoss().total(binary, np.array([0])) == max(0.0, score)
    several = np.array([[score, 0.0, 0.0]])
    assert SoftmaxLogLoss(3).total(several, np.array([1])) == pytest.approx(
        score if score > 0 else np.log(2)
    )
    for loss, scores in ((BinaryLogLoss(), binary), (SoftmaxLogLoss(3), several)):
        value, gradient = value_and_grad(lambda s, loss=loss: loss.total(s, np.array([0])))(scores)
        assert np.isfinite(value)
        assert np.isfinite(gradient).all()


def test_small_probabilities_keep_their_digits() -> None:
    low, high = BinaryLogLoss().probabilities(np.array([[50.0]]))[0]
    assert low == pytest.approx(np.exp(-50.0), rel=1e-14)
    assert high == 1.0
