"""A program cut into parts that run one after the other.

A *small* part is calls of arrays whose sizes are known. A *pass* goes over the rows, block by
block: what it computes for a row needs that row alone, and what it adds up over all rows is there
when it has ended; what needs such a sum stands in a later part. A *library* part is one call that
waits for whole arrays: NumPy, SciPy and BLAS do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from .program import Call, Program, Var
from .roles import has_rows, role_of

__all__ = ["Kind", "Part", "cut"]

Kind = Literal["small", "pass", "library"]
# Made anew in each part that reads them: an array of equal numbers costs nothing inside a loop.
FREE = {np.full, np.arange, np.broadcast_to}


@dataclass(eq=False)
class Part:
    """Calls that run together.

    `inputs` are what the part reads of arguments, constants and earlier parts; `outputs` what later
    parts or the caller read. Of a pass, `sums` are the outputs that are added up over the rows, and
    `row_outputs` those with a place for each row.
    """

    kind: Kind
    calls: list[Call]
    inputs: list[Var] = field(default_factory=list)
    outputs: list[Var] = field(default_factory=list)

    @property
    def sums(self) -> list[Var]:
        return [v for v in self.outputs if not has_rows(v)]

    @property
    def row_outputs(self) -> list[Var]:
        return [v for v in self.outputs if has_rows(v)]


def cut(program: Program, fuses: Callable[[Call], bool] = lambda call: True) -> list[Part]:
    """Return the parts of `program`; calls that do not fuse, as `fuses` says, are library calls."""
    return Cutter(program, fuses).parts()


class Cutter:
    def __init__(self, program: Program, fuses: Callable[[Call], bool]) -> None:
        self.program = program
        self.waiting = list(program.calls)
        self.known = {*program.inputs, *program.constants()}
        self.kinds: dict[Call, Kind] = {call: kind_of(call, fuses) for call in self.waiting}
        self.free = {call.output: call for call in self.waiting if self.is_free(call)}
        self.waiting = [call for call in self.waiting if call.output not in self.free]

    def is_free(self, call: Call) -> bool:
        """Say whether a call is made again wherever it is read, in place of keeping its result."""
        return (
            call.function in FREE
            and has_rows(call.output)
            and self.kinds[call] == "pass"
            and not any(has_rows(v) for v in call.reads())
        )

    def parts(self) -> list[Part]:
        parts: list[Part] = []
        while self.waiting:
            calls: list[Call] = []
            for kind in ("small", "library", "pass"):
                if calls := self.ready(kind):
                    parts.append(Part(kind, self.with_free(calls)))
                    break
            assert calls, "a program's calls are in order"
        return self.connected(parts)

    def ready(self, kind: str) -> list[Call]:
        """Take the calls of a kind that can run now, in order; of the library's, one."""
        found: list[Call] = []
        there = set(self.known)
        ended: set[Var] = set()  # sums, which are there when the pass has ended
        for call in self.waiting:
            if self.kinds[call] == kind and all(map(there.__contains__, self.needs(call))):
                found.append(call)
                if kind == "pass" and role_of(call) == "sum":
                    ended.update(call.outputs)
                else:
                    there.update(call.outputs)
                if kind == "library":
                    break
        self.known = there | ended
        taken = set(map(id, found))
        self.waiting = [call for call in self.waiting if id(call) not in taken]
        return found

    def needs(self, call: Call) -> Iterable[Var]:
        """What must be known before a call: free calls need what they read themselves."""
        for v in call.reads():
            if v in self.free:
                yield from self.needs(self.free[v])
            else:
                yield v

    def with_free(self, calls: list[Call]) -> list[Call]:
        out: list[Call] = []
        there: set[Var] = set()

        def add(call: Call) -> None:
            for v in call.reads():
                if v in self.free and v not in there:
                    there.add(v)
                    add(self.free[v])
            out.append(call)

        for call in calls:
            add(call)
        return out

    def connected(self, parts: list[Part]) -> list[Part]:
        """Say what each part reads of others, and what others read of it."""
        asked = {v for v in self.program.outputs if isinstance(v, Var)}
        if late := [self.free[v] for v in asked if v in self.free]:
            parts.append(Part("pass", self.with_free(late)))
        for part in reversed(parts):
            own = {v for call in part.calls for v in call.outputs}
            read = dict.fromkeys(v for call in part.calls for v in call.reads())
            part.inputs = [v for v in read if v not in own]
            part.outputs = [v for call in part.calls for v in call.outputs if v in asked]
            part.outputs = [v for v in part.outputs if v not in self.free or part is parts[-1]]
            asked.update(part.inputs)
        return [part for part in parts if part.outputs]


def kind_of(call: Call, fuses: Callable[[Call], bool]) -> Kind:
    if not fuses(call):
        return "library"
    if any(isinstance(v, Program) for v in call.options.values()):
        return "small"  # a loop over steps, or a choice, is a part of a kernel
    if any(map(has_rows, (*call.reads(), *call.outputs))):
        return "library" if role_of(call) == "whole" else "pass"
    return "small"
