"""Products of blocks of sparse rows, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba", reason="the products of blocks are compiled by Numba")

from chainrule.compiler.kernels.sparse_products import adds_csr, dots_csr


@pytest.mark.parametrize("position", [np.int32, np.int64])
def test_sparse_blocks(position):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((20, 9)) * (rng.random((20, 9)) < 0.3)
    X[5] = 0.0  # a row without a stored number
    rows, columns = np.nonzero(X)
    values, columns = X[rows, columns], columns.astype(position)
    ends = np.searchsorted(rows, np.arange(21)).astype(position)
    parts, x, r = (values, columns, ends[:-1], ends[1:]), X[3:14], rng.standard_normal((2, 11))
    W, Z, G = rng.standard_normal((2, 9)), np.full((2, 12), np.nan), rng.standard_normal((2, 9))

    dots_csr(*parts, 3, 11, W, Z)
    np.testing.assert_allclose(Z[:, :11], W @ x.T, rtol=0, atol=1e-14)
    assert np.isnan(Z[:, 11:]).all()
    expected = G + r @ x
    adds_csr(*parts, 3, 11, r, G)
    np.testing.assert_allclose(G, expected, rtol=0, atol=1e-14)
