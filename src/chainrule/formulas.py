"""Formulas as people write them: `exp(-x**2) / 2` becomes a function that can be differentiated.

A formula is data, never code: Python's parser reads it, a whitelist checks every part, and what
is kept is a list of steps for a stack machine. Nothing is looked up but the names listed here.

The grammar: numbers; variables; `+ - * / **` and parentheses; the functions of FUNCTIONS; the
constants of CONSTANTS; and `where(condition, a, b)`, whose condition is a comparison of two.
"""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

__all__ = ["CONSTANTS", "FUNCTIONS", "Formula", "FormulaError", "parse"]

MOST_CHARACTERS = 1000
TOO_DEEP = "the formula is nested too deeply to be read; use fewer parentheses"


class FormulaError(ValueError):
    """A formula that cannot be read, as one sentence: what, at which position, what to write."""


def _sigmoid(x: Any) -> Any:
    # Through the logarithm, exp(-x) overflows nowhere, and digits are kept far to the left.
    return np.exp(np.negative(np.logaddexp(0.0, np.negative(x))))


def _choice(condition: Any, a: Any, b: Any) -> Any:
    # A number takes the branch itself, so that no 0 * inf comes from the branch not taken.
    if np.shape(condition) == ():
        return a if condition else b
    return np.where(condition, a, b)


CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}

# Each function with how many arguments it takes.
FUNCTIONS: dict[str, tuple[Callable[..., Any], int]] = {
    **{
        name: (getattr(np, name), 1)
        for name in (
            *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt"),
            *("sin", "cos", "tan", "arcsin", "arccos", "arctan"),
            *("sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh"),
            *("abs", "sign", "floor", "ceil"),
        )
    },
    "ln": (np.log, 1),
    "asin": (np.arcsin, 1),
    "acos": (np.arccos, 1),
    "atan": (np.arctan, 1),
    "asinh": (np.arcsinh, 1),
    "acosh": (np.arccosh, 1),
    "atanh": (np.arctanh, 1),
    "sigmoid": (_sigmoid, 1),
    "softplus": (lambda x: np.logaddexp(0.0, x), 1),
    "relu": (lambda x: _choice(np.greater(x, 0.0), x, 0.0), 1),
    "maximum": (np.maximum, 2),
    "minimum": (np.minimum, 2),
    "max": (np.maximum, 2),
    "min": (np.minimum, 2),
    "where": (_choice, 3),
}

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.USub: np.negative,
    ast.UAdd: np.positive,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}

# What people type or paste, and how this grammar writes it.
INSTEAD = {
    "^": "**", "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "²": "**2", "³": "**3",
    "√": "sqrt( )", "|": "abs( )", "[": "(", "]": ")", "{": "(", "}": ")", "（": "(", "）": ")",
    "，": ",", "＋": "+", "＊": "*", "／": "/", "≤": "<=", "≥": ">=", "≠": "!=",
}  # fmt: skip


@dataclass(frozen=True)
class Number:
    """A step that puts a number on the stack."""

    value: float


@dataclass(frozen=True)
class Variable:
    """A step that puts a variable's value on the stack."""

    name: str


@dataclass(frozen=True)
class Call:
    """A step that takes so many values off the stack and puts the function's value there."""

    function: Callable[..., Any]
    count: int


Step = Number | Variable | Call


@dataclass(frozen=True)
class Formula:
    """A formula as a function of its variables, in the order of `names`.

    Values may be numbers or arrays, which broadcast, or values that are being differentiated.

    >>> import chainrule
    >>> chainrule.grad(parse("x**2 + 3*x"))(2.0)
    7.0
    """

    text: str
    names: tuple[str, ...]
    steps: tuple[Step, ...]

    def __call__(self, *values: Any) -> Any:
        if len(values) != len(self.names):
            raise TypeError(
                f"{self.text} is a function of {', '.join(self.names) or 'nothing'}, "
                f"but was given {len(values)} values."
            )
        meaning = dict(zip(self.names, values, strict=True))
        stack: list[Any] = []
        for step in self.steps:
            match step:
                case Number(value):
                    stack.append(value)
                case Variable(name):
                    stack.append(meaning[name])
                case Call(function, count):
                    operands = stack[-count:]
                    y = function(*operands)
                    # A number made of plain numbers stays plain, so that float32 arrays stay so.
                    plain = type(y) is np.float64 and all(type(v) is float for v in operands)
                    stack[-count:] = [float(y) if plain else y]
        return stack[0]

    def __str__(self) -> str:
        return self.text


