"""What runs at a call: one printed function that looks whether a program serves these arguments.

It asks for types, dtypes and shapes by name, and runs the program in the same breath; building a
key of them and looking it up would take longer than a small gradient.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule._core.trees import build, leaves_of
from chainrule._core.values import BATCHES

from .given import Fixed, exactly
from .loops.rolled import repeated, rolled
from .printing.source import VIEWS
from .program import Program, Var
from .specialising import Written

if TYPE_CHECKING:
    from .compiled import Specialised

__all__ = ["MISS", "dispatcher", "finisher", "result_types", "results_of_numbers"]

SHARING = VIEWS | {np.real, np.imag, np.squeeze, np.ravel, np.diagonal, np.flip}
MISS = object()  # the program does not serve these arguments


def dispatcher(
    special: Specialised, given: Sequence[Any] | None, unchanged: Callable[[], bool] | None
) -> Callable[[tuple[Any, ...]], Any]:
    """Return what runs a program on arguments like those `given`, and returns `MISS` of others.

    Of calls with keywords, for which nothing is given, it always does.
    """
    if given is None:
        return never
    return Dispatcher(special.written.rows).function(special, given, unchanged)


def never(args: tuple[Any, ...]) -> Any:
    return MISS


class Dispatcher:
    def __init__(self, rows: tuple[int, ...]) -> None:
        self.rows = rows
        self.lines: list[str] = []
        self.leaves: list[str] = []
        self.given: dict[str, Any] = {"MISS": MISS, "BATCHES": BATCHES, "ndarray": np.ndarray}
        self.late: list[str] = []  # tests of shapes, when the number of rows is known

    def function(
        self, special: Specialised, given: Sequence[Any], unchanged: Callable[[], bool] | None
    ) -> Callable[[tuple[Any, ...]], Any]:
        count = len(given)
        self.need(f"len(args) == {count} and not BATCHES")
        names = [f"a{k}" for k in range(count)]
        if names:
            self.lines.append(f"{', '.join(names)}{',' * (count == 1)} = args")
        for name, v in zip(names, given, strict=True):
            if type(v) is Fixed:
                self.fixed(name, v.value)
            else:
                self.tree(name, v)
        if self.rows:
            self.lines.append(f"n = len({self.leaves[self.rows[0]]})")
            # Of no rows the function itself makes what it makes.
            self.late.insert(0, f"n >= {special.written.least}")
        for name, v in zip(self.leaves, special.examples, strict=True):
            if isinstance(v, np.ndarray):
                self.late.append(f"{name}.shape == {self.shape(name, v)}")
        if unchanged is not None:
            self.late.append(f"{self.give(unchanged)}()")
        if self.late:
            self.need(" and ".join(self.late))
        self.lines.append(f"return {self.result(special)}")
        text = "def run(args):\n" + "".join(f"    {line}\n" for line in self.lines)
        exec(compile(text, "<the dispatcher of a compiled function>", "exec"), self.given)  # noqa: S102
        return self.given["run"]  # type: ignore[no-any-return]

    def result(self, special: Specialised) -> str:
        run = self.give(special.runnable.run)
        called = f"{run}({', '.join(self.leaves)})"
        types = special.types
        how = finished(special.structure, ())
        if how == "first":
            return f"{self.give(types[0])}({called}[0])" if types[0] else f"{called}[0]"
        if how == "tuple" and any(types):
            names = [f"r{k}" for k in range(len(types))]
            self.lines.append(f"{', '.join(names)}{',' * (len(names) == 1)} = {called}")
            made = [
                r if t is None else f"{self.give(t)}({r})"
                for r, t in zip(names, types, strict=True)
            ]
            return f"({', '.join(made)}{',' * (len(made) == 1)})"
        return called if how == "tuple" else f"{self.give(special.finish)}({called})"

    def need(self, condition: str) -> None:
        self.lines += [f"if not ({condition}):", "    return MISS"]

    def give(self, v: Any) -> str:
        name = f"g{len(self.given)}"
        self.given[name] = v
        return name

    def fixed(self, name: str, v: Any) -> None:
        if v is None or isinstance(v, bool):
            self.need(f"{name} is {v!r}")
        else:
            self.need(f"type({name}) is {self.give(type(v))} and {name} == {self.give(v)}")
            if isinstance(v, (tuple, float)):
                self.need(f"{self.give(exactly)}({name}) == {self.give(exactly(v))}")

    def shape(self, name: str, v: Any) -> str:
        sizes = [*map(str, v.shape)]
        if self.leaves.index(name) in self.rows:
            sizes[0] = "n"
        return f"({', '.join(sizes)}{',' * (len(sizes) == 1)})"

    def tree(self, name: str, v: Any) -> None:
        """Print the tests of the kinds in a tree; its leaves get names."""
        kind = type(v)
        if kind is np.ndarray:
            self.need(f"type({name}) is ndarray and {name}.dtype is {self.give(v.dtype)}")
            self.leaves.append(name)
            return
        self.need(f"type({name}) is {self.give(kind)}")  # of None too
        if v is None:
            return
        if isinstance(v, (tuple, list)):
            self.need(f"len({name}) == {len(v)}")
            self.inside(name, v, [f"{name}[{k}]" for k in range(len(v))])
        elif isinstance(v, dict):
            self.need(f"list({name}) == {self.give(list(v))}")
            self.inside(name, v.values(), [f"{name}[{self.give(k)}]" for k in v])
        elif dataclasses.is_dataclass(v):
            fields = [field.name for field in dataclasses.fields(v) if field.init]
            self.inside(name, [getattr(v, f) for f in fields], [f"{name}.{f}" for f in fields])
        else:
            self.leaves.append(name)

    def inside(self, name: str, items: Any, texts: Sequence[str]) -> None:
        for k, (item, text) in enumerate(zip(items, texts, strict=True)):
            self.lines.append(f"{name}_{k} = {text}")
            self.tree(f"{name}_{k}", item)


def finished(structure: Any, types: Sequence[Any]) -> str:
    """Say how outputs become results: the "first" of them, all in a "tuple", or otherwise."""
    if any(types):
        return ""
    if structure is ...:
        return "first"
    named = getattr(structure, "named", ())
    flat = bool(named) and all(inner is ... for _, inner in named)
    return "tuple" if flat and type(structure.together([1] * len(named))) is tuple else ""


def finisher(structure: Any, types: Sequence[Any]) -> Callable[[Any], Any]:
    """Return what puts the outputs of a program together as the function returned them."""
    if any(types):
        whole = finisher(structure, ())
        return lambda outputs: whole(
            [v if t is None else t(v) for t, v in zip(types, outputs, strict=True)]
        )
    how = finished(structure, types)
    if how == "first":
        return lambda outputs: outputs[0]
    return tuple if how == "tuple" else lambda outputs: build(structure, outputs)


def results_of_numbers(call: Callable[[Any], Any], leaves: Sequence[Any]) -> list[Any] | None:
    """Return what a function makes of Python's own numbers: of those alone, results may be such."""
    if not leaves or any(type(v) not in (int, float, complex) for v in leaves):
        return None
    with np.errstate(all="ignore"), suppress(ArithmeticError):
        return leaves_of(call(leaves))
    return None


