"""One program for every number of rows, from the programs of a few small numbers of rows.

The function is written down for a few numbers of rows. Where the programs differ, in a shape, an
argument or a constant array, a size that depends on the number of rows takes the place of the
numbers. If they differ otherwise, the function does other things for other numbers of rows,
and each number of rows is compiled on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .program import Call, Program, Var
from .sizes import ROWS, Size, unified

__all__ = ["EXAMPLES", "NotOneProgram", "one_program", "rows_like"]

EXAMPLES = (7, 11, 13)


class NotOneProgram(ValueError):
    """Other numbers of rows give other programs."""


def rows_like(array: np.ndarray, rows: int) -> np.ndarray:
    """Return an example of so many rows for an array: its own rows, one after the other."""
    if not len(array):
        return np.ones((rows, *array.shape[1:]), array.dtype)
    return array[np.arange(rows) % len(array)]


def one_program(programs: Sequence[Program], rows: Sequence[int] = EXAMPLES) -> Program:
    """Return the program that stands for all of `programs`, written down for so many `rows`."""
    return Unifier(rows).program(programs)


def has_sizes(program: Program) -> bool:
    """Say whether anything in a program depends on the number of rows."""
    values = {v for call in program.calls for v in (*call.reads(), *call.outputs)}
    shapes = [v.shape for v in values.union(program.inputs)]
    return any(map(is_sized, (shapes, [(call.inputs, call.options) for call in program.calls])))


def is_sized(tree: Any) -> bool:
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, slice):
        tree = [tree.start, tree.stop, tree.step]
    return any(map(is_sized, tree)) if isinstance(tree, (list, tuple)) else isinstance(tree, Size)


class Unifier:
    def __init__(self, rows: Sequence[int]) -> None:
        self.rows = rows
        self.vars: dict[Var, Var] = {}  # of the first program: what it is in the one for all
        self.made: list[Call] = []  # calls that make what was a constant of that many rows

    def program(self, programs: Sequence[Program]) -> Program:
        if len({len(p.calls) for p in programs}) > 1:
            raise NotOneProgram("there are more calls for more rows")
        inputs = [self.defined(vs) for vs in zip(*(p.inputs for p in programs), strict=True)]
        calls: list[Call] = []
        for same in zip(*(p.calls for p in programs), strict=True):
            call = self.call(same)
            calls += [*self.made, call]
            self.made.clear()
        outputs = [self.tree(vs) for vs in zip(*(p.outputs for p in programs), strict=True)]
        return Program(inputs, calls + self.made, outputs)

    def call(self, calls: Sequence[Call]) -> Call:
        first = calls[0]
        if any(text_of(c.function) != text_of(first.function) for c in calls):
            raise NotOneProgram(f"{first.said()} is {calls[1].said()} for other rows")
        inputs = self.tree([c.inputs for c in calls])
        options = self.tree([c.options for c in calls])
        if any(isinstance(v, Program) and has_sizes(v) for v in options.values()):
            options["rows"] = ROWS  # a loop tells its body
        outputs = [self.defined(vs) for vs in zip(*(c.outputs for c in calls), strict=True)]
        return Call(first.function, inputs, options, outputs, first.several)

    def defined(self, vs: Sequence[Var]) -> Var:
        """Return the value that stands for values written down at one place."""
        first = vs[0]
        if any(v.dtype != first.dtype or v.weak != first.weak for v in vs):
            raise NotOneProgram(f"{first} has other types for other rows")
        out = Var(first.name, self.shape(vs), first.dtype, first.weak)
        self.vars[first] = out
        return out

    def shape(self, vs: Sequence[Any]) -> tuple[Any, ...]:
        if len({len(v.shape) for v in vs}) > 1:
            raise NotOneProgram(f"{vs[0]} has another number of axes for other rows")
        return tuple(self.number(sizes) for sizes in zip(*(v.shape for v in vs), strict=True))

    def number(self, numbers: Sequence[Any], dtype: Any = float) -> Any:
        found = unified(numbers, self.rows, dtype)
        if found is None:
            raise NotOneProgram(f"the numbers {', '.join(map(str, numbers))} have no simple rule")
        return found

    def tree(self, trees: Sequence[Any]) -> Any:
        first = trees[0]
        kind = type(first)
        if any(type(t) is not kind for t in trees):
            raise NotOneProgram(f"{first!r} is {trees[1]!r} for other rows")
        if kind is Var:
            return self.read(trees)
        if kind is tuple or kind is list:
            if any(len(t) != len(first) for t in trees):
                raise NotOneProgram("there are more arguments for more rows")
            return kind([self.tree(ts) for ts in zip(*trees, strict=True)])
        if kind is dict:
            return {name: self.tree([t[name] for t in trees]) for name in first}
        if kind is slice:
            bounds = zip(*((t.start, t.stop, t.step) for t in trees), strict=True)
            return slice(*(self.tree(ts) for ts in bounds))
        if isinstance(first, Program):
            return Unifier(self.rows).program(trees)
        if kind is int or kind is float:
            return self.number(trees)
        if isinstance(first, np.generic) and first.dtype.kind == "f":
            number = self.number([float(t) for t in trees], first.dtype.type)
            return number if isinstance(number, Size) else first
        if any(text_of(t) != text_of(first) for t in trees):
            raise NotOneProgram(f"{first!r} is {trees[1]!r} for other rows")
        return first

    def read(self, vs: Sequence[Var]) -> Var:
        first = vs[0]
        if first.constant is None:
            return self.vars[first]
        if first not in self.vars:
            self.vars[first] = self.constant(vs)
        return self.vars[first]

    def constant(self, vs: Sequence[Var]) -> Var:
        """Return a constant array, or the result of a call that makes it for any rows."""
        arrays = [v.constant for v in vs]
        first = arrays[0]
        shape = self.shape(vs)
        if not any(isinstance(size, Size) for size in shape):
            if any(a.tobytes() != first.tobytes() for a in arrays):
                raise NotOneProgram(f"the constant {vs[0]} has other numbers for other rows")
            return vs[0]
        out = Var(vs[0].name, shape, vs[0].dtype)
        if all((a == a.flat[0]).all() for a in arrays):
            dtype = first.dtype.type if first.dtype.kind == "f" else float
            number = self.number([a.flat[0].item() for a in arrays], dtype)
            options = {"dtype": first.dtype}
            self.made.append(Call(np.full, (shape, number), options, [out]))
        elif all(a.size == max(a.shape) for a in arrays) and all(
            np.array_equal(a.reshape(-1), np.arange(a.size)) for a in arrays
        ):
            size = next(n for n in shape if isinstance(n, Size))
            counts = Var(f"{vs[0].name}_counts", (size,), first.dtype, counts=True)
            self.made.append(Call(np.arange, (size,), {"dtype": first.dtype}, [counts]))
            if first.ndim == 1:
                return counts
            self.made.append(Call(np.reshape, (counts, shape), {}, [out]))
        else:
            raise NotOneProgram(f"the constant {vs[0]} has as many rows as the data")
        return out


def text_of(v: Any) -> Any:
    """What makes two functions one: their text and what they close over, if they are made anew."""
    code = getattr(v, "__code__", None)
    if code is None:
        return v
    cells = getattr(v, "__closure__", None) or ()
    held = tuple(id(getattr(c.cell_contents, "__code__", c.cell_contents)) for c in cells)
    return code, held, repr(getattr(v, "__defaults__", None))
