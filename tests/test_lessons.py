"""Rows D1 to D5 of the lessons, as a reader types them: `chainrule.numpy`, and plain `numpy`."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

import chainrule.numpy
from chainrule import elementwise_grad, grad


@pytest.fixture(params=[chainrule.numpy, numpy], ids=["chainrule.numpy", "numpy"])
def np(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_D1_the_slope_of_a_half() -> None:
    slope = grad(lambda x: x / 2)(3.0)
    assert type(slope) is float
    assert repr(slope) == "0.5"


def test_D2_tanh_by_exponentials(np: Any) -> None:
    def tanh(x: Any) -> Any:
        y = np.exp(-2.0 * x)
        return (1.0 - y) / (1.0 + y)

    slope = grad(tanh)(1.0)
    assert type(slope) is float
    assert slope == pytest.approx(0.419974341614026, abs=1e-15)
    step = 0.0001  # the lesson's own check
    assert slope == pytest.approx((tanh(1.0 + step / 2) - tanh(1.0 - step / 2)) / step, abs=1e-9)


def test_D3_slopes_of_a_whole_curve(np: Any) -> None:
    def tanh(x: Any) -> Any:
        y = np.exp(-2.0 * x)
        return (1.0 - y) / (1.0 + y)

    x = np.linspace(-7, 7, 200)
    slopes = elementwise_grad(tanh)(x)
    assert type(slopes) is numpy.ndarray
    assert slopes.shape == (200,)
    numpy.testing.assert_allclose(slopes, numpy.cosh(x) ** -2.0, rtol=1e-8, atol=1e-12)
    curvature = elementwise_grad(elementwise_grad(tanh))(x)  # drawn in the same picture
    numpy.testing.assert_allclose(curvature, -2 * numpy.tanh(x) / numpy.cosh(x) ** 2, atol=1e-8)


# ---------------------------------------------------------------- logistic regression from nothing


class Lesson:
    """The lesson's model on its four rows."""

    def __init__(self, np: Any) -> None:
        self.np = np
        self.inputs = np.array(
            [[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.30], [0.74, -2.49, 1.39]]
        )
        self.targets = np.array([True, True, False, True])

    def sigmoid(self, x: Any) -> Any:
        return 0.5 * (self.np.tanh(x / 2.0) + 1)

    def probabilities(self, weights: Any) -> Any:
        return self.sigmoid(self.np.dot(self.inputs, weights))

    def loss(self, weights: Any) -> Any:
        p = self.probabilities(weights)
        likelihoods = p * self.targets + (1 - p) * (1 - self.targets)
        return -self.np.sum(self.np.log(likelihoods))

    def wrong_loss(self, weights: Any) -> Any:
        """The likelihoods with their sign forgotten: training makes the data less likely."""
        return -self.loss(weights)

    def curve(self, step: float, trained_on: Any = None, steps: int = 100) -> Any:
        """The true loss over the steps of gradient descent."""
        slope = grad(trained_on or self.loss)
        weights = self.np.array([0.0, 0.0, 0.0])
        losses = [self.loss(weights)]
        for _ in range(steps):
            weights -= slope(weights) * step
            losses.append(self.loss(weights))
        return numpy.array(losses)


def test_D4_logistic_regression_from_nothing(np: Any) -> None:
    losses = Lesson(np).curve(0.01)
    assert losses[0] == pytest.approx(2.772588722239781, abs=1e-13)
    assert losses[-1] == pytest.approx(1.067270675787016, abs=1e-13)


def test_D4_gradient_against_the_formula_of_the_course(np: Any) -> None:
    lesson, weights = Lesson(np), np.array([0.3, -0.2, 0.9])
    by_hand = -lesson.inputs.T @ (lesson.targets - lesson.probabilities(weights))
    numpy.testing.assert_allclose(grad(lesson.loss)(weights), by_hand, rtol=1e-12)


def test_D5_a_step_too_small_hardly_learns(np: Any) -> None:
    losses = Lesson(np).curve(0.0001)
    assert (numpy.diff(losses) < 0).all()
    assert 0.9 < losses[-1] / losses[0] < 1
    assert numpy.ptp(numpy.diff(losses)) < 0.1 * abs(numpy.diff(losses)[0])  # a straight line


def test_D5_a_right_step_falls_and_flattens(np: Any) -> None:
    losses = Lesson(np).curve(0.1)
    steps = numpy.diff(losses)
    assert (steps < 0).all()
    assert (numpy.diff(steps) > 0).all()  # each step gains less than the one before
    assert losses[-1] < 0.15 * losses[0]


def test_D5_a_step_too_large_jumps_about(np: Any) -> None:
    """None is, for the lesson's rows, which a plane separates: so one row is contradicted."""
    lesson = Lesson(np)
    assert lesson.curve(10.0)[-1] < 0.001
    lesson.inputs = numpy.vstack([lesson.inputs, lesson.inputs[:1]])
    lesson.targets = numpy.append(lesson.targets, False)
    right, large = lesson.curve(0.3), lesson.curve(10.0)
    assert (numpy.diff(right) < 0).all()
    ups_and_downs = numpy.sign(numpy.diff(large))
    assert (ups_and_downs[1:] == -ups_and_downs[:-1]).mean() > 0.9  # a saw
    assert (
        large.min() == large[0] and large[-1] > 3 * right[-1]
    )  # it never comes back to where it started


def test_D5_a_wrong_loss_makes_it_worse(np: Any) -> None:
    lesson = Lesson(np)
    losses = lesson.curve(0.01, lesson.wrong_loss)
    assert (numpy.diff(losses) > 0).all()
    assert losses[-1] > 2 * losses[0]
