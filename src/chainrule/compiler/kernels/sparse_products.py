"""Products of a block of sparse rows with parameters, and sums over the rows.

A sparse X is its parts: the stored `values`, their `columns`, `starts` and `ends`: row i has the
numbers from starts[i] to ends[i]. Blocks, parameters and results are those of `products`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from chainrule.compiler.kernels.elementary_flags import EXACT, SUMS

__all__ = ["add_csr", "adds_csr", "dot_csr", "dots_csr"]


@njit(**SUMS)
def stored(starts, ends, i):
    """Positions of row i; unsigned, or each access asks whether it counts from the end."""
    return range(np.uint64(starts[i]), np.uint64(ends[i]))


@njit(**EXACT)  # sums in any order would become vector gathers, which take 1.6 times as long
def dot_csr(values, columns, starts, ends, lo, m, w, z):
    """z[:m] = X[lo:lo+m] @ w."""
    for i in range(m):
        s = z.dtype.type(0)
        for at in stored(starts, ends, lo + i):
            s += values[at] * w[np.uint64(columns[at])]
        z[i] = s


@njit(**SUMS)
def add_csr(values, columns, starts, ends, lo, m, r, g):
    """g += r[:m] @ X[lo:lo+m]."""
    for i in range(m):
        slope = r[i]
        for at in stored(starts, ends, lo + i):
            g[np.uint64(columns[at])] += slope * values[at]


@njit(**SUMS)
def dots_csr(values, columns, starts, ends, lo, m, W, Z):
    """Z[:, :m] = W @ X[lo:lo+m].T."""
    for c in range(len(W)):
        dot_csr(values, columns, starts, ends, lo, m, W[c], Z[c])


@njit(**SUMS)
def adds_csr(values, columns, starts, ends, lo, m, R, G):
    """G += R[:, :m] @ X[lo:lo+m]."""
    for c in range(len(G)):
        add_csr(values, columns, starts, ends, lo, m, R[c], G[c])
