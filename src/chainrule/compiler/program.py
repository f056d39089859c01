"""A program as data: one list of named, typed, shaped calls, and how it is read and run.

    X: float64[n, 3], w: float64[3]
    z = matmul(X, w)                 float64[n]
    total = sum(z)                   float64[]

Whatever a call is given, in tuples, lists, slices and dicts, is either a `Var` or plain data.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule._core.errors import name_of

from .sizes import Size, sized

__all__ = ["Call", "Program", "Var", "among", "described", "mapped", "needed", "numbered"]


class Var:
    """A value of a program: what it is called, its shape and its dtype.

    A size in the shape is a whole number, or a `Size` that depends on the number of rows. `weak`
    is one of Python's own numbers, which does not widen the arrays that it meets. `constant` is the
    array that the program was written down with, if it is one. `counts` are the numbers of the rows
    themselves: 0, 1, 2, ...
    """

    __slots__ = ("constant", "counts", "dtype", "name", "shape", "weak")

    def __init__(
        self,
        name: str,
        shape: tuple[Any, ...],
        dtype: Any,
        weak: bool = False,
        constant: Any = None,
        counts: bool = False,
    ) -> None:
        self.name, self.shape, self.dtype = name, shape, np.dtype(dtype)
        self.weak, self.constant, self.counts = weak, constant, counts

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __repr__(self) -> str:
        return self.name

    def typed(self) -> str:
        return f"{self.dtype}[{', '.join(map(str, self.shape))}]"


@dataclass(slots=True, eq=False)
class Call:
    """`outputs = function(*inputs, **options)`; several outputs if the function has several."""

    function: Callable[..., Any]
    inputs: tuple[Any, ...]
    options: dict[str, Any]
    outputs: list[Var]
    several: Any = None  # the type of the bundle, if there are several outputs

    @property
    def output(self) -> Var:
        return self.outputs[0]

    def reads(self) -> list[Var]:
        """The values that the call reads, each as often as it is named."""
        found = list(among((self.inputs, self.options)))
        for body in self.options.values():
            if isinstance(body, Program):  # of a loop or a choice
                found += body.constants()
        return found

    def with_(self, change: Callable[[Var], Any]) -> Call:
        """The same call of other values."""
        inputs, options = mapped((self.inputs, self.options), change)
        return Call(self.function, inputs, options, self.outputs, self.several)

    def said(self, text: Callable[[Any], str] = repr) -> str:
        options = [f"{name}={text(v)}" for name, v in self.options.items()]
        return f"{name_of(self.function)}({', '.join([*map(text, self.inputs), *options])})"


@dataclass(eq=False)
class Program:
    """Inputs, constants, calls and outputs; `outputs` are `Var`s or plain numbers and arrays."""

    inputs: list[Var]
    calls: list[Call]
    outputs: list[Any]
    notes: list[str] = field(default_factory=list)  # what the passes over it did

    def constants(self) -> list[Var]:
        """The arrays that the calls read beside the arguments, in order of their first use."""
        read = [v for call in self.calls for v in call.reads()]
        read += [v for v in self.outputs if isinstance(v, Var)]
        return list(dict.fromkeys(v for v in read if v.constant is not None))

    def uses(self) -> dict[Var, int]:
        """How often each value is read, by calls and as an output."""
        count: dict[Var, int] = {}
        for call in self.calls:
            for v in call.reads():
                count[v] = count.get(v, 0) + 1
        for v in self.outputs:
            if isinstance(v, Var):
                count[v] = count.get(v, 0) + 1
        return count

    def run(self, *args: Any, rows: int = 0) -> list[Any]:
        """Make the calls one after the other; values that are being differentiated may be given."""
        known: dict[Var, Any] = dict(zip(self.inputs, args, strict=True))

        def at(v: Var) -> Any:
            return known[v] if v.constant is None else v.constant

        for call in self.calls:
            inputs, options = sized(mapped((call.inputs, call.options), at), rows)
            y = call.function(*inputs, **options)
            known.update(zip(call.outputs, y if call.several else [y], strict=True))
        return [at(v) if isinstance(v, Var) else v for v in self.outputs]

    def __str__(self) -> str:
        lines = [", ".join(f"{v}: {v.typed()}" for v in self.inputs)]
        lines += [f"{v}: {v.typed()} (constant)" for v in self.constants()]
        for call in self.calls:
            names = ", ".join(map(repr, call.outputs))
            types = ", ".join(v.typed() for v in call.outputs)
            lines.append(f"{f'{names} = {call.said(described)}':<60} {types}")
        lines.append(f"return {', '.join(map(described, self.outputs))}")
        return "\n".join(lines)


def described(v: Any) -> str:
    """The text of what a call is given."""
    if isinstance(v, np.ndarray):
        return f"<{v.dtype}{list(v.shape)}>"
    if isinstance(v, Program):
        return f"<program of {len(v.calls)} calls>"
    if callable(v) and not isinstance(v, (Var, Size)):
        return getattr(v, "__name__", repr(v))
    if isinstance(v, slice):
        parts = [described(p) if p is not None else "" for p in (v.start, v.stop, v.step)]
        return ":".join(parts if parts[2] else parts[:2])
    if type(v) is tuple:
        return f"({', '.join(map(described, v))}{',' if len(v) == 1 else ''})"
    if type(v) is list:
        return f"[{', '.join(map(described, v))}]"
    return repr(v)


def mapped(tree: Any, change: Callable[[Var], Any]) -> Any:
    """Return `tree` with `change(v)` in place of every value `v` of the program in it."""
    kind = type(tree)
    if kind is Var:
        return change(tree)
    if kind is tuple or kind is list:
        return kind([mapped(v, change) for v in tree])
    if kind is dict:
        return {name: mapped(v, change) for name, v in tree.items()}
    if kind is slice:
        return slice(*(mapped(v, change) for v in (tree.start, tree.stop, tree.step)))
    return tree


def among(tree: Any) -> Iterator[Var]:
    """The values of the program in `tree`."""
    kind = type(tree)
    if kind is Var:
        yield tree
    elif kind is tuple or kind is list:
        for v in tree:
            yield from among(v)
    elif kind is dict:
        for v in tree.values():
            yield from among(v)
    elif kind is slice:
        yield from among((tree.start, tree.stop, tree.step))


def needed(calls: Sequence[Call], outputs: Iterable[Any], given: Iterable[Var] = ()) -> list[Call]:
    """Return the calls that it takes to know `outputs` where `given` is known."""
    given = set(given)
    wanted = {v for v in outputs if isinstance(v, Var)} - given
    found = []
    for call in reversed(calls):
        if not wanted.isdisjoint(call.outputs):
            found.append(call)
            wanted.update(v for v in call.reads() if v not in given)
    return found[::-1]


def numbered(program: Program) -> Program:
    """Return the program with its values named v1, v2, ... in the order in which they are made."""
    taken = {v.name for v in program.inputs}
    names = (name for k in itertools.count(1) if (name := f"v{k}") not in taken)
    new: dict[Var, Var] = {}
    constants = itertools.count(1)
    for v in program.constants():
        name = next(f"c{k}" for k in constants if f"c{k}" not in taken)
        new[v] = Var(name, v.shape, v.dtype, v.weak, v.constant, v.counts)

    def renamed(v: Var) -> Var:
        return new.get(v, v)

    calls = []
    for call in program.calls:
        call = call.with_(renamed)
        for v in call.outputs:
            new[v] = Var(next(names), v.shape, v.dtype, v.weak, v.constant, v.counts)
        calls.append(
            Call(
                call.function,
                call.inputs,
                call.options,
                [new[v] for v in call.outputs],
                call.several,
            )
        )
    return Program(program.inputs, calls, mapped(program.outputs, renamed), program.notes)
