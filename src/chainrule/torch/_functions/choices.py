"""Choices between numbers: the larger, the smaller, those within bounds, those that a mask says."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.traces import tick
from chainrule._rules.arithmetic import clipped

from .._checks import check_tensors, combination_error
from .._kinds.dtypes import promoted, scalar_name
from .._tape.plans import Op, op_named
from .._tape.promotion import common, kind_of
from .._tape.quiet import QUIET, hush, unhush
from .._tape.values import as_array, as_taped, recording
from .._tensor import Tensor, made
from .._writing.out import into_out
from .arithmetic import operator_of
from .joint import is_number, joint, plain

__all__ = ["clamp", "clamp_max", "clamp_min", "clip", "maximum", "minimum", "where"]

asarray = as_array
NUMBERS_OR_NONE = {int, float, type(None)}

# ---------------------------------------------------------------- the larger and the smaller

MAXIMUM = Op("MaximumBackward0", np.maximum, ("self other",), "self other")
MINIMUM = Op("MinimumBackward0", np.minimum, ("self other",), "self other")
larger, smaller = operator_of(MAXIMUM), operator_of(MINIMUM)


def maximum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the larger of each two numbers; NaN if one is. Equal ones share the gradient.

    >>> import chainrule.torch as torch
    >>> torch.maximum(torch.tensor([1.0, 5.0]), torch.tensor([2.0, 3.0]))
    tensor([2., 5.])
    """
    if type(input) is not Tensor or type(other) is not Tensor:
        check_tensors("maximum", input=input, other=other)
    result = larger(input, other)
    if result._array.dtype.kind == "c":
        raise RuntimeError("maximum not implemented for complex tensors.")
    return result if out is None else into_out("maximum", result, out)


