"""The alphabet of LaTeX, in words that matplotlib's mathtext and MathJax know, too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chainrule._languages import tr
from chainrule._text import width

from ..expressions import Name
from .alphabet import GREEK, spelled, subscripted
from .pieces import Binding, Written

__all__ = ["LATEX", "Latex"]

COMMANDS = {letter: rf"\{word}" for word, letter in GREEK.items() if word != "lam"}
SIGNS = {
    "+": " + ", "−": " - ", "·": r" \cdot ", "=": " = ", "≈": r" \approx ", "<": " < ",
    ">": " > ", "≤": r" \leq ", "≥": r" \geq ", "≠": r" \neq ", ",": ", ", "∂": r"\partial ",
    "⇔": r" \Leftrightarrow ", "⇒": r" \Rightarrow ", "signed": "-",
}  # fmt: skip
KNOWN_WORDS = {"ln", "log", "max", "min", "arcsin", "arccos", "arctan"}
KNOWN_WORDS |= {"sin", "cos", "tan", "sinh", "cosh", "tanh"}
FENCES = {
    "(": ("(", ")"),
    "|": ("|", "|"),
    "⌊": (r"\lfloor ", r"\rfloor"),
    "⌈": (r"\lceil ", r"\rceil"),
}
TALL = (r"\frac", r"\sum", r"\begin", r"\sqrt")  # what fences must grow around
ESCAPED = {
    "\\": r"\textbackslash ", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum ", "~": r"\textasciitilde ",
}  # fmt: skip


class Latex:
    """LaTeX for the inside of an environment of mathematics."""

    linear = False
    code = False
    raises = True
    suffixes = True

    def sign(self, sign: str) -> str:
        return SIGNS.get(sign, sign)

    def number(self, digits: str) -> str:
        return digits

    def name(self, name: Name, index: str) -> str:
        letters, digits, primes = spelled(name.text)
        letters, below = subscripted(letters)
        lowered = [_letters(below)] * bool(below) + [digits] * bool(digits) + [index] * bool(index)
        shown = _letters(letters)
        if lowered:
            shown = f"{shown}_{{{','.join(lowered)}}}"
        return shown + "'" * primes

    def word(self, word: str) -> str:
        return f"\\{word} " if word in KNOWN_WORDS else rf"\operatorname{{{word}}}"

    def prose(self, text: str) -> str:
        return rf"\text{{{escaped(text)}}}"

    def fences(self, opening: str, inside: str) -> tuple[str, str]:
        opens, closes = FENCES[opening]
        if not any(tall in inside for tall in TALL):
            return opens, closes
        return rf"\left{opens}", rf"\right{closes}"

    def over(self, a: str, b: str) -> str:
        return rf"\frac{{{a}}}{{{b}}}"

    def power(self, base: str, exponent: str, *, whole: bool) -> str:
        return f"{base.rstrip()}^{{{exponent}}}"

    def root(self, x: str, degree: int) -> str:
        return rf"\sqrt{{{x}}}" if degree == 2 else rf"\sqrt[{degree}]{{{x}}}"

    def before_call(self, function: str) -> str:
        return function.rstrip()

    def total(self, index: str) -> str:
        return rf"\sum_{{{index}}} "

    def based(self, word: str, base: str) -> str:
        return rf"\{word}_{{{base}}}"

    def slope(self, of: str, by: str, times: int, *, partial: bool, held: list[str]) -> str:
        d = r"\partial " if partial else "d"
        above = d if times == 1 else f"{d.rstrip()}^{{{times}}} "
        below = by if times == 1 else f"{by}^{{{times}}}"
        whole = self.over(above + of, d + below)
        return rf"\left.{whole}\right|_{{{','.join(held)}}}" if held else whole

    def cases(self, pairs: Sequence[tuple[Written, Written]], otherwise: Written) -> Written:
        rows = [rf"{value.text}, & \text{{{tr('if')} }}{when.text}" for value, when in pairs]
        rows.append(rf"{otherwise.text}, & \text{{{tr('otherwise')}}}")
        told = r"\begin{cases}" + r" \\ ".join(rows) + r"\end{cases}"
        return Written.whole(told, Binding.ATOM, trailing=True)

    def balanced(self, lines: list[str]) -> list[str]:
        """Close on its own line every \\left( that was left open, and open it again on the next."""
        found, open_before = [], 0
        for line in lines:
            delta = len(re.findall(r"\\left\b|\\left(?=[^a-z])", line))
            delta -= len(re.findall(r"\\right\b|\\right(?=[^a-z])", line))
            after = open_before + delta
            found.append(r"\left." * open_before + line.strip() + r"\right." * after)
            open_before = after
        return found

    def measure(self, text: str) -> int:
        text = re.sub(r"\\(left|right|frac|text|mathrm|operatorname|partial)\b", "", text)
        return width(re.sub(r"\\[A-Za-z]+ ?|\\.", "x", re.sub(r"[{}^_]", "", text)))


LATEX = Latex()


def _letters(text: str) -> str:
    if text in COMMANDS:
        return COMMANDS[text]
    if len(text) == 1:
        return escaped(text) if text.isascii() else rf"\text{{{text}}}"
    return rf"\{'mathrm' if text.isascii() else 'text'}{{{escaped(text)}}}"


def escaped(text: str) -> str:
    """Return `text` as LaTeX that writes it: no character of it is a command.

    >>> print(escaped("50% of x_1"))
    50\\% of x\\_1
    """
    return "".join(ESCAPED.get(character, character) for character in text)
