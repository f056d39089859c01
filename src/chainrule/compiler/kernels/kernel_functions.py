"""What printed kernels call beside elementary functions and products: sums, checks of indices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from .elementary import EXACT

__all__ = ["KERNEL", "checked", "floor_divide", "plus", "within", "wrapped"]

# A kernel's own formulas keep their order, as written: compensated sums stay compensated.
KERNEL: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}, "nogil": True}


@njit(**(EXACT | {"fastmath": {"contract", "reassoc"}}))
def plus(total, x):
    """Return total + x, of a sum whose terms LLVM may add in any order: several at a time."""
    return total + x


@njit(error_model="numpy")
def within(indices, size):
    """Raise an IndexError, as NumPy would, unless all indices are places of an axis of `size`."""
    for index in indices.flat:
        if index < -size or index >= size:
            raise IndexError("an index is out of bounds for the axis that it is a place of")


@njit(**EXACT)
def floor_divide(a, b):
    """Return the largest whole number not above a / b, as NumPy computes it."""
    if b == 0:
        return a / b
    rest = np.fmod(a, b)
    whole = (a - rest) / b
    if rest != 0 and (b < 0) != (rest < 0):
        whole -= 1
    if whole == 0:
        return math.copysign(whole, a / b)
    below = np.floor(whole)
    return below + 1 if whole - below > 0.5 else below


@njit(**EXACT)
def wrapped(index, size):
    """Return an index counted from the start."""
    return index + size if index < 0 else index


@njit(error_model="numpy")
def checked(index, size):
    """Return an index counted from the start; an IndexError if it is out of bounds."""
    if index < -size or index >= size:
        raise IndexError("an index is out of bounds for the axis that it is a place of")
    return wrapped(index, size)
