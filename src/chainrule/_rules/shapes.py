"""Functions that move numbers to other places and leave them as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import along
from chainrule._core.stating import constant, elementwise, linear, same, spelled
from chainrule._core.traces import unstretched
from chainrule._core.values import Value, cast, dtype_of, ndim_of, shape_of

from .reductions import axes_of


def reshaped(g: Any, into: tuple[int, ...], shape: Any, order: Any = "C") -> Any:
    return np.reshape(g, into, order=order)


def to_shape(x: Any, shape: Any, order: Any = "C") -> Any:
    if order not in ("C", "F"):
        raise TypeError(
            f"reshape with order={order!r} depends on how memory lies, and has no derivative "
            "rule; use 'C' or 'F'."
        )
    return np.reshape(x, shape, order=order)


def inverse(axes: Any) -> Any:
    return (
        None if axes is None else tuple(int(i) for i in np.argsort([i % len(axes) for i in axes]))
    )


def reshape_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    if options.get("order", "C") != "C":
        return np.stack([f(v, **options) for v in values[0]])
    shape = options["shape"]
    whole = (size, *shape) if isinstance(shape, (tuple, list)) else (size, shape)
    example = np.reshape(
        np.empty(shape_of(values[0])[1:]), shape
    ).shape  # -1 counts within one example
    return f(values[0], (size, *example) if -1 in whole else whole)


def transpose_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    axes = range(ranks[0])[::-1] if options["axes"] is None else options["axes"]
    return f(values[0], (0, *(i % ranks[0] + 1 for i in axes)))


def broadcast_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    shape = options["shape"] if isinstance(options["shape"], (tuple, list)) else (options["shape"],)
    ones = (1,) * (len(shape) - ranks[0])
    return f(np.reshape(values[0], (size, *ones, *shape_of(values[0])[1:])), (size, *shape))


linear(np.reshape, reshaped, call=to_shape, batched=reshape_batch)
linear(np.transpose, lambda g, axes=None: np.transpose(g, inverse(axes)), batched=transpose_batch)
linear(
    np.broadcast_to,
    lambda g, into, shape: unstretched(g, shape_of(g), into),
    batched=broadcast_batch,
)
elementwise(cast, lambda g, dtype: g)
elementwise(np.copy, same)
linear(np.flip, lambda g, axis=None: np.flip(g, axis), batched=along)
constant(np.shape, np.ndim, np.size, np.iscomplexobj, np.isrealobj, np.result_type)
spelled(np.astype, lambda x, dtype, copy=True, device=None: cast(x, np.dtype(dtype)))


def full_like(
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
) -> Any:
    whole = np.broadcast_to(fill_value, shape_of(a) if shape is None else shape)
    return cast(whole, dtype_of(a) if dtype is None else np.dtype(dtype))


spelled(np.full_like, full_like)


def swapped(ndim: int, i: int, j: int) -> tuple[int, ...]:
    (i,), (j,) = axes_of(i, ndim), axes_of(j, ndim)
    axes = list(range(ndim))
    axes[i], axes[j] = axes[j], axes[i]
    return tuple(axes)


def moved(ndim: int, source: Any, destination: Any) -> tuple[int, ...]:
    sources, destinations = axes_of(source, ndim), axes_of(destination, ndim)
    axes = [i for i in range(ndim) if i not in sources]
    for at, i in sorted(zip(destinations, sources, strict=True)):
        axes.insert(at, i)
    return tuple(axes)


def stand_in(x: Any) -> Any:
    """A plain array of the shape of `x`, of one number's memory."""
    return np.broadcast_to(np.float64(0), shape_of(x))


spelled(np.ravel, lambda a, order="C": np.reshape(a, -1, order=order))
spelled(np.swapaxes, lambda a, axis1, axis2: np.transpose(a, swapped(ndim_of(a), axis1, axis2)))
spelled(
    np.moveaxis,
    lambda a, source, destination: np.transpose(a, moved(ndim_of(a), source, destination)),
)
spelled(
    np.rollaxis,
    lambda a, axis, start=0: np.transpose(
        a, np.rollaxis(np.empty(range(ndim_of(a))), axis, start).shape
    ),
)
spelled(np.expand_dims, lambda a, axis: np.reshape(a, np.expand_dims(stand_in(a), axis).shape))
spelled(np.squeeze, lambda a, axis=None: np.reshape(a, np.squeeze(stand_in(a), axis).shape))
spelled(np.matrix_transpose, lambda x: np.swapaxes(x, -1, -2))

# ---------------------------------------------------------------- lists of arrays


def split_like(g: Any, into: list[tuple[int, ...]], axis: int = 0) -> list[Any]:
    """The parts of `g` that came from arrays of the shapes `into`."""
    before = (slice(None),) * (axis % ndim_of(g))
    ends = [int(end) for end in np.cumsum([shape[axis] for shape in into])]
    return [g[(*before, slice(i, j))] for i, j in zip([0, *ends], ends, strict=False)]


def concatenated(arrays: Any, axis: Any = 0) -> Any:
    return (
        np.concatenate([np.ravel(a) for a in arrays], 0)
        if axis is None
        else np.concatenate([*arrays], axis)
    )


def unstacked(g: Any, into: list[tuple[int, ...]], axis: int = 0) -> list[Any]:
    before = (slice(None),) * (axis % ndim_of(g))
    return [g[(*before, k)] for k in range(len(into))]


def stack_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    (arrays,), (ndims,) = values, ranks
    whole = [
        np.broadcast_to(a, (size, *shape_of(a))) if n is None else a
        for a, n in zip(arrays, ndims, strict=True)
    ]
    return f(whole, axis=options["axis"] % ndim_of(whole[0]) + 1)


linear(np.concatenate, split_like, lists=True, batched=along)
spelled(
    np.concatenate,
    concatenated,
    when=lambda arrays, axis=0: isinstance(arrays, Value) or axis is None,
)
linear(np.stack, unstacked, lists=True, batched=stack_batch)
spelled(
    np.stack,
    lambda arrays, axis=0: np.stack([*arrays], axis),
    when=lambda arrays, axis=0: isinstance(arrays, Value),
)