def parse(text: str, variables: int | None = None) -> Formula:
    """Return the formula that `text` writes.

    Its variables are the names that are neither functions nor constants, in the order in which
    they first stand; `variables` is how many there may be at most, by default any number. All
    numbers are floats, so no power, however large, takes long or needs much memory.

    Raises FormulaError for what is not in the grammar, and for more than 1000 characters.

    >>> half = parse("x / 2")
    >>> half.names, half(3.0)
    (('x',), 1.5)
    >>> parse("2 ^ x")
    Traceback (most recent call last):
    chainrule.formulas.FormulaError: "^" at position 3 is not in the grammar of formulas; write **
    """
    text = re.sub(r"\s", " ", text).strip()
    _check_characters(text)
    reader = _Reader(text)
    steps = reader.steps(_tree(text))
    names = reader.positions
    if variables is not None and len(names) > variables:
        raise FormulaError(_too_many(names, variables))
    return Formula(text, tuple(names), steps)


def _check_characters(text: str) -> None:
    if not text:
        raise FormulaError("the formula is empty; write one such as tanh(x)")
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(
            f"the formula has {len(text)} characters; {MOST_CHARACTERS} are the most that are read"
        )
    for position, character in enumerate(text, 1):
        known = character in " +-*/().,<>=!" or ("a" + character).isidentifier()
        if not known or character in INSTEAD:
            raise FormulaError(
                f'"{character}" at position {position} is not in the grammar of formulas'
                + (f"; write {INSTEAD[character]}" if character in INSTEAD else "")
            )


