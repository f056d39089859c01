"""Stable forms: equal where the user's form is right, and right where it overflows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import special

from chainrule import grad, value_and_grad
from chainrule.compiler.passes.lowering import lowered
from chainrule.compiler.passes.simplify import simplified
from chainrule.compiler.program import Program

from .sampled import written

MODERATE = np.array([-2.0, -0.3, 0.7, 1.5, 3.0])
FAR = np.array([-800.0, -40.0, 0.0, 40.0, 800.0])


def simple(f: Any, *args: Any) -> Program:
    program, _ = written(f, list(args))
    return simplified(lowered(simplified(program)))


def names(program: Program) -> set[str]:
    return {call.function.__name__ for call in program.calls}


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def softplus(z: Any) -> Any:
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


# the user's form, and its value and slope by other functions
FORMS = {
    "log(1 + exp(z))": (lambda z: np.log(1 + np.exp(z)), softplus, special.expit),
    "log(exp(z) + 1)": (lambda z: np.log(np.exp(z) + 1.0), softplus, special.expit),
    "logaddexp(0, z)": (lambda z: np.logaddexp(0, z), softplus, special.expit),
    "logaddexp(z, 0)": (lambda z: np.logaddexp(z, 0.0), softplus, special.expit),
    "1 / (1 + exp(-z))": (sigmoid, special.expit, lambda z: special.expit(z) * special.expit(-z)),
    "exp(z) / (1 + exp(z))": (
        lambda z: np.exp(z) / (1 + np.exp(z)),
        special.expit,
        lambda z: special.expit(z) * special.expit(-z),
    ),
    "(1 + tanh(z / 2)) / 2": (
        lambda z: (1 + np.tanh(z / 2)) / 2,
        special.expit,
        lambda z: special.expit(z) * special.expit(-z),
    ),
    "(1 - tanh(z)) * 0.5": (
        lambda z: (1 - np.tanh(z)) * 0.5,
        lambda z: special.expit(-2 * z),
        lambda z: -2 * special.expit(2 * z) * special.expit(-2 * z),
    ),
    "log(expit(z))": (
        lambda z: np.log(special.expit(z)),
        lambda z: -softplus(-z),
        lambda z: special.expit(-z),
    ),
    "log(1 / (1 + exp(-z)))": (
        lambda z: np.log(sigmoid(z)),
        lambda z: -softplus(-z),
        lambda z: special.expit(-z),
    ),
    "log(1 - expit(z))": (
        lambda z: np.log(1 - special.expit(z)),
        lambda z: -softplus(z),
        lambda z: -special.expit(z),
    ),
    "log(exp(z))": (lambda z: np.log(np.exp(z)), lambda z: z, np.ones_like),
    "log(exp(z) + exp(0.5 * z))": (
        lambda z: np.log(np.exp(z) + np.exp(0.5 * z)),
        lambda z: 0.5 * z + softplus(0.5 * z),
        None,
    ),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FORMS)
def test_stable_forms(name: str) -> None:
    f, value, slope = FORMS[name]
    program = simple(value_and_grad(lambda z: np.sum(f(z))), MODERATE)
    for found, expected in zip(
        program.run(MODERATE), value_and_grad(lambda z: np.sum(f(z)))(MODERATE), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    found, change = program.run(FAR)
    np.testing.assert_allclose(found, np.sum(value(FAR)), rtol=1e-13)
    if slope:
        np.testing.assert_allclose(change, slope(FAR), rtol=1e-13, atol=1e-17)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("order", [1, 2])
def test_more_derivatives_are_stable_too(order: int) -> None:
    f: Any = lambda z: np.log(1 + np.exp(z))
    for _ in range(order):
        f = grad(f)
    program = simple(f, 0.5)
    np.testing.assert_allclose(program.run(0.5)[0], f(0.5), rtol=1e-13)
    assert np.isfinite(program.run(-800.0)[0])


def test_digits_of_small_numbers() -> None:
    program = simple(lambda x: (np.log(1 + x), np.exp(x) - 1, np.log(1 - x)), 1e-20)
    np.testing.assert_allclose(program.run(1e-20), [1e-20, 1e-20, -1e-20], rtol=1e-15)
    assert names(program) >= {"log1p", "expm1"}


@pytest.mark.filterwarnings("ignore")
def test_entropy_of_certainty() -> None:
    def entropy(p: Any) -> Any:
        return -np.sum(p * np.log(p))

    program = simple(value_and_grad(entropy), np.array([0.3, 0.7]))
    y, g = program.run(np.array([0.0, 1.0]))
    assert y == 0.0
    np.testing.assert_array_equal(g, [np.inf, -1.0])
    np.testing.assert_allclose(program.run(np.array([0.3, 0.7]))[1], -np.log([0.3, 0.7]) - 1)


@pytest.mark.filterwarnings("ignore")
def test_the_loss_of_a_textbook() -> None:
    y = np.array([1.0, 0.0, 1.0, 0.0, 1.0])

    def loss(z: Any) -> Any:
        p = sigmoid(z)
        return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))

    program = simple(value_and_grad(loss), MODERATE)
    for z in (MODERATE, FAR, -FAR):
        value, slope = program.run(z)
        np.testing.assert_allclose(value, np.sum(softplus(np.where(y, -z, z))), rtol=1e-13)
        np.testing.assert_allclose(slope, np.where(y, -special.expit(-z), special.expit(z)))
    assert "divide" not in names(program)


def logits(W: Any, X: Any) -> Any:
    return X @ W


def by_logarithm(W: Any, X: Any) -> Any:
    z = logits(W, X)
    return np.mean(np.log(np.sum(np.exp(z), axis=1)) - z[:, 0])


def by_shares(W: Any, X: Any) -> Any:
    e = np.exp(logits(W, X))
    return -np.mean(np.log(e / np.sum(e, axis=1, keepdims=True))[:, 0])


def with_own_shift(W: Any, X: Any) -> Any:
    z = logits(W, X)
    top = np.max(z, axis=1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(z - top), axis=1)) + top[:, 0] - z[:, 0])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("loss", [by_logarithm, by_shares, with_own_shift])
def test_softmax(loss: Any) -> None:
    rng = np.random.default_rng(0)
    W, X = rng.normal(size=(3, 4)), rng.normal(size=(7, 3))
    program = simple(value_and_grad(loss), W, X)
    for found, expected in zip(program.run(W, X), value_and_grad(loss)(W, X), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)
    for found, expected in zip(
        program.run(2000 * W, X), value_and_grad(with_own_shift)(2000 * W, X), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    calls = [call.function for call in program.calls]
    assert calls.count(np.max) == 1 and calls.count(np.exp) == 1
    assert np.equal not in calls  # nothing of the slope of the maximum, which cancels


@pytest.mark.filterwarnings("ignore")
def test_infinite_exponents() -> None:
    program = simple(lambda z: np.log(np.sum(np.exp(z))), MODERATE)
    for z in ([-np.inf] * 5, [np.inf, 0, 0, 0, 0], [np.nan, 1, 1, 1, 1], [-np.inf, 0, 1, 2, 3]):
        x = np.array(z)
        np.testing.assert_allclose(program.run(x)[0], np.log(np.sum(np.exp(x))), rtol=1e-15)


def test_sums_of_exponentials_that_matter_themselves_stay() -> None:
    def poisson(z: Any) -> Any:
        return np.sum(np.exp(z) - MODERATE * z)

    def both(z: Any) -> Any:
        s = np.sum(np.exp(z))
        return np.log(s) + s

    for f in (poisson, both):
        assert "max" not in names(simple(value_and_grad(f), MODERATE))


def test_other_precisions_and_numbers_stay_as_they_are() -> None:
    z = MODERATE.astype(np.float32)
    program = simple(lambda z: np.log(1 + np.exp(z)), z)
    assert program.run(z)[0].dtype == np.float32
    w = MODERATE + 1j
    program = simple(lambda z: np.log(1 + np.exp(z)), w)
    assert names(program) == {"exp", "add", "log"}
