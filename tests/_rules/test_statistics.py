"""Weighted means, covariances, correlations; sums and spreads without NaN."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, jacobian, vjp
from chainrule.checking import check_grads

rng = np.random.default_rng(5)
M, N = rng.normal(size=(2, 3, 5))
W = np.array([0.5, 1.0, 0.2, 2.0, 0.7])
COUNTS = np.array([2, 1, 3, 1, 2])
HOLES = np.where(np.abs(M) < 0.3, np.nan, M)


# ---------------------------------------------------------------- weighted means


def test_weights_move() -> None:
    check_grads(lambda m, w: cnp.average(m, axis=1, weights=w), M, W)
    check_grads(lambda m, w: cnp.average(m, weights=w), M, np.abs(N))
    check_grads(lambda m, w: cnp.average(m, axis=0, weights=w, returned=True), M, W[:3])
    cube = rng.normal(size=(2, 3, 5))
    check_grads(lambda x, w: cnp.average(x, axis=(2, 0), weights=w), cube, np.abs(M.T[:, :2]))
    np.testing.assert_allclose(
        jacobian(lambda w: cnp.average(M[0], weights=w))(W),
        (M[0] - np.average(M[0], weights=W)) / np.sum(W),
    )


def test_averages_are_refused_as_numpy_refuses_them() -> None:
    for call in (np.average, cnp.average):
        with pytest.raises(ZeroDivisionError):
            grad(lambda m, call=call: call(m, weights=np.zeros(5)))(M[0])
        with pytest.raises(TypeError):
            grad(lambda m, call=call: np.sum(call(m, weights=W)))(M)
        with pytest.raises(ValueError):
            grad(lambda m, call=call: np.sum(call(m, axis=0, weights=W)))(M)


# ---------------------------------------------------------------- covariances


def test_covariances_move_with_everything() -> None:
    check_grads(cnp.cov, M)
    check_grads(lambda m, n: cnp.cov(m, n, rowvar=False), M, N)
    check_grads(lambda m, w: cnp.cov(m, aweights=w, fweights=COUNTS), M, W)
    check_grads(cnp.corrcoef, M)
    check_grads(lambda m, n: cnp.corrcoef(m, n), M, N)


def test_counts_repeat_observations() -> None:
    a = grad(lambda m: np.sum(np.sin(np.cov(m, fweights=COUNTS))))(M)
    b = grad(lambda m: np.sum(np.sin(np.cov(np.repeat(m, COUNTS, axis=1)))))(M)
    np.testing.assert_allclose(a, b, rtol=1e-12)


def test_covariances_of_one_variable_are_numbers() -> None:
    for f, expected in ((np.cov, np.var(M[0], ddof=1)), (np.corrcoef, 1.0)):
        y, pull = vjp(f, M[0])
        assert np.shape(y) == () and y == pytest.approx(expected) and pull(y)[0].shape == (5,)
    np.testing.assert_allclose(
        grad(np.cov)(M[0]), grad(lambda x: np.var(x, ddof=1))(M[0]), rtol=1e-12
    )
    np.testing.assert_allclose(grad(np.corrcoef)(M[0]), 0, atol=1e-15)


def test_correlations_do_not_leave_their_range() -> None:
    """Of numbers on a line the correlation is 1 and cannot grow."""
    line = np.stack([W, 3 * W + 1, -W])
    y, pull = vjp(np.corrcoef, line)
    assert np.max(np.abs(y)) <= 1
    np.testing.assert_allclose(pull(np.ones((3, 3)))[0], 0, atol=1e-14)


def test_weights_of_covariances_are_refused_as_numpy_refuses_them() -> None:
    wrong: list[dict[str, Any]] = [
        {"fweights": W}, {"fweights": COUNTS[:2]}, {"aweights": -W}, {"ddof": 0.5},
    ]  # fmt: skip
    for options in wrong:
        with pytest.raises((TypeError, ValueError, RuntimeError)) as plain:
            np.cov(M, **options)
        with pytest.raises(plain.type):
            grad(lambda m, o=options: np.sum(np.cov(m, **o)))(M)
    with pytest.raises(ValueError, match="1 or 2 dimensions"):
        grad(lambda m: np.sum(np.cov(m)))(np.ones((2, 2, 2)))


# ---------------------------------------------------------------- without NaN

FAMILY = {
    np.nansum: np.sum, np.nanprod: np.prod, np.nanmean: np.mean, np.nanvar: np.var,
    np.nanstd: np.std, np.nanmax: np.max, np.nanmin: np.min, np.nanmedian: np.median,
    np.nancumsum: np.cumsum, np.nancumprod: np.cumprod,
}  # fmt: skip


@pytest.mark.parametrize("function", FAMILY, ids=lambda f: f.__name__)
def test_nan_is_as_if_it_were_not_there(function: Any) -> None:
    row = HOLES[np.argmax(np.isnan(HOLES).any(axis=1))]
    there = ~np.isnan(row)
    assert not there.all()
    found = grad(lambda x: np.sum(np.sin(function(x)[there] if function(x).ndim else function(x))))
    np.testing.assert_array_equal(found(row)[~there], 0)
    plain = grad(lambda x: np.sum(np.sin(FAMILY[function](x))))
    np.testing.assert_allclose(found(row)[there], plain(row[there]), rtol=1e-12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_rows_of_nothing_but_nan() -> None:
    x = np.array([[1.0, 3.0], [np.nan, np.nan]])
    for function in (np.nanmean, np.nanvar, np.nanmax, np.nanmedian, np.nanstd):
        y, pull = vjp(lambda x, f=function: f(x, axis=1), x)
        np.testing.assert_array_equal(y, function(x, axis=1))
        back = pull(np.ones(2))[0]
        assert np.isfinite(back[0]).all()
    np.testing.assert_array_equal(
        vjp(lambda x: np.nansum(x, axis=1), x)[1](np.ones(2))[0], [[1, 1], [0, 0]]
    )
    y = vjp(lambda x: np.nanvar(x, axis=1, ddof=2), x)[0]
    np.testing.assert_array_equal(y, np.nanvar(x, axis=1, ddof=2))


@pytest.mark.peers
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("cov", {}), ("cov", {"aweights": W}), ("corrcoef", {}), ("average", {"weights": W}),
        ("ptp", {}), ("nansum", {}), ("nanmean", {}), ("nanstd", {}), ("nanvar", {"ddof": 1}),
        ("nanprod", {}), ("nanmax", {}), ("nancumsum", {}),
    ],
)  # fmt: skip
def test_statistics_as_jax_has_them(name: str, options: dict[str, Any]) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    options = options if name in ("cov", "corrcoef") else options | {"axis": 1}
    x = HOLES if name.startswith("nan") else M
    ours = grad(lambda m: np.sum(np.sin(getattr(np, name)(m, **options))))(x)
    theirs = jax.grad(
        lambda m: jax.numpy.sum(jax.numpy.sin(getattr(jax.numpy, name)(m, **options)))
    )(x)
    there = ~np.isnan(x)
    np.testing.assert_allclose(ours[there], np.asarray(theirs)[there], rtol=1e-8, atol=1e-12)
