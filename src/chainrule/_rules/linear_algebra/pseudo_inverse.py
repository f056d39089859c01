"""The pseudo-inverse, and least squares.

Their derivatives are those of changes that keep the rank of the matrix: where its singular values
below a cutoff count as 0, a change that lifts one of them makes the function jump.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from chainrule._core.stating import pulled, spelled
from chainrule._core.traces import joined
from chainrule._core.values import bare, cast, dtype_of, ndim_of, recordable, shape_of

from .matrix_errors import of_matrices, telling

__all__ = ["Fit", "least_squares"]


def to_inverted(g: Any, x: Any, y: Any, rcond: Any = None, hermitian: bool = False) -> Any:
    """Golub and Pereyra (1973), "The differentiation of pseudo-inverses"."""
    left = g.mT - x @ (y @ g.mT)
    right = g.mT - (g.mT @ y) @ x
    turning = left @ y @ np.conj(y.mT) + np.conj(y.mT) @ y @ right
    h = np.conj(turning) - y.mT @ g @ y.mT
    return (h + np.conj(h.mT)) / 2 if hermitian and 0 not in shape_of(h) else h


pulled(np.linalg.pinv, to_inverted, call=telling(np.linalg.pinv, "a"), batched=of_matrices)


def pinv(a: Any, rcond: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Any:
    """The cutoff does not move, and is given by one of two names."""
    if rcond is None:
        rcond = rounding(a) if rtol is None else rtol
    elif rtol is not None:
        raise ValueError("numpy.linalg.pinv takes one of rcond and rtol, but was given both.")
    return np.linalg.pinv(a, bare(rcond), hermitian)


def rounding(a: Any, dtype: Any = None) -> Any:
    """Return the part of the largest singular value that rounding makes of one that is 0."""
    return max(shape_of(a)[-2:]) * np.finfo(dtype or dtype_of(a)).eps


spelled(
    np.linalg.pinv,
    pinv,
    when=lambda a, rcond=None, hermitian=False: bare(rcond) is not rcond,
)

# ---------------------------------------------------------------- least squares


class Fit(NamedTuple):
    """What `least_squares` returns; the rank as a float, for whole numbers do not move."""

    x: Any
    squares: Any
    rank: Any


@recordable
def least_squares(a: Any, b: Any, rcond: Any) -> Any:
    """Return the shortest x of those that make the length of `b - a @ x` least.

    Beside it stand the squares of that length, one for each column of `b`, if there are more
    equations than unknowns and `a` has full rank, and the rank of `a`: singular values below
    `rcond` times the largest count as 0.
    """
    x, squares, rank, _ = np.linalg.lstsq(a, b, rcond)
    return Fit(x, squares, np.float64(rank))


def to_matrix(g: Any, a: Any, b: Any, y: Any, rcond: Any) -> Any:
    """The solution is pinv(a) @ b. The squares do not move with it: they are least."""
    if ndim_of(b) == 1:
        columns = Fit(g.x[:, None], g.squares, 0.0), Fit(y.x[:, None], y.squares, 0.0)
        return to_matrix(columns[0], a, b[:, None], columns[1], rcond)
    inverted, left = np.linalg.pinv(a, cutoff(a, rcond)), b - a @ y.x
    h = inverted.mT @ g.x
    turning = left @ (np.conj(inverted) @ h).mT + np.conj(inverted).mT @ y.x @ (g.x - a.mT @ h).mT
    h = np.conj(turning) - h @ y.x.mT
    return h - 2 * (g.squares * np.conj(left)) @ y.x.mT if shape_of(y.squares)[0] else h


def to_observed(g: Any, a: Any, b: Any, y: Any, rcond: Any) -> Any:
    h = np.linalg.pinv(a, cutoff(a, rcond)).mT @ g.x
    return h + 2 * g.squares * np.conj(b - a @ y.x) if shape_of(y.squares)[0] else h


def cutoff(a: Any, rcond: Any) -> Any:
    """LAPACK computes in double precision, and takes its own rounding for a negative cutoff."""
    if rcond is None:
        return rounding(a, float)
    return rcond if rcond >= 0 else np.finfo(float).eps


singular_values = telling(np.linalg.svdvals, "a", of=np.linalg.lstsq)


def side_by_side(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    """One matrix for all examples is decomposed once, what is observed are further columns."""
    a, b = values
    if ranks[0] is not None:
        return in_stacks(f, values, ranks, size, options)
    columns = np.moveaxis(b, 0, -1)
    shape = shape_of(columns)
    x, squares, rank = f(a, np.reshape(columns, (shape[0], math.prod(shape[1:]))), **options)
    x = np.moveaxis(np.reshape(x, (shape_of(a)[1], *shape[1:])), -1, 0)
    squares = (
        np.reshape(squares, (math.prod(shape[1:-1]), size))
        if shape_of(squares)[0]
        else np.zeros((0, size))
    )
    return Fit(x, np.swapaxes(squares, 0, 1), np.broadcast_to(rank, (size,)))


def in_stacks(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    """NumPy's lstsq takes one matrix, its pinv takes stacks.

    Where some examples have full rank, and so squares, those of the others are nan, for all arrays
    of a batch have one shape.
    """
    a, b = values
    if ranks[0] != 2:  # which is refused
        f(*[v if rank is None else v[0] for v, rank in zip(values, ranks, strict=True)], **options)
    rows, columns = shape_of(a)[1:]
    cut, sizes = cutoff(a, options["rcond"]), singular_values(a)
    rank = np.sum(sizes > cut * np.max(sizes, -1, keepdims=True, initial=0), -1)
    full = rank == columns
    vectors = ndim_of(b) == (2 if ranks[1] else 1)
    b = b[..., None] if vectors else b
    x = np.linalg.pinv(a, cut) @ b
    left = b - a @ x
    squares = np.sum(np.real(left * np.conj(left)), -2)
    if rows > columns and full.any():
        squares = np.where(full[:, None], squares, np.nan)
    else:
        squares = squares[:, :0]
    return Fit(x[..., 0] if vectors else x, squares, rank.astype(float))


pulled(
    least_squares,
    to_matrix,
    to_observed,
    call=telling(least_squares, "a", "b", of=np.linalg.lstsq),
    batched=side_by_side,
    several=True,
)


def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    a, b = joined(a), joined(b)
    x, squares, rank = least_squares(a, b, bare(rcond))
    sizes = np.linalg.svd(cast(a, dtype_of(x)), compute_uv=False)
    return x, squares, cast(rank, np.dtype(np.int32)), sizes


spelled(np.linalg.lstsq, lstsq)
