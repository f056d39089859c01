"""A loop as one function for Numba: its body is printed once, as kernels that it calls.

for t in range(steps):
    x = xs[t]
    part1(h, x, W, v3)      # the body, in parts
    h[:] = v3               # the next states
    ys[t] = v3              # what is stacked
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .kernels import kernel
from .parts import Part, cut
from .preparing import prepared
from .printable import prints
from .program import Call, Program, Var
from .rolled import repeated, rolled

__all__ = ["LoopText", "is_loop", "loop_text"]


def is_loop(call: Call) -> bool:
    return call.function is rolled or call.function is repeated


class LoopText:
    """The text of a loop's function, after the kernels that it calls.

    It is called with the number of rows, the loop's values, and `constants` of its body.
    """

    def __init__(
        self, name: str, text: str, kernels: list[str], imports: list[str], constants: list[Var]
    ) -> None:
        self.name, self.text, self.kernels = name, text, kernels
        self.imports, self.constants = imports, constants


def loop_text(call: Call, name: str) -> LoopText | None:
    """Return the function that runs a loop; None if its body calls libraries."""
    program = prepared(plain(call.options["body"]))
    parts = cut(program, prints)
    if any(part.kind == "library" for part in parts) or not printable(program):
        return None
    asked = None
    if call.function is repeated:
        asked = prepared(plain(call.options["condition"]))
        if any(part.kind != "small" for part in cut(asked, prints)):
            return None
    return LoopPrinter(call, name, program, parts, asked).printed()


def plain(body: Program) -> Program:
    return Program(body.inputs, body.calls, body.outputs)


def printable(program: Program) -> bool:
    return all(v.dtype.kind in "biuf" for v in (*program.inputs, *program.constants()))


class LoopPrinter:
    def __init__(
        self, call: Call, name: str, program: Program, parts: list[Part], asked: Program | None
    ) -> None:
        self.options, self.name, self.program, self.parts = call.options, name, program, parts
        self.asked = asked
        self.carried: int = call.options["carried"]
        self.items: int = call.options.get("items", 0)
        self.kernels: list[str] = []
        self.imports: dict[str, None] = {}
        self.texts: dict[Var, str] = {}
        self.taken = {"t", "n", "np"}
        self.before: list[str] = []
        self.lines: list[str] = []

    def new(self, name: str) -> str:
        name = name if name.isidentifier() else f"v{name}"
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def printed(self) -> LoopText:
        inputs = self.program.inputs
        states = [self.new(v.name) for v in inputs[: self.carried]]
        given = [f"{name}_first" for name in states]
        for v, name, first in zip(inputs, states, given, strict=False):
            self.texts[v] = name
            copied = f"{first}.copy()" if v.shape else f"np.{v.dtype}({first})"
            self.before.append(f"{name} = {copied}")
        last = self.carried + self.items
        for v in inputs[self.carried : last]:
            given.append(self.new(f"{v.name}_all"))
            self.texts[v] = self.new(v.name)
            self.lines.append(f"{self.texts[v]} = {given[-1]}[t]")
        for v in inputs[last:]:
            given.append(self.new(v.name))
            self.texts[v] = given[-1]
        constants = self.program.constants()
        constants += [v for v in self.asked.constants() if v not in constants] if self.asked else []
        for v in constants:
            self.texts[v] = self.new(v.name)
            given.append(self.texts[v])
        for k, part in enumerate(self.parts):
            self.part(part, f"{self.name}_part{k + 1}")
        stacks = self.stacked()
        self.next_states(states)
        steps = self.steps(given)
        body = [f"    {line}" for line in self.lines]
        returned = ", ".join([*states, *stacks])
        lines = [
            *self.before,
            *steps,
            *body,
            f"return {returned}{',' * (len(states) + len(stacks) == 1)}",
        ]
        arguments = ", ".join(["n", *given])
        text = f"@njit(**KERNEL)\ndef {self.name}({arguments}):\n"
        text += "".join(f"    {line}\n" for line in lines)
        self.imports |= dict.fromkeys([
            "from numba import njit", "from chainrule.compiler.kernel_functions import KERNEL"
        ])  # fmt: skip
        return LoopText(self.name, text, self.kernels, list(self.imports), constants)

    def steps(self, given: Sequence[str]) -> list[str]:
        """Return the lines that begin the loop."""
        if self.asked is None:
            count = self.options["n"]
            if self.options.get("backwards"):
                return [f"for t in range({count} - 1, -1, -1):"]
            return [f"for t in range({count}):"]
        condition = self.condition(self.asked)
        most = self.options.get("most")
        head = f"for t in range({most}):" if most is not None else "while True:"
        return [head, *(f"    {line}" for line in condition), "        break"]

    def condition(self, asked: Program) -> list[str]:
        """Return the lines that ask whether the states are those that are wanted."""
        for mine, v in zip(self.program.inputs, asked.inputs, strict=True):
            self.texts[v] = self.texts[mine]
        (answer,) = asked.outputs
        if not isinstance(answer, Var):
            return [f"if {bool(answer)}:"]
        before, self.lines = self.lines, []
        for k, part in enumerate(cut(asked, prints)):
            self.part(part, f"{self.name}_asks{k + 1}")
        lines, self.lines = self.lines, before
        return [*lines, f"if {self.texts[answer]}:"]

    def part(self, part: Part, name: str) -> None:
        printed = kernel(name, part.calls, part.inputs, part.outputs, part.kind == "pass")
        self.kernels.append(printed.text)
        self.imports |= dict.fromkeys(printed.imports)
        arrays = [v for v in part.outputs if v.shape or part.kind == "pass"]
        for v in part.outputs:
            self.texts[v] = self.new(v.name)
        for v in arrays:
            shape = f"({', '.join(map(repr, v.shape or (1,)))},)"
            self.before.append(f"{self.texts[v]} = np.empty({shape}, np.{v.dtype})")
        inputs = [self.texts[v] for v in part.inputs]
        if part.kind == "pass":
            self.lines += [f"{self.texts[v]}.fill(0)" for v in part.sums]
            outputs = [self.texts[v] for v in (*part.sums, *part.row_outputs)]
            self.lines.append(f"{printed.name}({', '.join(['0', 'n', *inputs, *outputs])})")
            for v in part.sums:
                if not v.shape:
                    self.texts[v] += "[0]"
            return
        numbers = ", ".join(self.texts[v] for v in part.outputs if not v.shape)
        call = f"{printed.name}({', '.join([*inputs, *(self.texts[v] for v in arrays)])})"
        self.lines.append(f"{numbers} = {call}" if numbers else call)

    def value(self, v: Any) -> str:
        return self.texts[v] if isinstance(v, Var) else repr(v)

    def stacked(self) -> list[str]:
        """Print what is stacked, and return the names of the stacks."""
        stacks = []
        body = self.options["body"]
        for v, asked in zip(
            self.program.outputs[self.carried :], body.outputs[self.carried :], strict=True
        ):
            shape = getattr(asked, "shape", np.shape(asked))
            dtype = getattr(asked, "dtype", np.dtype(float))
            stacks.append(self.new(f"{self.value(v).partition('[')[0]}_all"))
            size = ", ".join(map(repr, (self.options["n"], *shape)))
            self.before.append(f"{stacks[-1]} = np.empty(({size},), np.{dtype})")
            self.lines.append(f"{stacks[-1]}[t] = {self.value(v)}")
        return stacks

    def next_states(self, states: Sequence[str]) -> None:
        """Print how the states become the next ones; one that is another's needs a copy first."""
        inputs = self.program.inputs[: self.carried]
        next_ = self.program.outputs[: self.carried]
        moved: dict[Var, str] = {}
        for k, v in enumerate(next_):
            if isinstance(v, Var) and v in inputs and inputs.index(v) != k and v not in moved:
                moved[v] = self.new(f"{self.texts[v]}_before")
                copy = ".copy()" if v.shape else ""
                self.lines.append(f"{moved[v]} = {self.texts[v]}{copy}")
        for mine, name, v in zip(inputs, states, next_, strict=True):
            if v is not mine:
                new = moved.get(v) or self.value(v)
                self.lines.append(f"{name}[...] = {new}" if mine.shape else f"{name} = {new}")
