"""Least squares, and polynomials fitted by them."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.stating import pulled, spelled
from chainrule._core.traces import joined
from chainrule._core.values import bare, dtype_of, ndim_of, recordable, shape_of

__all__ = ["least_squares", "scaled_fit", "singular_values"]


@recordable
def least_squares(a: Any, b: Any, rcond: Any) -> Any:
    """Return the shortest x of those that make the length of `b - a @ x` least.

    `a` is a matrix of full rank; singular values below `rcond` times the largest count as 0.
    """
    return np.linalg.lstsq(a, b, rcond)[0]


def to_matrix(g: Any, a: Any, b: Any, y: Any, rcond: Any) -> Any:
    """Golub and Pereyra (1973), "The differentiation of pseudo-inverses".

    With more rows than columns the residual turns too; with fewer there is none, but the shortest
    solution turns.
    """
    if ndim_of(b) == 1:
        return to_matrix(g[:, None], a, b[:, None], y[:, None], rcond)
    turned = np.swapaxes(a, 0, 1)
    h = least_squares(turned, g, rcond)  # the pseudo-inverse, transposed, times g
    if shape_of(a)[0] >= shape_of(a)[1]:
        left, right = b - a @ y, least_squares(a, np.conj(h), rcond)
        further = np.conj(left) @ np.swapaxes(right, 0, 1)
    else:
        left, right = least_squares(turned, np.conj(y), rcond), np.conj(g - turned @ h)
        further = left @ np.swapaxes(right, 0, 1)
    return further - h @ np.swapaxes(y, 0, 1)


def to_observed(g: Any, a: Any, rcond: Any) -> Any:
    return least_squares(np.swapaxes(a, 0, 1), g, rcond)


pulled(least_squares, to_matrix, to_observed)


@recordable
def singular_values(x: Any) -> Any:
    """Return the singular values of a matrix, the largest first."""
    return np.linalg.svd(x, compute_uv=False)


def to_factored(g: Any, x: Any, y: Any) -> Any:
    """A singular value moves with u' dx v, where x v = y u."""
    turned = np.swapaxes(x, -1, -2)
    if shape_of(x)[-2] < shape_of(x)[-1]:
        return np.swapaxes(to_factored(g, turned, y), -1, -2)
    v = np.linalg.eigh(np.conj(turned) @ x).eigenvectors[..., ::-1]
    return np.conj((x @ v) * (g / y)[..., None, :]) @ np.swapaxes(v, -1, -2)


pulled(singular_values, to_factored)


def scaled_fit(table: Any, y: Any, w: Any, scale: Any, rcond: Any) -> tuple[Any, Any, Any]:
    """Fit with the columns of `table` divided by `scale`; return also what is left, and these.

    What is left is the sum of its squares, for each column of `y`.
    """
    rows = ndim_of(y) == 1
    if w is not None:
        table, y = table * w[:, None], y * (w if rows else w[:, None])
    table = table / scale
    found = least_squares(table, y, rcond)
    left = y - table @ found
    squares = np.reshape(np.sum(np.real(left * np.conj(left)), 0), (-1,))
    return found / (scale if rows else scale[:, None]), squares, table


def polyfit(
    x: Any,
    y: Any,
    deg: int,
    rcond: Any = None,
    full: bool = False,
    w: Any = None,
    cov: Any = False,
) -> Any:
    """The powers of x are divided by their lengths before they are fitted, as NumPy does."""
    x, y, w, rcond = joined(x), joined(y), joined(w), bare(rcond)
    options: Any = {"rcond": rcond, "full": full, "w": bare(w), "cov": cov}
    plain = np.polyfit(bare(x), bare(y), deg, **options)  # warns and refuses
    x, y = x + 0.0, y + 0.0
    rcond = shape_of(x)[0] * np.finfo(dtype_of(x)).eps if rcond is None else rcond
    count = int(deg) + 1
    powers = np.vander(x, count)
    weighted = powers if w is None else powers * w[:, None]
    scale = np.sqrt(np.sum(weighted * weighted, 0))
    c, squares, table = scaled_fit(powers, y, w, scale, rcond)
    if full:
        _, resids, rank, _, rcond = plain
        return c, squares if np.size(resids) else resids, rank, singular_values(table), rcond
    if not cov:
        return c
    base = np.linalg.inv(np.swapaxes(table, 0, 1) @ table) / (scale[:, None] * scale)
    factor = 1 if cov == "unscaled" else squares / (shape_of(x)[0] - count)
    return c, (base if ndim_of(y) == 1 else base[:, :, None]) * factor


spelled(np.polyfit, polyfit)
