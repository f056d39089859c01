"""Functions that move numbers to other places and leave them as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import along
from chainrule._core.stating import constant, elementwise, linear, same, spelled
from chainrule._core.traces import unstretched
from chainrule._core.values import (
    awaits_numbers,
    bare,
    cast,
    dtype_of,
    ndim_of,
    numbers,
    recordable,
    shape_of,
)

from .reductions import inverse


def reshaped(g: Any, into: tuple[int, ...], shape: Any, order: Any = "C") -> Any:
    return np.reshape(g, into, order=order)


def to_shape(x: Any, shape: Any, order: Any = "C") -> Any:
    return np.reshape(x, shape, order=order)  # NumPy 2.0 has another name for `shape`


def settled_order(x: Any, order: str) -> Any:
    """Return 'C' for the orders that memory decides, of an array that reads the same in all."""
    if order.upper() not in ("A", "K"):
        return order.upper()
    if sum(n != 1 for n in shape_of(x)) > 1:
        raise TypeError(
            f"order={order!r} depends on how memory lies, which is not the same while a function "
            "is being differentiated; use 'C' or 'F'."
        )
    return "C"


def ravel(a: Any, order: Any = "C") -> Any:
    y = np.reshape(a, -1, order=settled_order(a, order))
    return y if lies_in_rows(y) else np.copy(y)  # one that was turned round


def lies_in_rows(y: Any) -> bool:
    """Say whether the numbers of an array, or of each example in a batch, lie one by one."""
    plain = np.asarray(numbers(y))
    return not plain.size or plain[(0,) * (plain.ndim - ndim_of(y))].flags.c_contiguous


def reshape(
    a: Any, shape: Any = None, order: Any = "C", *, newshape: Any = None, copy: Any = None
) -> Any:
    """The call with an order that memory decides, or with options that say how it may lie."""
    shape = newshape if shape is None else shape
    order = settled_order(a, order)
    if copy is False and not awaits_numbers(a):
        np.reshape(np.asarray(bare(a)), shape, order=order, copy=False)  # NumPy may have to refuse
    return np.reshape(np.copy(a) if copy else a, shape, order=order)


def reshape_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    x, shape = values[0], options["shape"]
    if options.get("order", "C") == "F":  # in rows of what is turned round
        new = np.reshape(np.empty(shape_of(x)[1:]), shape).shape
        x = f(np.transpose(x, (0, *range(ranks[0], 0, -1))), (size, *new[::-1]))
        return np.transpose(x, (0, *range(len(new), 0, -1)))
    whole = (size, *shape) if isinstance(shape, (tuple, list)) else (size, shape)
    example = np.reshape(np.empty(shape_of(x)[1:]), shape).shape  # -1 counts within one example
    return f(x, (size, *example) if -1 in whole else whole)


def transpose_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    given, ndim = options["axes"], ranks[0]
    axes = range(ndim)[::-1] if given is None else np.ravel(given).tolist()
    return f(values[0], (0, *(i % ndim + 1 for i in axes)))


def broadcast_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    shape = options["shape"] if isinstance(options["shape"], (tuple, list)) else (options["shape"],)
    ones = (1,) * (len(shape) - ranks[0])
    return f(np.reshape(values[0], (size, *ones, *shape_of(values[0])[1:])), (size, *shape))


linear(np.reshape, reshaped, call=to_shape, batched=reshape_batch)
spelled(np.reshape, reshape, when=lambda x, shape, order="C": order not in ("C", "F", "K"))
linear(
    np.transpose,
    lambda g, axes=None: np.transpose(g, None if axes is None else inverse(axes)),
    batched=transpose_batch,
)
linear(
    np.broadcast_to,
    lambda g, into, shape: unstretched(g, shape_of(g), into),
    batched=broadcast_batch,
)
spelled(np.broadcast_to, lambda array, shape, subok=False: np.broadcast_to(array, shape))
elementwise(cast, lambda g, dtype: g)


@recordable
def laid(x: Any, order: Any) -> Any:
    """Return a copy of `x` that lies in memory as `order` says."""
    return np.array(x, order=order)


elementwise(laid, lambda g, order: g)
elementwise(np.copy, same)
spelled(np.copy, lambda a, order="K", subok=False: laid(a, order))
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
    *,
    device: Any = None,
) -> Any:
    whole = np.broadcast_to(fill_value, shape_of(a) if shape is None else shape)
    return cast(whole, dtype_of(a) if dtype is None else np.dtype(dtype))


spelled(np.full_like, full_like)


def axes_after(function: Any, ndim: int, *how: Any) -> Any:
    """Return where `function`, which moves axes, takes each axis from; its errors are NumPy's."""
    return function(np.empty(range(ndim)), *how).shape


def stand_in(x: Any) -> Any:
    """A plain array of the shape of `x`, of one number's memory."""
    return np.broadcast_to(np.float64(0), shape_of(x))


def moved_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    axes = axes_after(f, ranks[0], *options.values())
    return np.transpose(values[0], (0, *(i + 1 for i in axes)))


def lengths_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    """Axes of length 1 come or go: each example is read in the shape that one gets."""
    one = np.empty(shape_of(values[0])[1:])
    return np.reshape(values[0], (size, *f(one, **options).shape))


spelled(np.ravel, ravel)
linear(np.swapaxes, lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2), batched=moved_batch)
linear(
    np.moveaxis,
    lambda g, source, destination: np.moveaxis(g, destination, source),
    batched=moved_batch,
)
spelled(
    np.rollaxis,
    lambda a, axis, start=0: np.transpose(a, axes_after(np.rollaxis, ndim_of(a), axis, start)),
)
linear(np.expand_dims, lambda g, into, axis: np.reshape(g, into), batched=lengths_batch)
linear(np.squeeze, lambda g, into, axis=None: np.reshape(g, into), batched=lengths_batch)
spelled(np.matrix_transpose, lambda x: np.swapaxes(x, -1, -2))
