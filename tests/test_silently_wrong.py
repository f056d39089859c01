"""Where the `autograd` package is silently wrong, what is right.

Each case has the right slopes, from a course rather than from a program, and what autograd 1.9
answers: numbers, an exception, or RIGHT. docs/from-autograd.md tells users of some of them.
"""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import elementwise_grad, grad, jvp, value_and_grad

V = np.array([1.0, 2.0, 3.0])
M = np.array([[3.0, 1.0], [2.0, 5.0]])
W = np.array([[10.0, 20.0], [30.0, 40.0]])
MASK = np.array([False, True, True])
RIGHT = "right"


class Case(NamedTuple):
    """A function of NumPy's module, or autograd's, and a point; and its gradient there."""

    f: Callable[[Any, Any], Any]
    at: Any
    right: Any
    theirs: Any = RIGHT


def changed_in_place(np: Any, x: Any) -> Any:
    c = np.ones(3)
    y = np.sum(x * c)
    c *= 100
    return y


def index_changed_in_place(np: Any, x: Any) -> Any:
    at = np.array([0, 0, 1])
    y = np.sum(x[at])
    at[:] = 2
    return y


NAN = math.nan
CASES = {
    "sum where": Case(lambda np, x: np.sum(x, where=MASK), V, [0, 1, 1], [1, 1, 1]),
    "sum where, of an axis": Case(
        lambda np, x: np.sum(np.sum(x, axis=0, where=x > 2)), M, [[1, 0], [0, 1]], np.ones((2, 2))
    ),
    "mean where": Case(
        lambda np, x: np.mean(x, where=MASK), V, [0, 1 / 2, 1 / 2], [1 / 3, 1 / 3, 1 / 3]
    ),
    "max initial above all": Case(
        lambda np, x: np.max(x, initial=5.0), V, [0, 0, 0], [NAN, NAN, NAN]
    ),
    "max initial below the largest": Case(lambda np, x: np.max(x, initial=2.0), V, [0, 0, 1]),
    "min initial below all": Case(
        lambda np, x: np.min(x, initial=0.0), V, [0, 0, 0], [NAN, NAN, NAN]
    ),
    "full_like of a recorded fill": Case(lambda np, x: np.sum(np.full_like(V, x)), 2.0, 3, 0),
    "where with a recorded number": Case(
        lambda np, x: np.sum(np.where(MASK, x, 0.0)), 2.0, 2, [0, 1, 1]
    ),
    "where with a recorded number, twice": Case(
        lambda np, x: np.sum(np.where(MASK, x, 3 * x)), 2.0, 5, [3, 4, 4]
    ),
    "prod with a zero": Case(
        lambda np, x: np.prod(x), np.array([0.0, 2.0, 3.0]), [6, 0, 0], [NAN, 0, 0]
    ),
    "prod with two zeros": Case(
        lambda np, x: np.prod(x), np.array([0.0, 0.0, 3.0]), [0, 0, 0], [NAN, NAN, 0]
    ),
    "prod with a zero, of an axis": Case(
        lambda np, x: np.sum(np.prod(x, axis=1)),
        np.array([[0.0, 2.0], [3.0, 4.0]]),
        [[2, 0], [4, 3]],
        [[NAN, 0], [4, 3]],
    ),
    "clip in its bounds": Case(lambda np, x: np.sum(np.clip(x, 1.0, 2.0)), V, [1, 1, 0], [0, 0, 0]),
    "clip without a bound": Case(
        lambda np, x: np.sum(np.clip(x, None, 2.0)), V, [1, 1, 0], [1, 0, 0]
    ),
    "sort of a matrix": Case(
        lambda np, x: np.sum(np.sort(x) * W), M, [[20, 10], [30, 40]], NotImplementedError
    ),
    "sort of a matrix, by columns": Case(
        lambda np, x: np.sum(np.sort(x, axis=0) * W), M, [[30, 20], [10, 40]], NotImplementedError
    ),
    "partition of a matrix": Case(
        lambda np, x: np.sum(np.partition(x, 0) * W), M, [[20, 10], [30, 40]], NotImplementedError
    ),
    "a constant changed in place after use": Case(changed_in_place, V, [1, 1, 1], [100, 100, 100]),
    "an index changed in place after use": Case(index_changed_in_place, V, [2, 1, 0], [0, 0, 3]),
    "deepcopy of a recorded array": Case(
        lambda np, x: np.sum(copy.deepcopy(x) * x), V, [2, 4, 6], [1, 2, 3]
    ),
    "deepcopy of a list of recorded numbers": Case(
        lambda np, x: sum(v**2 for v in copy.deepcopy([x[0], x[2]])), V, [2, 0, 6]
    ),
    "a whole number": Case(lambda np, x: x**3, 2, 12, TypeError),
    "softplus as users write it": Case(lambda np, x: np.log(1 + np.exp(x)), 800.0, NAN, NAN),
    "softplus": Case(lambda np, x: np.logaddexp(0.0, x), 800.0, 1),
    "softplus, far left": Case(lambda np, x: np.logaddexp(0.0, x), -800.0, 0),
}
cases = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@cases
@np.errstate(all="ignore")
def test_the_gradient(case: Case) -> None:
    found = grad(lambda x: case.f(cnp, x))(case.at)
    np.testing.assert_array_equal(found, case.right)
    assert np.shape(found) == np.shape(case.at)


