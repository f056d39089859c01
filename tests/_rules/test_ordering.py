"""Numbers put in order: ties, missing numbers, and what other libraries make of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule.numpy as cnp
from chainrule import grad, jacobian, jvp, vjp
from chainrule._rules.ordering import order_of

M = np.array([[3.0, -1.0, 2.0, 0.5], [0.25, 4.0, -2.0, 1.0], [-3.0, 1.5, 0.75, -0.5]])
TIED = np.array([[2.0, 1.0, 2.0, 1.0], [0.0, -0.0, 0.0, 5.0]])


@pytest.mark.parametrize("axis", [0, 1, -2, None])
def test_sorting_a_matrix_moves_changes_along(axis: Any) -> None:
    """Sort pairs of numbers and changes by the numbers."""
    g = np.arange(1.0, 13).reshape(3, 4)
    y, pull = vjp(lambda x: np.sort(x, axis), M)
    np.testing.assert_array_equal(y, np.sort(M, axis))
    (back,) = pull(g.reshape(y.shape))
    of = dict(zip(y.ravel(), g.ravel(), strict=True))  # all numbers are distinct
    np.testing.assert_array_equal(back, np.vectorize(of.get)(M))
    t = jvp(lambda x: np.sort(x, axis), (M,), (10 * M,))[1]
    np.testing.assert_array_equal(t, 10 * np.sort(M, axis))


@pytest.mark.parametrize("axis", [0, 1, None])
@pytest.mark.parametrize("kth", [0, 1, [2, 0], -1])
def test_partition_of_a_matrix_has_numpys_own_order(kth: Any, axis: Any) -> None:
    y, pull = vjp(lambda x: np.partition(x, kth, axis), M)
    np.testing.assert_array_equal(y, np.partition(M, kth, axis))
    g = np.arange(1.0, 13).reshape(y.shape)
    of = dict(zip(y.ravel(), g.ravel(), strict=True))
    np.testing.assert_array_equal(pull(g)[0], np.vectorize(of.get)(M))


def test_long_partitions_too() -> None:
    """Where NumPy's algorithm swaps many numbers about; and where many are equal."""
    rng = np.random.default_rng(0)
    for x in (rng.normal(size=2000), np.round(rng.normal(size=2000), 1)):
        y, pull = vjp(lambda v: np.partition(v, (100, 1500)), x)
        np.testing.assert_array_equal(y, np.partition(x, (100, 1500)))
        np.testing.assert_array_equal(np.sort(pull(y)[0]), np.sort(x))
        np.testing.assert_array_equal(pull(y)[0], x)


def test_equal_numbers_keep_their_order() -> None:
    g = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])
    for options in ({}, {"kind": "quicksort"}, {"kind": "stable"}, {"stable": True}):
        _, pull = vjp(lambda x, options=options: np.sort(x, **options), TIED)
        np.testing.assert_array_equal(pull(g)[0], [[3, 1, 4, 2], [5, 6, 7, 8]])


@given(st.lists(st.integers(0, 6), max_size=40))
def test_the_quick_order_is_the_stable_one(numbers: list[int]) -> None:
    x = np.array(numbers, float)
    np.testing.assert_array_equal(order_of(x, -1), np.argsort(x, kind="stable"))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_missing_numbers_come_last() -> None:
    x = np.array([np.nan, 2.0, -np.inf, np.nan, 1.0])
    y, pull = vjp(np.sort, x)
    np.testing.assert_array_equal(y, np.sort(x))
    np.testing.assert_array_equal(pull(np.arange(5.0))[0][[2, 4, 1]], [0, 1, 2])
    z = x + 1j
    np.testing.assert_array_equal(vjp(np.sort, z)[0], np.sort(z))


