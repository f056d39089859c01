"""The array for what users hand over: numbers, nested lists of them, arrays, tensors.

Lists of Python's own numbers, which are nearly all, go straight to NumPy. Everything else is read
in PyTorch's three steps: the shape, from the first items; the number type, from all; the numbers.
"""

from __future__ import annotations

import math
import operator
import warnings
from itertools import chain
from typing import Any

import numpy as np

from .._arguments import title_of, whole_as
from .._kinds.dtypes import (
    bool_,
    complex64,
    complex128,
    float64,
    get_default_dtype,
    int64,
    of_numpy,
    promote_types,
)
from .._kinds.dtypes import dtype as number_type
from .._tape.quiet import QUIET, hush, unhush
from .._tensor import Tensor

__all__ = ["array_of", "cast_array", "checked_array"]

Array = np.ndarray[Any, Any]
WHOLE = int64.numpy

NUMBERS = {bool, int, float, complex}
SEQUENCES = {list, tuple}
RANK = {"b": 0, "u": 1, "i": 1, "f": 2, "c": 3}
SUPPORTED = (
    "float64, float32, float16, complex64, complex128, int64, int32, int16, int8, uint64, uint32, "
    "uint16, uint8, and bool"
)
COUNTED = "The only supported types are: "


def array_of(data: Any, kind: np.dtype[Any] | None = None) -> Array:
    """Return a new array of the numbers in `data`, of the number type that PyTorch gives them."""
    first = type(data)
    if first is list or first is tuple:
        types = {*map(type, data)}
        flat, depth = data, 1
        while types and types <= SEQUENCES and depth < 64:  # a list may hold itself
            flat, depth = [*chain.from_iterable(flat)], depth + 1
            types = {*map(type, flat)}
        if types <= NUMBERS:
            to = default_for(types) if kind is None else kind
            if kind is None or RANK[to.kind] >= rank_of(types) or kind.kind == "b":
                token = hush(QUIET)
                try:
                    return np.array(data, to)
                except (ValueError, TypeError, OverflowError):
                    pass  # what does not fit is said below
                finally:
                    unhush(token)
    elif kind is None and (first is float or (first is int and -(2**63) <= data < 2**63)):
        token = hush(QUIET)
        try:
            return np.array(data, get_default_dtype().numpy if first is float else WHOLE)
        finally:
            unhush(token)
    return read(data, kind)


def default_for(types: set[type]) -> np.dtype[Any]:
    if float in types or not types:
        found = get_default_dtype()
    elif int in types:
        found = int64
    else:
        found = bool_
    if complex in types:
        found = complex128 if get_default_dtype() is float64 else complex64
    return found.numpy


def rank_of(types: set[type]) -> int:
    return 3 if complex in types else 2 if float in types else 1 if int in types else 0


# ---------------------------------------------------------------- arrays


def checked_array(array: Array) -> Array:
    """Return `array` if a tensor can have its numbers."""
    kind = array.dtype
    if not kind.isnative:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. Conversion "
            "between byte orders is currently not supported."
        )
    try:
        of_numpy(kind)
    except KeyError:
        served = SUPPORTED
        if kind.name in ("uint16", "uint32", "uint64"):
            served = served.replace("uint64, uint32, uint16, ", "")
        raise TypeError(
            f"can't convert np.ndarray of type numpy.{kind.type.__name__}. {COUNTED}{served}."
        ) from None
    if any(s < 0 for s in array.strides) and array.size:
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative "
            "strides are not currently supported. (You can probably work around this by making a "
            "copy of your array  with array.copy().) "
        )
    if any(s % array.itemsize for s in array.strides):
        raise ValueError(
            "given numpy array strides not a multiple of the element byte size. Copy the numpy "
            "array to reallocate the memory."
        )
    return array if type(array) is np.ndarray else array.view(np.ndarray)


def cast_array(array: Array, kind: np.dtype[Any], copy: bool = True) -> Array:
    """Return the numbers of `array` as `kind`, with C's conversions, and its order in memory."""
    if array.dtype == kind and not copy:
        return array
    order: Any = "C" if 0 in array.strides else "K"
    token = hush(QUIET)
    try:
        if array.dtype.kind == "c" and kind.kind not in "cb":
            array = array.real
        if array.dtype.kind == "f" and kind.kind in "iu" and kind.itemsize < 4:
            # what C leaves of a large number: the last bits of a wider integer
            array = array.astype(np.int64 if kind.kind == "u" else np.int32)
        return array.astype(kind, order=order)
    finally:
        unhush(token)


