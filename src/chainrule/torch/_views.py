"""Views: tensors that share their numbers with another, their base.

A view knows its base and the steps that lead there, calls of four functions of NumPy. A write
through one of them rewrites the history of the base, and the others are led there anew
(`_inplace.py`); the base finds them by weak references that stand behind the write count.
"""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from chainrule._core.table import RECORD

from ._tape import PLAN, Op, Plan, as_taped, node_of, recording, taped
from ._tensor import Tensor, made

__all__ = ["View", "expanded", "indexed", "regenerate", "renamed", "reshaped", "transposed"]

ndarray = np.ndarray


class View:
    """Where a view comes from, and whether writing to it is restricted."""

    __slots__ = ("base", "one_of_several", "steps", "under_no_grad")

    def __init__(self, base: Tensor, steps: Any, under_no_grad: bool) -> None:
        self.base, self.steps, self.under_no_grad = base, steps, under_no_grad
        self.one_of_several = ""  # the name of the operation that returned several views


def view_of(t: Any, op: Op, y: Any, argument: Any, option: str) -> Any:
    """Return the view `y` of `t`, which the function of `op` makes with its one argument."""
    out = made(y)
    out._writes = count = t._writes
    on, step = recording.get(), (op.function, argument)
    before = t._view
    if before is None:
        out._view = View(t, (step,), not on)
    else:
        out._view = View(before.base, (*before.steps, step), before.under_no_grad or not on)
    count.append(weakref.ref(out))
    if not len(count) & (len(count) - 1):  # now and then, forget those that are gone
        count[1:] = [one for one in count[1:] if one() is not None]
    if on and t._node is not None:
        out._node = node_of(op, (taped(t),), (count,), [t._array], {option: argument}, y, count)
    return out


VIEW = Op("ViewBackward0", np.reshape, ("",), "self")
UNSAFE_VIEW = Op("UnsafeViewBackward0", np.reshape, ("",), "self")


def reshaped(t: Any, shape: Any, op: Op = VIEW) -> Any:
    """Return the view of `t` in another shape; None if its numbers do not lie so in memory."""
    x = t._array
    y = x.reshape(shape)
    if not x.flags.c_contiguous and x.size and not np.may_share_memory(x, y):
        return None
    return view_of(t, op, y, shape, "shape")


def transposed(t: Any, axes: Any, op: Op) -> Any:
    """Return the view of `t` with its dimensions in another order."""
    return view_of(t, op, t._array.transpose(axes), axes, "axes")


def expanded(t: Any, shape: Any, op: Op) -> Any:
    """Return the view of `t` in a larger shape, along which its numbers repeat."""
    x = t._array
    extra = len(shape) - x.ndim
    stretched = zip(x.shape, x.strides, shape[extra:], strict=True)
    strides = (0,) * extra + tuple(s if n == into else 0 for n, s, into in stretched)
    y = np.lib.stride_tricks.as_strided(x, shape, strides)
    return view_of(t, op, y, tuple(shape), "shape")


def indexed(t: Any, at: Any, op: Op) -> Any:
    """Return the view of `t` at an index of numbers, slices and None."""
    if Ellipsis not in at:
        at = (*at, Ellipsis)  # a number alone would be a copy
    return view_of(t, op, t._array[at], at, "at")


AS_STRIDED = "AsStridedBackward0"


def regenerate(base: Any) -> None:
    """Lead all views of `base` there anew, after its history was rewritten."""
    for reference in base._writes[1:]:
        view = reference()
        if view is None or view._view is None or view._view.base is not base:
            continue
        if base._node is None:
            view._node = None
            continue
        v: Any = as_taped(base._array, base._node, base._writes)
        for function, argument in view._view.steps:
            v = RECORD[function](v, argument)
        view._node = v.link
        view._node[PLAN] = renamed(view._node[PLAN], AS_STRIDED)


def renamed(plan: Plan, name: str) -> Plan:
    """Return the plan of a node that is shown under another name."""
    if plan.name == name:
        return plan
    other = object.__new__(Plan)
    for slot in Plan.__slots__:
        if hasattr(plan, slot):
            setattr(other, slot, getattr(plan, slot))
    other.name = name
    return other
