"""The text of an elementwise call for one element, in words that Numba vectorises."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule._core.values import cast
from chainrule._rules.trigonometric import sech2

from ..passes.rewriting import kind_of
from ..program import Call, Var
from ..sizes import Size
from .expressions import Text, number_text

__all__ = ["ELEMENTARY", "literal", "prints_elements", "scalar_text", "typed"]

NEGATIVE, PRODUCT, SUM, AND, COMPARED, CHOICE = 7, 6, 5, 4, 2, 1
Imports = dict[str, set[str]]  # names by module
FLOAT, BOOL, INTEGER = np.dtype(np.float64), np.dtype(np.bool_), np.dtype(np.int64)

SYMBOLS: dict[str, tuple[str, int]] = {
    "add": ("+", SUM), "subtract": ("-", SUM), "multiply": ("*", PRODUCT), "divide": ("/", PRODUCT),
    "less": ("<", COMPARED), "less_equal": ("<=", COMPARED), "greater": (">", COMPARED),
    "greater_equal": (">=", COMPARED), "equal": ("==", COMPARED), "not_equal": ("!=", COMPARED),
}  # fmt: skip
# Of bools, NumPy's sum is "or" and its product "and".
LOGICAL = {
    "logical_and": "&", "logical_or": "|", "logical_xor": "^", "bitwise_and": "&",
    "bitwise_or": "|", "bitwise_xor": "^", "add": "|", "multiply": "&",
    "maximum": "|", "minimum": "&",
}  # fmt: skip
# Functions of `elementary`, for floats: NumPy's, and SciPy's.
ELEMENTARY = {
    "exp", "expm1", "log", "log1p", "logaddexp", "tanh", "sinh", "cosh", "expit", "maximum",
    "minimum", "sign", "sech2",
}  # fmt: skip
NORMAL = {"erf", "erfc", "erfcx", "ndtr", "log_ndtr"}
# Numba's own functions of one number, which have NumPy's results.
NUMBA = {
    "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "cbrt", "ceil",
    "copysign", "cos", "cosh", "deg2rad", "exp2", "fabs", "float_power", "floor", "floor_divide",
    "fmax", "fmin", "fmod", "hypot", "isfinite", "isinf", "isnan", "ldexp", "log10",
    "log2", "logaddexp2", "nextafter", "power", "rad2deg", "remainder", "rint", "sign", "signbit",
    "sin", "sinh", "sqrt", "tan", "trunc", "maximum", "minimum", "exp", "expm1", "log", "log1p",
    "logaddexp", "tanh", "reciprocal", "square", "absolute", "invert", "left_shift", "right_shift",
}  # fmt: skip
NAMELESS = {
    "negative", "positive", "conjugate", "absolute", "square", "reciprocal", "logical_not",
    "invert",
}  # fmt: skip


def prints_elements(call: Call) -> bool:
    """Say whether an elementwise call has a text here."""
    name = getattr(call.function, "__name__", "")
    operands = [v for v in call.inputs if isinstance(v, Var)]
    if not all(v.dtype.kind in "biuf" and v.dtype.itemsize <= 8 for v in (*operands, call.output)):
        return False
    if any(v.dtype == np.float16 for v in (*operands, call.output)):
        return False
    if call.function is sech2:
        return bool(call.output.dtype.kind == "f")
    if call.function is cast or call.function is np.where:
        return True
    if not isinstance(call.function, np.ufunc) or call.options:
        return False
    if getattr(np, name, None) is not call.function:  # one of SciPy's
        return name in NORMAL or name == "expit"
    return name in SYMBOLS or name in LOGICAL or name in ELEMENTARY | NUMBA | NAMELESS


def scalar_text(call: Call, operands: Sequence[Text], imports: Imports) -> Text:
    """Return the text of `call` of one element; what it calls by name goes into `imports`."""
    if call.function is cast:
        return converted(operands[0], dtype_of(call.inputs[0]), call.output.dtype)
    if call.function is np.where:
        condition, yes, no = fitted(call, [BOOL, call.output.dtype, call.output.dtype], operands)
        text = (
            f"{yes.within(CHOICE + 1)} if {condition.within(CHOICE + 1)} else {no.within(CHOICE)}"
        )
        return Text(text, CHOICE)
    ufunc: Any = call.function
    name = ufunc.__name__
    if call.function is sech2:
        loop = (call.output.dtype, call.output.dtype)
    else:
        loop = ufunc.resolve_dtypes((*map(kind_of, call.inputs), None))
    if name == "power" and (product := powered(call, operands, loop[0])):
        return product
    operands = fitted(call, loop[:-1], operands)
    element = of_loop(name, operands, loop, imports)
    narrow = loop[-1].kind in "iu" and loop[-1] != INTEGER
    return typed(element.text, loop[-1]) if narrow else element


def of_loop(name: str, x: Sequence[Text], loop: Sequence[Any], imports: Imports) -> Text:
    """Return the text of a ufunc of numbers that have the types of its loop already."""
    if name in LOGICAL and (loop[0] == BOOL or name.startswith("bitwise")):
        return Text(f"{x[0].within(AND + 1)} {LOGICAL[name]} {x[1].within(AND + 1)}", AND)
    if name.startswith("logical") and loop[0] != BOOL:
        x = [Text(f"{v.within(COMPARED + 1)} != 0", COMPARED) for v in x]
        return of_loop(name, x, [BOOL] * len(loop), imports)
    if name in SYMBOLS:
        symbol, binds = SYMBOLS[name]
        binds_left = binds + (binds == COMPARED)
        return Text(f"{x[0].within(binds_left)} {symbol} {x[1].within(binds + 1)}", binds)
    one = "1.0" if loop[-1] == FLOAT else f"np.{loop[-1].name}(1)"
    match name:
        case "logical_not":
            return Text(f"{x[0].within(COMPARED + 1)} == False", COMPARED)
        case "negative":
            return Text(f"-{x[0].within(NEGATIVE)}", PRODUCT)
        case "positive" | "conjugate":
            return x[0]
        case "absolute" | "fabs" if loop[0].kind in "fi":
            return Text(f"abs({x[0].text})")
        case "square" if loop[0].kind == "f":
            return Text(f"{x[0].within(9)} ** 2", 8)
        case "floor_divide" if loop[0].kind == "f":
            imports["kernel_functions"].add(name)
            return typed(f"{name}({x[0].text}, {x[1].text})", loop[-1])
        case "reciprocal" if loop[0].kind == "f":
            return Text(f"{one} / {x[0].within(NEGATIVE)}", PRODUCT)
    arguments = ", ".join(v.text for v in x)
    if name in ELEMENTARY | NORMAL and loop[0].kind == "f":
        imports["elementary"].add(name)
        return Text(f"{name}({arguments})")
    return Text(f"np.{name}({arguments})")


def powered(call: Call, operands: Sequence[Text], loop: Any) -> Text | None:
    """Small whole powers of floats, which are products."""
    x, power = call.inputs
    if not isinstance(power, (int, float)) or loop.kind != "f":
        return None
    if power == 0.5:  # as NumPy has it: the root of -infinity is no number
        return Text(f"np.sqrt({converted(operands[0], dtype_of(x), loop).text})")
    if power != power or abs(power) > 8 or power != int(power):
        return None
    if power == 0:
        return None
    base = converted(operands[0], dtype_of(x), loop)
    power = int(power)
    text = base if abs(power) == 1 else Text(f"{base.within(9)} ** {abs(power)}", 8)
    if power > 0:
        return text
    return Text(f"{literal(1, loop).text} / {text.within(PRODUCT + 1)}", PRODUCT)


# ------------------------------------------------------------------ types


def dtype_of(v: Any) -> Any:
    if isinstance(v, (Var, np.generic, np.ndarray)):
        return v.dtype
    return np.asarray(v.at(7) if isinstance(v, Size) else v).dtype


def fitted(call: Call, loop: Sequence[Any], operands: Sequence[Text]) -> list[Text]:
    """Return the operands as the types of the loop."""
    return [
        literal(v, dtype) if is_number(v) else converted(x, dtype_of(v), dtype)
        for v, x, dtype in zip(call.inputs, operands, loop, strict=True)
    ]


def is_number(v: Any) -> bool:
    return not isinstance(v, (Var, Size))


def converted(x: Text, old: Any, new: Any) -> Text:
    """Return a number of one type as another."""
    if old == new:
        return x
    if new == BOOL:
        return Text(f"{x.within(COMPARED + 1)} != 0", COMPARED)
    return typed(x.text, new)


def typed(text: str, dtype: Any) -> Text:
    return Text(f"np.{dtype.name}({text})")


def literal(v: Any, dtype: Any) -> Text:
    """Return the text of a number that is known, as a number of the type `dtype`."""
    number = np.asarray(v).astype(dtype).item()
    dtype = np.dtype(dtype)
    text = number_text(number)
    if dtype.kind in "iu" and dtype != INTEGER:
        return typed(text, dtype)
    if dtype == np.float32:
        return typed(str(np.float32(number)) if math.isfinite(number) else text, dtype)
    return Text(text, NEGATIVE if text.startswith("-") else 9)
