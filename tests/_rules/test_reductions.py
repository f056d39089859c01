"""Sums, means, extremes, products and spreads: options, precision, zeros and empty arrays."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, hessian, jvp, vjp
from chainrule._core.faces import served
from chainrule.checking import check_grads

M = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])
MASK = np.array([[True, False, True], [True, True, False]])
NOWHERE = np.array([[True, False, True], [False, False, False]])


def slopes(f: Any, x: Any) -> Any:
    return grad(lambda x: np.sum(f(x)))(x)


# ---------------------------------------------------------------- where= and initial=


def test_sum_and_mean_with_where() -> None:
    np.testing.assert_array_equal(slopes(lambda x: np.sum(x, where=MASK), M), MASK)
    np.testing.assert_array_equal(slopes(lambda x: np.mean(x, where=MASK), M), MASK / 4)
    np.testing.assert_array_equal(
        slopes(lambda x: np.mean(x, axis=0, where=MASK), M), MASK / np.array([2, 1, 1])
    )
    row = np.array([True, False, True])  # it is broadcast
    np.testing.assert_array_equal(slopes(lambda x: np.sum(x, where=row), M), [row, row])
    with np.errstate(all="ignore"):
        y, pull = vjp(lambda x: np.mean(x, axis=1, where=NOWHERE), M)
        back = pull(np.array([1.0, 0.0]))[0]
    assert y[0] == 2.0 and np.isnan(y[1])  # the mean of nothing
    np.testing.assert_array_equal(back, [[0.5, 0, 0.5], [0, 0, 0]])


def test_what_where_leaves_out_may_be_nan() -> None:
    holes = np.where(MASK, M, np.nan)
    for f in (np.sum, np.mean, np.prod, np.var, np.std):
        found = slopes(lambda x, f=f: f(x, where=MASK), holes)
        assert (found[~MASK] == 0).all() and np.isfinite(found).all()
        np.testing.assert_allclose(found, slopes(lambda x, f=f: f(x, where=MASK), M), rtol=1e-14)


def test_max_with_initial() -> None:
    x = np.array([1.0, 3.0, 2.0])
    np.testing.assert_array_equal(grad(lambda x: np.max(x, initial=2.5))(x), [0, 1, 0])
    np.testing.assert_array_equal(grad(lambda x: np.max(x, initial=5.0))(x), [0, 0, 0])
    assert grad(lambda v: cnp.max(x, initial=v))(5.0) == 1.0
    assert grad(lambda v: cnp.max(x, initial=v))(1.0) == 0.0
    assert grad(lambda v: cnp.max(x, initial=v))(3.0) == 0.5  # a tie, as of np.maximum
    assert grad(lambda v: cnp.min(np.zeros(0), initial=v))(3.0) == 1.0


def test_sums_and_products_with_a_recorded_start() -> None:
    assert grad(lambda v: cnp.sum(M, initial=v))(2.0) == 1.0
    assert grad(lambda v: cnp.prod(M, initial=v))(2.0) == np.prod(M)
    assert grad(lambda v: cnp.nansum(M, initial=v))(2.0) == 1.0
    assert grad(lambda v: cnp.nanmax(M, initial=v))(9.0) == 1.0


# ---------------------------------------------------------------- precision

REDUCTIONS = [
    np.sum, np.mean, np.prod, np.max, np.min, np.std, np.var, np.ptp, np.median, np.average,
    np.nansum, np.nanmean, np.nanprod, np.nanmax, np.nanmin, np.nanstd, np.nanvar, np.nanmedian,
]  # fmt: skip


@pytest.mark.parametrize("function", REDUCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_precision_is_kept(function: Any, dtype: Any) -> None:
    x = M.astype(dtype)
    for axis in (None, 0, (0, 1)):
        y, pull = vjp(lambda x, axis=axis: function(x, axis=axis), x)
        assert np.asarray(y).dtype == dtype and pull(np.ones_like(y))[0].dtype == dtype
        y, t = jvp(lambda x, axis=axis: function(x, axis=axis), (x,), (x,))
        assert np.asarray(y).dtype == dtype and np.asarray(t).dtype == dtype


def test_a_start_in_double_precision_widens_nothing() -> None:
    x = M.astype(np.float32)
    for f in (np.sum, np.prod, np.max, np.min, np.nansum, np.nanmax):
        y = vjp(lambda x, f=f: f(x, initial=np.float64(0.5)), x)[0]
        assert np.asarray(y).dtype == f(x, initial=np.float64(0.5)).dtype == np.float32


def test_whole_numbers_are_promoted() -> None:
    n = np.array([1, 2, 4])
    for f in (np.mean, np.var, np.std, np.median, np.average):
        assert grad(lambda v, f=f: f(v * n))(2.0) == pytest.approx(
            (f(2.001 * n) - f(1.999 * n)) / 0.002
        )
    assert vjp(lambda v: cnp.average(n, weights=v), np.ones(3, np.float32))[0].dtype == float


# ---------------------------------------------------------------- spreads and extremes


@pytest.mark.parametrize("axis", [(0, 1), (2, 0), (0, -1), (), None])
def test_var_of_several_axes_in_forward_mode(axis: Any) -> None:
    x, t = np.random.default_rng(0).normal(size=(2, 2, 3, 4))
    for f in (np.var, np.std):
        found = jvp(lambda x, f=f: f(x, axis=axis), (x,), (t,))[1]
        if axis == () and f is np.std:
            assert (found == 0).all()
            continue
        step = (f(x + 1e-6 * t, axis=axis) - f(x - 1e-6 * t, axis=axis)) / 2e-6
        np.testing.assert_allclose(found, step, rtol=1e-7, atol=1e-9)


def test_extremes_of_several_axes_share() -> None:
    x = np.array([[[1.0, 2.0], [2.0, 0.0]], [[2.0, 1.0], [0.0, 2.0]]])
    found = slopes(lambda x: np.max(x, axis=(0, 2)), x)
    np.testing.assert_array_equal(found, [[[0, 0.5], [0.5, 0]], [[0.5, 0], [0, 0.5]]])


# ---------------------------------------------------------------- products


def test_products_with_zeros() -> None:
    np.testing.assert_array_equal(grad(np.prod)(np.array([2.0, 0.0, 5.0])), [0, 10, 0])
    np.testing.assert_array_equal(grad(np.prod)(np.array([0.0, 0.0, 5.0])), [0, 0, 0])
    np.testing.assert_array_equal(
        hessian(np.prod)(np.array([0.0, 0.0, 5.0])), [[0, 5, 0], [5, 0, 0], [0, 0, 0]]
    )
    x = np.array([[2.0, 0.0, 3.0], [0.0, 4.0, 0.0]])
    np.testing.assert_array_equal(slopes(lambda x: np.prod(x, axis=1), x), [[0, 6, 0], [0, 0, 0]])


@pytest.mark.parametrize("zeros", [(), (2,), (0,), (4,), (1, 3), (0, 1), (3, 4), (0, 2, 4)])
def test_running_products_with_zeros(zeros: Any) -> None:
    """The product of each start is a product: its slopes are those of np.prod."""
    x = np.array([1.5, -0.7, 2.0, 0.4, 3.0])
    x[list(zeros)] = 0.0
    g = np.array([1.0, 0.3, -2.0, 0.7, 1.1])
    expected = sum(g[k] * grad(lambda x, k=k: np.prod(x[: k + 1]))(x) for k in range(5))
    found = vjp(np.cumprod, x)[1](g)[0]
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13)
    check_grads(np.cumprod, x)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 9, 100])
def test_running_products_of_any_length(n: int) -> None:
    x = np.random.default_rng(n).uniform(0.8, 1.2, n)
    g = np.random.default_rng(0).normal(size=n)
    by_division = [np.sum((g * np.cumprod(x))[k:]) / x[k] for k in range(n)]
    np.testing.assert_allclose(vjp(np.cumprod, x)[1](g)[0], by_division, rtol=1e-12)


# ---------------------------------------------------------------- every option at once

INPUTS = {
    "matrix": M, "vector": M[0], "0-d": np.array(0.7), "number": 0.7, "empty": np.zeros(0),
    "no rows": np.zeros((0, 3)), "no columns": np.zeros((2, 0)), "infinite": np.array([1, np.inf]),
    "with nan": np.where(MASK, M, np.nan), "all nan": np.full((2, 3), np.nan),
    "complex": M + 1j * M[::-1], "single": M.astype(np.float32), "ties": np.ones((2, 3)),
}  # fmt: skip
AXES: list[dict[str, Any]] = [
    {}, {"axis": 0}, {"axis": -1}, {"axis": (0, 1)}, {"axis": 0, "keepdims": True},
    {"keepdims": True},
]  # fmt: skip
SUMS: list[dict[str, Any]] = [
    {},
    {"initial": 0.5},
    {"where": MASK},
    {"where": MASK[:1]},
    {"dtype": np.float32},
]
MEANS: list[dict[str, Any]] = [{}, {"where": MASK}, {"where": NOWHERE}]
SPREADS: list[dict[str, Any]] = [
    {},
    {"ddof": 1},
    {"correction": 2},
    {"where": MASK, "ddof": 1},
    {"mean": 0.0},
]
ENDS: list[dict[str, Any]] = [{}, {"initial": 0.5}, {"where": MASK, "initial": -9.0}]
OPTIONS = {
    np.sum: SUMS, np.prod: SUMS, np.nansum: SUMS, np.nanprod: SUMS, np.mean: MEANS,
    np.nanmean: MEANS, np.var: SPREADS, np.std: SPREADS, np.nanvar: SPREADS, np.nanstd: SPREADS,
    np.max: ENDS, np.min: ENDS, np.nanmax: ENDS, np.nanmin: ENDS, np.ptp: [{}], np.median: [{}],
    np.nanmedian: [{}], np.average: [{}],
}  # fmt: skip


@pytest.mark.parametrize("function", OPTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("kind", INPUTS)
def test_value_and_kind_are_numpys(function: Any, kind: str) -> None:
    """Where NumPy answers, the same number of the same type comes, and a change goes back."""
    x = INPUTS[kind]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for axes, options in itertools.product(AXES, OPTIONS[function]):
            try:
                expected = function(x, **axes, **options)
            except (ValueError, TypeError, ArithmeticError):
                continue
            found, pull = vjp(lambda v, o=axes | options: served(function)(v, **o), x)
            assert np.asarray(found).dtype == np.asarray(expected).dtype
            np.testing.assert_allclose(found, expected, rtol=1e-5, err_msg=str(axes | options))
            back = pull(np.ones_like(found))[0]
            assert np.shape(back) == np.shape(x)
            assert np.asarray(back).dtype == np.asarray(x).dtype


def test_lists_of_recorded_numbers() -> None:
    for f in (np.sum, np.mean, np.var, np.median, np.nansum, np.average, np.ptp, np.diff, np.cov):
        listed = grad(lambda x, f=f: np.sum(getattr(cnp, f.__name__)([x[0], x[1], x[2]])))(M[0])
        np.testing.assert_allclose(listed, slopes(f, M[0]), rtol=1e-14)
    assert grad(lambda v: cnp.sum([v, v], initial=v))(2.0) == 3.0


def test_counts_and_positions_pass() -> None:
    asked = []

    def f(x: Any) -> Any:
        asked.append((np.count_nonzero(x), np.argmax(x), np.nanargmax(x), np.nanargmin(x)))
        asked.append((np.any(x), np.all(x), np.isnan(x).any()))
        return np.sum(x * np.count_nonzero(x))

    np.testing.assert_array_equal(grad(f)(M), np.full((2, 3), 6.0))
    assert asked == [(6, 4, 4, 1), (True, True, False)]
    with pytest.raises(ValueError, match="All-NaN"):
        grad(lambda x: np.sum(x) * np.nanargmax(x))(np.full(2, np.nan))


SPREADS = [np.mean, np.var, np.std, np.nanmean, np.nanvar, np.nanstd]


@pytest.mark.parametrize(
    ("function", "options"),
    [(f, options) for f in SPREADS for options in ({"dtype": "f4"}, {"where": MASK}, {})]
    + [(f, {"dtype": complex}) for f in (np.mean, np.var, np.std)]
    + [(np.average, {"returned": True})],
)
def test_one_number_is_a_number(function: Any, options: Any) -> None:
    y, t = jvp(lambda x: function(x, **options), (M,), (M,))
    expected = function(M, **options)
    for found, move, number in zip(*map(np.atleast_1d, (y, t, expected)), strict=True):
        np.testing.assert_allclose(found, number, rtol=1e-6)
        assert found.dtype == move.dtype == number.dtype
    assert type(y) is type(expected)
    if isinstance(expected, tuple):
        assert [type(v) for v in y] == [type(v) for v in expected]


@pytest.mark.parametrize("extreme", [np.nanmax, np.nanmin])
def test_an_initial_value_stands_where_all_else_is_nan(extreme: Any) -> None:
    x = np.array([[1.0, np.nan], [np.nan, np.nan]])
    mask = np.array([[True, True], [True, False]])
    for where in (True, mask, mask[:, ::-1]):
        options = {"axis": 1, "initial": 0.5, "where": where}
        y, pull = vjp(lambda x, options=options: extreme(x, **options), x)
        np.testing.assert_array_equal(y, extreme(x, **options))
        np.testing.assert_array_equal(pull(np.ones(2))[0][1], [0.0, 0.0])
