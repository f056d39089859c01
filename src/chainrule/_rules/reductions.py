"""Functions that make few numbers of many: sums, products, extremes, means and spreads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.batching import along
from chainrule._core.stating import linear, pulled, spelled
from chainrule._core.traces import summed
from chainrule._core.values import cast, dtype_of, ndim_of, recordable, shape_of

__all__ = ["axes_of", "kept_shape", "merged", "spread"]

ndarray, float64, FLOAT = np.ndarray, np.float64, np.dtype(float)

# ---------------------------------------------------------------- axes


def axes_of(axis: Any, ndim: int) -> tuple[int, ...]:
    """Return `axis` (None: all) as a tuple of numbers from 0 on."""
    if axis is None:
        return tuple(range(ndim))
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    if ndim == 0 and axes in ((0,), (-1,)):
        return ()  # NumPy lets a number be reduced along its only axis that is none
    for i in axes:
        if not -ndim <= i < ndim:
            raise np.exceptions.AxisError(i, ndim)
    return tuple(i % ndim for i in axes)


def kept_shape(shape: tuple[int, ...], axis: Any) -> tuple[int, ...]:
    """Return `shape` with 1 at `axis`."""
    axes = axes_of(axis, len(shape))
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def met(shape: tuple[int, ...], axis: Any) -> int:
    """Return how many numbers meet in each result."""
    return math.prod(shape[i] for i in axes_of(axis, len(shape)))


def merged(x: Any, axis: Any) -> Any:
    """Return `x` with the axes `axis` (None: all) moved to the end and made one."""
    ndim = ndim_of(x)
    axes = axes_of(axis, ndim)
    rest = [i for i in range(ndim) if i not in axes]
    x = np.transpose(x, (*rest, *axes))
    shape = shape_of(x)
    return np.reshape(x, (*shape[: len(rest)], math.prod(shape[len(rest) :])))


def stretched(g: Any, shape: tuple[int, ...]) -> Any:
    """Broadcast `g`; for a number 0.4 us instead of np.broadcast_to's 3.9."""
    if isinstance(g, np.generic):
        return ndarray(shape, g.dtype, g, 0, (0,) * len(shape))
    if type(g) is float:
        return stretched(np.float64(g), shape)
    return np.broadcast_to(g, shape)


def spread(g: Any, into: tuple[int, ...], axis: Any = None, *, keepdims: Any = False) -> Any:
    """Give every element the change of its sum."""
    if axis is None and type(g) is float64:
        return ndarray(into, FLOAT, g, 0, (0,) * len(into))
    if not (axis is None or keepdims) or (axis is None and shape_of(g)):
        g = np.reshape(g, kept_shape(into, axis))
    return stretched(g, into)


# ---------------------------------------------------------------- sums and means


def selected(x: Any, where: Any, otherwise: Any) -> Any:
    """Return `x` with `otherwise` where `where` is not true."""
    if where is True:
        return x
    y = np.where(where, x, otherwise)
    if shape_of(y) != shape_of(x):
        raise ValueError(
            f"where= has shape {np.shape(where)}, which does not fit an array of {shape_of(x)}."
        )
    return y


