"""Sums, products, extremes over axes: a tuple of axes from 0 on, none kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.values import cast
from chainrule._rules.reductions import axes_of

from ..program import Call, Var
from ..sizes import count
from .rewriting import Rules, Writer, ways

__all__ = ["WAYS"]

WAYS: Rules = {}
way = ways(WAYS)

OF_UFUNCS: dict[Any, Any] = {
    np.add.reduce: np.sum, np.multiply.reduce: np.prod, np.maximum.reduce: np.max,
    np.minimum.reduce: np.min, np.logical_or.reduce: np.any, np.logical_and.reduce: np.all,
}  # fmt: skip


DEFAULTS = {"where": True, "dtype": None, "out": None}


def given(call: Call, axis: Any = None) -> tuple[Any, Any] | None:
    """Return the array and the axes of a call with no other options than `keepdims`."""
    inputs = call.inputs
    options = {n: v for n, v in call.options.items() if n not in DEFAULTS or v is not DEFAULTS[n]}
    if len(inputs) > 2 or not options.keys() <= {"axis", "keepdims"} or type(inputs[0]) is not Var:
        return None
    axis = inputs[1] if len(inputs) == 2 else options.get("axis", axis)
    return inputs[0], axes_of(axis, inputs[0].ndim)


def reduced(w: Writer, out: Var, f: Any, x: Var, axes: Any, dtype: Any = None) -> Any:
    """Write down the reduction, and the shape that is wanted, where axes are kept."""
    shape = [n for k, n in enumerate(x.shape) if k not in axes]
    y = w.write(out, f, x, axes, shape=shape, dtype=dtype)
    if y.shape != out.shape:
        y = w.write(out, np.reshape, y, out.shape, dtype=dtype)
    return y


@way(np.sum, np.prod, np.max, np.min)
def plain(w: Writer, call: Call) -> Any:
    if (found := given(call)) is None:
        return None
    x, axes = found
    if call.inputs[1:] == (axes,) and type(call.inputs[1]) is tuple and not call.options:
        return None
    return reduced(w, call.output, call.function, x, axes)


@way(*OF_UFUNCS)
def of_ufuncs(w: Writer, call: Call) -> Any:
    if (found := given(call, axis=0)) is None:
        return None
    kept = {"keepdims": call.options.get("keepdims", False)}
    out = w.new(call.output.shape, call.output.dtype)
    return w.say(Call(OF_UFUNCS[call.function], found, kept, [out]))


@way(np.mean)
def mean(w: Writer, call: Call) -> Any:
    if (found := given(call)) is None or call.output.dtype == np.float16:
        return None
    x, axes = found
    if x.dtype != call.output.dtype:
        x = w.write(x, cast, x, call.output.dtype, dtype=call.output.dtype)
    total = reduced(w, call.output, np.sum, x, axes)
    return w.write(call.output, np.divide, total, count(x.shape[k] for k in axes))


@way(np.std)
def deviation(w: Writer, call: Call) -> Any:
    """The spelling of our rules divides by a root of n, which is no size."""
    x = call.inputs[0]
    if type(x) is not Var or x.dtype.kind == "c" or call.output.dtype == np.float16:
        return None
    variance = w.new(call.output.shape, call.output.dtype)
    y = w.say(Call(np.var, call.inputs, call.options, [variance]))
    return w.write(call.output, np.sqrt, y)


@way(np.any, np.all)
def truth(w: Writer, call: Call) -> Any:
    if (found := given(call)) is None:
        return None
    x, axes = found
    if any(n == 0 for n in x.shape):
        return None  # there is no largest of none
    if x.dtype != bool:
        x = w.write(x, np.not_equal, x, 0, dtype=np.dtype(bool))
    return reduced(w, call.output, np.max if call.function is np.any else np.min, x, axes)


@way(np.count_nonzero)
def number_of_others(w: Writer, call: Call) -> Any:
    if (found := given(call)) is None:
        return None
    x, axes = found
    if x.dtype != bool:
        x = w.write(x, np.not_equal, x, 0, dtype=np.dtype(bool))
    return reduced(w, call.output, np.sum, x, axes)


@way(np.cumsum, np.add.accumulate)
def cumsum(w: Writer, call: Call) -> Any:
    default = 0 if call.function is np.add.accumulate else None
    axis = call.inputs[1] if len(call.inputs) == 2 else call.options.get("axis", default)
    x = call.inputs[0]
    if len(call.inputs) > 2 or not call.options.keys() <= {"axis"} or type(x) is not Var:
        return None
    if x.dtype != call.output.dtype:
        x = w.write(x, cast, x, call.output.dtype, dtype=call.output.dtype)
    if axis is None:
        x = w.write(x, np.reshape, x, call.output.shape, shape=call.output.shape)
    if not x.ndim:
        return None
    place = (axis or 0) % x.ndim
    if call.function is np.cumsum and call.inputs[1:] == (place,) and not call.options:
        return None
    return w.write(call.output, np.cumsum, x, place)
