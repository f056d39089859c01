"""Products of stacks of vectors, the vector product, and Kronecker's."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import of_loops
from chainrule._core.composing import composed
from chainrule._core.stating import linear, pulled, spelled
from chainrule._core.traces import joined
from chainrule._core.values import cast, dtype_of, ndim_of, recordable, shape_of

from .products import recast, stacked, to_end

__all__ = ["product_in_space"]

# ---------------------------------------------------------------- stacks of vectors and matrices


def row(x: Any) -> Any:
    return np.expand_dims(x, -2)


def column(x: Any) -> Any:
    return np.expand_dims(x, -1)


def vecdot(
    a: Any,
    b: Any,
    *,
    axis: int = -1,
    keepdims: bool = False,
    axes: Any = None,
    dtype: Any = None,
    casting: str = "same_kind",
    order: str = "K",
    subok: bool = True,
) -> Any:
    a, b = recast((a, b), dtype, casting)
    left, right, out = (*axes, axis)[:3] if axes is not None else (axis, axis, axis)
    y = np.vecdot(to_end(a, left), to_end(b, right))
    return np.expand_dims(y, out) if keepdims else y


if hasattr(np, "vecdot"):
    linear(
        np.vecdot,
        lambda g, b: np.conj(column(g) * b),
        lambda g, a: column(g) * np.conj(a),
        batched=of_loops(1, 1),
    )
    spelled(np.vecdot, vecdot)

if hasattr(np, "matvec"):
    linear(
        np.matvec,
        lambda g, b: column(g) * row(b),
        lambda g, a: np.matvec(np.swapaxes(a, -1, -2), g),
        batched=of_loops(2, 1),
    )
    spelled(np.matvec, stacked(np.matvec))
    linear(
        np.vecmat,
        lambda g, b: np.conj(np.matvec(b, g)),
        lambda g, a: column(np.conj(a)) * row(g),
        batched=of_loops(1, 2),
    )
    spelled(np.vecmat, stacked(np.vecmat))

# ---------------------------------------------------------------- products in space


def cross(
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    """A vector of the plane counts as one in space, and two of them have a number as product."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = joined(a), joined(b)
    a, b = to_end(a, axisa), to_end(b, axisb)
    np.cross(np.zeros(shape_of(a)[-1]), np.zeros(shape_of(b)[-1]))  # which says what does not fit
    dtype = np.result_type(dtype_of(a), dtype_of(b))
    a, b = cast(a, dtype), cast(b, dtype)
    third = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    flat, other_flat = shape_of(a)[-1] == 2, shape_of(b)[-1] == 2
    if flat and other_flat:
        return third
    if flat:
        first, second = a[..., 1] * b[..., 2], -(a[..., 0] * b[..., 2])
    elif other_flat:
        first, second = -(a[..., 2] * b[..., 1]), a[..., 2] * b[..., 0]
    else:
        first = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
        second = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    return np.stack([first, second, third], axisc)


def in_space(a: Any, b: Any, axis: int) -> Any:
    a, b = joined(a), joined(b)
    if (shape_of(a)[axis], shape_of(b)[axis]) != (3, 3):
        raise ValueError(
            "numpy.linalg.cross takes vectors of length 3, but was given arrays of shapes "
            f"{shape_of(a)} and {shape_of(b)} with axis={axis}."
        )
    return np.cross(a, b, axis=axis)


def kron(a: Any, b: Any) -> Any:
    """Every number of `a` times all of `b`, as blocks."""
    a, b = joined(a), joined(b)
    ndim = max(ndim_of(a), ndim_of(b))
    left, right = ((1,) * (ndim - ndim_of(v)) + shape_of(v) for v in (a, b))
    blocks = np.reshape(a, [n for size in left for n in (size, 1)]) * np.reshape(
        b, [n for size in right for n in (1, size)]
    )
    return np.reshape(blocks, [n * m for n, m in zip(left, right, strict=True)])


@recordable
def product_in_space(a: Any, b: Any, axis: int) -> Any:
    """Return the cross product of vectors, which have three numbers along `axis`."""
    a, b = np.moveaxis(a, axis, -1), np.moveaxis(b, axis, -1)
    parts = [a[..., i] * b[..., j] - a[..., j] * b[..., i] for i, j in ((1, 2), (2, 0), (0, 1))]
    return np.stack(parts, axis)


# the volume that three vectors span stays the same when they are turned around
pulled(
    product_in_space,
    lambda g, b, axis: product_in_space(b, g, axis),
    lambda g, a, axis: product_in_space(g, a, axis),
    batched=composed,
)
spelled(np.cross, cross)
spelled(np.kron, kron)

# ---------------------------------------------------------------- the names of numpy.linalg


def of_vectors(a: Any, b: Any) -> Any:
    a, b = joined(a), joined(b)
    if (ndim_of(a), ndim_of(b)) != (1, 1):
        raise ValueError(
            "numpy.linalg.outer takes two vectors, but was given arrays of shapes "
            f"{shape_of(a)} and {shape_of(b)}; numpy.outer takes them."
        )
    return column(a) * row(b)


spelled(np.linalg.cross, lambda a, b, *, axis=-1: in_space(a, b, axis))
spelled(np.linalg.outer, of_vectors)
spelled(np.linalg.tensordot, lambda a, b, *, axes=2: np.tensordot(a, b, axes))
spelled(np.linalg.vecdot, lambda a, b, *, axis=-1: vecdot(a, b, axis=axis))
spelled(np.linalg.matmul, lambda a, b: np.matmul(joined(a), joined(b)))
spelled(np.linalg.matrix_transpose, lambda x: np.swapaxes(x, -1, -2))
spelled(np.linalg.diagonal, lambda x, *, offset=0: np.diagonal(x, offset, -2, -1))
spelled(
    np.linalg.trace,
    lambda x, *, offset=0, dtype=None: np.trace(x, offset, -2, -1, dtype),
)
