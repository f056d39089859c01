"""The solver on functions whose least point is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from chainrule import value_and_grad
from chainrule.linear_model.lbfgs import LBFGS
from chainrule.linear_model.solvers import Solution, ValueAndGradient


def minimise(objective: ValueAndGradient, start: NDArray, **options: float) -> Solution:
    return LBFGS(**options).minimise(objective, np.asarray(start, float), lambda step: None)


def banana(x: NDArray) -> float:
    """Rosenbrock's valley, least at (1, 1, …)."""
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@pytest.mark.parametrize("size", [2, 10, 40])
def test_a_bent_valley(size: int) -> None:
    found = minimise(value_and_grad(banana), np.linspace(-1.2, 1.0, size))
    assert found.converged
    np.testing.assert_allclose(found.parameters, 1.0, atol=1e-9)
    assert found.last.number < 400


@given(
    scales=st.lists(st.floats(-3, 3), min_size=1, max_size=8),
    seed=st.integers(0, 1000),
)
@settings(deadline=None)
def test_bowls_of_every_shape(scales: list[float], seed: int) -> None:
    random = np.random.default_rng(seed)
    rotation, _ = np.linalg.qr(random.normal(size=(len(scales), len(scales))))
    matrix = rotation @ np.diag(10.0 ** np.array(scales)) @ rotation.T
    least = random.normal(size=len(scales))

    def bowl(x: NDArray) -> tuple[float, NDArray]:
        return float((x - least) @ matrix @ (x - least) / 2), matrix @ (x - least)

    found = minimise(bowl, np.zeros(len(scales)))
    assert found.converged
    assert np.abs(matrix @ (found.parameters - least)).max() <= 1e-7


def test_a_large_constant_does_not_hide_the_slope() -> None:
    # Near the end the values are equal to the last digit, and only slopes still differ.
    def shifted(x: NDArray) -> tuple[float, NDArray]:
        return 1e6 + float(np.sum(np.cosh(x - 1))), np.sinh(x - 1)

    found = minimise(shifted, np.array([3.0, -2.0]))
    np.testing.assert_allclose(found.parameters, 1.0, atol=1e-9)


def test_a_step_into_nothing_is_taken_back() -> None:
    def log_barrier(x: NDArray) -> tuple[float, NDArray]:
        with np.errstate(invalid="ignore", divide="ignore"):
            return float(np.sum(x - np.log(x))), 1 - 1 / x

    found = minimise(log_barrier, np.array([1e-3, 30.0]))
    np.testing.assert_allclose(found.parameters, 1.0, atol=1e-9)


def test_starting_at_the_end() -> None:
    found = minimise(lambda x: (float(x @ x), 2 * x), np.zeros(3))
    assert (found.last.number, found.converged) == (0, True)


def test_no_least_value_ends_after_the_most_steps() -> None:
    found = minimise(lambda x: (float(np.exp(-x[0])), -np.exp(-x)), np.zeros(1), most_steps=5)
    assert (found.last.number, found.converged) == (5, False)
    downhill = minimise(lambda x: (-float(x[0]), np.array([-1.0])), np.zeros(1), most_steps=5)
    assert not downhill.converged


def test_a_wrong_gradient_ends_the_search_and_says_so() -> None:
    found = minimise(lambda x: (float(x @ x), -2 * x), np.ones(2))
    assert not found.converged


@pytest.mark.peers
def test_takes_about_as_many_steps_as_scipy() -> None:
    optimize = pytest.importorskip("scipy.optimize", reason="SciPy is the peer")
    start = np.linspace(-1.2, 1.0, 10)
    objective = value_and_grad(banana)
    peer = optimize.minimize(
        objective, start, jac=True, method="L-BFGS-B", options={"maxcor": 20, "gtol": 1e-6}
    )
    ours = minimise(objective, start, tolerance=1e-6)
    assert ours.last.number < 1.5 * peer.nit
    np.testing.assert_allclose(ours.parameters, peer.x, atol=1e-4)
