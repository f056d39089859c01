"""Alphabets that write on one line: Unicode for terminals, ASCII for plain consoles, and Python."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chainrule._languages import tr
from chainrule._text import width

from ..expressions import Name
from .alphabet import GREEK, spelled
from .pieces import NOTHING, Binding, Piece, Written

__all__ = ["ASCII", "PYTHON", "UNICODE", "Linear", "linear"]

RAISED = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LOWERED = str.maketrans("0123456789ijkmnrst", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₘₙᵣₛₜ")
RAISED_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
ON_LINE = {shown: plain for table in (RAISED, LOWERED) for plain, shown in table.items()}
FROM_GREEK = {letter: word for word, letter in GREEK.items() if word != "lambda"}
SPACED = {"+", "−", "=", "==", "≈", "<", ">", "≤", "≥", "≠", "⇔", "⇒"}

PLAIN = {
    "−": "-", "·": "*", "≈": "~", "≤": "<=", "≥": ">=", "≠": "!=", "⇔": "<=>", "⇒": "=>",
    "∂": "d", "√": "sqrt", "∛": "cbrt", "ˣ": "^x", "Σ": "sum ", "′": "'",
}  # fmt: skip


@dataclass(frozen=True)
class Linear:
    """An alphabet of characters on a line; `instead` has what is written for some of them."""

    raises: bool  # ² and ᵢ are at hand
    code: bool = False
    instead: Mapping[str, str] = field(default_factory=dict)
    linear: bool = True
    suffixes: bool = True

    def sign(self, sign: str) -> str:
        shown = self.instead.get(sign, sign)
        if sign == ",":
            return ", "
        return f" {shown} " if sign in SPACED else shown

    def number(self, digits: str) -> str:
        return digits

    def name(self, name: Name, index: str) -> str:
        if self.code:
            return name.text
        letters, digits, primes = spelled(name.text)
        if not self.raises:
            letters = FROM_GREEK.get(letters, letters)
            return letters + digits + self.sign("′") * primes + (f"_{index}" if index else "")
        return letters + (digits + index).translate(LOWERED) + "′" * primes

    def word(self, word: str) -> str:
        return word

    def prose(self, text: str) -> str:
        if self.instead:
            text = RAISED_RUN.sub(lambda run: "^" + run[0].translate(ON_LINE), text)
            text = "".join(FROM_GREEK.get(character, character) for character in text)
            text = text.translate(ON_LINE)
        return "".join(self.instead.get(character, character) for character in text)

    def fences(self, opening: str, inside: str) -> tuple[str, str]:
        closing = {"(": ")", "|": "|", "⌊": "⌋", "⌈": "⌉"}[opening]
        if self.raises or closing in ")|":
            return opening, closing
        return {"⌊": "floor(", "⌈": "ceil("}[opening], ")"

    def over(self, a: str, b: str) -> str:
        return f"{a}/{b}"

    def power(self, base: str, exponent: str, *, whole: bool) -> str:
        if whole and self.raises:
            return base + exponent.translate(RAISED)
        return base + self.sign("^") + exponent

    def root(self, x: str, degree: int) -> str:
        return self.sign("√" if degree == 2 else "∛") + x

    def before_call(self, function: str) -> str:
        return function

    def total(self, index: str) -> str:
        return f"Σ{index.translate(LOWERED)} " if self.raises else f"sum_{index} "

    def based(self, word: str, base: str) -> str:
        return word + base.translate(LOWERED) if self.raises else word + base

    def slope(self, of: str, by: str, times: int, *, partial: bool, held: list[str]) -> str:
        d = self.sign("∂") if partial else "d"
        above = d if times == 1 else self.power(d, str(times), whole=True)
        below = by if times == 1 else self.power(by, str(times), whole=True)
        return f"{above}{of}/{d}{below}" + (f"|{','.join(held)}" if held else "")

    def cases(self, pairs: Sequence[tuple[Written, Written]], otherwise: Written) -> Written:
        told: list[Piece] = []
        for value, condition in pairs:
            case = value.close(f", {tr('if')} ", condition, Binding.RELATION)
            told += _apart(case.close("; ", NOTHING, Binding.RELATION))
        last = Written.whole(f", {tr('otherwise')}", Binding.ATOM)
        told += _apart(otherwise.close("", last, Binding.RELATION))
        inside = Written(tuple(told), Binding.RELATION)
        return Written(inside.before("{"), Binding.ATOM).close("}", NOTHING, Binding.ATOM)

    def balanced(self, lines: list[str]) -> list[str]:
        return [line.strip() for line in lines]

    def measure(self, text: str) -> int:
        return width(text)


def _apart(case: Written) -> list[Piece]:
    """The pieces of a case: a line is rather broken between two cases than within one."""
    first, *rest = case.deeper()
    return [first, *Written(tuple(rest), case.binding).deeper()] if rest else [first]


UNICODE = Linear(raises=True)
ASCII = Linear(raises=False, instead=PLAIN)
# What `chainrule.formulas` reads, and Python where its functions are NumPy's.
PYTHON = Linear(raises=False, code=True, instead={**PLAIN, "^": "**"})
ALPHABETS = {"unicode": UNICODE, "ascii": ASCII, "python": PYTHON}


def linear(alphabet: str) -> Linear:
    """Return the alphabet of that name: unicode, ascii or python."""
    if alphabet not in ALPHABETS:
        raise ValueError(
            tr(
                "there is no alphabet {alphabet}; choose one of {known}",
                alphabet=repr(alphabet),
                known=", ".join(ALPHABETS),
            )
        )
    return ALPHABETS[alphabet]
