"""Writing into arrays that are being differentiated: the object stays, what it holds is new.

NumPy's `A[i] = v` is recorded as a function of A and v, and A becomes its result; the array that A
was made from, which may be the user's own, keeps its numbers. Views follow (views.py).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from .constants import still
from .examples import innermost_batch, stand_in
from .overwriting import become, is_alone, read_anew, written_alone
from .parts import overwritten, put_into
from .pushing import settled
from .table import RECORD
from .traces import joined
from .values import (
    BATCHES,
    OPAQUE,
    Held,
    Moving,
    Recorded,
    Value,
    bare,
    cast,
    dtype_of,
    holds_value,
    ndim_of,
    numbers,
    shape_of,
    take,
)
from .views import is_part, path_to, step_of

__all__ = ["in_place", "replace", "set_item", "write", "written_out"]


def replace(target: Any, new: Any) -> None:
    """Let the recorded array `target` be `new`, in place, in the dtype that it has."""
    if shape_of(new) != shape_of(target):
        raise ValueError(
            f"could not broadcast input array from shape {shape_of(new)} into shape "
            f"{shape_of(target)}"
        )
    if getattr(target, "source", None) is not None:
        write(target, new)
    else:
        become(target, settled(new, target))


def write(target: Any, v: Any, steps: tuple[Any, ...] = ()) -> None:
    """Put `v` into the part of `target` that `steps` lead to."""
    plain = numbers(target)
    if not is_array(target):
        raise TypeError(
            f"{type(plain).__name__!r} object does not support item assignment: a number is not "
            "written to, but replaced by another."
        )
    root, path = path_to(target)
    if root is not target:
        if not plain.flags.writeable:
            raise ValueError("assignment destination is read-only")
        if any(step_of(step) is np.imag for step in path) and plain.dtype != numbers(root).dtype:
            raise TypeError(
                "the imaginary part of an array that is being differentiated is written as a "
                "whole: a.imag = v."
            )
    del plain  # one holder less
    if type(v) is list or type(v) is tuple:
        v = joined(v)
    if type(v) is Held:
        v = v.value
    if not BATCHES or innermost_batch((v, steps)) is None:
        if type(root) is Held and not isinstance(v, Value) and is_alone(root):
            put_into(root.value, v, (*path, *steps))
            if BATCHES:  # what places of a batch gave are copies
                read_anew(root)
            return
        if written_alone(root, v, (*path, *steps)):
            return
    whole = root.value if type(root) is Held else root
    become(root, overwritten(whole, v, (*path, *steps)))


def is_array(v: Any) -> bool:
    """Say whether a value is an array, and can be written to; a number never changes."""
    return type(numbers(v)) is np.ndarray and (type(bare(v)) is np.ndarray or ndim_of(v) > 0)


def set_item(a: Any, at: Any, v: Any) -> None:
    """Do `a[at] = v`."""
    if not is_part(v, a, at):
        write(a, v, ((take, still(at)),))


# ---------------------------------------------------------------- operators in place


ARRAYS = {Recorded, Moving, Held, *OPAQUE}


def in_place(ufunc: Any, plus: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return `a += b`: of an array in place; of a number, which never changes, `a + b`."""

    def change(a: Any, b: Any) -> Any:
        y = plus(a, b)
        if y is NotImplemented or type(a) not in ARRAYS or not is_array(a):
            return y
        y = fitting(ufunc, a, b, y)
        if getattr(a, "source", None) is not None:
            write(a, y)
        else:
            become(a, y)
        return a

    change.__name__ = change.__qualname__ = ufunc.__name__
    return change


def fitting(ufunc: Any, a: Any, b: Any, y: Any) -> Any:
    """Return `y`, which `ufunc(a, b)` gave, in the dtype of `a`; raise where NumPy does."""
    dtype = dtype_of(a)
    if shape_of(y) == shape_of(a) and dtype_of(y) == dtype:
        return y
    if shape_of(y) != shape_of(a) or not np.can_cast(dtype_of(y), dtype, "same_kind"):
        refuse_in_place(ufunc, bare(a), bare(b))
    return cast(y, dtype)


def refuse_in_place(ufunc: Any, a: Any, b: Any) -> NoReturn:
    """Raise what NumPy raises of such numbers."""
    if ufunc is np.matmul and (np.ndim(a) < 1 or np.ndim(b) < 2):
        raise ValueError(
            "inplace matrix multiplication requires the first operand to have at least one and the "
            "second at least two dimensions."
        )
    if isinstance(ufunc, np.ufunc):
        from .constant_calls import constant_call

        a = a.copy()
        constant_call(ufunc)(a, b, out=a)
    raise TypeError(f"the result of {ufunc.__name__} does not fit into the array to write to")


# What the instruction of `a += b` has as its argument: that of `a + b`, 0 to 12, and 13.
IN_PLACE = range(13, 26)


def written_out(function: Any, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Answer a call with out=, if that is an array that takes what is being differentiated.

    NotImplemented if it is not.
    """
    out = options["out"]
    target = out[0] if type(out) is tuple and len(out) == 1 else out
    if type(target) in ARRAYS and not is_array(target):
        raise TypeError("return arrays must be of ArrayType")
    if type(target) in ARRAYS and "where" not in options:
        rest = {name: v for name, v in options.items() if name != "out"}
        any_ = any(map(holds_value, (*inputs, *rest.values())))
        y = (RECORD[function] if any_ else function)(*inputs, **rest)
        if not np.can_cast(dtype_of(y), dtype_of(target), "same_kind"):
            refuse_in_place(function, bare(target), y)
        if shape_of(y) != shape_of(target):  # NumPy itself says whether it fits, and what is wrong
            from .constant_calls import constant_call

            like = np.empty(shape_of(target), dtype_of(target))
            if BATCHES:
                inputs = tuple(map(stand_in, inputs))
            constant_call(function)(*inputs, **rest, out=like)
        target[...] = y
        return target
    if not any(map(holds_value, (*inputs, *options.values()))):
        return function(*inputs, **options)
    if target is inputs[0] and len(inputs) == 2 and isinstance(function, np.ufunc):
        return assigned(function, *inputs)
    return NotImplemented


def assigned(ufunc: Any, a: Any, b: Any) -> Any:
    """Answer `a += b` of a plain array and a value being differentiated: `a` is the sum, then.

    NumPy calls `add(a, b, out=(a,))`; what Python was told to do is in the caller's instruction.
    NotImplemented if that is anything else.
    """
    frame: Any = sys._getframe(1)
    while frame is not None and frame.f_code is not Value.__array_ufunc__.__code__:
        frame = frame.f_back
    if frame is None or (frame := frame.f_back) is None:
        return NotImplemented
    code, at = frame.f_code.co_code, frame.f_lasti
    from dis import opname

    if opname[code[at]] != "BINARY_OP" or code[at + 1] not in IN_PLACE:
        return NotImplemented
    return fitting(ufunc, a, b, RECORD[ufunc](a, b))
