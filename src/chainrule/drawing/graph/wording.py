"""How a call and its local derivatives are written: "a = x·w", ∂a/∂x = "w".

Both are read and written as derivations are, so that a picture and the derivation beside it say
the same; what derivations do not know is written as its call.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

from chainrule._core.table import RULES
from chainrule._core.values import dtype_of, shape_of, take
from chainrule.derivation import DerivationError
from chainrule.derivation.deriving import text_of
from chainrule.derivation.expressions import SUMS, Expr, Name, num
from chainrule.derivation.local import slope
from chainrule.derivation.naming import LETTERS, RESULTS

from .numerals import array_text, number_text, shape_text

__all__ = [
    "fresh",
    "label_of",
    "letters",
    "numbered",
    "operand",
    "operation_name",
    "place_text",
    "slope_text",
    "written",
]

Inputs = Sequence[Expr | list[Expr]]


def operation_name(function: Any) -> str:
    """Return what a function is called in formulas: its own name, without underscores around."""
    return str(getattr(function, "__name__", type(function).__name__)).strip("_")


def label_of(name: str) -> str:
    """Return a name as formulas have it.

    >>> label_of("x1"), label_of("net.weight")
    ('x₁', 'net.weight')
    """
    return text_of(Expr(Name(name)))


def operand(v: Any) -> Expr:
    """Return a name, or a plain value, as it stands in a formula.

    >>> text_of(operand("x")), text_of(operand(-1.5)), text_of(operand(np.ones((30, 2))))
    ('x', '−1.5', '[30×2]')
    >>> text_of(operand(1e20)), text_of(operand(-2.5e9))
    ('10²⁰', '−2.5·10⁹')
    """
    if isinstance(v, str):
        return Expr(Name(v))
    if isinstance(v, np.ndarray) and not v.ndim:
        v = v[()]
    if isinstance(v, (int, float, np.integer, np.floating)) and math.isfinite(v):
        x = float(v)
        if x and not 1e-3 <= abs(x) < 1e7:  # it would be written with many zeros
            return _scientific(x)
        return num(float(f"{x:.0f}" if abs(x) >= 1e4 else f"{x:.4g}"))
    return Expr(Name(_constant(v)))


def _scientific(x: float) -> Expr:
    mantissa, _, exponent = f"{abs(x):.3e}".partition("e")
    e = Expr(np.power, (num(10), num(int(exponent))))
    if float(mantissa) != 1:
        e = Expr(np.multiply, (num(float(mantissa)), e))
    return e if x > 0 else Expr(np.negative, (e,))


def _constant(v: Any) -> str:
    if isinstance(v, (list, tuple)):
        inside = ", ".join(map(_constant, v))
        return f"[{inside}]" if isinstance(v, list) else f"({inside})"
    if isinstance(v, (int, float, complex)) and not isinstance(v, bool):
        return number_text(v)
    if not hasattr(v, "shape"):
        return str(getattr(v, "__name__", v))
    if shape_of(v) == () and dtype_of(v).kind in "fciu":
        return number_text(v)
    numbers = dtype_of(v).kind in "fciub"
    if numbers and np.size(v) <= 3:
        return array_text(v)
    if numbers and np.ndim(v) == 1:  # [6] would be an array with a 6
        return f"[{number_text(v[0])}, …, {number_text(v[-1])}]"
    return f"[{shape_text(shape_of(v))}]"


def written(function: Any, inputs: Inputs, options: Mapping[str, Any], name: str = "") -> str:
    """Return a call as it is written; `name` is what the function is called, if not its own name.

    >>> x = operand("x")
    >>> written(np.add, [x, operand(1)], {}), written(np.power, [x, operand(2)], {})
    ('x + 1', 'x²')
    >>> written(np.sum, [x], {"axis": 0}), written(np.matmul, [x, operand("w")], {})
    ('sum(x, axis=0)', 'x @ w')
    """
    if (e := _expression(function, inputs)) is not None and not options:
        return text_of(e)
    texts = [_text(v) for v in inputs]
    if function in (np.matmul, np.dot):
        return " @ ".join(texts)
    if function is np.transpose and options.get("axes") is None:
        return f"{texts[0]}ᵀ"
    if function is take:
        return f"{texts[0]}[{place_text(options.get('at'))}]"
    told = [f"{option}={_constant(v)}" for option, v in options.items()]
    return f"{name or operation_name(function)}({', '.join([*texts, *told])})"


def _text(v: Expr | list[Expr]) -> str:
    return f"[{', '.join(map(_text, v))}]" if isinstance(v, list) else text_of(v)


def _expression(function: Any, inputs: Inputs) -> Expr | None:
    """The call as derivations have it; None if it is of none of their functions."""
    rule = RULES.get(function)
    known = isinstance(function, np.ufunc) and rule is not None and rule.word == "elementwise"
    if not (known or function in SUMS):
        return None
    return Expr(function, tuple(v for v in inputs if isinstance(v, Expr)))


def slope_text(function: Any, inputs: Inputs, y: str, by: str) -> str:
    """Return the local derivative of `y`, a call, by an input; empty if it is not known in symbols.

    >>> a, b = operand("a"), operand("b")
    >>> slope_text(np.divide, [a, b], "y", "b"), slope_text(np.exp, [a], "y", "a")
    ('−a/b²', 'y')
    """
    rule = RULES.get(function)
    if rule is None or rule.options or not (rule.word == "elementwise" or function in SUMS):
        return ""
    e = Expr(function, tuple(v for v in inputs if isinstance(v, Expr)))
    try:
        return text_of(slope(e, operand(y), operand(by)))
    except (DerivationError, NotImplementedError, TypeError):  # a rule that has no symbols
        return ""


def place_text(at: Any) -> str:
    """Return an index as it stands between brackets.

    >>> place_text((0, slice(1, None))), place_text((0, ...)), place_text((..., 2))
    ('0, 1:', '0', '…, 2')
    """
    if isinstance(at, tuple):
        said = at[:-1] if len(at) > 1 and at[-1] is ... else at
        return ", ".join(map(place_text, said))
    if isinstance(at, slice):
        parts = ["" if v is None else str(v) for v in (at.start, at.stop)]
        return ":".join([*parts, *([] if at.step is None else [str(at.step)])])
    return "…" if at is ... or np.size(at) > 3 else _constant(at)


# ---------------------------------------------------------------- names


def letters(taken: Collection[str]) -> Iterator[str]:
    """Yield names for what no one named, in order: a, b, c, … z, a₂, b₂, …, without those taken."""
    for round_ in count(1):
        for letter in LETTERS:
            name = letter if round_ == 1 else label_of(f"{letter}{round_}")
            if name not in taken:
                yield name


def fresh(taken: Collection[str], number: int = 1) -> list[str]:
    """Return names for so many outputs: y, or y₁, y₂; another letter where y is taken.

    >>> fresh({"x", "w"}), fresh({"y"}), fresh({"x"}, 2)
    (['y'], ['z'], ['y₁', 'y₂'])
    """
    choices = [numbered(letter, number) for letter in RESULTS]
    free = (names for names in choices if not set(names) & set(taken))
    return next(free, numbered("output", number))


def numbered(name: str, number: int) -> list[str]:
    """Return a name for each of so many things of a kind.

    >>> numbered("x", 1), numbered("x", 2)
    (['x'], ['x₁', 'x₂'])
    """
    return [name] if number == 1 else [label_of(f"{name}{k + 1}") for k in range(number)]
