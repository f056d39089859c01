"""Shapes said once: views of views, and arrays broadcast where they are read instead of before.

Numbers are the same bit by bit. An array that one number fills is that number, wherever something
else gives the result its shape: so the seeds of backward passes vanish.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.values import take

from ..program import Call, Var
from ..sizes import Size
from .rewriting import (
    Rules,
    Writer,
    broadcast,
    is_elementwise,
    is_static,
    kind_of,
    same,
    shape_of,
    ways,
)

__all__ = ["EVERYWHERE", "SHAPES"]

SHAPES: Rules = {}
rule = ways(SHAPES)

VIEWS = (
    np.reshape, np.broadcast_to, np.transpose, np.swapaxes, np.moveaxis, np.expand_dims,
    np.squeeze, np.ravel, np.flip, take,
)  # fmt: skip


@rule(*VIEWS)
def filled_view(w: Writer, call: Call) -> Any:
    """a view of equal numbers is filled with them"""
    x = call.inputs[0]
    filling = unstretched(w, x)
    if filling is x or isinstance(filling, (Var, Size)):
        return None
    if call.function is np.broadcast_to and w.maker(x, np.broadcast_to):
        return None  # the last of two counts
    return w.write(call.output, np.broadcast_to, filling, call.output.shape)


@rule(np.reshape)
def same_shape(w: Writer, call: Call) -> Any:
    """a reshape to the same shape changes nothing, and of two the last counts"""
    if call.options or len(call.inputs) != 2:
        return None
    x, out = call.inputs[0], call.output
    if same(x, out):
        return x
    first = w.maker(x, np.reshape)
    if first and len(first.inputs) == 2:
        return w.write(out, np.reshape, first.inputs[0], out.shape)
    return None


@rule(np.transpose)
def transposed_twice(w: Writer, call: Call) -> Any:
    """two transpositions are one, or none"""
    x, axes = call.inputs[0], axes_of(call)
    if axes == list(range(len(axes))) and same(x, call.output):
        return x
    first = w.maker(x, np.transpose)
    if first and first.output.ndim:
        before = axes_of(first)
        return w.write(call.output, np.transpose, first.inputs[0], tuple(before[k] for k in axes))
    return None


def axes_of(call: Call) -> list[int]:
    count = call.output.ndim
    axes = call.options.get("axes") if len(call.inputs) == 1 else call.inputs[1]
    if axes is None:
        return list(range(count))[::-1]
    return [k % count for k in ((axes,) if isinstance(axes, int) else axes)]


@rule(np.broadcast_to)
def broadcast_twice(w: Writer, call: Call) -> Any:
    """of two broadcasts the last counts, and one to the same shape changes nothing"""
    x, out = call.inputs[0], call.output
    if same(x, out):
        return x
    if first := w.maker(x, np.broadcast_to):
        return w.write(out, np.broadcast_to, first.inputs[0], out.shape)
    return None


@rule(take)
def all_of_it(w: Writer, call: Call) -> Any:
    """x[:] is x"""
    x, at = call.inputs
    parts = at if type(at) is tuple else (at,)
    if same(x, call.output) and all(part is ... or part == slice(None) for part in parts):
        return x
    return None


@rule(take)
def of_length_one(w: Writer, call: Call) -> Any:
    """x[:, 0] of one column is a reshape"""
    x, at = call.inputs
    parts = at if type(at) is tuple else (at,)
    if (
        type(x) is Var
        and len(parts) == x.ndim
        and all(
            part == slice(None) or (type(part) is int and n == 1)
            for part, n in zip(parts, x.shape, strict=True)
        )
    ):
        return w.write(call.output, np.reshape, x, call.output.shape)
    return None


@rule(np.max, np.min, np.prod)
def over_no_axes(w: Writer, call: Call) -> Any:
    """a maximum or product over no axes changes nothing"""  # a sum makes 0.0 of -0.0
    x = call.inputs[0]
    axis = call.inputs[1] if len(call.inputs) > 1 else call.options.get("axis", None)
    plain = len(call.inputs) < 3 and set(call.options) <= {"axis", "keepdims"}
    if plain and same(x, call.output) and (axis == () or x.ndim == 0):
        return x
    return None


# ---------------------------------------------------------------- any function of elements


def stretched(w: Writer, call: Call) -> Any:
    """arrays are broadcast where they are read, not before"""
    if not is_elementwise(call):
        return None
    inputs, shapes = list(call.inputs), [shape_of(v) for v in call.inputs]
    inner = [unstretched(w, v) for v in call.inputs]
    for k, v in enumerate(inner):
        rest = [*shapes[:k], shape_of(v), *shapes[k + 1 :]]
        if v is not inputs[k] and broadcast(rest) == call.output.shape and keeps_loop(call, k, v):
            inputs[k], shapes[k] = v, rest[k]
    if any(a is not b for a, b in zip(inputs, call.inputs, strict=True)):
        return w.write(call.output, call.function, *inputs)
    shape = broadcast(map(shape_of, inner))
    if shape is None or shape == call.output.shape:
        return None
    if all(map(is_known, inner)) and is_static(call.output.shape):
        return None  # it will be folded
    y = w.write(call.output, call.function, *inner, shape=shape)
    return w.write(call.output, np.broadcast_to, y, call.output.shape)


def is_known(v: Any) -> bool:
    return type(v) is not Var or v.constant is not None


def keeps_loop(call: Call, k: int, v: Any) -> bool:
    """Say whether the call computes in the same precision with `v`, which may be a size."""
    if not isinstance(v, Size):
        return True
    f, inputs = call.function, call.inputs
    if not isinstance(f, np.ufunc):
        return False
    kinds = [*map(kind_of, inputs), *[None] * f.nout]
    return bool(loop(f, kinds) == loop(f, [*kinds[:k], kind_of(v), *kinds[k + 1 :]]))


def unstretched(w: Writer, v: Any) -> Any:
    """Return what `v` is a stretched form of: a smaller array, or a number."""
    if call := w.maker(v, np.broadcast_to):
        return call.inputs[0]
    if (filling := w.filling(v)) is not None:
        return filling
    return v


def literal(w: Writer, call: Call) -> Any:
    """numbers as Python has them, where the dtype stays"""
    f = call.function
    if not isinstance(f, np.ufunc) or not is_elementwise(call) or f.nout != 1:
        return None
    if not any(isinstance(v, np.generic) for v in call.inputs):
        return None
    if not any(type(v) is Var for v in call.inputs):
        return None
    inputs = list(call.inputs)
    wanted = loop(f, [*map(kind_of, inputs), None])
    for k, v in enumerate(inputs):
        if isinstance(v, np.generic) and type(plain := v.item()) in (int, float, complex):
            kinds = [*map(kind_of, inputs), None]
            kinds[k] = type(plain)
            if loop(f, kinds) == wanted:
                inputs[k] = plain
    if all(a is b for a, b in zip(inputs, call.inputs, strict=True)):
        return None
    return w.write(call.output, f, *inputs)


def loop(f: Any, kinds: Any) -> Any:
    try:
        return f.resolve_dtypes(tuple(kinds))
    except TypeError:
        return None


EVERYWHERE = (stretched, literal)
