"""Statistics of samples: ranges, weighted means, covariances and correlations."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.stating import spelled
from chainrule._core.traces import joined
from chainrule._core.values import awaits_numbers, bare, cast, dtype_of, ndim_of, shape_of

from .reductions import axes_of

__all__: list[str] = []

# ---------------------------------------------------------------- weighted means


def lifted(weights: Any, into: tuple[int, ...], axis: Any) -> Any:
    """Return weights of the axes `axis`, in their order, in a shape that meets one of `into`."""
    if shape_of(weights) == into:
        return weights
    if axis is None:
        raise TypeError("weights of another shape than the array's need axis=.")
    axes = axes_of(axis, len(into))
    if shape_of(weights) != tuple(into[i] for i in axes):
        raise ValueError(
            f"weights of shape {shape_of(weights)} do not fit the axes {axes} of an array of "
            f"shape {into}."
        )
    weights = np.transpose(weights, sorted(range(len(axes)), key=axes.__getitem__))
    return np.reshape(weights, [n if i in axes else 1 for i, n in enumerate(into)])


def average(
    a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: Any = False
) -> Any:
    if weights is None:
        y = np.mean(a, axis, keepdims=keepdims)
        total: Any = dtype_of(y).type(np.size(a) / np.size(y)) if returned else 1
    else:
        weights = lifted(joined(weights), shape_of(a), axis)
        dtype = np.result_type(
            dtype_of(a), dtype_of(weights), *[float] * (dtype_of(a).kind in "biu")
        )
        weights = weights if dtype_of(weights) == dtype else cast(weights, dtype)
        total = np.sum(weights, axis, keepdims=keepdims)
        if not awaits_numbers(total) and (bare(total) == 0).any():
            raise ZeroDivisionError("the weights add up to zero.")
        y = np.sum(a * weights, axis, keepdims=keepdims) / total
    if not returned:
        return y
    return y, total if shape_of(total) == shape_of(y) else np.broadcast_to(total, shape_of(y))


spelled(
    np.ptp,
    lambda a, axis=None, out=None, keepdims=False: np.subtract(
        np.max(a, axis, keepdims=keepdims), np.min(a, axis, keepdims=keepdims)
    ),
)
spelled(np.average, average)

# ---------------------------------------------------------------- covariances


def variables(m: Any, rowvar: Any) -> Any:
    """Return observations as a matrix, a variable a row."""
    if ndim_of(m) > 2:
        raise ValueError(f"observations are an array of 1 or 2 dimensions, not {ndim_of(m)}.")
    if ndim_of(m) < 2:
        return np.reshape(m, (1, -1))
    return m if rowvar else np.transpose(m)


def cov(
    m: Any, y: Any = None, rowvar: Any = True, bias: Any = False, ddof: Any = None,
    fweights: Any = None, aweights: Any = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    x = variables(joined(m), rowvar)
    if not shape_of(x)[0]:
        return np.zeros((0, 0))
    if y is not None:
        x = np.concatenate([x, variables(joined(y), rowvar)])
    x = cast(x, np.result_type(dtype_of(x), float) if dtype is None else np.dtype(dtype))
    n = shape_of(x)[1]
    counts, weights = (None if v is None else joined(v) for v in (fweights, aweights))
    if not (counts is None and weights is None):  # what does not fit, NumPy says
        np.cov(np.zeros((1, n)), ddof=0, fweights=bare(counts), aweights=bare(weights))
    ddof = (0 if bias else 1) if ddof is None else ddof
    if ddof != int(ddof):
        raise ValueError(f"ddof is a whole number, but was {ddof}.")
    w = weights if counts is None else counts if weights is None else counts * weights
    if w is None:
        free, apart = n - ddof, x - np.mean(x, 1, keepdims=True)
        weighted = apart
    else:
        total = np.sum(w)
        lost = ddof if weights is None else ddof * np.sum(w * weights) / total
        free, apart = total - lost, x - np.sum(x * w, 1, keepdims=True) / total
        weighted = apart * w
    turned = np.transpose(weighted)
    products = apart @ (np.conj(turned) if dtype_of(x).kind == "c" else turned)
    return np.squeeze(cast(products / np.maximum(free, 0), dtype_of(products)))


def corrcoef(x: Any, y: Any = None, rowvar: Any = True, *, dtype: Any = None) -> Any:
    c = cov(x, y, rowvar, dtype=dtype)
    if ndim_of(c) == 0:
        return c / c
    spread = np.sqrt(np.real(np.diagonal(c)))
    c = c / spread[:, None] / spread
    if dtype_of(c).kind == "c":
        return np.clip(np.real(c), -1, 1) + 1j * np.clip(np.imag(c), -1, 1)
    return np.clip(c, -1, 1)


spelled(np.cov, cov)
spelled(np.corrcoef, corrcoef)
