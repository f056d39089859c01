"""Products of blocks of rows, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

numba = pytest.importorskip("numba", reason="the products of blocks are compiled by Numba")

from chainrule.compiler.kernels import products  # noqa: E402

ORDERS = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "every second": lambda X: np.repeat(X, 2, axis=1)[:, ::2],
}
# Order, type of the data, type of the sums. Each is compiled for itself, which takes seconds.
KINDS = [
    ("C", np.float64, np.float64),
    ("F", np.float64, np.float64),
    ("C", np.float32, np.float64),
    *(
        pytest.param(*kind, marks=pytest.mark.slow)
        for kind in [
            ("F", np.float32, np.float64),
            ("C", np.float32, np.float32),
            ("F", np.float32, np.float32),
            ("every second", np.float64, np.float64),
        ]
    ),
]


def compiled(function):
    """Call `function` from compiled code, as printed sources do."""

    @numba.njit
    def call(*arguments):
        function(*arguments)

    return call


DOT, ADD, DOTS, ADDS, SQUARES = map(
    compiled, (products.dot, products.add, products.dots, products.adds, products.add_squares)
)


@pytest.mark.parametrize("m, n, k", [(1, 1, 1), (3, 2, 2), (7, 13, 5), (64, 20, 10), (0, 3, 4)])
@pytest.mark.parametrize("order, dtype, wide", KINDS)
def test_dense_blocks(order, dtype, wide, m, n, k):
    rng = np.random.default_rng(m + n + k)
    X = ORDERS[order](rng.standard_normal((m + 5, n)).astype(dtype))
    W, R = rng.standard_normal((k, n)).astype(dtype), rng.standard_normal((k, m + 2)).astype(dtype)
    x = X[3 : 3 + m].astype(float)
    exact = {"rtol": 0, "atol": 1e-12 if dtype is np.float64 else 5e-5}
    Z = np.full((k, m + 2), np.nan, dtype)
    G, H = rng.standard_normal((k, n)).astype(wide), rng.standard_normal((n, n)).astype(wide)

    DOTS(X, 3, m, W, Z)
    np.testing.assert_allclose(Z[:, :m], W.astype(float) @ x.T, **exact)
    assert np.isnan(Z[:, m:]).all()  # no number outside of the block is touched
    DOT(X, 3, m, W[0], Z[-1])
    np.testing.assert_allclose(Z[-1, :m], x @ W[0].astype(float), **exact)
    assert np.isnan(Z[-1, m:]).all()

    r = R[:, :m].astype(float)
    expected = G + r @ x
    ADDS(X, 3, m, R, G)
    np.testing.assert_allclose(G, expected, **exact)
    ADD(X, 3, m, R[0], G[-1])
    np.testing.assert_allclose(G[-1], expected[-1] + r[0] @ x, **exact)

    expected = H + x.T @ (r[0][:, None] * x)
    SQUARES(X, 3, m, R[0], H)
    np.testing.assert_allclose(np.tril(H), np.tril(expected), **exact)
    products.mirror(H)
    np.testing.assert_array_equal(H, np.tril(H) + np.tril(H, -1).T)


def test_sums_of_float32_in_float64_keep_more_digits():
    """A block is added up in float32, the blocks in float64: their number does not cost digits."""
    rng = np.random.default_rng(0)
    X, R = rng.random((64, 3), np.float32), rng.random((2, 64), np.float32)
    one, many = np.zeros((2, 3)), np.zeros((2, 3))
    ADDS(X, 0, 64, R, one)
    for _ in range(1000):
        ADDS(X, 0, 64, R, many)
    np.testing.assert_allclose(many, 1000 * one, rtol=1e-12)
    np.testing.assert_allclose(one, R.astype(float) @ X.astype(float), rtol=1e-6)


@pytest.mark.parametrize("order", ["C", "F"])
def test_numbers_that_are_not_finite_stay_where_they_are(order):
    X = np.array([[1.0, 2.0], [np.nan, 1.0], [np.inf, 1.0], [1e300, 1.0], [0.0, -1.0]], order=order)
    W, Z, G = np.array([[1.0, 2.0], [0.0, 1.0]]), np.zeros((2, 5)), np.zeros((2, 2))
    DOTS(X, 0, 5, W, Z)
    np.testing.assert_array_equal(Z, [[5, np.nan, np.inf, 1e300, -2], [2, np.nan, np.nan, 1, -1]])
    ADDS(X, 0, 5, np.array([[1.0, 0, 0, 0, 1], [0.0, 0, 1, 1, 0]]), G)
    np.testing.assert_array_equal(G, [[np.nan, 1], [np.nan, 2]])
