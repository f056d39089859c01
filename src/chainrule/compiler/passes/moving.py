"""Numbers in other places: views with their shapes, axes and indices said in full, and joins."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from chainrule._core.values import cast, take
from chainrule._rules import normal
from chainrule._rules.arithmetic import clipped

from ..program import Call, Var
from ..sizes import Size, count
from .rewriting import Rules, Writer, is_static, ways

__all__ = ["WAYS"]

WAYS: Rules = {}
way = ways(WAYS)


# ---------------------------------------------------------------- shapes and axes


@way(np.reshape, np.expand_dims, np.squeeze, np.ravel, np.atleast_1d, np.atleast_2d, np.atleast_3d)
def to_shape(w: Writer, call: Call) -> Any:
    x, out = call.inputs[0], call.output
    if call.several or type(x) is not Var:
        return None
    order = call.options.get("order", "C")
    if call.function in (np.reshape, np.ravel):
        more = call.inputs[2 if call.function is np.reshape else 1 :]
        order = more[0] if more else order
    if order != "C" or not call.options.keys() <= {"order", "shape", "newshape", "axis"}:
        return None
    if call.function is np.reshape and call.inputs[1:] == (out.shape,) and not call.options:
        return None
    return w.write(out, np.reshape, x, out.shape)


@way(np.transpose, np.swapaxes, np.moveaxis, np.rollaxis)
def to_order(w: Writer, call: Call) -> Any:
    x, *how = call.inputs
    if type(x) is not Var:
        return None
    numbered = np.empty(tuple(range(1, x.ndim + 1)), bool)
    axes = tuple(n - 1 for n in call.function(numbered, *how, **call.options).shape)
    if call.function is np.transpose and how == [axes] and not call.options:
        return None
    return w.write(call.output, np.transpose, x, axes)


@way(np.broadcast_to)
def stretched(w: Writer, call: Call) -> Any:
    x, out = call.inputs[0], call.output
    if call.inputs[1:] == (out.shape,) and not call.options:
        return None
    return w.write(out, np.broadcast_to, x, out.shape)


@way(np.broadcast_arrays)
def stretched_together(w: Writer, call: Call) -> Any:
    if call.options or any(type(x) is not Var for x in call.inputs):
        return None
    return [
        w.write(y, np.broadcast_to, x, y.shape)
        for x, y in zip(call.inputs, call.outputs, strict=True)
    ]


@way(np.zeros_like, np.ones_like, np.empty_like, np.full_like, np.zeros, np.ones, np.empty, np.full)
def filled(w: Writer, call: Call) -> Any:
    name, out = call.function.__name__, call.output
    if name.startswith("full"):
        value = call.inputs[1] if len(call.inputs) > 1 else call.options.get("fill_value")
    else:
        value = 1 if name.startswith("ones") else 0
    if isinstance(value, (Var, list, tuple)) or value is None:
        return None
    value = value if isinstance(value, Size) else out.dtype.type(value).item()
    settled = (out.shape, value), {"dtype": out.dtype}
    if call.function is np.full and (call.inputs, call.options) == settled:
        return None
    return w.say(Call(np.full, *settled, [w.new(out.shape, out.dtype)]))


# ---------------------------------------------------------------- joins


@way(np.concatenate)
def joined(w: Writer, call: Call) -> Any:
    items, *how = call.inputs
    axis = how[0] if how else call.options.get("axis", 0)
    if len(how) > 1 or not call.options.keys() <= {"axis"} or not isinstance(items, (list, tuple)):
        return None
    if any(type(v) is not Var for v in items):
        return None
    out = call.output
    whole: list[Any] = [
        v if v.dtype == out.dtype else w.write(v, cast, v, out.dtype, dtype=out.dtype)
        for v in items
    ]
    if axis is None:
        whole = [
            v if v.ndim == 1
            else w.write(v, np.reshape, v, (count(v.shape),), shape=(count(v.shape),))
            for v in whole
        ]  # fmt: skip
        axis = 0
    place = normalize_axis_index(axis, out.ndim)
    if how == [place] and not call.options and whole == items:
        return None
    return w.write(out, np.concatenate, whole, place)


@way(np.stack)
def stacked(w: Writer, call: Call) -> Any:
    items, *how = call.inputs
    axis = how[0] if how else call.options.get("axis", 0)
    out = call.output
    if not call.options.keys() <= {"axis"} or type(items) not in (list, tuple):
        return None
    if any(type(v) is not Var and not isinstance(v, (int, float)) for v in items):
        return None
    place = normalize_axis_index(axis, out.ndim)
    shape = (*out.shape[:place], 1, *out.shape[place + 1 :])
    slices = [
        w.write(v, np.reshape, v, shape, shape=shape)
        if type(v) is Var
        else w.write(out, np.broadcast_to, out.dtype.type(v), shape, shape=shape)
        for v in items
    ]
    return w.write(out, np.concatenate, slices, place)


@way(np.roll)
def rolled(w: Writer, call: Call) -> Any:
    x, shift, *how = call.inputs
    axis = how[0] if how else call.options.get("axis")
    if type(x) is not Var or not is_static(x.shape) or not isinstance(shift, (int, tuple)):
        return None
    if axis is None:
        flat = w.write(x, np.reshape, x, (count(x.shape),), shape=(count(x.shape),))
        y = w.write(flat, np.roll, flat, shift, 0)
        return w.write(x, np.reshape, y, x.shape)
    shifts, axes = np.broadcast_arrays(shift, axis)
    for times, place in zip(shifts.flat, axes.flat, strict=True):
        x = turned(w, x, int(times), normalize_axis_index(int(place), x.ndim))
    return x


def turned(w: Writer, x: Var, times: int, place: int) -> Any:
    """Return `x` with the last elements of an axis before the first."""
    n = x.shape[place]
    if not n or not times % n:
        return x
    cut = n - times % n
    ends = [part_of(w, x, place, cut, n), part_of(w, x, place, 0, cut)]
    return w.write(x, np.concatenate, ends, place)


def part_of(w: Writer, x: Var, place: int, start: int, stop: int) -> Var:
    shape = (*x.shape[:place], stop - start, *x.shape[place + 1 :])
    at = (*[slice(None)] * place, slice(start, stop), ...)
    return w.write(x, take, x, at, shape=shape)  # type: ignore[no-any-return]


@way(np.diff)
def differences(w: Writer, call: Call) -> Any:
    x, *how = call.inputs
    given = dict(zip(("n", "axis", "prepend", "append"), how, strict=False)) | call.options
    times, axis = given.pop("n", 1), given.pop("axis", -1)
    if given or type(x) is not Var or x.dtype == bool or not x.ndim:
        return None
    place = normalize_axis_index(axis, x.ndim)
    if isinstance(x.shape[place], Size) or times >= x.shape[place]:
        return None
    for n in range(x.shape[place], x.shape[place] - times, -1):
        later, before = part_of(w, x, place, 1, n), part_of(w, x, place, 0, n - 1)
        x = w.write(later, np.subtract, later, before)
    return x


@way(np.tile)
def tiled(w: Writer, call: Call) -> Any:
    x, reps = call.inputs
    if type(x) is not Var or not is_static(x.shape) or isinstance(reps, Var):
        return None
    times = np.ravel(reps).tolist()
    ndim = max(len(times), x.ndim)
    lengths = (*(1,) * (ndim - x.ndim), *x.shape)
    times = [1] * (ndim - len(times)) + times
    apart = [n for length in lengths for n in (1, length)]
    whole = [n for pair in zip(times, lengths, strict=True) for n in pair]
    y = w.write(x, np.reshape, x, tuple(apart), shape=apart)
    y = w.write(x, np.broadcast_to, y, tuple(whole), shape=whole)
    return w.write(call.output, np.reshape, y, call.output.shape)


@way(np.repeat)
def repeated(w: Writer, call: Call) -> Any:
    x, times, *how = call.inputs
    axis = how[0] if how else call.options.get("axis")
    if type(x) is not Var or not isinstance(times, int):
        return None
    if axis is None:
        x, axis = w.write(x, np.reshape, x, (count(x.shape),), shape=(count(x.shape),)), 0
    place = normalize_axis_index(axis, x.ndim) + 1
    before, after = x.shape[:place], x.shape[place:]
    y = w.write(x, np.reshape, x, (*before, 1, *after), shape=(*before, 1, *after))
    y = w.write(x, np.broadcast_to, y, (*before, times, *after), shape=(*before, times, *after))
    return w.write(call.output, np.reshape, y, call.output.shape)


# ---------------------------------------------------------------- elements, under other names


@way(clipped)
def between(w: Writer, call: Call) -> Any:
    """The upper bound counts where bounds cross."""
    x, low, high = call.inputs
    if call.output.dtype.kind == "c":
        return None
    above = w.write(call.output, np.maximum, x, low)
    return w.write(call.output, np.minimum, above, high)


@way(cast)
def to_dtype(w: Writer, call: Call) -> Any:
    if not call.options:
        return None
    return w.write(call.output, cast, call.inputs[0], call.output.dtype)


@way(np.real, np.conjugate, np.imag)
def of_real_numbers(w: Writer, call: Call) -> Any:
    x = call.inputs[0]
    if type(x) is not Var or x.dtype.kind == "c":
        return None
    return w.write(x, np.zeros_like, x) if call.function is np.imag else x


@way(normal.erf, normal.erfc)
def of_normal_distribution(w: Writer, call: Call) -> Any:
    """SciPy's has the name that back ends know; without SciPy ours stays as it is."""
    x = call.inputs[0]
    if type(x) is not Var or x.dtype not in (np.float32, np.float64):
        return None
    try:
        from scipy import special
    except ImportError:
        return None
    return w.write(call.output, getattr(special, call.function.__name__), x)


