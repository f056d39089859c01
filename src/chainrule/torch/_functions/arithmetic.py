"""Sums, differences, products and quotients: the hot operations, printed from the engine's rules.

A program on small tensors spends its time here, so the operators are written out as text, with the
engine's pulls and what they keep in place, and compiled. They serve tensors of one floating dtype,
and Python numbers; everything else (promotion, `alpha=`, `out=`, errors) goes the general way.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.dispatch import CONSTANTS, constant
from chainrule._core.keeping import compiled, kept_text
from chainrule._core.traces import fitted, tick
from chainrule._rules.weighted import add_multiple

from .._arguments import is_number
from .._calls import title_of
from .._checks import broadcast_error
from .._conversions.casts import cast_tensor
from .._kinds.dtypes import promoted
from .._tape.plans import NAMED, Op
from .._tape.promotion import common, floating, kind_of
from .._tape.quiet import QUIET, hush, unhush
from .._tape.recording import operation, recorded
from .._tape.values import as_array, recording
from .._tensor import Tensor, made
from .._writing.out import into_out

__all__ = [
    "add",
    "div",
    "divide",
    "mul",
    "multiply",
    "reciprocal",
    "sub",
    "subtract",
    "true_divide",
]

ADD = Op("AddBackward0", np.add, ("", ""), "self other")
SUB = Op("SubBackward0", np.subtract, ("", ""), "self other")
MUL = Op("MulBackward0", np.multiply, ("other", "self"), "self other")
DIV = Op("DivBackward0", np.divide, ("other", "self other"), "self other")
ADD_MULTIPLE = Op("AddBackward0", add_multiple, ("", ""), "self other")
SUB_MULTIPLE = Op("SubBackward0", add_multiple, ("", ""), "self other")
NAMED.update({op.function: op for op in (ADD, SUB, MUL, DIV)})

SINGLE = np.dtype(np.float32)

# {edge0}, {edge1}: `pull, node, kept` of an input; {fit0}, {fit1}: the same, with what undoes
# broadcasting. The engine puts the last input's edge first.
TEXT = """
def with_number(self, number):
    a, an = self._array, self._node
    if (b := SINGLES.get(number)) is None or a.dtype is not SINGLE:
        if a.dtype.kind != "f":
            return general(self, number)
        b = constant(number, a)
    token = hush(QUIET)
    try:
        y = {call}
    finally:
        unhush(token)
    out = new(Tensor)
    out._array = y if type(y) is ndarray else asarray(y)
    out._writes = [0]
    if an is not None and recording():
        out._node = [tick(), {edge0}, None, FIRST, {watch_number}, {held_number}, None]
    else:
        out._node = None
    return out

def with_tensor(self, other):
    if (kind := type(other)) is float or kind is int:
        return with_number(self, other)
    try:
        a, an, b, bn = self._array, self._node, other._array, other._node
    except AttributeError:
        return general(self, other)
    if (dtype := a.dtype) is not b.dtype or dtype.kind != "f":
        return general(self, other)
    token = hush(QUIET)
    try:
        y = {call}
    except ValueError:
        raise broadcast_error(a.shape, b.shape) from None
    finally:
        unhush(token)
    out = new(Tensor)
    out._array = y = y if type(y) is ndarray else asarray(y){copy}
    out._writes = [0]
    if (an is None and bn is None) or not recording():
        out._node = None
    elif bn is None:
        more = ({edge0}, None) if a.shape == y.shape else ({fit0}, None)
        out._node = [tick(), *more, FIRST, {watch_first}, {held}, None]
    elif an is None:
        more = ({edge1}, None) if b.shape == y.shape else ({fit1}, None)
        out._node = [tick(), *more, SECOND, {watch_second}, {held}, None]
    elif a.shape == b.shape:
        out._node = [tick(), {edge1}, ({edge0}, None), BOTH, {watch_both}, {held}, None]
    else:
        out._node = [tick(), {fit1}, ({fit0}, None), BOTH, {watch_both}, {held}, None]
    return out
