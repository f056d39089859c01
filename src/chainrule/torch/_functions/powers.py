"""Powers: of tensors, with one operand a number, and as PyTorch computes the common ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule._core.traces import tick

from .._checks import combination_error, not_implemented
from .._tape.nodes import HELD, MORE, PULL
from .._tape.plans import Op, op_named
from .._tape.promotion import common
from .._tape.quiet import QUIET, hush, unhush
from .._tape.values import as_array, as_taped, recording
from .._tensor import Tensor
from .._writing.out import into_out
from .joint import is_number, joint

__all__ = ["pow"]

ndarray, new, asarray, is_recording = np.ndarray, object.__new__, as_array, recording.get

POW_NUMBER = Op("PowBackward0", np.power, ("self",), "self")
POW = Op("PowBackward1", np.power, ("self exponent result",), "self exponent")
POW_OF_NUMBER = Op("PowBackward2", np.power, ("", "exponent result"), "self exponent")
POW_SIGNATURES = (
    "Tensor input, Tensor exponent, *, Tensor out = None",
    "Number self, Tensor exponent, *, Tensor out = None",
    "Tensor input, Number exponent, *, Tensor out = None",
)
SLOPE, KEEP = POW_NUMBER.stated().argument(0) or (None, None)
ONE_INPUT = POW_NUMBER.plan(1)
NEGATIVE = "Integers to negative integer powers are not allowed."


def op_of_power(values: Sequence[Any]) -> Op:
    a, b = (type(v) in (bool, int, float, complex) for v in values)
    return POW_OF_NUMBER if a else POW_NUMBER if b else POW


def power(a: Any, b: Any) -> Any:
    """a ** b, as PyTorch computes the common powers: from products and roots."""
    if type(b) is ndarray:
        return whole_power(a, b) if b.dtype.kind == "i" and (b < 0).any() else np.power(a, b)
    if b == 3:
        return a * a * a
    if b == -2:
        return 1 / (a * a)
    if b == -0.5:
        return 1 / np.sqrt(a)
    return a**b


def to_number(input: Any, exponent: Any) -> Any:
    """The power of a tensor of floating-point numbers: what programs call most."""
    x, parent = input._array, input._node
    if x.dtype.kind != "f":
        return general_power(POW_NUMBER, input, exponent)
    token = hush(QUIET)
    try:
        y = power(x, exponent)
    finally:
        unhush(token)
    result = new(Tensor)
    result._array = y = y if type(y) is ndarray else asarray(y)
    result._writes = [0]
    result._node = None
    if parent is not None and is_recording():
        writes = input._writes
        held: Any = (as_taped(x, parent, writes), exponent), {}, y
        result._node = [
            tick(), SLOPE, parent, (x, exponent), None, ONE_INPUT, (writes, writes[0], 0), held,
            None,
        ]  # fmt: skip
    return result


def general_power(op: Op, a: Any, b: Any) -> Any:
    if isinstance(b, (int, np.integer)) and b < 0 and a._array.dtype.kind in "biu":
        raise RuntimeError(NEGATIVE)
    result = joint(op, (a, b), call=power, to=powers)
    node = result._node
    if op is POW and node is not None and b._array.dtype.kind == "b":
        node[PULL], node[MORE], node[HELD] = less_one_of_truth, None, None
    return result


def less_one_of_truth(*_: Any) -> Any:
    """The derivative of a power takes 1 from the exponent, which PyTorch refuses if it is bool."""
    raise RuntimeError(
        "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to "
        "invert a mask, use the `~` or `logical_not()` operator instead."
    )


def powers(values: list[Any]) -> list[Any]:
    a, b = common(values)
    if (a if type(a) is ndarray else b).dtype.kind == "b":
        not_implemented("pow", np.dtype(bool))
    return [a, b]


def whole_power(a: Any, b: Any) -> Any:
    """a ** b for whole numbers, cut off to a whole number where b is negative."""
    below = np.where(a == 1, 1, np.where(a == -1, 1 - 2 * (b & 1), 0))
    return np.where(b < 0, below, np.power(a, np.maximum(b, 0))).astype(b.dtype)


def raised(self: Tensor, exponent: Any) -> Any:
    """Return self ** exponent; NotImplemented for what is neither tensor nor number."""
    kind = type(exponent)
    if kind is int or kind is float:
        return to_number(self, exponent)
    if isinstance(exponent, Tensor):
        return general_power(POW, self, exponent)
    if not is_number(exponent):
        return NotImplemented
    return general_power(POW_NUMBER, self, exponent)


def raised_swapped(self: Tensor, number: Any) -> Any:
    """Return number ** self."""
    return general_power(POW_OF_NUMBER, number, self) if is_number(number) else NotImplemented


def pow(input: Any, exponent: Any, *, out: Tensor | None = None) -> Any:
    """Return `input` to the power of `exponent`: tensors that broadcast, or one of them a number.

    x**0 is 1 and has slope 0, at x = 0 too. A tensor of whole numbers and a whole exponent give
    whole numbers, and raise RuntimeError if the exponent is a negative number.

    >>> import chainrule.torch as torch
    >>> torch.pow(torch.tensor([2.0, 3.0]), 2), torch.pow(2, torch.tensor([2.0, 3.0]))
    (tensor([4., 9.]), tensor([4., 8.]))
    """
    result: Any = NotImplemented
    if isinstance(input, Tensor):
        result = raised(input, exponent)
    elif isinstance(exponent, Tensor):
        result = raised_swapped(exponent, input)
    if result is NotImplemented:
        raise combination_error("pow", (input, exponent), POW_SIGNATURES)
    return result if out is None else into_out("pow", result, out)


op_named(np.power, op_of_power)

METHODS: dict[str, Callable[..., Any]] = {"__pow__": raised, "__rpow__": raised_swapped, "pow": pow}
