"""Reading a formula: Python's parser finds its parts, and a whitelist lets them pass."""

from __future__ import annotations

import ast
import math
import re
import warnings

from chainrule._languages import mark, tr, tr_n

from .formula import Call, Formula, Number, Step, Variable
from .grammar import CONSTANTS, FUNCTIONS, OPERATORS, Functions, choice, nearest
from .misreadings import (
    NOT_IN_GRAMMAR,
    TOO_DEEP,
    FormulaError,
    at,
    check_characters,
    misread,
    too_many,
)

__all__ = ["parse", "read"]


def parse(text: str, variables: int | None = None) -> Formula:
    """Return the formula that `text` writes.

    Its variables are the names that are neither functions nor constants, in the order in which
    they first stand; `variables` is how many there may be at most, by default any number. All
    numbers are floats, so no power, however large, takes long or needs much memory.

    Raises FormulaError for what is not in the grammar, and for more than 1000 characters.

    >>> half = parse("x / 2")
    >>> half.names, half(3.0)
    (('x',), 1.5)
    >>> parse("tanhh(x)")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    FormulaError: "tanhh" at position 1 is not a function known here; did you mean tanh?
    """
    formula, names = read(re.sub(r"\s", " ", text).strip(), FUNCTIONS)
    if variables is not None and len(names) > variables:
        raise FormulaError(too_many(names, variables))
    return formula


def read(text: str, functions: Functions) -> tuple[Formula, dict[str, int]]:
    """Return the formula that `text` writes, and at which position each of its names first stands.

    Spaces before it count, so that a part of a line is told of by its position in the line.
    """
    check_characters(text)
    reader = _Reader(text, functions)
    steps = reader.steps(_tree(text))
    return Formula(text.strip(), tuple(reader.positions), steps), reader.positions


def _tree(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice is about Python
            return ast.parse(text.lstrip(), mode="eval").body
    except SyntaxError as error:
        error.offset = error.offset and error.offset + _indent(text)
        raise FormulaError(misread(text, error)) from None
    except (MemoryError, RecursionError, ValueError):
        raise FormulaError(tr(TOO_DEEP)) from None


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


class _Reader:
    """Turns a syntax tree into steps, refusing every part that is not in the grammar."""

    def __init__(self, text: str, functions: Functions) -> None:
        self.text = text.lstrip()
        self.indent = _indent(text)
        self.functions = functions
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
            chooses = isinstance(step, Call) and step.function is choice
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
                raise self._error(node, mark("compares more than two; use one where( ) for each"))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._call(node, name, arguments), arguments
            case ast.Call(func=ast.Attribute(attr=name)) | ast.Attribute(attr=name):
                raise self._error(
                    node, tr("has a dot; write {name} without what stands before it", name=name)
                )
            case ast.Call(func=ast.Name(), keywords=[_, *_]):
                raise self._error(node, mark("names an argument; write the values alone"))
            case ast.Call():
                raise self._error(node, mark("lacks an operator; write * to multiply"))
        raise self._error(node, NOT_IN_GRAMMAR)

    def _number(self, node: ast.expr, value: float) -> float:
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isinf(number):
            raise self._error(node, mark("is too large; numbers go up to 1.8e308"))
        return number

    def _name(self, node: ast.expr, name: str) -> Step:
        if name in CONSTANTS:
            return Number(CONSTANTS[name])
        if name in self.functions:
            raise self._error(
                node, tr("is a function; write {name}( ) around its argument", name=name)
            )
        here = self._position(node)
        self.positions[name] = min(here, self.positions.get(name, here))
        return Variable(name)

    def _call(self, node: ast.Call, name: str, arguments: list[ast.expr]) -> Step:
        if name not in self.functions:
            near = nearest(name, list(self.functions))
            if name in CONSTANTS or (len(name) == 1 and near is None):
                what = tr("is not a function; write {name}*( ) to multiply", name=name)
            elif near:
                what = tr("is not a function known here; did you mean {near}?", near=near)
            else:
                known = tr(", ").join(sorted(self.functions))
                what = tr("is not a function known here; known are {known}", known=known)
            raise self._error(node.func, what)
        function, count = self.functions[name]
        if len(arguments) != count:
            inside = tr_n("has {count} value inside", "has {count} values inside", len(arguments))
            takes = tr("; {name} takes {number}", name=name, number=count)
            raise self._error(node, inside + takes)
        return Call(function, count)

    def _misplaced(self, node: ast.expr, as_condition: bool) -> str:
        if as_condition:
            what = mark("is not a condition; write a comparison such as x > 0")
        else:
            what = mark("is a comparison; it can only be the condition of where( )")
        return str(self._error(node, what))

    def _error(self, node: ast.expr, what: str) -> FormulaError:
        part = ast.get_source_segment(self.text, node) or self.text
        return FormulaError(at(part, self._position(node), what))

    def _position(self, node: ast.expr) -> int:
        # The parser counts bytes of UTF-8, people count characters from 1.
        return self.indent + len(self.text.encode()[: node.col_offset].decode()) + 1