"""
COUNTS = "self._writes, self._writes[0], 0", "other._writes, other._writes[0], 1"


def watch_text(op: Op, mask: int) -> str:
    """Return the expression for the write counts of what a node saves."""
    plan = op.plan(mask)
    return f"({', '.join(COUNTS[k] for k in plan.watched)},)" if plan.saves else "None"


def operator_of(op: Op) -> Callable[[Any, Any], Any]:
    """Compile the operator of `op`, a tensor on its left."""
    rule = op.stated()
    keeps = [kept_text(rule, i, pull) for i, pull in enumerate(rule.pulls) if pull]
    both, first, second = op.plan(3), op.plan(1), op.plan(2)
    parts = {"call": rule.text or "call(a, b)", "copy": ""}
    for k, u in enumerate("ab"):
        parts[f"edge{k}"] = f"pull{k}, {u}n, {keeps[k]}"
        parts[f"fit{k}"] = f"fitted, {u}n, (pull{k}, {keeps[k]}, {u}.shape, dtype)"
    for name, mask in (("first", 1), ("second", 2), ("both", 3)):
        parts[f"watch_{name}"] = watch_text(op, mask)
    parts["watch_number"] = "()" if first.saves else "None"
    parts["held"] = "(a, an, self._writes, b, bn, other._writes, y)" if both.holds else "None"
    parts["held_number"] = "(a, an, self._writes, b, None, None, y)" if first.holds else "None"
    if second.copies_result:  # the rule keeps a result that PyTorch does not guard
        parts["copy"] = "\n    if bn is not None:\n        y = y.copy()"
    names = rule.names | {
        "BOTH": both, "FIRST": first, "QUIET": QUIET, "SECOND": second, "SINGLE": SINGLE,
        "SINGLES": CONSTANTS[SINGLE],
        "Tensor": Tensor, "asarray": as_array, "broadcast_error": broadcast_error,
        "call": rule.call, "constant": constant, "fitted": fitted,
        "general": lambda a, b: general(op, a, b), "hush": hush, "ndarray": np.ndarray,
        "new": object.__new__, "recording": recording.get, "tick": tick,
        "unhush": unhush,
    }  # fmt: skip
    for i in range(2):
        names[f"pull{i}"] = (rule.argument(i) or (None,))[0]
    return compiled(TEXT.format(**parts), "with_tensor", names)


NUMBERS = (bool, int, float, complex, np.number, np.bool_)


def general(op: Op, a: Any, b: Any, **options: Any) -> Any:
    """Record an operation on tensors and numbers of any dtypes."""
    for v in (a, b):
        if not isinstance(v, (Tensor, *NUMBERS)):
            return NotImplemented
    if op.function is np.subtract:
        check_subtraction(a, b)
    to = true_division if op is DIV else common
    try:
        return recorded(op, (a, b), options, op.stated().call, to)
    except ValueError:
        raise broadcast_error(np.shape(plain(a)), np.shape(plain(b))) from None


def check_subtraction(a: Any, b: Any) -> None:
    """Raise if truth values are to be subtracted."""
    truths = [plain(v).dtype.kind == "b" if hasattr(plain(v), "dtype") else type(v) is bool
              for v in (a, b)]  # fmt: skip
    if all(truths):
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` "
            "or `logical_xor()` operator instead."
        )
    if any(truths):
        raise RuntimeError(
            "Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
            "trying to invert a mask, use the `~` or `logical_not()` operator instead."
        )


def combined(op: Op, input: Any, other: Any, alpha: Any) -> Any:
    """Return `input` plus or minus `alpha * other`, whose kind does not count for the result's."""
    if not is_number(alpha):
        name = "add" if op is ADD else "sub"
        raise TypeError(f"{name}(): argument 'alpha' must be Number, not {title_of(alpha)}")
    if isinstance(alpha, Tensor):
        alpha = alpha._array.item()
    if op is SUB:
        check_subtraction(input, other)
    dtype = promoted([kind_of(plain(input)), kind_of(plain(other))])
    if type(alpha) is bool and dtype.kind != "b":
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if dtype.kind in "fc":
        multiple, sign = (ADD_MULTIPLE, 1) if op is ADD else (SUB_MULTIPLE, -1)
        return general(multiple, input, other, times=sign * alpha)
    if type(alpha) is float:
        raise RuntimeError(
            "For integral input tensors, argument alpha must not be a floating point number."
        )
    if isinstance(other, Tensor):
        scaled: Any = cast_tensor(cast_tensor(other, dtype) * alpha, dtype)
    else:
        scaled = bool(other * alpha) if dtype.kind == "b" else other * alpha
    return general(op, input, scaled)


def plain(v: Any) -> Any:
    return v._array if isinstance(v, Tensor) else v


def true_division(values: list[Any]) -> list[Any]:
    """Whole numbers are divided as floating-point numbers."""
    return floating(common(values))


plus, minus, times, divided = (operator_of(op) for op in (ADD, SUB, MUL, DIV))


# ---------------------------------------------------------------- the public names

RSUB = Op("RsubBackward1", np.subtract, ("", ""), "other self")
SWAPPED = RSUB.plan(2)  # it keeps nothing and holds nothing
PULL_SWAPPED = RSUB.stated().argument(1)[0]  # type: ignore[index]
reciprocal = operation("Reciprocal", np.reciprocal, "result", "self", to=floating)


def of_number(name: str, op: Op, number: Any, other: Any, alpha: Any = 1) -> Any:
    """Return the result of a function whose first argument is no tensor, or raise."""
    for k, (argument, v) in enumerate((("input", number), ("other", other)), 1):
        if not isinstance(v, (Tensor, *NUMBERS)):
            raise TypeError(
                f"{name}(): argument '{argument}' (position {k}) must be Tensor, not {title_of(v)}"
            )
    if not isinstance(other, Tensor):
        from .._creation.from_data import tensor

        number = tensor(number.item() if isinstance(number, np.generic) else number)
    if alpha != 1 or type(alpha) is bool:
        return combined(op, number, other, alpha)
    return general(op, number, other)


