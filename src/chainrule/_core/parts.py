"""Parts of an array that steps lead to: read, put back among zeros, and written over."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .values import OPAQUE, dtype_of, recordable, shape_of, take

__all__ = ["again", "overwritten", "part", "part_written", "places_of", "put_back", "put_into"]


def again(x: Any, call: Any) -> Any:
    """Return a call with `x` in front, as a step: `call` is the function and its arguments."""
    function, inputs, options = call
    return function(x, *inputs, **options)


@recordable
def part(x: Any, steps: Any) -> Any:
    """Return what `steps`, pairs of a function and its argument, lead to from `x`.

    The functions are np.reshape, np.transpose, np.broadcast_to and `take`: of an array, a view.
    """
    for function, argument in steps:
        x = function(x, argument)
    return x


def places_of(shape: tuple[int, ...], steps: Any) -> Any:
    """Return where in an array of `shape`, flat, the numbers lie that `steps` lead to."""
    return part(np.arange(math.prod(shape)).reshape(shape), steps)


def view_in(whole: Any, steps: Any) -> Any:
    """Return the part of `whole` to write to; None if it is a copy, or has a number twice."""
    seen = part(whole, steps)
    return seen if seen.flags.writeable and np.may_share_memory(seen, whole) else None


@recordable
def put_back(y: Any, steps: Any, shape: tuple[int, ...]) -> Any:
    """Return zeros of `shape` with `y` added to the part that `steps` lead to."""
    whole = np.zeros(shape, dtype_of(y))
    if (seen := view_in(whole, steps)) is not None:
        seen[...] = y
    else:
        np.add.at(whole.reshape(-1), places_of(shape, steps), y)
    return whole


def part_written(g: Any, steps: Any, into: Any = None) -> Any:
    """Return the part of a change that `overwritten` read from what it wrote there.

    Of a place that an index names more than once, the last number stays: the others moved nothing.
    """
    if into == () and len(steps) == 1 and is_batched_mask(steps[0][1], shape_of(g)):
        return np.where(steps[0][1], g, 0)  # of one number, written everywhere there
    y = part(g, steps)
    if not any(function is take and may_repeat(at) for function, at in steps):
        return y
    order = np.arange(math.prod(shape_of(y))).reshape(shape_of(y))
    last = overwritten(np.zeros(shape_of(g), int), order, steps=steps)
    stays = part(last, steps) == order
    return y if type(stays) is np.ndarray and stays.all() else np.where(stays, y, 0)


def is_batched_mask(at: Any, shape: Any) -> bool:
    return type(at) in OPAQUE and at.dtype == bool and at.shape == shape


def may_repeat(index: Any) -> bool:
    """Say whether `index` may name a place more than once: lists of whole numbers may."""
    return any(
        ((type(at) is np.ndarray or type(at) in OPAQUE) and at.dtype.kind != "b" and at.size > 1)
        or type(at) is list
        for at in (index if type(index) is tuple else (index,))
    )


@recordable
def overwritten(a: Any, b: Any, steps: Any) -> Any:
    """Return `a` with `b` in place of the part that `steps` lead to."""
    # examples that share `a` are copied row by row, as each would be: a view of one stays a view
    whole = np.array(a, order="C" if 0 in getattr(a, "strides", ()) else "K")
    put_into(whole, b, steps)
    return whole


def put_into(whole: Any, b: Any, steps: Any) -> None:
    """Write `b` into the part of the array `whole` that `steps` lead to."""
    if not steps:
        whole[...] = b
        return
    function, argument = steps[-1]
    if function is take and len(steps) == 1:
        whole[argument] = b
    elif function is take and (seen := view_in(whole, steps[:-1])) is not None:
        seen[argument] = b  # which an index that copies can do, too
    elif (seen := view_in(whole, steps)) is not None:
        seen[...] = b
    else:
        places = np.unravel_index(places_of(whole.shape, steps), whole.shape)
        whole[places] = b
