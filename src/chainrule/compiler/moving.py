"""Numbers in other places: views with their shapes, axes and indices said in full, and joins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from chainrule._core.parts import part, put_back
from chainrule._core.pieces import gather
from chainrule._core.values import cast, take
from chainrule._rules.arithmetic import clipped
from chainrule._rules.reductions import axes_of

from .program import Call, Var
from .rewriting import Rules, Writer, ways
from .sizes import Size, count

__all__ = ["WAYS", "is_plain_index"]

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


# ---------------------------------------------------------------- indices


def is_plain_index(at: Any) -> bool:
    """Say whether an index has a whole number, a slice or whole numbers in an array for an axis."""
    return type(at) is tuple and all(
        isinstance(p, slice) or type(p) is int or (type(p) is Var and p.dtype.kind in "iu")
        for p in at
    )


def settled(w: Writer, at: Any, shape: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Return an index with one part for each axis, without None, and where there were None."""
    parts = list(at) if type(at) is tuple else [at]
    taken = sum(rank_of(p) for p in parts)
    where = next((k for k, p in enumerate(parts) if p is ...), len(parts))
    rest = [slice(None)] * (len(shape) - taken)
    parts = [*parts[:where], *rest, *parts[where + 1 :]]
    found: list[Any] = []
    for p in parts:
        if p is None:
            continue
        whole = plain_part(w, p, shape[len(found)] if len(found) < len(shape) else None)
        if whole is None:
            return None
        found += whole
    return tuple(found) if len(found) == len(shape) else None


def rank_of(p: Any) -> int:
    if p is None or p is ...:
        return 0
    return p.ndim if type(p) is Var and p.dtype == bool else 1


def plain_part(w: Writer, p: Any, size: Any) -> list[Any] | None:
    if isinstance(p, slice):
        return [plain_slice(p, size)]
    if isinstance(p, (bool, np.bool)):
        return None
    if isinstance(p, (int, np.integer)):
        return [int(p) if p >= 0 or isinstance(size, Size) else int(p) + size]
    if isinstance(p, list) and all(isinstance(k, (int, np.integer)) for k in p):
        p = np.asarray(p, int)
        return [Var(f"c{id(p)}", p.shape, p.dtype, constant=p)]
    if type(p) is not Var or (p.dtype == bool and p.constant is None):
        return None
    if p.dtype == bool:
        return [Var(f"{p.name}_{k}", v.shape, v.dtype, constant=v)
                for k, v in enumerate(np.nonzero(p.constant))]  # fmt: skip
    return [p] if p.dtype.kind in "iu" else None


def plain_slice(p: slice, size: Any) -> slice:
    """Return the slice with numbers that are not negative; all of an axis is `slice(None)`."""
    if isinstance(size, Size) or any(isinstance(v, (Size, Var)) for v in (p.start, p.stop, p.step)):
        return slice(None) if p == slice(0, size) else p
    start, stop, step = p.indices(size)
    count = len(range(start, stop, step))
    if (start, count, step) == (0, size, 1):
        return slice(None)
    end = start + count * step
    return slice(start, end if end >= 0 else None, step if step != 1 else None)


@way(take)
def taken(w: Writer, call: Call) -> Any:
    x, at = call.inputs
    if type(x) is not Var:
        return None
    parts = at if type(at) is tuple else (at,)
    arrays = [p for p in parts if isinstance(p, (Var, list))]
    if arrays and None in [p for p in parts if p is None]:
        return None
    whole = settled(w, at, x.shape)
    if whole is None or (is_plain_index(at) and whole == at):
        return None
    out = call.output
    if not any(p is None for p in parts):
        return w.write(out, take, x, whole)
    shape = [n for n, p in zip(lengths(whole, x.shape), whole, strict=True) if type(p) is not int]
    y = w.write(out, take, x, whole, shape=shape)
    return w.write(out, np.reshape, y, out.shape)


def lengths(at: Any, shape: Any) -> list[Any]:
    return [
        n if p == slice(None) or not isinstance(p, slice) else len(range(*p.indices(n)))
        for p, n in zip(at, shape, strict=True)
    ]


@way(gather)
def gathered(w: Writer, call: Call) -> Any:
    parts, places, shape = call.inputs
    whole = [settled(w, at, shape) for at in places]
    if None in whole or any(
        p is None for at in places for p in (at if type(at) is tuple else [at])
    ):
        return None
    if whole == list(places):
        return None
    return w.write(call.output, gather, parts, whole, shape)


@way(part)
def part_read(w: Writer, call: Call) -> Any:
    """One step by an index."""
    x, steps = call.inputs
    if len(steps) != 1 or steps[0][0] is not take:
        return None
    return w.write(call.output, take, x, steps[0][1])


@way(put_back)
def part_put_back(w: Writer, call: Call) -> Any:
    x, steps, shape = call.inputs
    if len(steps) != 1 or steps[0][0] is not take:
        return None
    return w.write(call.output, gather, [x], [steps[0][1]], shape)


@way(np.flip, np.fliplr, np.flipud)
def flipped(w: Writer, call: Call) -> Any:
    x, *how = call.inputs
    if type(x) is not Var:
        return None
    if call.function is np.flip:
        axis = how[0] if how else call.options.get("axis")
        axes = axes_of(axis, x.ndim)
    else:
        axes = (0 if call.function is np.flipud else 1,)
    at = tuple(slice(None, None, -1) if k in axes else slice(None) for k in range(x.ndim))
    return w.write(call.output, take, x, at)


@way(np.take)
def taken_along(w: Writer, call: Call) -> Any:
    x, index, *how = call.inputs
    axis = how[0] if how else call.options.get("axis")
    if len(how) > 1 or not call.options.keys() <= {"axis"} or type(x) is not Var:
        return None
    if axis is None:
        size = count(x.shape)
        x, axis = w.write(x, np.reshape, x, (size,), shape=(size,)), 0
    at = (*[slice(None)] * normalize_axis_index(axis, x.ndim), index, ...)
    return w.write(call.output, take, x, at)


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


@way(np.roll)
def rolled(w: Writer, call: Call) -> Any:
    x, shift, *how = call.inputs
    axis = how[0] if how else call.options.get("axis")
    if type(x) is not Var or not isinstance(shift, int) or isinstance(axis, tuple) or not x.ndim:
        return None
    if axis is None and x.ndim > 1:
        size = count(x.shape)
        flat = w.write(x, np.reshape, x, (size,), shape=(size,))
        y = w.write(x, np.roll, flat, shift, 0, shape=(size,))
        return w.write(x, np.reshape, y, x.shape)
    place = normalize_axis_index(axis or 0, x.ndim)
    n = x.shape[place]
    if isinstance(n, Size) or not n or not shift % n:
        return None if isinstance(n, Size) or not n else x
    cut = n - shift % n
    before = [slice(None)] * place
    ends = []
    for part, size in ((slice(cut, None), n - cut), (slice(0, cut), cut)):
        shape = (*x.shape[:place], size, *x.shape[place + 1 :])
        ends.append(w.write(x, take, x, (*before, part, ...), shape=shape))
    return w.write(x, np.concatenate, ends, place)


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


@way(np.round, np.around)
def rounded(w: Writer, call: Call) -> Any:
    """To whole numbers."""
    if len(call.inputs) > 1 or call.options or call.output.dtype.kind != "f":
        return None
    return w.write(call.output, np.rint, call.inputs[0])