def _tree(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice is about Python
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise FormulaError(_misread(text, error)) from None
    except (MemoryError, RecursionError, ValueError):
        raise FormulaError(TOO_DEEP) from None


def _misread(text: str, error: SyntaxError) -> str:
    """Say what is wrong with a text that Python's parser refuses."""
    opened: list[int] = []
    for position, character in enumerate(text, 1):
        if character == "(":
            opened.append(position)
        elif character == ")" and not opened:
            return f'")" at position {position} closes nothing; take it out, or write a "("'
        elif character == ")":
            opened.pop()
    if opened:
        return f'"(" at position {opened[-1]} is never closed; write a ")"'
    if match := re.search(r"(?<![\w.])(\d[\d_.]*) *([^\W\d_]\w*)", text):
        number, name = match.groups()
        return (
            f'"{match[0]}" at position {match.start() + 1} lacks an operator; write {number}*{name}'
        )
    if match := re.search(r"([^\W\d_]\w*) +(\w+)", text):
        name, other = match.groups()
        instead = f"{name}({other})" if name in FUNCTIONS else f"{name}*{other}"
        return f'"{match[0]}" at position {match.start() + 1} lacks an operator; write {instead}'
    if match := re.search(r"(?<![<>=!])=(?!=)", text):
        return (
            f'"=" at position {match.start() + 1} is not in the grammar of formulas; '
            "write only what stands on its right"
        )
    if "nested" in error.msg:
        return TOO_DEEP
    if not error.offset or error.offset > len(text):
        return f'"{text}" ends where a number or a name should follow'
    rest = text[error.offset - 1 :]
    return f'"{_shortened(rest)}" at position {error.offset} cannot stand there'


def _too_many(names: dict[str, int], variables: int) -> str:
    # Of several names, x is the likeliest to be meant as the variable.
    kept = sorted(names, key=lambda name: name != "x")[:variables]
    extra = next(name for name in names if name not in kept)
    near = _nearest(extra, [*CONSTANTS, *FUNCTIONS, *kept])
    return (
        f'"{extra}" at position {names[extra]} is a variable'
        + (f" beside {' and '.join(kept)}; no more than {variables}" if kept else "; none")
        + " can stand here"
        + (f" (did you mean {near}?)" if near else "")
    )


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _nearest(name: str, known: list[str]) -> str | None:
    return next(iter(get_close_matches(name.lower(), known, n=1)), None)


class _Reader:
    """Turns a syntax tree into steps, refusing every part that is not in the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.positions: dict[str, int] = {}  # of each variable, where it first stands

    def steps(self, tree: ast.expr) -> tuple[Step, ...]:
        # A list of what is still to be read instead of recursion: depth then costs no stack.
        # A step is noted before its operands, from the right, so the reverse is the order to run.
        found: list[Step] = []
        todo = [(tree, False)]
        while todo:
            node, as_condition = todo.pop()
            if isinstance(node, ast.Compare) is not as_condition:
                raise FormulaError(self._misplaced(node, as_condition))
            step, operands = self._step(node)
            found.append(step)
            chooses = isinstance(step, Call) and step.function is _choice
            todo += [(each, chooses and k == 0) for k, each in enumerate(operands)]
        found.reverse()
        variables = {step.name: None for step in found if isinstance(step, Variable)}
        self.positions = {name: self.positions[name] for name in variables}
        return tuple(found)

    def _step(self, node: ast.expr) -> tuple[Step, list[ast.expr]]:
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return Number(self._number(node, value)), []
            case ast.Name(id=name):
                return self._name(node, name), []
            case ast.UnaryOp(op=operator, operand=x) if type(operator) in OPERATORS:
                return Call(OPERATORS[type(operator)], 1), [x]
            case ast.BinOp(left=a, op=operator, right=b) if type(operator) in OPERATORS:
                return Call(OPERATORS[type(operator)], 2), [a, b]
            case ast.Compare(left=a, ops=[operator], comparators=[b]) if (
                type(operator) in OPERATORS
            ):
                return Call(OPERATORS[type(operator)], 2), [a, b]
            case ast.Compare():
                raise self._error(node, "compares more than two; use one where( ) for each")
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._call(node, name, arguments), arguments
            case ast.Call(func=ast.Attribute(attr=name)) | ast.Attribute(attr=name):
                raise self._error(node, f"has a dot; write {name} without what stands before it")
            case ast.Call(func=ast.Name(), keywords=[_, *_]):
                raise self._error(node, "names an argument; write the values alone")
            case ast.Call():
                raise self._error(node, "lacks an operator; write * to multiply")
        raise self._error(node, "is not in the grammar of formulas")

    def _number(self, node: ast.expr, value: float) -> float:
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isinf(number):
            raise self._error(node, "is too large; numbers go up to 1.8e308")
        return number

    def _name(self, node: ast.expr, name: str) -> Step:
        if name in CONSTANTS:
            return Number(CONSTANTS[name])
        if name in FUNCTIONS:
            raise self._error(node, f"is a function; write {name}( ) around its argument")
        here = self._position(node)
        self.positions[name] = min(here, self.positions.get(name, here))
        return Variable(name)

    def _call(self, node: ast.Call, name: str, arguments: list[ast.expr]) -> Step:
        if name not in FUNCTIONS:
            near = _nearest(name, list(FUNCTIONS))
            if name in CONSTANTS or (len(name) == 1 and near is None):
                raise self._error(node.func, f"is not a function; write {name}*( ) to multiply")
            raise self._error(
                node.func,
                f"is not a function known here; did you mean {near}?"
                if near
                else f"is not a function known here; known are {', '.join(sorted(FUNCTIONS))}",
            )
        function, count = FUNCTIONS[name]
        if len(arguments) != count:
            counted = "one argument" if count == 1 else f"{count} arguments"
            raise self._error(node, f"has {len(arguments)} arguments; {name} takes {counted}")
        return Call(function, count)

    def _misplaced(self, node: ast.expr, as_condition: bool) -> str:
        if as_condition:
            return str(self._error(node, "is not a condition; write a comparison such as x > 0"))
        return str(self._error(node, "is a comparison; it can only be the condition of where( )"))

    def _error(self, node: ast.expr, what: str) -> FormulaError:
        part = ast.get_source_segment(self.text, node) or self.text
        return FormulaError(f'"{_shortened(part)}" at position {self._position(node)} {what}')

    def _position(self, node: ast.expr) -> int:
        # The parser counts bytes of UTF-8, people count characters from 1.
        return len(self.text.encode()[: node.col_offset].decode()) + 1
