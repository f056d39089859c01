"""Bins: what moves and what does not, and NumPy's edge cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule.numpy as cnp
from chainrule import grad, vjp

A = np.array([0.5, 1.0, 1.0, 2.5, 4.0, -1.0, 3.0])
W = np.array([1.5, -2.0, 0.25, 3.0, 0.5, 7.0, 1.0])


def test_counts_do_not_move_and_edges_move_with_the_ends() -> None:
    (counts, edges), _ = vjp(lambda x: np.histogram(x, 5), A)
    assert counts.dtype.kind == "i"
    np.testing.assert_array_equal(counts, np.histogram(A, 5)[0])
    np.testing.assert_allclose(edges, np.histogram(A, 5)[1])
    slopes = grad(lambda x: np.histogram(x, 5)[1][1])(A)  # the first edge, and a fifth of the way
    np.testing.assert_allclose(slopes, np.where(A == -1, 0.8, np.where(A == 4, 0.2, 0)))
    assert not grad(lambda x: np.sum(np.histogram(x, 5, (-2, 5))[1]) + 0 * x[0])(A).any()


def test_weights_are_added_up_where_numpy_counts() -> None:
    """On an edge, outside of the range, at the right end."""
    for bins, span in ((5, None), ([-1, 0, 1, 3], None), (4, (0.5, 2.5)), ([1.0, 2.5], None)):
        y, pull = vjp(lambda w, bins=bins, span=span: np.histogram(A, bins, span, weights=w)[0], W)
        np.testing.assert_allclose(y, np.histogram(A, bins, span, weights=W)[0])
        each = [np.histogram(A, bins, span, weights=row)[0] for row in np.eye(7)]
        g = np.arange(1.0, y.size + 1)
        np.testing.assert_allclose(pull(g)[0], np.array(each) @ g)


@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=20),
    st.integers(1, 7),
    st.sampled_from([None, (-2, 2), (0, 5)]),
)
def test_weighted_counts_are_numpys(numbers: list[int], bins: int, span: Any) -> None:
    a, w = np.array(numbers) / 2, np.arange(1.0, len(numbers) + 1)
    y = vjp(lambda v: np.histogram(a, bins, span, weights=v), w)[0]
    for found, expected in zip(y, np.histogram(a, bins, span, weights=w), strict=True):
        np.testing.assert_array_equal(found, expected)
    pairs = np.stack([a, a[::-1]], 1)
    y = vjp(lambda v: np.histogramdd(pairs, bins, span and [span] * 2, weights=v)[0], w)[0]
    np.testing.assert_array_equal(y, np.histogramdd(pairs, bins, span and [span] * 2, weights=w)[0])


def test_a_density_falls_as_its_range_widens() -> None:
    density = lambda x: np.histogram(x, 4, density=True)[0]
    slopes = grad(lambda x: np.sum(density(x)))(A)  # four of 1 / width, divided by 7
    assert slopes[5] > 0 > slopes[4] and not np.delete(slopes, [4, 5]).any()
    np.testing.assert_allclose(slopes[4], -slopes[5])
    np.testing.assert_allclose(slopes[4], -4 / 25)  # of 4 / (4 - -1)


def test_one_number_has_a_bin_around_it() -> None:
    (_, edges), _ = vjp(lambda x: np.histogram(x, 2), np.array([2.0, 2.0]))
    np.testing.assert_array_equal(edges, [1.5, 2.0, 2.5])
    assert vjp(np.histogram, np.zeros(0))[0][1].tolist() == np.histogram([])[1].tolist()


def test_recorded_edges_are_returned() -> None:
    edges = np.array([-1.0, 0.5, 4.0])
    assert grad(lambda e: np.sum(np.histogram(A, e)[1] ** 2))(edges).tolist() == [-2.0, 1.0, 8.0]
    assert grad(lambda s: np.sum(cnp.histogram(A, [-1.0, s, 4.0], density=True)[0]))(0.5) == (
        pytest.approx(-(1 / 7) / 1.5**2 + (6 / 7) / 3.5**2)
    )
    assert grad(lambda s: cnp.histogram(A, 2, range=(0.0, s))[1][1])(3.0) == 0.5


def test_what_numpy_refuses_is_refused() -> None:
    for call in (
        lambda x: np.histogram(x, 0),
        lambda x: np.histogram(x, "none"),
        lambda x: np.histogram(x, [3, 1]),
        lambda x: np.histogram(x, 3, (2, 1)),
        lambda x: np.histogram(A, 3, weights=x[:3]),
        lambda x: np.histogram2d(x, x[:3]),
        lambda x: np.histogramdd([x, x], [1, 2, 3]),
        lambda x: np.histogramdd([x, x], 2, [(0, 1)]),
        lambda x: np.bincount(x),
        lambda x: np.bincount([1, 2], x),
        lambda x: np.bincount([1, -2], x[:2]),
        lambda x: np.bincount([1, 2], x[:2] + 1j),
        lambda x: np.digitize(A, x),
    ):
        with pytest.raises((ValueError, TypeError)) as plain:
            call(W)
        with pytest.raises((ValueError, TypeError)) as recorded:
            vjp(call, W)
        assert issubclass(recorded.type, plain.type)


def test_bins_of_recorded_numbers_are_whole_numbers() -> None:
    def f(x: Any) -> Any:
        at = np.digitize(x, [0.0, 2.0])
        assert at.dtype.kind == "i" and np.searchsorted(np.sort(x), 1.0) == 2
        return np.sum(np.bincount(at, weights=x * x)[1:])

    np.testing.assert_array_equal(grad(f)(A), np.where(A >= 0, 2 * A, 0))


def test_integer_weights_beside_recorded_numbers() -> None:
    w = np.arange(7)
    counts, _ = vjp(lambda x: np.histogram(x, 3, weights=w), A)[0]
    np.testing.assert_array_equal(counts, np.histogram(A, 3, weights=w)[0])
    assert counts.dtype.kind == "i"


@pytest.mark.peers
def test_weighted_counts_as_jax_has_them() -> None:
    jax = pytest.importorskip("jax")
    at = np.array([0, 2, 2, 1, 5, 0, 2])

    def f(xp: Any) -> Any:
        return lambda w: xp.sum(xp.bincount(at, weights=w, minlength=8, **more[xp]) ** 2)

    more = {np: {}, jax.numpy: {"length": 8}}
    w = W.astype(np.float32)
    np.testing.assert_allclose(grad(f(np))(w), jax.grad(f(jax.numpy))(w), rtol=1e-6)