def result_types(written: Written, like: Sequence[Any] | None, kernels: bool) -> list[Any]:
    """Return what makes of each output what the function returned; None where it is that already.

    A kernel returns Python's numbers where NumPy has its own; a constant array is the program's.
    """
    outputs = written.program.outputs
    if like is None:
        given = set(written.program.inputs)  # which no kernel made
        like = [
            v.dtype.type() if isinstance(v, Var) and kernels and v not in given else None
            for v in outputs
        ]
    return [
        np.copy
        if is_constant(v) or shown
        else np.asarray
        if isinstance(v, Var) and type(x) is np.ndarray and not v.shape
        else type(x)
        if isinstance(v, Var) and not v.shape and x is not None
        else None
        for v, x, shown in zip(outputs, like, shown_before(written.program), strict=True)
    ]


def shown_before(program: Program) -> list[bool]:
    """Say which outputs may show the numbers of an argument, or of an output before them.

    Results are arrays of their own; but calls that are equal have become one, `x.copy()` is x, and
    the state of a loop that takes no step is what it was.
    """
    source: dict[Var, Var] = {}
    shown = set(program.inputs)
    for call in program.calls:
        if call.function in (rolled, repeated):
            shown.update(call.outputs)
        elif call.function in SHARING and isinstance(call.inputs[0], Var):
            source[call.output] = source.get(call.inputs[0], call.inputs[0])
    found = []
    for v in program.outputs:
        array = isinstance(v, Var) and bool(v.shape)
        found.append(array and source.get(v, v) in shown)
        if array:
            shown.add(source.get(v, v))
    return found


def is_constant(v: Any) -> bool:
    return isinstance(v, np.ndarray) or (isinstance(v, Var) and v.constant is not None)