def sum_of(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    out: None = None,
    keepdims: Any = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    x = selected(x if dtype is None else cast(x, np.dtype(dtype)), where, 0)
    y = np.sum(x, axis, keepdims=keepdims)
    return y if initial is None else y + initial


def shared_out(g: Any, into: tuple[int, ...], axis: Any = None, *, keepdims: Any = False) -> Any:
    return spread(g / met(into, axis), into, axis, keepdims=keepdims)


def counted(x: Any, axis: Any, where: Any) -> Any:
    """How many numbers meet in each result, in the precision of `x`; axes are kept."""
    n = np.sum(np.broadcast_to(where, shape_of(x)), axis=axes_of(axis, ndim_of(x)), keepdims=True)
    return n.astype(real_dtype(x))


def real_dtype(x: Any) -> Any:
    dtype = dtype_of(x)
    return np.dtype(f"f{dtype.itemsize // 2}") if dtype.kind == "c" else dtype


def mean(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    out: None = None,
    keepdims: Any = False,
    *,
    where: Any = True,
) -> Any:
    x = x if dtype is None else cast(x, np.dtype(dtype))
    y = np.sum(selected(x, where, 0), axis=axis, keepdims=True) / counted(x, axis, where)
    return y if keepdims else np.squeeze(y, axes_of(axis, ndim_of(x)))


linear(np.sum, spread, call=summed, batched=along)
spelled(np.sum, sum_of)
linear(np.mean, shared_out, batched=along)
spelled(np.mean, mean)
linear(
    np.cumsum,
    lambda g, axis=None: np.flip(np.cumsum(np.flip(g, axis), axis), axis),
    batched=along,
)


def cumsum(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    x = x if dtype is None else cast(x, np.dtype(dtype))
    return (
        np.cumsum(np.reshape(x, -1), 0) if axis is None or ndim_of(x) == 0 else np.cumsum(x, axis)
    )


spelled(np.cumsum, cumsum, when=lambda x, axis=None: axis is None or ndim_of(x) == 0)

# ---------------------------------------------------------------- spreads


def deviations(x: Any, axis: Any, where: Any, mean: Any) -> Any:
    middle = np.mean(x, axis, keepdims=True, where=where) if mean is None else mean
    return selected(x - middle, where, 0)


def freedom(x: Any, axis: Any, where: Any, ddof: Any, correction: Any, keepdims: Any) -> Any:
    """What the squares are divided by: how many they are, less `ddof`, and not below 0."""
    if correction is not None and ddof != 0:
        raise ValueError("ddof and correction can't be provided simultaneously.")
    n = np.maximum(counted(x, axis, where) - (ddof if correction is None else correction), 0)
    return n if keepdims else np.squeeze(n, axes_of(axis, ndim_of(x)))


def var(
    x: Any, axis: Any = None, dtype: Any = None, out: None = None, ddof: Any = 0,
    keepdims: Any = False, *, where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    x = x if dtype is None else cast(x, np.dtype(dtype))
    d = deviations(x, axis, where, mean)
    squares = np.sum(np.real(d * np.conj(d)), axis=axis, keepdims=keepdims)
    return squares / freedom(x, axis, where, ddof, correction, keepdims)


@recordable
def length(x: Any) -> Any:
    """The Euclidean norm along the last axis."""
    return np.sqrt(np.sum(np.real(x * np.conj(x)), axis=-1))


def std(
    x: Any, axis: Any = None, dtype: Any = None, out: None = None, ddof: Any = 0,
    keepdims: Any = False, *, where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    x = x if dtype is None else cast(x, np.dtype(dtype))
    y = length(merged(deviations(x, axis, where, mean), axis))
    y = np.reshape(y, kept_shape(shape_of(x), axis)) if keepdims else y
    return y / np.sqrt(freedom(x, axis, where, ddof, correction, keepdims))


def length_pull(g: Any, x: Any, y: Any) -> Any:
    return (g / np.where(y == 0, 1, y))[..., None] * np.conj(x)  # 0 at 0: equal numbers' spread


pulled(length, length_pull)
spelled(np.var, var)
spelled(np.std, std)

# ---------------------------------------------------------------- extremes


def to_extreme(g: Any, x: Any, y: Any, axis: Any = None, *, keepdims: Any = False) -> Any:
    """Share among the extreme elements, equally."""
    shape = shape_of(x)
    extreme = cast(x == np.reshape(y, kept_shape(shape, axis)), dtype_of(g))
    return (
        spread(g / np.sum(extreme, axis, keepdims=keepdims), shape, axis, keepdims=keepdims)
        * extreme
    )


def bounded(reduce: Any, pair: Any, empty: float) -> Any:
    """The extreme of a call with `where` and `initial`."""

    def extreme(
        x: Any,
        axis: Any = None,
        out: None = None,
        keepdims: Any = False,
        initial: Any = None,
        where: Any = True,
    ) -> Any:
        if where is not True and initial is None:
            raise ValueError(
                "reduction operation with where= has no identity, so it needs initial=."
            )
        if met(shape_of(x), axis) == 0 and initial is not None:
            y = reduce(
                np.full(shape_of(x), empty, dtype_of(x)), axis, keepdims=keepdims, initial=empty
            )
        else:
            y = reduce(selected(x, where, empty), axis, keepdims=keepdims)
        return y if initial is None else pair(y, initial)

    return extreme


pulled(np.max, to_extreme, batched=along)
pulled(np.min, to_extreme, batched=along)
spelled(np.max, bounded(np.max, np.maximum, -math.inf))
spelled(np.min, bounded(np.min, np.minimum, math.inf))
spelled(np.amax, lambda a, *rest, **options: np.max(a, *rest, **options))
spelled(np.amin, lambda a, *rest, **options: np.min(a, *rest, **options))

# ---------------------------------------------------------------- products


@recordable
def others(x: Any) -> Any:
    """For every element the product of all others along the last axis.

    Without a division, so right at zeros.
    """
    one = np.ones_like(x[..., :1])
    before = np.concatenate([one, np.cumprod(x[..., :-1], -1)], -1)
    after = np.concatenate([one, np.cumprod(x[..., :0:-1], -1)], -1)[..., ::-1]
    return before * after


def others_recorded(x: Any) -> Any:
    """The same in functions that have rules, by doubling steps."""
    one = np.ones_like(x[..., :1])
    before = products_up_to(np.concatenate([one, x[..., :-1]], -1))
    after = products_up_to(np.concatenate([one, x[..., :0:-1]], -1))[..., ::-1]
    return before * after


def products_up_to(x: Any) -> Any:
    """After step k every element is the product of the last 2**k."""
    step = 1
    while step < shape_of(x)[-1]:
        x, step = np.concatenate([x[..., :step], x[..., step:] * x[..., :-step]], -1), 2 * step
    return x


def product_pull(g: Any, x: Any, axis: Any = None, *, keepdims: Any = False) -> Any:
    shape = shape_of(x)
    if math.prod(shape) == 0:
        return spread(g, shape, axis, keepdims=keepdims)
    axes = axes_of(axis, len(shape))
    rest = [i for i in range(len(shape)) if i not in axes]
    rows = others(merged(x, axis))
    moved = np.reshape(rows, [shape[i] for i in (*rest, *axes)])
    back = np.transpose(moved, tuple(int(i) for i in np.argsort((*rest, *axes))))
    return spread(g, shape, axis, keepdims=keepdims) * back


def prod(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    out: None = None,
    keepdims: Any = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    x = selected(x if dtype is None else cast(x, np.dtype(dtype)), where, 1)
    y = np.prod(x, axis, keepdims=keepdims)
    return y if initial is None else y * initial


spelled(others, others_recorded)
pulled(np.prod, product_pull, batched=along)
spelled(np.prod, prod)
