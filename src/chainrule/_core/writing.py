"""Writing into arrays that are being differentiated: the object stays, what it holds is new."""

from __future__ import annotations

from typing import Any

import numpy as np

from .traces import settled
from .values import Held, Value, dtype_of, made, shape_of

__all__ = ["replace", "writable"]


def writable(array: Any) -> Any:
    """Return a constant array that values being differentiated may be written into.

    Numbers, and arrays of whole numbers and truth values, are returned as they are.
    """
    if type(array) is np.ndarray and array.ndim and array.dtype.kind in "fc":
        return made(Held, array, None, None)  # type: ignore[arg-type]
    return array


def replace(target: Any, new: Any) -> None:
    """Let the recorded array `target` be `new`, in place, in the dtype that it has."""
    if shape_of(new) != shape_of(target):
        raise ValueError(
            f"could not broadcast input array from shape {shape_of(new)} into shape "
            f"{shape_of(target)}"
        )
    become(target, settled(new, target))


def become(target: Any, new: Any) -> None:
    if not isinstance(new, Value):
        new = writable(new)
    target.__class__ = type(new)
    target.value, target.level, target.link = new.value, new.level, new.link
