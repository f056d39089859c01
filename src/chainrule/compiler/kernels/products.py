"""Products of a block of rows with parameters, and sums over its rows: printed sources call them.

A block is the rows from `lo` to `lo + m` of X, so few that they stay in cache between the products
and the sums. Parameters and their gradients lie as (outputs, columns), the values of a block as
(outputs, rows): so every loop runs along contiguous numbers, whichever order X has. In C order a
product goes along the lines of X and a sum across them; in Fortran order the lines are columns, and
it is the other way round.

Numbers of a block are multiplied and added in the common type of the factors, then added to the
result in its own: sums over all rows of float32 numbers may be float64. The order of additions
within a block is LLVM's choice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numba.extending import overload

from chainrule.compiler.kernels.elementary_flags import SUMS

__all__ = ["add", "add_squares", "adds", "dot", "dots", "mirror"]

Product = Callable[..., None]


def product(columns: Product, wider: Product | None = None) -> Callable[[Product], Product]:
    """Let compiled code call a product by its name: for X in Fortran order it is `columns`.

    It is `wider` where X has C order, and the result has another type than X and the factor.
    """

    def decorate(rows: Product) -> Product:
        def choose(X: Any, lo: Any, m: Any, factor: Any, result: Any) -> Product:
            if X.layout == "F":
                return columns
            apart = X.dtype == factor.dtype != result.dtype
            return wider if apart and wider is not None else rows

        overload(rows, jit_options=SUMS, strict=False)(choose)
        return rows

    return decorate


# ------------------------------------------------------------------ along and across lines

# A line is a row of X, or a column as a row of X.T: `count` lines from `first` on, and of each the
# `length` numbers from `begin` on.


@njit(inline="always", **SUMS)  # into its caller's text, not into its machine code: compiles faster
def along(lines, first, count, begin, length, w, z):
    """z[i] += line i @ w."""
    for i in range(count):
        x = lines[first + i, begin : begin + length]
        s = lines.dtype.type(0) * w.dtype.type(0)
        for j in range(length):
            s += x[j] * w[j]
        z[i] += s


@njit(inline="always", **SUMS)
def across(lines, first, count, begin, length, r, g):
    """g += r[i] * line i; four lines at a time, or storing g costs as much as reading X."""
    stop = begin + length
    fours = count - count % 4
    for i in range(first, first + fours, 4):
        x0, x1 = lines[i, begin:stop], lines[i + 1, begin:stop]
        x2, x3 = lines[i + 2, begin:stop], lines[i + 3, begin:stop]
        r0, r1, r2, r3 = r[i - first], r[i - first + 1], r[i - first + 2], r[i - first + 3]
        for j in range(length):
            g[j] += (r0 * x0[j] + r1 * x1[j]) + (r2 * x2[j] + r3 * x3[j])
    for i in range(fours, count):
        x = lines[first + i, begin:stop]
        for j in range(length):
            g[j] += r[i] * x[j]


# The same for what is left over from tiles: compiled once, for text in each place takes longer.
rest_along, rest_across = njit(**SUMS)(along.py_func), njit(**SUMS)(across.py_func)


@njit(**SUMS)
def many_along(lines, first, count, begin, length, W, Z):
    """Z[c, i] += line i @ W[c]; four lines serve three outputs, or two: twelve sums at once."""
    stop, zero = begin + length, lines.dtype.type(0) * W.dtype.type(0)
    fours = count - count % 4 if len(W) > 1 else 0
    twos = 2 * (-len(W) % 3)  # so that the other outputs are threes
    for i in range(0, fours, 4):
        x, u = lines[first + i, begin:stop], lines[first + i + 1, begin:stop]
        v, y = lines[first + i + 2, begin:stop], lines[first + i + 3, begin:stop]
        for e in range(0, twos, 2):
            a, b = W[e], W[e + 1]
            xa = ua = va = ya = xb = ub = vb = yb = zero
            for j in range(length):
                xa, xb = xa + x[j] * a[j], xb + x[j] * b[j]
                ua, ub = ua + u[j] * a[j], ub + u[j] * b[j]
                va, vb = va + v[j] * a[j], vb + v[j] * b[j]
                ya, yb = ya + y[j] * a[j], yb + y[j] * b[j]
            put(Z[e], i, xa, ua, va, ya)
            put(Z[e + 1], i, xb, ub, vb, yb)
        for e in range(twos, len(W), 3):
            a, b, c = W[e], W[e + 1], W[e + 2]
            xa = ua = va = ya = xb = ub = vb = yb = xc = uc = vc = yc = zero
            for j in range(length):
                xa, xb, xc = xa + x[j] * a[j], xb + x[j] * b[j], xc + x[j] * c[j]
                ua, ub, uc = ua + u[j] * a[j], ub + u[j] * b[j], uc + u[j] * c[j]
                va, vb, vc = va + v[j] * a[j], vb + v[j] * b[j], vc + v[j] * c[j]
                ya, yb, yc = ya + y[j] * a[j], yb + y[j] * b[j], yc + y[j] * c[j]
            put(Z[e], i, xa, ua, va, ya)
            put(Z[e + 1], i, xb, ub, vb, yb)
            put(Z[e + 2], i, xc, uc, vc, yc)
    for c in range(len(W)):
        rest_along(lines, first + fours, count - fours, begin, length, W[c], Z[c, fours:])


@njit(**SUMS)
def put(z, i, s0, s1, s2, s3):
    z[i] += s0
    z[i + 1] += s1
    z[i + 2] += s2
    z[i + 3] += s3


@njit(**SUMS)
def many_across(lines, first, count, begin, length, R, G):
    """G[c] += R[c, i] * line i; four lines, once loaded, serve two outputs."""
    stop = begin + length
    fours, even = count - count % 4, len(G) - len(G) % 2
    for i in range(0, fours, 4):
        x0, x1 = lines[first + i, begin:stop], lines[first + i + 1, begin:stop]
        x2, x3 = lines[first + i + 2, begin:stop], lines[first + i + 3, begin:stop]
        for c in range(0, even, 2):
            g, h, r, s = G[c, :length], G[c + 1, :length], R[c], R[c + 1]
            r0, r1, r2, r3 = r[i], r[i + 1], r[i + 2], r[i + 3]
            s0, s1, s2, s3 = s[i], s[i + 1], s[i + 2], s[i + 3]
            for j in range(g.size):  # not `length`: so LLVM sees that g ends before h begins
                x, u, v, y = x0[j], x1[j], x2[j], x3[j]
                g[j] += (r0 * x + r1 * u) + (r2 * v + r3 * y)
                h[j] += (s0 * x + s1 * u) + (s2 * v + s3 * y)
    for c in range(len(G)):
        done = fours if c < even else 0
        rest_across(lines, first + done, count - done, begin, length, R[c, done:], G[c])


# ------------------------------------------------------------------ dense blocks, in either order


def dot_columns(X, lo, m, w, z):
    z[:m] = 0
    across(X.T, 0, X.shape[1], lo, m, w, z)


@product(columns=dot_columns)
def dot(X, lo, m, w, z):
    """z[:m] = X[lo:lo+m] @ w."""
    z[:m] = 0
    along(X, lo, m, 0, X.shape[1], w, z)


def add_columns(X, lo, m, r, g):
    along(X.T, 0, X.shape[1], lo, m, r, g)


@product(columns=add_columns)
def add(X, lo, m, r, g):
    """g += r[:m] @ X[lo:lo+m]."""
    across(X, lo, m, 0, X.shape[1], r, g)


def dots_columns(X, lo, m, W, Z):
    Z[:, :m] = 0
    many_across(X.T, 0, X.shape[1], lo, m, W, Z)


@product(columns=dots_columns)
def dots(X, lo, m, W, Z):
    """Z[:, :m] = W @ X[lo:lo+m].T."""
    Z[:, :m] = 0
    many_along(X, lo, m, 0, X.shape[1], W, Z)


def adds_columns(X, lo, m, R, G):
    many_along(X.T, 0, X.shape[1], lo, m, R, G)


def adds_wider(X, lo, m, R, G):
    """Add the block up in the narrow type first: numbers need not be converted one by one."""
    block = np.zeros(G.shape, X.dtype)
    many_across(X, lo, m, 0, X.shape[1], R, block)
    for c in range(len(G)):
        for j in range(X.shape[1]):
            G[c, j] += block[c, j]


@product(columns=adds_columns, wider=adds_wider)
def adds(X, lo, m, R, G):
    """G += R[:, :m] @ X[lo:lo+m]."""
    many_across(X, lo, m, 0, X.shape[1], R, G)


# ------------------------------------------------------------------ Hessians


@njit(**SUMS)
def squares(lines, begin, length, d, H):
    """H[j, e] += (d * line j) @ line e for e <= j; twelve lines at a time."""
    stop, columns = begin + length, len(lines)
    scaled = np.empty((min(columns, 12), length), d.dtype)
    for j in range(0, columns, 12):
        end = min(j + 12, columns)
        for e in range(j, end):
            x, s = lines[e, begin:stop], scaled[e - j]
            for i in range(length):
                s[i] = d[i] * x[i]
        many_along(lines, 0, end, begin, length, scaled[: end - j], H[j:end])


def squares_columns(X, lo, m, d, H):
    squares(X.T, lo, m, d, H)


@product(columns=squares_columns)
def add_squares(X, lo, m, d, H):
    """H += X[lo:lo+m].T @ diag(d[:m]) @ X[lo:lo+m], on and below the diagonal.

    What stands above it has no meaning until `mirror`.
    """
    columns = np.empty((X.shape[1], m), X.dtype)  # copied, for lines longer than a row may be
    for i in range(m):
        for j in range(X.shape[1]):
            columns[j, i] = X[lo + i, j]
    squares(columns, 0, m, d, H)


@njit(**SUMS)
def mirror(H):
    """Copy what is below the diagonal to above it."""
    for i in range(len(H)):
        for j in range(i):
            H[j, i] = H[i, j]
