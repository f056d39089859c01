"""A second reader of what was written: it knows how people read mathematics, and no Expr.

It takes the value of a text of the Unicode or ASCII alphabet by the usual precedences: powers
before products and quotients, these from left to right before sums. LaTeX and MathML are first
put on one line, with parentheses only where the layout on paper stands for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree

import numpy as np

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ln": np.log, "log₂": np.log2, "log2": np.log2, "log₁₀": np.log10, "log10": np.log10,
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "sinh": np.sinh, "cosh": np.cosh,
    "tanh": np.tanh, "arcsin": np.arcsin, "arctan": np.arctan, "arcsinh": np.arcsinh,
    "max": np.maximum, "min": np.minimum, "sign": np.sign, "sqrt": np.sqrt, "cbrt": np.cbrt,
    "floor": np.floor, "ceil": np.ceil,
}  # fmt: skip
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
RELATIONS = {
    "<": np.less, ">": np.greater, "≤": np.less_equal, "≥": np.greater_equal, "≠": np.not_equal,
    "=": np.equal,
}  # fmt: skip
PLAINER = [("<=", "≤"), (">=", "≥"), ("!=", "≠"), ("-", "−"), ("*", "·")]
TOKEN = re.compile(
    r"\s*(Σ[ᵢⱼₖ]|sum_[ijk]|\d+(?:\.\d+)?|if\b|otherwise\b|[A-Za-zα-ωΑ-Ω]+(?:[₀-₉]+|\d+)?(?:[ᵢⱼₖ]|_[ijk]\b)?"
    r"|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+|.)"
)


def value_of(text: str, values: Mapping[str, Any]) -> Any:
    """Return the value of a written text, where names, without their row's index, have values."""
    for plain, sign in PLAINER:
        text = text.replace(plain, sign)
    reader = _Reader([token for token in TOKEN.findall(text) if token.strip()], values)
    found = reader.sum()
    assert reader.peek() == "", f"{text}: {reader.tokens[reader.at :]} is left over"
    return found


class _Reader:
    def __init__(self, tokens: list[str], values: Mapping[str, Any]) -> None:
        self.tokens, self.at, self.values = tokens, 0, values

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        assert expected in (None, token), f"{expected} expected, not {token}: {self.tokens}"
        self.at += 1
        return token

    def sum(self) -> Any:
        total = self.signed()
        while self.peek() in ("+", "−"):
            sign = self.take()
            assert self.peek() != "−", "two signs in a row"
            term = self.product()
            total = total + term if sign == "+" else total - term
        return total

    def signed(self) -> Any:
        if self.peek() == "−":
            self.take()
            return -self.product()
        return self.product()

    def product(self) -> Any:
        total = self.power()
        while True:
            if self.peek() == "·":
                self.take()
                total = total * self.power()
            elif self.peek() == "/":
                self.take()
                total = total / self.power()
            elif re.match(r"[A-Za-zα-ωΑ-Ω√∛]", self.peek()) and self.peek() not in (
                "if",
                "otherwise",
            ):
                assert self.tokens[self.at - 1][0].isdigit(), "only a number stands close"
                total = total * self.power()
            else:
                return total

    def power(self) -> Any:
        base = self.atom()
        if re.fullmatch("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", self.peek()):
            return np.power(base, float(self.take().translate(RAISED)))
        if self.peek() == "^":
            self.take()
            return np.power(base, self.atom())
        return base

    def atom(self) -> Any:
        token = self.take()
        if token[0].isdigit():
            return np.float64(token)  # which divides by zero as arrays do
        if token in "([":
            return self.until(")")
        if token == "|":
            return np.abs(self.until("|"))
        if token == "⌊":
            return np.floor(self.until("⌋"))
        if token == "⌈":
            return np.ceil(self.until("⌉"))
        if token in "√∛":
            return (np.sqrt if token == "√" else np.cbrt)(self.atom())
        if token == "{":
            return self.cases()
        if token[0] == "Σ" or token.startswith("sum_"):
            return np.sum(self.product())
        if token in FUNCTIONS:
            return self.call(FUNCTIONS[token])
        bare = re.sub("_?[ᵢⱼₖ]$|_[ijk]$", "", token)
        constants = {"e": np.e, "π": np.pi, "pi": np.pi}
        return constants[bare] if bare in constants else self.values[bare]

    def until(self, closing: str) -> Any:
        found = self.sum()
        self.take(closing)
        return found

    def call(self, function: Callable[..., Any]) -> Any:
        raised = 1.0
        if re.fullmatch("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", self.peek()):
            raised = float(self.take().translate(RAISED))
        elif self.peek() == "^":  # of the function, as in sin²(x)
            self.take()
            raised = self.atom()
        self.take("(")
        arguments = [self.sum()]
        while self.peek() == ",":
            self.take()
            arguments.append(self.sum())
        self.take(")")
        value = function(*arguments)
        return value if raised == 1.0 else np.power(value, raised)

    def cases(self) -> Any:
        value = self.sum()
        self.take(",")
        if self.take() == "otherwise":
            self.take("}")
            return value
        left, sign, right = self.sum(), self.take(), self.sum()
        self.take(";")
        rest = self.cases()
        return np.where(RELATIONS[sign](left, right), value, rest)


