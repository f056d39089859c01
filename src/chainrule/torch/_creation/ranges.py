"""Evenly spaced numbers, to PyTorch's last bit.

A step that no floating-point number is leaves its trace in the last bits, and so does the order of
the roundings: `linspace` counts from the end in the second half, `arange` takes blocks of numbers
from the block's first, and both multiply and add with one rounding.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._arguments import is_number, no_overload, number_type, scalar_as, title_of, whole
from .._checks import not_implemented
from .._kinds.dtypes import complex64, complex128, float64, get_default_dtype, int64
from .._tape.quiet import QUIET, hush, unhush
from .._tensor import Tensor
from ..random._fused import _product, _sum, _sum_to_odd, fused
from .filled import OPTIONS, delivered

__all__ = ["arange", "linspace", "logspace"]

ARANGE = (
    f"Number end, *, Tensor out = None, {OPTIONS}",
    f"Number start, Number end, *, {OPTIONS}",
    f"Number start, Number end, Number step = 1, *, Tensor out = None, {OPTIONS}",
)
LINSPACE = tuple(
    f"{start} start, {end} end, int steps, *, Tensor out = None, {OPTIONS}"
    for start, end in (
        ("Tensor", "Tensor"), ("Number", "Tensor"), ("Tensor", "Number"), ("Number", "Number")
    )
)  # fmt: skip
LOGSPACE = tuple(one.replace("int steps,", "int steps, float base = 10.0,") for one in LINSPACE)


def number_of(v: Any) -> Any:
    return v._array.item() if isinstance(v, Tensor) else v.item() if hasattr(v, "item") else v


EXACT = {2: 2.0**11, 4: 2.0**24, 8: 2.0**53}  # the whole numbers that a type has, by its bytes
DOUBLE, WHOLE = float64.numpy, int64.numpy

# ---------------------------------------------------------------- arange


def arange(
    *ends: Any,
    start: Any = None,
    end: Any = None,
    step: Any = None,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return the numbers from `start` (0) in steps of `step` (1) that do not reach `end`.

    They are int64 if all three are integers, else of the default type.

    >>> arange(3), arange(1, 2, 0.25)
    (tensor([0, 1, 2]), tensor([1.0000, 1.2500, 1.5000, 1.7500]))
    """
    named = {k: v for k, v in (("start", start), ("end", end), ("step", step)) if v is not None}
    first, last, by = three(ends, named)
    kind = number_type("arange", dtype)
    if kind is not None:
        to = kind
    elif out is not None:
        to = out._array.dtype
    elif all(isinstance(v, int) for v in (first, last, by)):
        to = int64.numpy
    else:
        to = get_default_dtype().numpy
    array = counted(first, last, by, to)
    if isinstance(out, Tensor) and out._array.size not in (0, array.size):
        warnings.warn(
            f"The number of elements in the out tensor of shape {list(out._array.shape)} is "
            f"{out._array.size} which does not match the computed number of elements "
            f"{array.size}. Note that this may occur as a result of rounding error. The out "
            f"tensor will be resized to a tensor of shape ({array.size},).",
            UserWarning,
            stacklevel=2,
        )
    return delivered("arange", array, kind, out, device, pin_memory, requires_grad)


def three(ends: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """Return start, end and step, as Python's numbers."""
    slots = ("end",) if len(ends) == 1 and "end" not in named else ("start", "end", "step")
    given = dict(zip(slots, ends, strict=False))
    if len(ends) > 3 or given.keys() & named.keys() or not (given or named):
        raise no_overload("arange", ends, named, *ARANGE)
    given |= named
    if "end" not in given:
        raise TypeError('arange() missing 1 required positional arguments: "end"')
    for key, v in given.items():
        if not is_number(v):
            if len(given) > 1:
                raise no_overload("arange", ends, named, *ARANGE)
            place = "" if key in named else " (position 1)"
            raise TypeError(f"arange(): argument '{key}'{place} must be Number, not {title_of(v)}")
    return tuple(number_of(given.get(k, d)) for k, d in (("start", 0), ("end", 0), ("step", 1)))


def counted(start: Any, end: Any, step: Any, kind: np.dtype[Any]) -> NDArray[Any]:
    if kind.kind in "bc":
        not_implemented("arange_cpu", kind)
    a, b, by = (scalar_as(v, DOUBLE) for v in (start, end, step))
    if by == 0:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(a) and math.isfinite(b)):
        raise RuntimeError(f"unsupported range: {a:g} -> {b:g}")
    if (by > 0 and a > b) or (by < 0 and a < b):
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    if kind.kind in "iu":
        first, last, each = (scalar_as(v, WHOLE) for v in (start, end, step))
        if kind == WHOLE:
            if each == 0:
                raise ValueError("step must be nonzero")
            return np.arange(first, last, each, dtype=kind)
        i = np.arange(math.ceil((b - a) / by))
        return np.asarray(first + each * i).astype(kind)
    size = math.ceil((b - a) / by)
    if size >= 2**63:
        raise RuntimeError("invalid size, possible overflow?")
    token = hush(QUIET)
    try:
        return in_steps(a, by, size, kind)
    finally:
        unhush(token)