@pytest.mark.peers
@cases
def test_what_autograd_answers(case: Case) -> None:
    autograd = pytest.importorskip("autograd")
    import autograd.numpy as theirs

    slope = autograd.grad(lambda x: case.f(theirs, x))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if isinstance(case.theirs, type):
            with pytest.raises(case.theirs):
                slope(case.at)
            return
        found = slope(case.at)
    np.testing.assert_allclose(found, case.right if case.theirs is RIGHT else case.theirs)


# ---------------------------------------------------------------- forward mode


def test_var_of_several_axes_forward() -> None:
    centred = M - np.mean(M)
    for axis in ((0, 1), (1, 0), (-1, 0), None):
        y, t = jvp(lambda x, axis=axis: np.var(x, axis=axis), (M,), (W,))
        assert y == np.var(M)
        np.testing.assert_allclose(t, np.mean(2 * centred * W), rtol=1e-14)


def test_sort_and_partition_of_a_matrix_forward() -> None:
    moved = [[20.0, 10.0], [30.0, 40.0]]
    for f in (np.sort, lambda x: np.partition(x, 0), lambda x: np.partition(x, 1)):
        np.testing.assert_array_equal(jvp(f, (M,), (W,))[1], moved)


@pytest.mark.peers
def test_what_autograd_answers_forward() -> None:
    autograd = pytest.importorskip("autograd")
    import autograd.numpy as theirs

    with pytest.raises(NameError):
        autograd.make_jvp(lambda x: theirs.var(x, axis=(0, 1)))(M)(W)
    for f in (theirs.sort, lambda x: theirs.partition(x, 0)):
        assert np.shape(autograd.make_jvp(f)(M)(W)[1]) == (2, 2, 2)


# ---------------------------------------------------------------- precision