def minimum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the smaller of each two numbers; NaN if one is. Equal ones share the gradient.

    >>> import chainrule.torch as torch
    >>> torch.minimum(torch.tensor([1.0, 5.0]), torch.tensor([2.0, 3.0]))
    tensor([1., 3.])
    """
    if type(input) is not Tensor or type(other) is not Tensor:
        check_tensors("minimum", input=input, other=other)
    result = smaller(input, other)
    if result._array.dtype.kind == "c":
        raise RuntimeError("minimum not implemented for complex tensors.")
    return result if out is None else into_out("minimum", result, out)


# ---------------------------------------------------------------- bounds

CLAMP_NUMBERS = Op("ClampBackward1", clipped, ("self",), "self")
CLAMP = Op("ClampBackward0", clipped, ("self min max",), "self min max")
CLAMP_MIN_NUMBER = Op("ClampMinBackward0", clipped, ("self",), "self")
CLAMP_MIN = Op("ClampMinBackward1", clipped, ("self min",), "self min")
CLAMP_MAX_NUMBER = Op("ClampMaxBackward0", clipped, ("self",), "self")
CLAMP_MAX = Op("ClampMaxBackward1", clipped, ("self max",), "self min max")
SLOPE, _ = CLAMP_NUMBERS.stated().argument(0) or (None, None)
ONE_INPUT = CLAMP_NUMBERS.plan(1)
CLAMP_SIGNATURES = (
    "Tensor input, Tensor min = None, Tensor max = None, *, Tensor out = None",
    "Tensor input, Number min = None, Number max = None, *, Tensor out = None",
)


def ends_for(input: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """Return the bounds; one that is missing becomes the last number there is."""
    dtype = promoted([kind_of(plain(v)) for v in (input, low, high) if v is not None])
    if dtype.kind == "c":
        raise NotImplementedError("clamp is not supported for complex types")
    least, most = -np.inf, np.inf
    if dtype.kind in "iu":
        least, most = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
    elif dtype.kind == "b":
        least, most = False, True
    return least if low is None else low, most if high is None else high


def within(x: Any, low: Any, high: Any) -> Any:
    """np.clip without its Python layers."""
    return np.minimum(np.maximum(x, low), high)


def between_numbers(input: Any, low: float, high: float) -> Any:
    """The common call: a tensor of floating-point numbers within two numbers."""
    x, parent = input._array, input._node
    token = hush(QUIET)
    try:
        y = np.minimum(np.maximum(x, low), high)
    finally:
        unhush(token)
    result = made(y if type(y) is np.ndarray else asarray(y))
    if parent is not None and recording.get():
        writes = input._writes
        held: Any = (as_taped(x, parent, writes), low, high), {}, y
        result._node = [
            tick(), SLOPE, parent, (x, low, high), None, ONE_INPUT, (writes, writes[0], 0), held,
            None,
        ]  # fmt: skip
    return result


def clamp(input: Tensor, min: Any = None, max: Any = None, *, out: Tensor | None = None) -> Any:
    """Return the numbers, those below `min` raised to it and those above `max` lowered to it.

    The bounds are two numbers, or two tensors that broadcast; one may be missing. The slope is 1
    on the bounds too. Where `min` is above `max`, the result is `max`.

    >>> import chainrule.torch as torch
    >>> torch.clamp(torch.tensor([-1.0, 0.5, 2.0]), 0, 1)
    tensor([0.0000, 0.5000, 1.0000])
    """
    if (
        type(min) in NUMBERS_OR_NONE
        and type(max) in NUMBERS_OR_NONE
        and type(input) is Tensor
        and input._array.dtype.kind == "f"
        and not (min is None and max is None)
    ):
        result = between_numbers(
            input, -math.inf if min is None else min, math.inf if max is None else max
        )
        return result if out is None else into_out("clamp", result, out)
    ends = [v for v in (min, max) if v is not None]
    tensors = [isinstance(v, Tensor) for v in ends]
    if not isinstance(input, Tensor) or not (all(tensors) or all(map(is_number, ends))):
        raise combination_error("clamp", (input, *ends), CLAMP_SIGNATURES)
    if not ends:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    op = CLAMP if tensors[0] else CLAMP_NUMBERS
    result = joint(op, (input, *ends_for(input, min, max)), to=common, call=within)
    return result if out is None else into_out("clamp", result, out)


def clamp_min(input: Tensor, min: Any, *, out: Tensor | None = None) -> Any:
    """Return the numbers, those below `min` raised to it; see `clamp`.

    >>> import chainrule.torch as torch
    >>> torch.clamp_min(torch.tensor([-1.0, 0.5]), 0)
    tensor([0.0000, 0.5000])
    """
    check_tensors("clamp_min", input=input)
    op = CLAMP_MIN if isinstance(min, Tensor) else CLAMP_MIN_NUMBER
    result = joint(op, (input, *ends_for(input, min, None)), to=common, call=within)
    return result if out is None else into_out("clamp_min", result, out)


def clamp_max(input: Tensor, max: Any, *, out: Tensor | None = None) -> Any:
    """Return the numbers, those above `max` lowered to it; see `clamp`.

    >>> import chainrule.torch as torch
    >>> torch.clamp_max(torch.tensor([-1.0, 0.5]), 0)
    tensor([-1.,  0.])
    """
    check_tensors("clamp_max", input=input)
    op = CLAMP_MAX if isinstance(max, Tensor) else CLAMP_MAX_NUMBER
    result = joint(op, (input, *ends_for(input, None, max)), to=common, call=within)
    return result if out is None else into_out("clamp_max", result, out)


# ---------------------------------------------------------------- choices

WHERE = Op("WhereBackward0", np.where, ("", "condition", "condition"), "condition self other")
WHERE_SIGNATURES = (
    "Tensor condition",
    "Tensor condition, Tensor input, Tensor other, *, Tensor out = None",
    "Tensor condition, Number self, Tensor other",
    "Tensor condition, Tensor input, Number other",
    "Tensor condition, Number self, Number other",
)


def chosen(values: list[Any]) -> list[Any]:
    dtype = promoted([kind_of(v) for v in values[1:]])
    return [values[0], *(asarray(v).astype(dtype, copy=False) for v in values[1:])]


def where(
    condition: Tensor, input: Any = None, other: Any = None, *, out: Tensor | None = None
) -> Any:
    """Return the numbers of `input` where `condition` is true, and those of `other` elsewhere.

    Tensors broadcast, and one or both choices may be numbers. With `condition` alone: the indices
    of what is not 0 in it, a tensor for each dimension.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([-1.0, 2.0])
    >>> torch.where(x > 0, x, 0.0), torch.where(x > 0)
    (tensor([0., 2.]), (tensor([1]),))
    """
    if not isinstance(condition, Tensor) or (input is None) != (other is None):
        given = [v for v in (condition, input, other) if v is not None]
        raise combination_error("where", given, WHERE_SIGNATURES)
    if input is None:
        return tuple(made(index) for index in np.nonzero(np.atleast_1d(condition._array)))
    if not all(isinstance(v, Tensor) or is_number(v) for v in (input, other)):
        raise combination_error("where", (condition, input, other), WHERE_SIGNATURES)
    if condition._array.dtype != bool:
        raise RuntimeError(
            "where expected condition to be a boolean tensor, but got a tensor with dtype "
            f"{scalar_name(condition._array.dtype)}"
        )
    result = joint(WHERE, (condition, input, other), to=chosen)
    return result if out is None else into_out("where", result, out)


def where_method(self: Tensor, condition: Tensor, other: Any) -> Any:
    return where(condition, self, other)


clip = clamp
for op in (MAXIMUM, MINIMUM, CLAMP, WHERE):
    op_named(op.function, op)

METHODS: dict[str, Callable[..., Any]] = {
    "clamp": clamp, "clamp_max": clamp_max, "clamp_min": clamp_min, "clip": clip,
    "maximum": maximum, "minimum": minimum, "where": where_method,
}  # fmt: skip