def test_complex_numbers_are_sorted_by_their_parts() -> None:
    z = np.array([1 + 2j, 1 + 1j, 0 + 5j])
    y, pull = vjp(np.sort_complex, z)
    np.testing.assert_array_equal(y, np.sort_complex(z))
    np.testing.assert_array_equal(pull(y)[0], z)
    assert vjp(np.sort_complex, np.float32([2, 1]))[0].dtype == np.complex128


def test_numbers_and_nothing() -> None:
    assert vjp(lambda x: np.sort(x, axis=None), 2.0)[0].tolist() == [2.0]
    assert vjp(np.sort, np.zeros((2, 0)))[0].shape == (2, 0)
    for bad in (lambda x: np.sort(x), lambda x: np.partition(x, 0)):
        with pytest.raises(np.exceptions.AxisError):
            vjp(bad, 2.0)
    for call in (
        lambda x: np.sort(x, kind="stable", stable=True),
        lambda x: np.sort(x, kind="bubble"),
        lambda x: np.sort(x, order="name"),
        lambda x: np.sort(x, axis=2),
        lambda x: np.partition(x, 9),
        lambda x: np.partition(x, 1, kind="other"),
    ):
        with pytest.raises((ValueError, TypeError, IndexError)) as plain:
            call(M)
        with pytest.raises((ValueError, TypeError, IndexError)) as recorded:
            vjp(call, M)
        assert issubclass(recorded.type, plain.type)


def test_a_median_and_a_trimmed_mean_by_sorting() -> None:
    np.testing.assert_array_equal(
        grad(lambda x: np.mean(np.sort(x, axis=None)[3:-3]))(M), ((M > -0.75) & (M < 2.0)) / 6
    )
    np.testing.assert_array_equal(
        jacobian(lambda x: x[np.argsort(x)])(M[0]), jacobian(np.sort)(M[0])
    )


# ---------------------------------------------------------------- sets


def test_of_equal_numbers_the_first_moves() -> None:
    np.testing.assert_array_equal(jacobian(np.unique)(TIED[0]), [[0, 1, 0, 0], [1, 0, 0, 0]])
    y, at, back, counts = vjp(lambda x: np.unique(x, True, True, True), TIED)[0]
    for found, plain in zip((y, at, back, counts), np.unique(TIED, True, True, True), strict=True):
        np.testing.assert_array_equal(found, plain)


@pytest.mark.parametrize("axis", [0, 1])
def test_rows_and_columns_kept_once(axis: int) -> None:
    x = np.array([[1.0, 0.0, 1.0], [2.0, 5.0, 2.0], [1.0, 0.0, 1.0]])
    y, pull = vjp(lambda v: np.unique(v, axis=axis), x)
    np.testing.assert_array_equal(y, np.unique(x, axis=axis))
    back = np.zeros((3, 3))
    back[[0, 1] if axis == 0 else slice(None)] = 1
    if axis == 1:
        back[:, 2] = 0
    np.testing.assert_array_equal(pull(np.ones_like(y))[0], back)


def test_named_results_keep_their_names() -> None:
    found = vjp(np.unique_all, TIED[0])[0]
    assert found._fields == ("values", "indices", "inverse_indices", "counts")
    assert grad(lambda x: np.sum(np.unique_counts(x).values ** 2))(TIED[0]).tolist() == [4, 2, 0, 0]
    assert grad(lambda x: np.sum(np.unique_values(x)))(TIED[0]).tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize(
    "function", [np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d], ids=lambda f: f.__name__
)
def test_sets_of_two_arrays(function: Any) -> None:
    a, b = np.array([3.0, 1.0, 2.0, 3.0]), np.array([[5.0, 2.0], [2.0, 0.0]])
    y, pull = vjp(function, a, b)
    np.testing.assert_array_equal(y, function(a, b))
    to_a, to_b = pull(np.ones_like(y))
    for v, g in ((a, to_a), (b, to_b)):
        assert set(np.unique(g)) <= {0.0, 1.0}
        assert np.isin(v[g == 1], y).all()
    np.testing.assert_array_equal(np.sort(np.concatenate([a[to_a == 1], b[to_b == 1]])), y)


