"""Polynomials fitted by least squares."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.stating import spelled
from chainrule._core.traces import asked, joined
from chainrule._core.values import bare, dtype_of, ndim_of, shape_of

from .linear_algebra.pseudo_inverse import least_squares

__all__ = ["scaled_fit"]


def scaled_fit(table: Any, y: Any, w: Any, scale: Any, rcond: Any) -> tuple[Any, Any, Any]:
    """Fit with the columns of `table` divided by `scale`; return also what is left, and these.

    What is left is the sum of its squares, for each column of `y`.
    """
    rows = ndim_of(y) == 1
    if w is not None:
        table, y = table * w[:, None], y * (w if rows else w[:, None])
    table = table / scale
    found = least_squares(table, y, rcond).x
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
    plain = asked(np.polyfit, bare(x), bare(y), deg, **options)  # warns and refuses
    x, y = x + 0.0, y + 0.0
    rcond = shape_of(x)[0] * np.finfo(dtype_of(x)).eps if rcond is None else rcond
    count = int(deg) + 1
    powers = np.vander(x, count)
    weighted = powers if w is None else powers * w[:, None]
    scale = np.sqrt(np.sum(weighted * weighted, 0))
    c, squares, table = scaled_fit(powers, y, w, scale, rcond)
    if full:
        _, resids, rank, _, rcond = plain
        return (
            c,
            squares if np.size(resids) else resids,
            rank,
            np.linalg.svd(table, compute_uv=False),
            rcond,
        )
    if not cov:
        return c
    base = np.linalg.inv(np.swapaxes(table, 0, 1) @ table) / (scale[:, None] * scale)
    factor = 1 if cov == "unscaled" else squares / (shape_of(x)[0] - count)
    return c, (base if ndim_of(y) == 1 else base[:, :, None]) * factor


spelled(np.polyfit, polyfit)