# ---- what is laid out in two dimensions, on one line


def from_latex(text: str) -> str:
    """Put LaTeX on one line; an exponent gets parentheses, its base only those written."""
    text = re.sub(r"\\(left|right)(?![a-z])", "", text)
    text = re.sub(r"\\(left|right)(?=\\|)", "", text)
    for command, sign in {
        r"\cdot": "·", r"\leq": "≤", r"\geq": "≥", r"\neq": "≠", r"\lfloor": "⌊", r"\rfloor": "⌋",
        r"\lceil": "⌈", r"\rceil": "⌉", r"\pi": "π", r"\theta": "theta", r"\\": ";", "&": "",
        r"\text{if }": " if ", r"\text{otherwise}": " otherwise ",
    }.items():  # fmt: skip
        text = text.replace(command, sign)
    text = re.sub(r"\\operatorname\{(\w+)\}", r"\1", text)
    text = re.sub(r"\\mathrm\{([^}]*)\}", r"\1", text).replace(r"\_", "_")
    text = re.sub(r"\\log_\{(\d+)\}", r"log\1", text)
    text = re.sub(r"_\{(\d+)\}", r"\1", text)
    text = re.sub(r"_\{(\d+),([ijk])\}", r"\1_\2", text)
    text = re.sub(r"\\sum_\{([ijk])\}", r" sum_\1 ", text)
    text = re.sub(r"_\{([ijk])\}", r"_\1", text)
    text = text.replace(r"\begin{cases}", " «").replace(r"\end{cases}", "»")
    for pattern, instead in (
        (r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))"),
        (r"\\sqrt\[3\]\{([^{}]*)\}", r"∛(\1)"),
        (r"\\sqrt\{([^{}]*)\}", r"√(\1)"),
        (r"\^\{([^{}]*)\}", r"^(\1)"),
    ) * 40:
        text = re.sub(pattern, instead, text)
    text = re.sub(r"\\([a-z]+)", r"\1", text)
    assert not re.search(r"[\\{}]", text), text
    return text.replace("«", "{").replace("»", "}")


def from_mathml(text: str) -> str:
    """Put MathML on one line; the base of a power gets no parentheses."""
    return _line(ElementTree.fromstring(f"<mrow>{text.replace('&#xA0;', ' ')}</mrow>"))


def _line(node: ElementTree.Element) -> str:
    parts = [_line(child) for child in node]
    match node.tag:
        case "mfrac":
            return f"(({parts[0]})/({parts[1]}))"
        case "msup":
            return f"{parts[0]}^({parts[1]})"
        case "msub":
            return parts[0] + (parts[1] if parts[1][0].isdigit() else f"_{parts[1]}").replace(
                ",", "_"
            )
        case "munder":
            return f" sum_{parts[1]} "
        case "msqrt":
            return f"√({''.join(parts)})"
        case "mroot":
            return f"∛({parts[0]})"
        case "mtable":
            return ";".join(parts) + "}"
        case "mi" | "mn" | "mo" | "mtext":
            return {"\u2061": "", "⋅": "·", "θ": "theta"}.get(node.text or "", node.text or "")
    return "".join(parts)