def old_order(name: str, alpha: Any, tensor: tuple[Tensor, ...]) -> tuple[Tensor, Any]:
    """Return `other` and `alpha` of the call that PyTorch had first: (input, alpha, other)."""
    if len(tensor) > 1 or not is_number(alpha) or not isinstance(tensor[0], Tensor):
        found = 2 + len(tensor)
        raise TypeError(f"{name}() takes 2 positional arguments but {found} were given")
    warnings.warn(OLD_ORDER.replace("add", name), UserWarning, stacklevel=3)
    return tensor[0], alpha


OLD_ORDER = (
    "This overload of add is deprecated:\n"
    "\tadd(Tensor input, Number alpha, Tensor other, *, Tensor out = None)\n"
    "Consider using one of the following signatures instead:\n"
    "\tadd(Tensor input, Tensor other, *, Number alpha = 1, Tensor out = None)"
)


def add(
    input: Tensor, other: Any, *tensor: Tensor, alpha: Any = 1, out: Tensor | None = None
) -> Any:
    """Return `input + alpha * other`.

    >>> import chainrule.torch as torch
    >>> torch.add(torch.tensor([1.0, 2.0]), 1, alpha=10)
    tensor([11., 12.])
    """
    if tensor:
        other, alpha = old_order("add", other, tensor)
    if not isinstance(input, Tensor) or not isinstance(other, (Tensor, *NUMBERS)):
        result = of_number("add", ADD, input, other, alpha)
    elif alpha != 1 or type(alpha) is bool:
        result = combined(ADD, input, other, alpha)
    else:
        result = plus(input, other)
    return result if out is None else into_out("add", result, out)


def sub(
    input: Tensor, other: Any, *tensor: Tensor, alpha: Any = 1, out: Tensor | None = None
) -> Any:
    """Return `input - alpha * other`.

    >>> import chainrule.torch as torch
    >>> torch.sub(torch.tensor([1.0, 2.0]), 1)
    tensor([0., 1.])
    """
    if tensor:
        other, alpha = old_order("sub", other, tensor)
    if not isinstance(input, Tensor) or not isinstance(other, (Tensor, *NUMBERS)):
        result = of_number("sub", SUB, input, other, alpha)
    elif alpha != 1 or type(alpha) is bool:
        result = combined(SUB, input, other, alpha)
    else:
        result = minus(input, other)
    return result if out is None else into_out("sub", result, out)


def mul(input: Tensor, other: Any, *, out: Tensor | None = None) -> Any:
    """Return the product, element by element.

    >>> import chainrule.torch as torch
    >>> torch.mul(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
    tensor([3., 8.])
    """
    result = times(input, other) if isinstance(input, Tensor) else NotImplemented
    if result is NotImplemented:
        result = of_number("mul", MUL, input, other)
    return result if out is None else into_out("mul", result, out)


def div(
    input: Tensor, other: Any, *, rounding_mode: str | None = None, out: Tensor | None = None
) -> Any:
    """Return the quotient, element by element: true, or rounded by "trunc" or "floor".

    >>> import chainrule.torch as torch
    >>> torch.div(torch.tensor([7, -7]), 2, rounding_mode="floor")
    tensor([ 3, -4])
    """
    if rounding_mode is not None:
        from .operations import rounded_quotient

        result = rounded_quotient(input, other, rounding_mode)
    else:
        result = divided(input, other) if isinstance(input, Tensor) else NotImplemented
    if result is NotImplemented:
        result = of_number("div", DIV, input, other)
    return result if out is None else into_out("div", result, out)


def minus_swapped(self: Tensor, number: Any) -> Any:
    a, an = self._array, self._node
    if ((kind := type(number)) is not float and kind is not int) or a.dtype.kind != "f":
        return general(RSUB, number, self)
    token = hush(QUIET)
    try:
        y = np.subtract(constant(number, a), a)
    finally:
        unhush(token)
    out = made(y if type(y) is np.ndarray else np.asarray(y))
    if an is not None and recording.get():
        out._node = [tick(), PULL_SWAPPED, an, None, None, SWAPPED, None, None, None]
    return out


def divided_swapped(self: Tensor, number: Any) -> Any:
    if not isinstance(number, (Tensor, *NUMBERS)):
        return NotImplemented
    return times(reciprocal(self), number)


METHODS: dict[str, Callable[..., Any]] = {
    "__add__": plus,
    "__mul__": times,
    "__radd__": plus,
    "__rmul__": times,
    "__rsub__": minus_swapped,
    "__rtruediv__": divided_swapped,
    "__sub__": minus,
    "__truediv__": divided,
    "add": add,
    "div": div,
    "divide": div,
    "mul": mul,
    "multiply": mul,
    "sub": sub,
    "subtract": sub,
    "true_divide": div,
}
multiply, divide, subtract, true_divide = mul, div, sub, div
