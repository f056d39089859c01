"""How a call is written: "a = x + w", and the names a, b, c of what no one named."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

from chainrule._core.values import dtype_of, shape_of, take

from .numerals import array_text, number_text, shape_text

__all__ = ["WRITTEN", "constant_text", "fresh", "letters", "numbered", "operation_name", "written"]

# Every input is a name or a number, as each call is a node: so no parentheses are needed but
# around negative numbers.
WRITTEN: dict[Any, str] = {
    np.add: "{} + {}", np.subtract: "{} − {}", np.multiply: "{}·{}", np.divide: "{}/{}",
    np.matmul: "{} @ {}", np.negative: "−{}", np.positive: "{}", np.square: "{}²",
    np.sqrt: "√{}", np.reciprocal: "1/{}", np.absolute: "|{}|", np.log: "ln({})",
}  # fmt: skip
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# Without those that mean something: d a differential, e and i numbers, l and o look like 1 and 0.
LETTERS = "abcfghjkmnpqrstuvwxz"
OUTPUTS = "yzfs"


def operation_name(function: Any) -> str:
    """Return what a function is called in formulas: its own name, without underscores around."""
    return str(getattr(function, "__name__", type(function).__name__)).strip("_")


def written(function: Any, inputs: Sequence[str], options: Mapping[str, Any]) -> str:
    """Return a call as it is written, of inputs that are texts already.

    >>> written(np.add, ["x", "w"], {}), written(np.multiply, ["a", "−2"], {})
    ('x + w', 'a·(−2)')
    >>> written(np.power, ["x", "2"], {}), written(np.sum, ["x"], {"axis": 0})
    ('x²', 'sum(x, axis=0)')
    """
    if function is np.power:
        base, exponent = inputs
        whole = exponent.isascii() and exponent.isdigit()
        return f"{_held(base)}{exponent.translate(RAISED) if whole else '^' + _held(exponent)}"
    if function is np.transpose and len(inputs) == 1 and options.get("axes") is None:
        return f"{inputs[0]}ᵀ"
    if function is take:
        return f"{inputs[0]}[{_place(options.get('at'))}]"
    if (form := WRITTEN.get(function)) is not None:
        if "(" in form or "|" in form:
            return form.format(*inputs)
        first = inputs[0] if form.startswith("{} ") else _held(inputs[0])
        return form.format(first, *map(_held, inputs[1:]))
    told = [f"{name}={constant_text(v)}" for name, v in options.items()]
    return f"{operation_name(function)}({', '.join([*inputs, *told])})"


def _held(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def _place(at: Any) -> str:
    if isinstance(at, tuple):
        return ", ".join(map(_place, at))
    if isinstance(at, slice):
        parts = ["" if v is None else str(v) for v in (at.start, at.stop)]
        return ":".join([*parts, *([] if at.step is None else [str(at.step)])])
    return "…" if at is ... else constant_text(at)


def constant_text(v: Any) -> str:
    """Return how a plain value stands in a formula: a number, a short array, else its shape.

    >>> constant_text(-1.5), constant_text(np.ones(2)), constant_text(np.ones((30, 2)))
    ('−1.5', '[1, 1]', '[30×2]')
    """
    if v is None or isinstance(v, (bool, str)):
        return str(v)
    if isinstance(v, (list, tuple)):
        inside = ", ".join(map(constant_text, v))
        return f"[{inside}]" if isinstance(v, list) else f"({inside})"
    if isinstance(v, (np.dtype, type)) or not hasattr(v, "shape"):
        plain = isinstance(v, (int, float, complex))
        return number_text(v) if plain else str(getattr(v, "__name__", v))
    if dtype_of(v).kind not in "fciub":
        return f"[{shape_text(shape_of(v))}]"
    short = not shape_of(v) or np.size(v) <= 3
    return array_text(v) if short else f"[{shape_text(shape_of(v))}]"


def letters(taken: Collection[str]) -> Iterator[str]:
    """Yield names for what no one named, in order: a, b, c, … z, a₂, b₂, …, without those taken."""
    for round_ in count(1):
        ending = "" if round_ == 1 else _lowered(round_)
        for letter in LETTERS:
            if letter + ending not in taken:
                yield letter + ending


def fresh(taken: Collection[str], number: int = 1) -> list[str]:
    """Return names for so many outputs: y, or y₁, y₂; another letter where y is taken.

    >>> fresh({"x", "w"}), fresh({"y"}), fresh({"x"}, 2)
    (['y'], ['z'], ['y₁', 'y₂'])
    """
    choices = [numbered(letter, number) for letter in OUTPUTS]
    free = (names for names in choices if not set(names) & set(taken))
    return next(free, numbered("output", number))


def numbered(name: str, number: int) -> list[str]:
    """Return a name for each of so many things of a kind.

    >>> numbered("x", 1), numbered("x", 2)
    (['x'], ['x₁', 'x₂'])
    """
    return [name] if number == 1 else [name + _lowered(k + 1) for k in range(number)]


def _lowered(number: int) -> str:
    return str(number).translate(LOWERED)