NARROW = {
    "mean": lambda np, x: np.mean(x),
    "max": lambda np, x: np.max(x),
    "min": lambda np, x: np.min(x),
    "std": lambda np, x: np.std(x),
    "var": lambda np, x: np.var(x),
    "where": lambda np, x: np.where(x > 1, x, 0.0),
    "maximum": lambda np, x: np.maximum(x, 1.5),
    "log10": lambda np, x: np.log10(x),
    "log2": lambda np, x: np.log2(x),
    "sum": lambda np, x: np.sum(x),
    "prod": lambda np, x: np.prod(x),
    "power": lambda np, x: x**2.5,
    "median": lambda np, x: np.median(x),
    "clip": lambda np, x: np.clip(x, 0.5, 1.5),
    "pad": lambda np, x: np.pad(x, 1, constant_values=0.5),
    "a Python number": lambda np, x: 2.5 * x + 1,
}
WIDENED = {"mean", "max", "min", "std", "var", "where", "maximum", "log10", "log2"}


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble, np.complex64])
@pytest.mark.parametrize("name", NARROW)
def test_precision_is_kept(name: str, dtype: Any) -> None:
    """test_table.py sees to it for float32 and every sample of every rule, in all three."""
    if dtype is np.complex64 and name in ("max", "min", "where", "maximum", "median", "clip"):
        pytest.skip("complex numbers have no order")
    x = np.array([1, 2, 4], dtype)
    y, t = jvp(lambda x: NARROW[name](cnp, x), (x,), (x,))
    expected = NARROW[name](np, x)
    assert y.dtype == t.dtype == expected.dtype
    assert np.real(expected).dtype == np.real(x).dtype
    assert grad(lambda x: np.sum(np.real(NARROW[name](cnp, x))))(x).dtype == dtype


@pytest.mark.peers
@pytest.mark.parametrize("name", sorted(NARROW.keys() - {"median", "pad"}))
def test_what_autograd_widens(name: str) -> None:
    autograd = pytest.importorskip("autograd")
    import autograd.numpy as theirs

    x = np.array([1, 2, 4], np.float32)
    found = autograd.grad(lambda x: theirs.sum(NARROW[name](theirs, x)))(x).dtype
    assert found == (np.float64 if name in WIDENED else np.float32)


# ---------------------------------------------------------------- whole numbers, overflow, chi2


def test_whole_numbers_count_as_floats() -> None:
    assert grad(lambda n: n * n)(3) == 6.0
    np.testing.assert_array_equal(grad(lambda n: np.sum(n**2))(np.array([1, 2])), [2.0, 4.0])
    np.testing.assert_array_equal(elementwise_grad(np.sqrt)(np.array([1, 4])), [0.5, 0.25])
    assert value_and_grad(lambda x: x[0] * x[1])([2, 5]) == (10, [5.0, 2.0])


def test_logaddexp_is_offered_where_softplus_overflows() -> None:
    page = Path(__file__).parents[1] / "docs" / "from-autograd.md"
    text = page.read_text(encoding="utf-8")
    assert "log(1 + exp(x)) is infinite from x = 710 on" in text
    assert "`grad(lambda x: np.logaddexp(0.0, x))(800.0)`" in text
    with np.errstate(over="ignore"):
        assert np.isfinite(np.exp(709.0)) and np.isinf(np.exp(710.0))


@pytest.mark.parametrize("df", [2.5, 3.0, 7.3])
def test_chi2_with_degrees_of_freedom_that_are_not_whole(df: float) -> None:
    stats = pytest.importorskip("chainrule.scipy.stats")
    slope = (df / 2 - 1) / 1.3 - 1 / 2  # of the density's logarithm, at 1.3
    density = stats.chi2.pdf(1.3, df)
    np.testing.assert_allclose(grad(stats.chi2.logpdf)(1.3, df), slope, rtol=1e-14)
    np.testing.assert_allclose(grad(stats.chi2.pdf)(1.3, df), density * slope, rtol=1e-13)
    np.testing.assert_allclose(grad(stats.chi2.cdf)(1.3, df), density, rtol=1e-13)


@pytest.mark.peers
def test_what_autograd_answers_of_chi2() -> None:
    autograd = pytest.importorskip("autograd")
    theirs = pytest.importorskip("autograd.scipy.stats")
    assert autograd.grad(theirs.chi2.logpdf)(1.3, 2.5) == 0.0
    assert autograd.grad(theirs.chi2.pdf)(1.3, 2.5) == 0.0
