"""A tensor as the engine sees it: a value of a kind of its own, at the outermost level."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np

from chainrule._core.values import Batched, Value, cast, dtype_of

from .._tensor import Tensor, made

__all__ = ["TAPE", "Taped", "as_array", "as_taped", "cell", "conjugated", "recording", "taped"]

TAPE = -(10**15)  # the level of taped values: inside of all others, of batches too

recording: ContextVar[bool] = ContextVar("recording", default=True)


class Taped(Value):
    """A tensor's array as the engine sees it; `link` is its node, `writes` its write count."""

    __slots__ = ("writes",)
    writes: Any


def as_array(y: Any, dtype: Any = None) -> Any:
    """Return what a function of NumPy gave as an array, or as a batch of arrays."""
    if type(y) is Batched:
        return y if dtype is None or y.dtype == dtype else cast(y, dtype)
    return np.asarray(y, dtype)


def taped(t: Any) -> Any:
    """Return what the engine computes with in place of `t`: recorded, if `t` wants a gradient."""
    if not isinstance(t, Tensor):
        return t
    if t._node is None:
        return t._array
    return as_taped(t._array, t._node, t._writes)


def as_taped(array: Any, node: Any, writes: Any = None) -> Taped:
    out = Taped()
    out.value, out.level, out.link, out.writes = array, TAPE, node, writes
    return out


def cell(v: Any) -> Any:
    """Return the tensor for a value that the engine returned."""
    if type(v) is Taped:
        out = made(as_array(v.value))
        out._node = v.link
        if v.writes is not None:
            out._writes = v.writes
        return out
    return made(as_array(v))


def conjugated(g: Any) -> Any:
    """Turn the engine's gradient of a complex number into PyTorch's, or back; real ones stay.

    The engine pairs changes by Re(sum(g * t)); PyTorch by Re(sum(conj(g) * t)), so that a step
    against the gradient goes downhill.
    """
    return np.conjugate(g) if dtype_of(g).kind == "c" else g
