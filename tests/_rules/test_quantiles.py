"""Medians, percentiles, quantiles: which numbers a change returns to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, hessian, jacobian, jvp, vjp
from tests._rules.samples.reductions import METHODS

X = np.array([3.0, 1.0, 7.0, 4.0, 10.0])
NAN = np.nan


# ---------------------------------------------------------------- the numbers that are read


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_slopes_add_up_to_what_is_read(method: Any, dtype: Any) -> None:
    """A quantile is a sum of numbers in shares, and 1 in all: y = <slopes, x>, at any length."""
    rng = np.random.default_rng(1)
    for n in range(1, 13):
        x = rng.normal(size=n).astype(dtype)
        for q in (*np.linspace(0, 1, 13), 0.1, 0.3, 0.7, 1 / 3, 2 / 7):
            y, pull = vjp(lambda x, q=q: np.quantile(x, q, method=method), x)
            slopes = pull(np.ones_like(y))[0]
            assert y == np.quantile(x, q, method=method)
            assert np.sum(slopes) == pytest.approx(1, abs=1e-6)
            assert (slopes >= -1e-6).all() and np.sum(slopes > 0) <= 2
            tolerance = 1e-12 if dtype is np.float64 else 2e-6
            assert np.sum(slopes.astype(float) * x) == pytest.approx(y, abs=tolerance)


@pytest.mark.parametrize("method", METHODS)
def test_every_level_and_row_for_itself(method: Any) -> None:
    x = np.random.default_rng(2).normal(size=(3, 4, 5))
    x[0, 1, 2] = x[2, 2, :] = NAN
    levels = np.array([[0.1, 0.5], [0.62, 0.9]])
    g = np.random.default_rng(3).normal(size=(2, 2, 4))  # in NumPy's documented order
    for f in (np.nanquantile, np.quantile):
        with np.errstate(all="ignore"):
            found = vjp(lambda x, f=f: f(x, levels, axis=(0, 2), method=method), x)[1](g)[0]
            expected = np.zeros_like(x)
            for k in range(4):
                for i in np.ndindex(2, 2):
                    expected[:, k] += g[(*i, k)] * grad(
                        lambda x, f=f, i=i: f(x, levels[i], method=method)
                    )(x[:, k])
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)
    with np.errstate(all="ignore"):
        assert np.isnan(found[:, [1, 2]]).all() and np.isfinite(found[:, [0, 3]]).all()


def test_levels_in_lists() -> None:
    for f in (cnp.nanquantile, cnp.quantile):
        level = jacobian(lambda x, f=f: f(X, [[x, 0.2], [0.5, x]]))(0.65)
        np.testing.assert_allclose(level, [[12, 0], [0, 12]])
        assert vjp(lambda x, f=f: f(x, [[0.1, 0.2]], axis=0), np.outer(X, X))[0].shape == (1, 2, 5)


def test_percentiles_are_quantiles() -> None:
    for f, h in ((np.percentile, np.quantile), (np.nanpercentile, np.nanquantile)):
        a = jacobian(lambda x, f=f: f(x, [10.0, 50.0, 99.0]))(X)
        b = jacobian(lambda x, h=h: h(x, [0.1, 0.5, 0.99]))(X)
        np.testing.assert_allclose(a, b, rtol=1e-12)


def test_median_of_even_and_odd() -> None:
    np.testing.assert_array_equal(grad(np.median)(X), [0, 0, 0, 1, 0])
    np.testing.assert_array_equal(grad(np.median)(X[:4]), [0.5, 0, 0, 0.5])
    np.testing.assert_array_equal(jvp(np.median, (X[:4],), (X[:4] ** 2,))[1], 12.5)
    assert not np.any(hessian(np.median)(X))


def test_equal_numbers_share() -> None:
    np.testing.assert_array_equal(
        grad(np.median)(np.array([2.0, 2.0, 2.0, 5.0])), [1 / 3] * 3 + [0]
    )
    np.testing.assert_array_equal(grad(np.median)(np.array([2.0, 2.0, 5.0, 5.0])), [0.25] * 4)
    ties = np.array([1.0, 3.0, 3.0, 0.0])
    np.testing.assert_array_equal(grad(lambda x: np.quantile(x, 1))(ties), grad(np.max)(ties))
    np.testing.assert_array_equal(grad(lambda x: np.quantile(x, 0))(ties), grad(np.min)(ties))


# ---------------------------------------------------------------- the level as a variable


@pytest.mark.parametrize(
    ("method", "rate"),
    [
        ("interpolated_inverted_cdf", 5), ("hazen", 5), ("weibull", 6), ("linear", 4),
        ("median_unbiased", 5 + 1 / 3), ("normal_unbiased", 5.25),
    ],
)  # fmt: skip
def test_slope_in_the_level(method: Any, rate: float) -> None:
    """The place moves n + 1 - a - b times as fast as the level: between 4 and 7 it is a slope."""
    f = lambda q: cnp.quantile(X, q, method=method)
    assert grad(f)(0.65) == pytest.approx(3 * rate)
    assert grad(lambda q: cnp.percentile(X, q, method=method))(65.0) == pytest.approx(0.03 * rate)
    mixed = grad(lambda q: grad(lambda x: np.quantile(x, q, method=method))(X)[2])(0.65)
    assert mixed == pytest.approx(rate)
    other = grad(lambda x: grad(lambda q: np.quantile(x, q, method=method))(0.65))(X)
    np.testing.assert_allclose(other, [0, 0, rate, -rate, 0])


def test_levels_that_are_cut_off_or_stepwise_do_not_move() -> None:
    assert grad(lambda q: cnp.quantile(X, q, method="weibull"))(0.01) == 0
    assert grad(lambda q: cnp.quantile(X, q, method="hazen"))(0.99) == 0
    for method in ("nearest", "inverted_cdf", "midpoint"):
        assert grad(lambda q, m=method: cnp.quantile(X, q, method=m))(0.3) == 0
    assert grad(lambda q: cnp.quantile(X, q))(0.0) == 8.0  # one-sided at the ends
    assert grad(lambda q: cnp.quantile(X, q))(1.0) == 12.0
    assert grad(lambda q: cnp.nanquantile(np.array([3.0, NAN, 5.0]), q))(0.5) == 2.0


# ---------------------------------------------------------------- weights


def test_weights_repeat_numbers() -> None:
    counts = np.array([2, 1, 3, 1, 2])
    long = np.repeat(X, counts)
    for q in (0.05, 0.2, 0.45, 0.7, 0.95):
        y, pull = vjp(lambda x, q=q: np.quantile(x, q, method="inverted_cdf", weights=counts), X)
        assert y == np.quantile(long, q, method="inverted_cdf")
        np.testing.assert_array_equal(pull(np.float64(1))[0], y == X)
    weighted = grad(lambda w: cnp.quantile(X, 0.3, method="inverted_cdf", weights=w))
    np.testing.assert_array_equal(weighted(counts + 0.0), np.zeros(5))  # steps
    with pytest.raises(ValueError, match="weights= needs method='inverted_cdf'"):
        grad(lambda x: np.quantile(x, 0.3, weights=counts))(X)


# ---------------------------------------------------------------- nan, nothing, the input kept


def test_nan() -> None:
    holes = np.array([3.0, NAN, 1.0, 7.0])
    np.testing.assert_array_equal(grad(np.nanmedian)(holes), [1, 0, 0, 0])
    with np.errstate(all="ignore"):
        assert np.isnan(grad(np.median)(holes)).all()  # as of np.max
        _, pull = vjp(lambda x: np.median(x, axis=0), np.stack([holes, holes + 1]))
        np.testing.assert_array_equal(pull(np.ones(4))[0][:, [0, 2, 3]], np.full((2, 3), 0.5))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_nothing() -> None:
    for f in (np.median, np.nanmedian):
        y, pull = vjp(f, np.zeros(0))
        assert np.isnan(y) and pull(np.float64(1))[0].shape == (0,)
    y, pull = vjp(lambda x: np.quantile(x, [0.2, 0.5], axis=1), np.zeros((0, 3)))
    assert y.shape == (2, 0) and pull(y)[0].shape == (0, 3)


def test_the_array_is_not_overwritten() -> None:
    x = X.copy()
    for f in (np.median, np.nanmedian):
        y, pull = vjp(lambda x, f=f: f(x, overwrite_input=True), x)
        np.testing.assert_array_equal(x, X)
        np.testing.assert_array_equal(pull(y / y)[0], [0, 0, 0, 1, 0])


# ---------------------------------------------------------------- peers


CASES = [
    (name, {"q": q, "axis": 1, "method": method})
    for name in ("quantile", "nanquantile")
    for method in ("linear", "lower", "higher", "midpoint")
    for q in (0.13, 0.5, 0.87)
] + [(name, {"axis": axis}) for name in ("median", "nanmedian") for axis in (None, 0, (0, 1))]


@pytest.mark.peers
@pytest.mark.parametrize(("name", "options"), CASES)
def test_ranks_as_jax_has_them(name: str, options: dict[str, Any]) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    x = np.random.default_rng(4).normal(size=(4, 5))
    x = np.where(x > 1, NAN, x) if name.startswith("nan") else x
    ours = grad(lambda v: np.sum(getattr(np, name)(v, **options)))(x)
    theirs = jax.grad(lambda v: jax.numpy.sum(getattr(jax.numpy, name)(v, **options)))(x)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