@pytest.mark.parametrize("equal", [True, False])
def test_missing_numbers_in_a_set(equal: bool) -> None:
    x = np.array([np.nan, 1.0, np.nan, 1.0])
    y, pull = vjp(lambda v: np.unique(v, equal_nan=equal), x)
    np.testing.assert_array_equal(y, np.unique(x, equal_nan=equal))
    assert pull(np.ones_like(y))[0][1] == 1


# ---------------------------------------------------------------- peers


@pytest.mark.peers
@pytest.mark.parametrize("axis", [0, -1, None])
def test_sorting_as_jax_does(axis: Any) -> None:
    jax = pytest.importorskip("jax")
    weights = np.linspace(1, 2, 8)

    def f(xp: Any) -> Any:
        return lambda x: xp.sum(xp.ravel(xp.sort(x, axis=axis)) * weights.astype(np.float32))

    for x in (TIED.astype(np.float32), M[:2].astype(np.float32)):
        np.testing.assert_allclose(grad(f(np))(x), jax.grad(f(jax.numpy))(x), rtol=1e-6)


@pytest.mark.peers
def test_sorting_vectors_as_autograd_does() -> None:
    """Of matrices its gradients are wrong."""
    autograd = pytest.importorskip("autograd")
    anp = pytest.importorskip("autograd.numpy")
    x = M.ravel()
    for call in (lambda xp, v: xp.sort(v), lambda xp, v: xp.partition(v, 4)):
        expected = autograd.jacobian(lambda v, call=call: call(anp, v))(x)
        np.testing.assert_array_equal(jacobian(lambda v, call=call: call(np, v))(x), expected)


# ---------------------------------------------------------------- positions

PASSES = {
    "argsort": lambda xp, x: xp.argsort(x, axis=0, kind="stable"),
    "argpartition": lambda xp, x: xp.argpartition(x, (1, 2), axis=1),
    "lexsort": lambda xp, x: xp.lexsort((x[0], x[1])),
    "argwhere": lambda xp, x: xp.argwhere(x > 0.3),
    "nonzero": lambda xp, x: xp.nonzero(x),
    "flatnonzero": lambda xp, x: xp.flatnonzero(x - 3),
    "count_nonzero": lambda xp, x: xp.count_nonzero(x, axis=1),
    "searchsorted": lambda xp, x: xp.searchsorted(x[0], x, "right", sorter=xp.argsort(x[0])),
    "digitize": lambda xp, x: xp.digitize(x, xp.sort(x[0])),
    "isin": lambda xp, x: xp.isin(x, x[1], invert=True),
    "nanargmax": lambda xp, x: xp.nanargmax(x, axis=1),
    "tril_indices_from": lambda xp, x: xp.tril_indices_from(x, 1),
    "diag_indices_from": lambda xp, x: xp.diag_indices_from(x[:3, :3]),
    "where": lambda xp, x: xp.where(x > 0),
    "unique_counts": lambda xp, x: xp.unique_counts(x).counts,
    "histogram": lambda xp, x: xp.histogram(x, 3)[0],
}


@pytest.mark.parametrize("call", PASSES.values(), ids=PASSES)
def test_positions_and_counts_are_plain(call: Any) -> None:
    """As arrays of NumPy's own, by both imports, in both directions."""

    def f(x: Any) -> Any:
        for xp in (np, cnp):
            for found, plain in zip(parts(call(xp, x)), parts(call(np, M)), strict=True):
                assert isinstance(found, (np.ndarray, np.generic, int))
                np.testing.assert_array_equal(found, plain)
        return np.sum(x)

    np.testing.assert_array_equal(grad(f)(M), np.ones((3, 4)))
    assert jvp(f, (M,), (M,))[1] == np.sum(M)


def parts(y: Any) -> tuple[Any, ...]:
    return y if isinstance(y, tuple) else (y,)
