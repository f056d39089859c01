"""Remainders, and quotients rounded to whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.values import numbers
from chainrule._rules.steps import rounded_down, rounded_to_zero

from .._checks import broadcast_error, combination_error, not_implemented
from .._kinds.dtypes import promoted
from .._tape.plans import Op, op_named
from .._tape.promotion import common, kind_of
from .._tape.quiet import QUIET, hush, unhush
from .._tensor import Tensor
from .._writing.out import into_out
from .joint import is_number, is_operand, joint, plain, without_derivative

__all__ = ["floor_divide", "fmod", "remainder"]


def pair_error(function: str, input: Any, other: Any) -> TypeError:
    middle = ["Number self, Tensor other"] if function == "remainder" else []
    end = "" if function == "floor_divide" else ", *, Tensor out = None"
    signatures = [
        "Tensor input, Tensor other, *, Tensor out = None",
        *middle,
        f"Tensor input, Number other{end}",
    ]
    return combination_error(function, (input, other), signatures)


FMOD_NUMBER = Op("FmodBackward0", np.fmod, ("",), "self")
FMOD = Op("FmodBackward1", np.fmod, ("", "self other"), "self other")
REMAINDER_NUMBER = Op("RemainderBackward0", np.remainder, ("",), "self")
REMAINDER = Op("RemainderBackward1", np.remainder, ("", "self other"), "self other")
ROUNDED_DOWN = Op("DivBackward2", rounded_down, ("self other",), "self other")
ROUNDED_TO_ZERO = Op("DivBackward2", rounded_to_zero, ("self other",), "self other")


def divisible(values: list[Any]) -> list[Any]:
    """Bring both sides to one dtype; whole numbers have no quotient by 0."""
    a, b = common(values)
    if getattr(b, "dtype", np.dtype(float)).kind in "biu" and not np.all(numbers(b)):
        raise RuntimeError("ZeroDivisionError")
    return [a, b]


def check_kernel(kernel: str, a: Any, b: Any) -> None:
    """Raise for truth values and complex numbers, which have no remainders."""
    kind = promoted([kind_of(plain(a)), kind_of(plain(b))])
    if kind.kind in "bc":
        not_implemented(kernel, kind)


def rest_of(function: str, op: Op, numbered: Op, input: Any, other: Any, out: Tensor | None) -> Any:
    if not isinstance(input, Tensor) or not (isinstance(other, Tensor) or is_number(other)):
        raise pair_error(function, input, other)
    check_kernel(f"{function}_cpu", input, other)
    result = joint(op if isinstance(other, Tensor) else numbered, (input, other), to=divisible)
    return result if out is None else into_out(function, result, out)


def fmod(input: Tensor, other: Any, *, out: Tensor | None = None) -> Any:
    """Return the remainder of the division, with the sign of `input`.

    >>> import chainrule.torch as torch
    >>> torch.fmod(torch.tensor([5.0, -5.0]), 3)
    tensor([ 2., -2.])
    """
    return rest_of("fmod", FMOD, FMOD_NUMBER, input, other, out)


def remainder(input: Any, other: Any, *, out: Tensor | None = None) -> Any:
    """Return the remainder of the division, with the sign of `other`, as Python's % does.

    >>> import chainrule.torch as torch
    >>> torch.remainder(torch.tensor([5.0, -5.0]), 3)
    tensor([2., 1.])
    """
    if is_number(input) and isinstance(other, Tensor):
        check_kernel("remainder_cpu", input, other)
        return quietly("remainder", np.remainder, input, other)
    return rest_of("remainder", REMAINDER, REMAINDER_NUMBER, input, other, out)


def quietly(function: str, compute: Callable[..., Any], a: Any, b: Any) -> Any:
    """Return what PyTorch computes without a derivative."""
    values = divisible([plain(a), plain(b)])
    token = hush(QUIET)
    try:
        y = compute(*values)
    except ValueError:
        raise broadcast_error(*(np.shape(v) for v in values)) from None
    finally:
        unhush(token)
    return without_derivative(function, (a, b), y)


def floor_divide(input: Any, other: Any, *, out: Tensor | None = None) -> Any:
    """Return the quotients rounded down to whole numbers; they have no derivative here.

    `torch.div(input, other, rounding_mode="floor")` has, and its gradient is 0.

    >>> import chainrule.torch as torch
    >>> torch.floor_divide(torch.tensor([7, -7]), 2)
    tensor([ 3, -4])
    """
    if not (isinstance(other, Tensor) or (isinstance(input, Tensor) and is_number(other))):
        raise pair_error("floor_divide", input, other)
    if not isinstance(input, Tensor) and not is_number(input):
        raise pair_error("floor_divide", input, other)
    check_kernel("div_floor_cpu", input, other)
    result = quietly("floor_divide", np.floor_divide, input, other)
    return result if out is None else into_out("floor_divide", result, out)


def rounded_quotient(input: Any, other: Any, rounding_mode: str) -> Any:
    """Return the quotient, rounded by "trunc" or "floor"; NotImplemented for what is no number."""
    if not isinstance(input, Tensor) or not (isinstance(other, Tensor) or is_number(other)):
        return NotImplemented
    if rounding_mode not in ("trunc", "floor"):
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found "
            f"'{rounding_mode}'"
        )
    check_kernel(f"div_{rounding_mode}_cpu", input, other)
    op = ROUNDED_DOWN if rounding_mode == "floor" else ROUNDED_TO_ZERO
    return joint(op, (input, other), to=divisible)


def quotient_operator(self: Tensor, other: Any) -> Any:
    return floor_divide(self, other) if is_operand(other) else NotImplemented


def quotient_swapped(self: Tensor, number: Any) -> Any:
    check_kernel("div_floor_cpu", number, self)
    return quietly("floor_divide", np.floor_divide, number, self)


def remainder_operator(self: Tensor, other: Any) -> Any:
    return remainder(self, other) if is_operand(other) else NotImplemented


def remainder_swapped(self: Tensor, number: Any) -> Any:
    return remainder(number, self) if is_number(number) else NotImplemented


for _op in (FMOD, REMAINDER, ROUNDED_DOWN, ROUNDED_TO_ZERO):
    op_named(_op.function, _op)

METHODS: dict[str, Callable[..., Any]] = {
    "__floordiv__": quotient_operator, "__mod__": remainder_operator,
    "__rfloordiv__": quotient_swapped, "__rmod__": remainder_swapped,
    "floor_divide": floor_divide, "fmod": fmod, "remainder": remainder,
}  # fmt: skip
