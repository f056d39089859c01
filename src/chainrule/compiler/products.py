"""Products of a block of rows with parameters, and sums over its rows: printed sources call them.

A block is the rows from `lo` to `lo + m` of X, so few that they stay in cache between the products
and the sums. Parameters and their gradients lie as (outputs, columns), the values of a block as
(outputs, rows): so every loop runs along contiguous numbers, whichever order X has. In C order a
product goes along the lines of X and a sum across them; in Fortran order the lines are columns, and
it is the other way round.

Numbers are added in the type of the result: the sums over all rows of float32 numbers may be
float64 (which add a few products, made in float32, at a time). The order within a block is LLVM's
choice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numba.extending import overload

from chainrule.compiler.elementary import SUMS

__all__ = [
    "add",
    "add_csr",
    "add_squares",
    "adds",
    "adds_csr",
    "dot",
    "dot_csr",
    "dots",
    "dots_csr",
    "mirror",
]

Product = Callable[..., None]


def by_lines(columns: Product) -> Callable[[Product], Product]:
    """Let compiled code call a product by its name, where X has Fortran order as `columns`."""

    def decorate(rows: Product) -> Product:
        def choose(X: Any, *others: Any) -> Product:
            return columns if X.layout == "F" and X.ndim == 2 else rows

        overload(rows, jit_options=SUMS, strict=False)(choose)
        return rows

    return decorate


# ------------------------------------------------------------------ along and across lines

# A line is a row of X, or a column as a row of X.T: `count` lines from `first` on, and of each the
# `length` numbers from `begin` on.


@njit(**SUMS)
def along(lines, first, count, begin, length, w, z):
    """z[i] += line i @ w."""
    for i in range(count):
        x = lines[first + i, begin : begin + length]
        s = z.dtype.type(0)
        for j in range(length):
            s += x[j] * w[j]
        z[i] += s


@njit(**SUMS)
def across(lines, first, count, begin, length, r, g):
    """g += r[i] * line i; four lines at a time, or storing g costs as much as reading X."""
    stop = begin + length
    fours = count - count % 4
    for i in range(first, first + fours, 4):
        x0, x1, x2, x3 = (
            lines[i, begin:stop],
            lines[i + 1, begin:stop],
            lines[i + 2, begin:stop],
            lines[i + 3, begin:stop],
        )
        r0, r1, r2, r3 = r[i - first], r[i - first + 1], r[i - first + 2], r[i - first + 3]
        for j in range(length):
            g[j] += (r0 * x0[j] + r1 * x1[j]) + (r2 * x2[j] + r3 * x3[j])
    for i in range(fours, count):
        x = lines[first + i, begin:stop]
        for j in range(length):
            g[j] += r[i] * x[j]


@njit(**SUMS)
def many_along(lines, first, count, begin, length, W, Z):
    """Z[c, i] += line i @ W[c]; two lines, once loaded, serve four outputs: eight sums at once."""
    stop = begin + length
    fours, even = len(W) - len(W) % 4, count - count % 2
    zero = Z.dtype.type(0)
    for i in range(0, even, 2):
        x, u = lines[first + i, begin:stop], lines[first + i + 1, begin:stop]
        for c in range(0, fours, 4):
            w0, w1, w2, w3 = W[c], W[c + 1], W[c + 2], W[c + 3]
            s0 = s1 = s2 = s3 = t0 = t1 = t2 = t3 = zero
            for j in range(length):
                s0, t0 = s0 + x[j] * w0[j], t0 + u[j] * w0[j]
                s1, t1 = s1 + x[j] * w1[j], t1 + u[j] * w1[j]
                s2, t2 = s2 + x[j] * w2[j], t2 + u[j] * w2[j]
                s3, t3 = s3 + x[j] * w3[j], t3 + u[j] * w3[j]
            Z[c, i] += s0
            Z[c + 1, i] += s1
            Z[c + 2, i] += s2
            Z[c + 3, i] += s3
            Z[c, i + 1] += t0
            Z[c + 1, i + 1] += t1
            Z[c + 2, i + 1] += t2
            Z[c + 3, i + 1] += t3
    for c in range(fours):
        along(lines, first + even, count - even, begin, length, W[c], Z[c, even:])
    for c in range(fours, len(W)):
        along(lines, first, count, begin, length, W[c], Z[c])


@njit(**SUMS)
def many_across(lines, first, count, begin, length, R, G):
    """G[c] += R[c, i] * line i; eight lines at a time."""
    stop = begin + length
    eights = count - count % 8
    for i in range(0, eights, 8):
        at = first + i
        x0, x1, x2, x3, x4, x5, x6, x7 = (
            lines[at, begin:stop],
            lines[at + 1, begin:stop],
            lines[at + 2, begin:stop],
            lines[at + 3, begin:stop],
            lines[at + 4, begin:stop],
            lines[at + 5, begin:stop],
            lines[at + 6, begin:stop],
            lines[at + 7, begin:stop],
        )
        for c in range(len(G)):
            g, r = G[c], R[c, i : i + 8]
            r0, r1, r2, r3 = r[0], r[1], r[2], r[3]
            r4, r5, r6, r7 = r[4], r[5], r[6], r[7]
            for j in range(length):
                upper = (r0 * x0[j] + r1 * x1[j]) + (r2 * x2[j] + r3 * x3[j])
                g[j] += upper + ((r4 * x4[j] + r5 * x5[j]) + (r6 * x6[j] + r7 * x7[j]))
    for c in range(len(G)):
        across(lines, first + eights, count - eights, begin, length, R[c, eights:], G[c])


# ------------------------------------------------------------------ dense blocks, in either order


def dot_columns(X, lo, m, w, z):
    z[:m] = 0
    across(X.T, 0, X.shape[1], lo, m, w, z)


@by_lines(columns=dot_columns)
def dot(X, lo, m, w, z):
    """z[:m] = X[lo:lo+m] @ w."""
    z[:m] = 0
    along(X, lo, m, 0, X.shape[1], w, z)


def add_columns(X, lo, m, r, g):
    along(X.T, 0, X.shape[1], lo, m, r, g)


@by_lines(columns=add_columns)
def add(X, lo, m, r, g):
    """g += r[:m] @ X[lo:lo+m]."""
    across(X, lo, m, 0, X.shape[1], r, g)


def dots_columns(X, lo, m, W, Z):
    Z[:, :m] = 0
    many_across(X.T, 0, X.shape[1], lo, m, W, Z)


@by_lines(columns=dots_columns)
def dots(X, lo, m, W, Z):
    """Z[:, :m] = W @ X[lo:lo+m].T."""
    Z[:, :m] = 0
    many_along(X, lo, m, 0, X.shape[1], W, Z)


def adds_columns(X, lo, m, R, G):
    many_along(X.T, 0, X.shape[1], lo, m, R, G)


@by_lines(columns=adds_columns)
def adds(X, lo, m, R, G):
    """G += R[:, :m] @ X[lo:lo+m]."""
    many_across(X, lo, m, 0, X.shape[1], R, G)


# ------------------------------------------------------------------ sparse blocks

# A sparse X is its parts: the stored `values`, their `columns`, and `ends`, where row i begins and ends.


@njit(**SUMS)
def stored(ends, i):
    """Positions of row i; unsigned, or each access asks whether it counts from the end."""
    return range(np.uint64(ends[i]), np.uint64(ends[i + 1]))


@njit(**SUMS)
def dot_csr(values, columns, ends, lo, m, w, z):
    """z[:m] = X[lo:lo+m] @ w."""
    for i in range(m):
        s = z.dtype.type(0)
        for at in stored(ends, lo + i):
            s += values[at] * w[np.uint64(columns[at])]
        z[i] = s


@njit(**SUMS)
def add_csr(values, columns, ends, lo, m, r, g):
    """g += r[:m] @ X[lo:lo+m]."""
    for i in range(m):
        slope = r[i]
        for at in stored(ends, lo + i):
            g[np.uint64(columns[at])] += slope * values[at]


@njit(**SUMS)
def dots_csr(values, columns, ends, lo, m, W, Z):
    """Z[:, :m] = W @ X[lo:lo+m].T."""
    for c in range(len(W)):
        dot_csr(values, columns, ends, lo, m, W[c], Z[c])


@njit(**SUMS)
def adds_csr(values, columns, ends, lo, m, R, G):
    """G += R[:, :m] @ X[lo:lo+m]."""
    for c in range(len(G)):
        add_csr(values, columns, ends, lo, m, R[c], G[c])


# ------------------------------------------------------------------ Hessians


def squares_columns(X, lo, m, d, H):
    lines = X.T
    scaled = np.empty(m, H.dtype)
    for j in range(len(H)):
        for i in range(m):
            scaled[i] = d[i] * lines[j, lo + i]
        along(lines, 0, j + 1, lo, m, scaled, H[j])


@by_lines(columns=squares_columns)
def add_squares(X, lo, m, d, H):
    """H += X[lo:lo+m].T @ diag(d[:m]) @ X[lo:lo+m], on and below the diagonal only."""
    scaled = np.empty(m, H.dtype)
    for j in range(len(H)):
        for i in range(m):
            scaled[i] = d[i] * X[lo + i, j]
        across(X, lo, m, 0, j + 1, scaled, H[j])


@njit(**SUMS)
def mirror(H):
    """Copy what is below the diagonal to above it."""
    for i in range(len(H)):
        for j in range(i):
            H[j, i] = H[i, j]
