"""A nest of loops as text: what is computed at each place, added up, and stored."""

from __future__ import annotations

import itertools
from collections import Counter as Count
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule._core.pieces import gather

from ..program import Var
from ..sizes import Size
from .expressions import Text
from .nests import Nest, Task, placed
from .places import Leaf, Place
from .scalars import AND, COMPARED, PRODUCT, SUM, converted, dtype_of, literal, scalar_text
from .texts import CALLED, LONG, FreshNames, Texts
from .views import Sources
from .work import COMBINED, Work, copy

__all__ = ["BLOCK", "NestPrinter", "indented"]

BLOCK = 64  # rows: 50 kB of a matrix of 100 columns


class NestPrinter:
    """Prints nests one after the other, with the texts and names that they share."""

    def __init__(self, names: FreshNames, texts: Texts, imports: dict[str, set[str]]) -> None:
        self.names, self.texts, self.imports = names, texts, imports
        self.row_steps = ""  # which rows a pass goes over
        self.added: set[Var] = set()  # sums over the rows, which the caller has begun
        self.outside: set[Var] = set()  # values that other nests read, or the caller

    # ---- one nest

    def nest(self, nest: Nest) -> list[str]:
        """Return the lines of the loops of a nest."""
        loops = [name for name, _ in nest.axes]
        self.begin(nest.tasks, loops)
        for task in nest.tasks:
            self.emit([task])
        return self.around(nest.axes)

    def begin(self, tasks: Sequence[Task], loops: list[str]) -> None:
        t = self.texts
        t.numbers, t.before, t.lines, t.stores = {}, [], [], []
        t.inner = loops[-1] if loops else ""
        t.reads = Count((leaf.var, leaf.at) for task in tasks for leaf in task.leaves())
        self.loops = loops
        self.first: list[list[str]] = [[] for _ in range(len(loops) + 1)]
        self.last: list[list[str]] = [[] for _ in range(len(loops) + 1)]

    def around(self, axes: Sequence[tuple[str, Any]]) -> list[str]:
        """Return the lines with the loops around them."""
        lines = [*self.texts.lines, *self.texts.stores]
        depth = len(axes)
        if not depth:  # what a number is added to begins, too
            return [*self.first[0], *lines]
        for level in reversed(range(depth)):
            name, size = axes[level]
            steps = f"range({size})"
            if isinstance(size, Size):
                self.texts.rows |= not self.row_steps
                steps = self.row_steps or steps
            ahead = self.first[level] + (self.texts.before if level == depth - 1 else [])
            lines = [*ahead, f"for {name} in {steps}:", *indented(lines), *self.last[level]]
        return lines

    # ---- one call

    def emit(self, tasks: Sequence[Task]) -> None:
        """Print work at one place of its result; of several tasks, the sum of what they give."""
        task = tasks[0]
        work, out = task.work, task.work.call.output
        terms = [self.formula(each) for each in tasks]
        value = terms[0]
        for term in terms[1:]:
            value = self.combined(work, value, term, out.dtype)
        at = task.out_at
        looped = [name for name in self.loops if any(name in p.terms for p in at)]
        if work.where is not None:
            self.accumulate_stored(work, at, value)
        elif work.running is not None:
            self.run(work, at, value)
        elif not work.combine or looped == self.loops:
            self.define(out, at, value)
        elif looped == self.loops[: len(looped)]:
            self.accumulate(work, at, value, len(looped))
        else:
            self.accumulate_stored(work, at, value)

    def formula(self, task: Task) -> Text:
        call = task.work.call
        operands = [self.texts.text(operand) for operand in task.operands]
        if call.function is np.einsum:
            parts = [
                converted(x, dtype_of(v), call.output.dtype).within(PRODUCT + (k > 0))
                for k, (x, (v, _)) in enumerate(zip(operands, task.work.reads, strict=True))
            ]
            return Text(" * ".join(parts), PRODUCT) if len(parts) > 1 else operands[0]
        if call.function in COMBINED or call.function in (gather, np.cumsum):
            return converted(operands[0], dtype_of(task.work.reads[0][0]), call.output.dtype)
        if call.function is copy:
            return operands[0]
        return scalar_text(call, operands, self.imports)

    def define(self, v: Var, at: tuple[Place, ...], value: Text) -> None:
        """Give an element its name, or store it; what is read once stays an expression."""
        t, leaf = self.texts, Leaf(v, tuple(at))
        count = t.reads[v, leaf.at]
        lines = t.lines
        if v in t.arrays or v in self.outside:
            if v not in t.arrays:
                t.scalars[v] = Text(self.local(v, (), lines, value))
                return
            if count or v in t.updated:
                value = Text(self.local(v, at, lines, value))
                t.numbers[v, leaf.at] = value
            stores = t.stores if v in t.updated else lines
            stores.append(f"{t.arrays[v]}[{t.places(leaf)}] = {value.text}")
        elif count == 1 and len(value.text) <= LONG:
            t.numbers[v, leaf.at] = value
        elif count:
            t.numbers[v, leaf.at] = Text(self.local(v, at, lines, value))

    def run(self, work: Work, at: tuple[Place, ...], value: Text) -> None:
        """Add to the element before, along an axis."""
        v, axis = work.call.output, work.running or 0
        before = Leaf(v, (*at[:axis], at[axis] + -1, *at[axis + 1 :]))
        name = self.names.new("t")
        self.texts.lines.append(f"{name} = {value.text}")
        place = self.texts.place(at[axis]).within(COMPARED + 1)
        last = f"{self.texts.arrays[v]}[{self.texts.places(before)}]"
        zero = literal(0, v.dtype).text
        self.define(v, at, Text(f"{name} + ({last} if {place} > 0 else {zero})", SUM))

    def local(self, v: Var, at: tuple[Place, ...], lines: list[str], value: Text) -> str:
        """Write a line that gives a value a name of its own, and return the name."""
        if v in self.texts.arrays:
            name = self.texts.called(self.texts.arrays[v], at)
        else:
            digits = [str(p.offset) for p in at if not p.terms]
            name = self.name_for(v) + ("_".join(digits) if len(digits) == len(at) - 1 else "")
        name = self.names.new(name)
        lines.append(f"{name} = {value.text}")
        return name

    def name_for(self, v: Var, fallback: str = "t") -> str:
        return CALLED.get(self.made_by(v), fallback)

    made_by: Callable[[Var], str] = staticmethod(lambda v: "")

    # ---- sums, and what else combines

    def accumulate(self, work: Work, at: tuple[Place, ...], value: Text, level: int) -> None:
        """Combine in a local number, from before the loops of what is combined until after them."""
        t, v = self.texts, work.call.output
        leaf = Leaf(v, tuple(at))
        wide = np.dtype(np.float64) if v in self.added and v.dtype.kind == "f" else v.dtype
        name = t.called(t.arrays[v], at) if v in t.arrays and at else self.name_for(v)
        name = self.names.new(name)
        self.first[level].append(f"{name} = {identity(work.combine, wide).text}")
        if work.combine == "sum" and wide.kind == "f":
            self.imports["kernel_functions"].add("plus")
            t.lines.append(f"{name} = plus({name}, {value.text})")
        else:
            t.lines.append(self.step(work, name, value, wide))
        if v in self.added:
            self.last[level].append(f"{t.arrays[v]}[{t.places(leaf)}] += {name}")
        elif v in t.arrays:
            self.last[level].append(f"{t.arrays[v]}[{t.places(leaf)}] = {name}")
        if v not in t.arrays:
            t.scalars[v] = Text(name)

    def accumulate_stored(self, work: Work, at: tuple[Place, ...], value: Text) -> None:
        """Combine in the array of the result, which begins as what changes nothing."""
        t, v = self.texts, work.call.output
        array = t.arrays[v]
        if v not in self.added:
            part = t.block_of(v)
            self.first[0].append(f"{array}[{part}] = {identity(work.combine, v.dtype).text}")
        place = t.places(Leaf(v, tuple(at)))
        t.lines.append(self.step(work, f"{array}[{place}]", value, v.dtype))

    def step(self, work: Work, name: str, value: Text, dtype: Any) -> str:
        if work.combine == "sum" and dtype.kind != "b":
            return f"{name} += {value.text}"
        return f"{name} = {self.combined(work, Text(name), value, dtype).text}"

    def combined(self, work: Work, a: Text, b: Text, dtype: Any) -> Text:
        match work.combine:
            case "sum":
                return Text(f"{a.within(SUM)} + {b.within(SUM + 1)}", SUM)
            case "prod":
                return Text(f"{a.within(PRODUCT)} * {b.within(PRODUCT + 1)}", PRODUCT)
            case "max" | "min" if dtype.kind == "f":
                name = f"{work.combine}imum"
                self.imports["elementary"].add(name)
                return Text(f"{name}({a.text}, {b.text})")
            case "max" | "min" if dtype.kind == "b":
                symbol = "|" if work.combine == "max" else "&"
                return Text(f"{a.within(AND + 1)} {symbol} {b.within(AND + 1)}", AND)
            case _:
                return Text(f"{work.combine}({a.text}, {b.text})")


def identity(combine: str | None, dtype: Any) -> Text:
    """Return what changes nothing when it is combined."""
    if combine in ("sum", "prod"):
        return literal(combine == "prod", dtype)
    if dtype.kind == "f":
        return literal(-np.inf if combine == "max" else np.inf, dtype)
    if dtype.kind == "b":
        return literal(combine == "min", dtype)
    limits = np.iinfo(dtype)
    return literal(limits.min if combine == "max" else limits.max, dtype)


def in_registers(work: Work, sources: Sources) -> list[list[Task]]:
    """Return the work for each place of the result, with all axes but the rows' unrolled."""
    groups: dict[tuple[Place, ...], list[Task]] = {}
    axes = [[Place("i")] if isinstance(n, Size) else list(map(at, range(n))) for n in work.sizes]
    for place in itertools.product(*axes):
        task = placed(work, place, sources)
        groups.setdefault(task.out_at, []).append(task)
    return list(groups.values())


def at(k: int) -> Place:
    return Place(offset=k)


def indented(lines: Sequence[str], depth: int = 1) -> list[str]:
    return ["    " * depth + line for line in lines]