@way(np.sinc)
def sinc(w: Writer, call: Call) -> Any:
    """As NumPy does."""
    x = call.inputs[0]
    if not isinstance(x, Var) or x.dtype != call.output.dtype:
        return None
    out = call.output
    zero = w.write(out, np.equal, x, 0, dtype=np.dtype(bool))
    angle = w.write(out, np.multiply, math.pi, w.write(out, np.where, zero, 1.0e-20, x))
    return w.write(out, np.divide, w.write(out, np.sin, angle), angle)


@way(np.heaviside)
def heaviside(w: Writer, call: Call) -> Any:
    """A NaN stays one."""
    x, half = call.inputs
    out = call.output
    is_below = w.write(out, np.less, x, 0, dtype=np.dtype(bool))
    is_above = w.write(out, np.greater, x, 0, dtype=np.dtype(bool))
    is_zero = w.write(out, np.equal, x, 0, dtype=np.dtype(bool))
    y = w.write(out, np.where, is_zero, half, x)
    return w.write(out, np.where, is_below, 0.0, w.write(out, np.where, is_above, 1.0, y))


@way(np.round, np.around)
def rounded(w: Writer, call: Call) -> Any:
    """To whole numbers."""
    if len(call.inputs) > 1 or call.options or call.output.dtype.kind != "f":
        return None
    return w.write(call.output, np.rint, call.inputs[0])
