"""Square matrices: trace, inverse, determinant, and the solution of linear equations."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import aligned
from chainrule._core.stating import linear, pulled, spelled
from chainrule._core.values import dtype_of, ndim_of, shape_of

__all__: list[str] = []


def on_diagonal(g: Any, into: tuple[int, ...]) -> Any:
    """The trace of the first two axes: each of its numbers meets the diagonal."""
    return g * np.eye(*into[:2], dtype=dtype_of(g)).reshape(into[:2] + (1,) * (len(into) - 2))


linear(np.trace, on_diagonal)
spelled(
    np.trace,
    lambda a, offset=0, axis1=0, axis2=1, dtype=None, out=None: np.sum(
        np.diagonal(a, offset, axis1, axis2), -1, dtype=dtype
    ),
)
pulled(np.linalg.inv, lambda g, y: -(y.mT @ g @ y.mT), batched=aligned)


def to_matrix(g: Any, a: Any, y: Any) -> Any:
    h = np.linalg.solve(np.swapaxes(a, -1, -2), g)
    if ndim_of(y) == 1:
        return -np.expand_dims(h, -1) * y
    return -(h @ np.swapaxes(y, -1, -2))


def to_right_side(g: Any, a: Any) -> Any:
    return np.linalg.solve(np.swapaxes(a, -1, -2), g)


pulled(np.linalg.solve, to_matrix, to_right_side)


def to_cofactors(g: Any, x: Any, y: Any) -> Any:
    """The determinant's slope is the matrix of cofactors: y times the inverse, turned."""
    g, y = (np.reshape(v, (*shape_of(x)[:-2], 1, 1)) for v in (g, y))
    return g * y * np.swapaxes(np.linalg.inv(x), -1, -2)


pulled(np.linalg.det, to_cofactors, batched=aligned)
