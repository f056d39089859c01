"""Interpolation in points, outside of them, and beside infinite and missing numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule.numpy as cnp
from chainrule import elementwise_grad, grad, jvp, vjp

XP, FP = np.array([0.0, 1.0, 3.0, 4.0]), np.array([2.0, -1.0, 0.5, 0.5])


def test_slopes_in_the_points_are_those_of_the_lines_that_begin_there() -> None:
    x = np.array([-1.0, 0.0, 0.5, 1.0, 3.0, 4.0, 5.0])
    slopes = elementwise_grad(lambda v: np.interp(v, XP, FP))(x)
    np.testing.assert_allclose(slopes, [0, -3, -3, 0.75, 0, 0, 0])
    assert grad(lambda v: np.interp(v, [0.0, 2.0], [0.0, 1.0]))(2.0) == 0.5


def test_values_in_the_points_are_exact_and_move_alone() -> None:
    rng = np.random.default_rng(1)
    xp, fp = np.sort(rng.normal(size=30)), rng.normal(size=30)
    y, pull = vjp(lambda f: np.interp(xp, xp, f), fp)
    np.testing.assert_array_equal(y, fp)
    np.testing.assert_array_equal(pull(fp)[0], fp)


def test_outside_the_end_values_move() -> None:
    f = lambda fp, left, right: np.interp(np.array([-2.0, 9.0]), XP, fp, left, right)
    to_fp, to_left, to_right = vjp(f, FP, 5.0, 7.0)[1](np.array([2.0, 3.0]))
    assert not to_fp.any() and (to_left, to_right) == (2.0, 3.0)
    (to_fp,) = vjp(lambda fp: f(fp, None, None), FP)[1](np.array([2.0, 3.0]))
    assert to_fp.tolist() == [2, 0, 0, 3]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@given(
    st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0, np.inf, -np.inf, np.nan]), max_size=6),
    st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0]), min_size=4, max_size=4),
    st.lists(st.sampled_from([0.0, 1.0, -2.0, np.inf, np.nan]), min_size=4, max_size=4),
    st.sampled_from([None, 1.5, -2.0]),
)
def test_values_are_numpys(x: Any, xp: Any, fp: Any, period: Any) -> None:
    """Points that come twice, and infinite values, too."""
    x, xp, fp = np.array(x), np.sort(xp), np.array(fp)
    if period and not np.isfinite(x).all():
        return
    y = vjp(lambda f: np.interp(x, xp, f, period=period), fp)[0]
    expected = np.interp(x, xp, fp, period=period)
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)


def test_a_period_may_be_fitted() -> None:
    f = lambda p: np.sum(cnp.interp(np.array([5.2, -7.1]), XP, FP, period=p))
    assert grad(f)(4.6) == pytest.approx((f(4.6 + 1e-6) - f(4.6 - 1e-6)) / 2e-6, rel=1e-7)


def test_kinds_of_numbers() -> None:
    half = FP.astype(np.float32)
    y, pull = vjp(lambda f: np.interp(np.float32(0.3), XP.astype(np.float32), f), half)
    assert y.dtype == np.float64 and pull(1.0)[0].dtype == np.float32  # NumPy's is double too
    z = vjp(lambda f: np.interp(0.25, XP, f), FP * 1j)[0]
    assert z == np.interp(0.25, XP, FP * 1j) and type(z) is np.complex128
    assert grad(lambda a: cnp.interp(0.25, [0.0, 1.0], [a, a * a]))(3.0) == 0.75 + 0.25 * 6
    assert jvp(lambda x: np.interp(x, XP, FP), (0.5,), (2.0,))[1] == -6.0
    for bad in (
        lambda f: np.interp(0.5, XP, f[:2]),
        lambda f: np.interp(0.5, [], f[:0]),
        lambda f: np.interp(0.5, XP, f, period=0),
        lambda f: np.interp(0.5 + 1j, XP, f),
    ):
        with pytest.raises((ValueError, TypeError)):
            vjp(bad, FP)


@pytest.mark.peers
def test_slopes_are_those_of_jax() -> None:
    jax = pytest.importorskip("jax")
    x = np.array([-1.0, 0.0, 0.5, 1.0, 3.0, 3.5, 5.0], np.float32)
    xp, fp = XP.astype(np.float32), FP.astype(np.float32)

    def f(m: Any) -> Any:
        return lambda *args: m.sum(m.interp(*args) * np.arange(1, 8, dtype=np.float32))

    for k in range(3):
        expected = jax.grad(f(jax.numpy), k)(x, xp, fp)
        np.testing.assert_allclose(grad(f(np), k)(x, xp, fp), expected, rtol=1e-5, atol=1e-5)