def in_steps(start: float, step: float, size: int, kind: np.dtype[Any]) -> NDArray[Any]:
    """Return start + i * step, in PyTorch's blocks of 32 bytes, which it works off two at a time.

    A block begins with its first number in the result's type; the others count from there in
    float64. What is left at the end counts from `start`.
    """
    i = np.arange(size, dtype=np.float64)
    work: Any = np.float64
    if kind.itemsize == 2:
        work = np.float32  # what halves are computed in
        start, step = float(work(start)), float(work(step))
    if exact(start, step, size, kind):
        return (i * step + start).astype(kind)
    block = 32 // kind.itemsize
    if size < 2 * block:
        return fused(i, step, start).astype(work).astype(kind)
    full = size // (2 * block) * 2 * block
    first = fused(i[:full:block], step, start).astype(kind).astype(np.float64)
    high, low = _product(i[:block], step)
    small, smaller = _sum(low, first[:, None])
    large, rest = _sum(high, small)
    large += _sum_to_odd(smaller, rest)
    numbers = np.concatenate([large.ravel(), fused(i[full:], step, start)])
    return numbers.astype(work).astype(kind)


def exact(start: float, step: float, size: int, kind: np.dtype[Any]) -> bool:
    """Say whether nothing is rounded, because all numbers are whole and not large."""
    largest = abs(start) + abs(step) * size
    return start.is_integer() and step.is_integer() and largest < EXACT[kind.itemsize]


# ---------------------------------------------------------------- linspace


def spread(
    name: str, ways: tuple[str, ...], given: tuple[Any, ...], kind: Any
) -> tuple[Any, Any, int, np.dtype[Any]]:
    """Return start, end and number of steps as Python's numbers, and the number type."""
    start, end, steps = given
    tensors = [v._array.ndim if isinstance(v, Tensor) else 0 for v in (start, end)]
    fits = [isinstance(v, Tensor) or is_number(v) for v in (start, end)]
    if not all(fits) or not whole(steps):
        raise no_overload(name, [v for v in given if v is not None], {}, *ways)
    if any(tensors):
        raise RuntimeError(
            f"{name} only supports 0-dimensional start and end tensors, but got start with "
            f"{tensors[0]} dimension(s) and end with {tensors[1]} dimension(s)."
        )
    first, last, count = number_of(start), number_of(end), int(steps)
    if count < 0:
        raise RuntimeError("number of steps must be non-negative")
    own = get_default_dtype()
    if isinstance(first, complex) or isinstance(last, complex):
        own = complex128 if own is float64 else complex64
        if kind is not None and kind.kind != "c":
            raise RuntimeError(
                f"torch.{name}(): inferred dtype c10::complex<float> can't be safely cast to "
                f"passed dtype {kind.name.capitalize()[:-2]}"
            )
    return first, last, count, kind or own.numpy


def linspace(
    start: Any = None,
    end: Any = None,
    steps: Any = None,
    *,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return `steps` evenly spaced numbers from `start` to `end`, both of which are among them.

    >>> linspace(0, 1, 5)
    tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
    """
    kind = number_type("linspace", dtype)
    to = kind if out is None or kind is not None else out._array.dtype
    array = spaced(*spread("linspace", LINSPACE, (start, end, steps), to))
    return delivered("linspace", array, kind, out, device, pin_memory, requires_grad)


def spaced(start: Any, end: Any, steps: int, kind: np.dtype[Any]) -> NDArray[Any]:
    if kind.kind == "b":
        not_implemented("linspace_cpu", kind)
    first = scalar_as(start, kind)
    if steps < 2:
        return np.full(steps, first, kind)
    last = scalar_as(end, kind)
    half = steps // 2
    token = hush(QUIET)
    try:
        one = float if kind.kind in "iu" else kind.type
        first, last = one(first), one(last)
        step = (last - first) / one(steps - 1)
        if kind.kind == "c" or kind.itemsize == 2:
            return mirrored(first, last, step, steps)
        i = np.arange(steps, dtype=np.float32 if kind.name == "float32" else np.float64)
        front = fused(i[:half], float(step), float(first))
        back = fused(i[: steps - half], -float(step), float(last))[::-1]
        return np.concatenate([front, back]).astype(kind)
    finally:
        unhush(token)


def mirrored(first: Any, last: Any, step: Any, steps: int) -> NDArray[Any]:
    i = np.arange(steps, dtype=first.real.dtype)
    found: NDArray[Any] = np.where(i < steps // 2, first + step * i, last - step * i[::-1])
    return found


def logspace(
    start: Any = None,
    end: Any = None,
    steps: Any = None,
    base: float = 10.0,
    *,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return `steps` numbers whose logarithms are evenly spaced: from base**start to base**end.

    >>> logspace(0, 2, 3)
    tensor([  1.,  10., 100.])
    """
    kind = number_type("logspace", dtype)
    first, last, count, to = spread("logspace", LOGSPACE, (start, end, steps), kind)
    powers = spaced(first, last, count, to if to.kind in "fc" else float64.numpy)
    token = hush(QUIET)
    try:
        array = np.power(np.asarray(base, powers.dtype), powers).astype(to)
    finally:
        unhush(token)
    return delivered("logspace", array, kind, out, device, pin_memory, requires_grad)


METHODS: dict[str, Callable[..., Any]] = {}
