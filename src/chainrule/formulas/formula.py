"""A formula that has been read: a list of steps for a stack machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Call", "Formula", "Number", "Step", "Variable"]


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

    >>> from chainrule import grad
    >>> from chainrule.formulas import parse
    >>> grad(parse("x**2 + 3*x"))(2.0)
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
