"""Parts of arrays, and parts put back: an index for every axis, that counts from 0 on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from chainrule._core.parts import part, put_back
from chainrule._core.pieces import gather
from chainrule._core.values import take
from chainrule._rules.rearranging import diagonal_of
from chainrule._rules.reductions import axes_of, inverse

from ..program import Call, Var, among, mapped
from ..sizes import Size, count
from .rewriting import Rules, Writer, is_static, ways

__all__ = ["WAYS", "is_plain_index"]

WAYS: Rules = {}
way = ways(WAYS)


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
        return [numbers(np.asarray(p, int))]
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


@way(np.take_along_axis)
def one_of_each_row(w: Writer, call: Call) -> Any:
    """One number of each row, at the place that a column names."""
    x, at, axis = (*call.inputs, call.options.get("axis"))[:3]
    if set(call.options) - {"axis"} or type(at) is not Var or not is_column(at):
        return None
    if type(x) is not Var or x.ndim != 2 or x.shape[0] != at.shape[0] or axis not in (1, -1):
        return None
    n = x.shape[0]
    if isinstance(n, Size):
        counts = Var(w.new((n,), int).name, (n,), int, counts=True)
        rows = w.say(Call(np.arange, (n,), {}, [counts]))
    else:
        rows = numbers(np.arange(n))
    return from_flat(w, call, take, x, (rows, flat(w, at)))


def is_column(v: Any) -> bool:
    return type(v) is Var and v.ndim == 2 and v.shape[1] == 1 and v.dtype.kind in "iu"


def flat(w: Writer, column: Var) -> Var:
    """Return the numbers of a column."""
    made = w.maker(column, np.reshape)
    if made and made.inputs[0].shape == column.shape[:1]:
        return made.inputs[0]  # type: ignore[no-any-return]
    return w.write(column, np.reshape, column, column.shape[:1], shape=column.shape[:1])  # type: ignore[no-any-return]


def from_flat(w: Writer, call: Call, *inputs: Any) -> Any:
    y = w.write(call.output, *inputs, shape=call.output.shape[:1])
    return w.write(call.output, np.reshape, y, call.output.shape)


@way(take)
def taken_by_columns(w: Writer, call: Call) -> Any:
    """Indices that are columns are vectors, and so is the result."""
    x, at = call.inputs
    if type(x) is Var and type(at) is tuple and len(at) == x.ndim > 0 and all(map(is_column, at)):
        return from_flat(w, call, take, x, tuple(flat(w, p) for p in at))
    return None


@way(gather)
def gathered_by_columns(w: Writer, call: Call) -> Any:
    parts, places, shape = call.inputs
    if not all(type(at) is tuple and len(at) == len(shape) > 0 for at in places):
        return None
    if not all(is_column(p) for at in places for p in at):
        return None
    if not all(type(v) is Var and v.shape == places[k][0].shape for k, v in enumerate(parts)):
        return None
    flats = [w.write(v, np.reshape, v, v.shape[:1], shape=v.shape[:1]) for v in parts]
    places = [tuple(flat(w, p) for p in at) for at in places]
    return w.write(call.output, gather, flats, places, shape)


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
    """The steps back, one after the other."""
    y, steps, shape = call.inputs
    shapes = [shape]
    for step, argument in steps:
        if step not in BACK or not is_static(shapes[-1]) or asks_values(argument):
            return None
        example = mapped(argument, lambda v: np.zeros(v.shape, int))
        shapes.append(step(np.broadcast_to(np.int8(0), shapes[-1]), example).shape)
    for k in reversed(range(len(steps))):
        if y.shape != shapes[k + 1]:
            y = w.write(y, np.broadcast_to, y, shapes[k + 1], shape=shapes[k + 1])
        step, argument = steps[k]
        y = BACK[step](w, y, argument, shapes[k])
    return y


def asks_values(argument: Any) -> bool:
    """Say whether the shape of a part depends on more than shapes: on sizes, or truth values."""
    parts = argument if type(argument) is tuple else (argument,)
    if any(isinstance(part, Size) for part in parts):
        return True
    return any(v.dtype.kind not in "iu" or not is_static(v.shape) for v in among(argument))


def from_reshape(w: Writer, y: Var, argument: Any, shape: Any) -> Any:
    return w.write(y, np.reshape, y, shape, shape=shape)


def from_transpose(w: Writer, y: Var, axes: Any, shape: Any) -> Any:
    axes = tuple(range(y.ndim))[::-1] if axes is None else tuple(inverse(axes))
    return w.write(y, np.transpose, y, axes, shape=shape)


def from_take(w: Writer, y: Var, at: Any, shape: Any) -> Any:
    return w.write(y, gather, [y], [at], shape, shape=shape)


def from_diagonal(w: Writer, y: Var, at: Any, shape: Any) -> Any:
    """The numbers of the last axis go to places of two, which stand last before they move."""
    offset, first, second = (at[0], *(normalize_axis_index(k, len(shape)) for k in at[1:]))
    order = (*(k for k in range(len(shape)) if k not in (first, second)), first, second)
    turned = tuple(shape[k] for k in order)
    places = (*[slice(None)] * (len(shape) - 2), *diagonal_places(turned, offset))
    whole = w.write(y, gather, [y], [places], turned, shape=turned)
    return w.write(y, np.transpose, whole, tuple(inverse(order)), shape=shape)


BACK: dict[Any, Any] = {
    np.reshape: from_reshape, np.transpose: from_transpose, take: from_take,
    diagonal_of: from_diagonal,
}  # fmt: skip


def diagonal_places(shape: Any, offset: int) -> tuple[Var, Var]:
    """Return where a diagonal of the last two axes lies on each."""
    counts = np.arange(np.diagonal(np.broadcast_to(np.int8(0), shape[-2:]), offset).size)
    return numbers(counts + max(-offset, 0)), numbers(counts + max(offset, 0))


def numbers(array: Any) -> Var:
    """Return whole numbers as a constant of the program."""
    return Var(f"c{id(array)}", array.shape, array.dtype, constant=array)


DIAGONAL = {"offset": 0, "axis1": 0, "axis2": 1}


@way(np.diagonal, diagonal_of)
def diagonal(w: Writer, call: Call) -> Any:
    x, *how = call.inputs
    if call.function is diagonal_of:
        offset, *axes = how[0] if how else call.options["at"]
    else:
        given = call.options | dict(zip(DIAGONAL, how, strict=False))
        offset, *axes = (given.get(name, k) for name, k in DIAGONAL.items())
    if type(x) is not Var or not is_static(x.shape):
        return None
    first, second = (normalize_axis_index(k, x.ndim) for k in axes)
    order = (*(k for k in range(x.ndim) if k not in (first, second)), first, second)
    turned = w.write(x, np.transpose, x, order, shape=[x.shape[k] for k in order])
    places = diagonal_places(turned.shape, offset)
    return w.write(call.output, take, turned, (*[slice(None)] * (x.ndim - 2), *places))


@way(np.tril, np.triu)
def triangle(w: Writer, call: Call) -> Any:
    x, *how = call.inputs
    k = how[0] if how else call.options.get("k", 0)
    if type(x) is not Var or x.ndim < 2 or not is_static(x.shape[-2:]) or not isinstance(k, int):
        return None
    stays = call.function(np.ones(x.shape[-2:], bool), k)
    return w.write(call.output, np.where, numbers(stays), x, x.dtype.type(0).item())


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
