"""Products of blocks of rows, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

numba = pytest.importorskip("numba", reason="the products of blocks are compiled by Numba")

from chainrule.compiler import products  # noqa: E402

ORDERS = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "every second": lambda X: np.repeat(X, 2, axis=1)[:, ::2],
}


def compiled(function):
    """Call `function` from compiled code, as printed sources do."""

    @numba.njit
    def call(*arguments):
        function(*arguments)

    return call


DOT, ADD, DOTS, ADDS, SQUARES = map(
    compiled, (products.dot, products.add, products.dots, products.adds, products.add_squares)
)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("m, n, k", [(1, 1, 1), (3, 2, 2), (7, 13, 5), (64, 20, 10), (0, 3, 4)])
def test_dense_blocks(order, dtype, m, n, k):
    rng = np.random.default_rng(m + n + k)
    X = ORDERS[order](rng.standard_normal((m + 5, n)).astype(dtype))
    W, R = rng.standard_normal((k, n)).astype(dtype), rng.standard_normal((k, m + 2)).astype(dtype)
    x = X[3 : 3 + m].astype(float)
    exact = {"rtol": 0, "atol": 1e-12 if dtype is np.float64 else 2e-5}
    Z = np.full((k, m + 2), np.nan, dtype)
    G = rng.standard_normal((k, n))
    H = rng.standard_normal((n, n))

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
