"""Where the line cuts a square, which moments are shown, and where ticks stand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.drawing.film.scene import moments, sides, ticks, wrong
from chainrule.lessons.training import record

numbers = st.floats(-5, 5).map(lambda value: round(value, 3))


def area(corners: list[tuple[float, float]]) -> float:
    x, y = np.array(corners or [(0, 0)]).T
    return 0.5 * abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1)))


@given(numbers, numbers, numbers)
def test_the_side_of_class_1_is_what_is_above_0(w0: float, w1: float, b: float) -> None:
    found = sides(np.array([w0, w1, b]), -2, 3)
    for x, y in found.of_class_1:
        assert -2 <= x <= 3
        assert -2 <= y <= 3
        assert w0 * x + w1 * y + b >= -1e-9
    for x, y in found.line:
        assert w0 * x + w1 * y + b == pytest.approx(0, abs=1e-9)
    assert len(found.line) in (0, 2)
    # Its area is the share of a fine grid that is above 0.
    middles = np.linspace(-2, 3, 200, endpoint=False) + 0.0125
    x, y = np.meshgrid(middles, middles)
    assert area(found.of_class_1) / 25 == pytest.approx((w0 * x + w1 * y + b >= 0).mean(), abs=0.01)


def test_upright_and_level_lines_and_none() -> None:
    assert sides(np.array([0.0, 2.0, -2.0]), 0, 4).line == [(4, 1), (0, 1)]
    assert sides(np.array([2.0, 0.0, -2.0]), 0, 4).line == [(1, 0), (1, 4)]
    assert sides(np.array([0.0, 0.0, 1.0]), 0, 4).line == []
    assert len(sides(np.array([0.0, 0.0, 1.0]), 0, 4).of_class_1) == 4
    assert sides(np.array([0.0, 0.0, -1.0]), 0, 4).of_class_1 == []


@pytest.mark.parametrize("iterations", [1, 2, 3, 99, 100, 101, 102, 250, 999])
def test_moments(iterations: int) -> None:
    training = record(1, 1, iterations=iterations)
    shown = moments(training, 100)
    assert shown[0] == 0
    assert shown[-1] == iterations - 1
    assert len(shown) <= 100
    assert len(shown) == iterations or len(shown) >= 50
    assert len(set(np.diff(shown[:-1]))) <= 1
    assert (np.diff(shown) > 0).all()


def test_wrong_counts_points() -> None:
    training = record(1.7, 5)
    z = training.points @ training.weights[7, :2] + training.weights[7, 2]
    assert wrong(training, 7) == ((z >= 0) != training.classes).sum()


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(3, 9))
def test_ticks_are_few_round_and_inside(low: float, wide: float, most: int) -> None:
    found = ticks(low, low + wide, most)
    assert 1 <= len(found) <= most
    assert min(found) >= low - 1e-6 * wide
    assert max(found) <= low + wide * (1 + 1e-6)
    if len(found) > 1:
        step = found[1] - found[0]
        np.testing.assert_allclose(np.diff(found), step, rtol=1e-4, atol=1e-9)
        assert float(f"{step:.3e}"[0]) in (1, 2, 5, 4, 9)  # 4.999 and 0.999 for rounding