# ---------------------------------------------------------------- everything else


def read(data: Any, kind: np.dtype[Any] | None) -> Array:
    if isinstance(data, Tensor):
        return cast_array(data._array, kind or data._array.dtype)
    if isinstance(data, np.ndarray):
        return cast_array(checked_array(data), kind or data.dtype)
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{title_of(data)}'")
    shape = lengths_of(data)
    if isinstance(data, list) and data and isinstance(data[0], np.ndarray):
        warnings.warn(
            "Creating a tensor from a list of numpy.ndarrays is extremely slow. Please consider "
            "converting the list to a single numpy.ndarray with numpy.array() before converting "
            "to a tensor.",
            UserWarning,
            stacklevel=4,
        )
    if kind is None:
        kind = type_of(data).numpy
    out = np.empty(shape, kind)
    if out.size:
        token = hush(QUIET)
        try:
            put(out, data, 0)
        finally:
            unhush(token)
    return out


def is_sequence(v: Any) -> bool:
    """Say whether `v` is a sequence as C sees it: a tensor is none."""
    return (
        hasattr(type(v), "__getitem__")
        and not isinstance(v, (dict, Tensor, number_type, type))
        and (isinstance(v, np.str_) or not isinstance(v, np.generic))
    )


def lengths_of(data: Any) -> tuple[int, ...]:
    lengths = []
    while is_sequence(data):
        n = len(data)
        lengths.append(n)
        if len(lengths) > 128:
            raise ValueError(f"too many dimensions '{type(data).__name__.rstrip('_')}'")
        if not n:
            break
        data = data[0]
    return tuple(lengths)


def type_of(data: Any) -> number_type:
    """Return the number type of one number, or what all in a sequence have together."""
    if isinstance(data, Tensor):
        return data.dtype
    if isinstance(data, (np.ndarray, np.generic)) and not isinstance(data, np.str_):
        return of_numpy(checked_array(np.asarray(data)).dtype)
    if isinstance(data, bool):
        return bool_
    if isinstance(data, int):
        return int64
    if isinstance(data, float):
        return get_default_dtype()
    if isinstance(data, complex):
        return complex128 if get_default_dtype() is float64 else complex64
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{title_of(data)}'")
    if not is_sequence(data):
        kind = type(data)
        title = f"decimal.{kind.__name__}" if kind.__module__ == "decimal" else title_of(data)
        raise RuntimeError(f"Could not infer dtype of {title}")
    found: number_type | None = None
    for i in range(len(data)):
        one = type_of(data[i])
        found = one if found is None or found is one else promote_types(found, one)
        if found is complex128:
            break
    return found or get_default_dtype()


def put(out: Array, data: Any, dim: int) -> None:
    """Write the numbers of `data` into `out`, whose first dimension is `dim` of all."""
    fits = isinstance(data, np.ndarray) and data.shape == out.shape
    if fits and np.can_cast(data.dtype, out.dtype, "safe"):
        out[...] = data
        return
    if not out.ndim:
        out[...] = number_as(data, out.dtype)
        return
    if not is_sequence(data):
        raise TypeError("not a sequence")
    if len(data) != out.shape[0]:
        raise ValueError(
            f"expected sequence of length {out.shape[0]} at dim {dim} (got {len(data)})"
        )
    if out.ndim == 1:
        for i, one in enumerate(data):
            out[i] = number_as(one, out.dtype)
    else:
        for i, one in enumerate(data):
            put(out[i], one, dim + 1)


def number_as(v: Any, kind: np.dtype[Any]) -> Any:
    """Return one number for an array of `kind`."""
    if kind.kind == "b":
        return bool(v)
    if kind.kind == "c" and not isinstance(v, str):
        if isinstance(v, (complex, np.complexfloating, Tensor)):
            return complex(v)  # type: ignore[arg-type]
        return complex(math.ldexp(v, 0))
    if kind.kind in "fc":
        return math.ldexp(v, 0)  # a float only of what is a number: float("1") is one, too
    if not isinstance(v, float):
        v = operator.index(v)
        if not -(2**63) <= v < 2**63:
            raise ValueError("Overflow when unpacking long long")
    found = whole_as(v, kind)
    if found is None:
        raise RuntimeError(f"value cannot be converted to type {kind.name} without overflow")
    return found
