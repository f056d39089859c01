"""Loops and choices made smaller: what nobody reads of them, and what every step would do again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ..loops.bodies import reached
from ..loops.body_changes import VIEWS
from ..loops.choices import chosen
from ..loops.rolled import repeated, rolled
from ..program import Call, Program, Var, needed
from .rewriting import last_name

__all__ = ["LOOPS", "before_loops", "less_of_loops"]

LOOPS = (rolled, repeated, chosen)


def changed(
    program: Program, of_one: Callable[[Call, dict[Var, Any]], Iterable[Call]], note: str
) -> Program:
    """Return `program` with what `of_one` makes of every loop, which may name values to replace."""
    instead: dict[Var, Any] = {}
    calls: list[Call] = []
    for old in program.calls:
        call = old.with_(lambda v: instead.get(v, v)) if instead else old
        calls += of_one(call, instead) if call.function in LOOPS else [call]
    if not instead and all(a is b for a, b in zip(calls, program.calls, strict=False)):
        return program
    outputs = [instead.get(v, v) if isinstance(v, Var) else v for v in program.outputs]
    return Program(program.inputs, calls, outputs, [*program.notes, note])


# ---------------------------------------------------------------- what nobody reads


def less_of_loops(program: Program) -> Program:
    """Leave out states, stacks and values that nobody reads, and all but one of equal ones."""
    uses = program.uses()

    def of_one(call: Call, instead: dict[Var, Any]) -> list[Call]:
        return [Less(call, {v for v in call.outputs if v in uses}).call(instead)]

    return changed(program, of_one, "loops: what nobody reads is not computed")


class Less:
    """A loop or choice, and as much of it as is needed for the outputs that are read."""

    def __init__(self, call: Call, read: set[Var]) -> None:
        self.old, self.read = call, read
        self.programs = {k: v for k, v in call.options.items() if isinstance(v, Program)}
        self.carried, self.items = (call.options.get(name, 0) for name in ("carried", "items"))
        self.first = call.inputs[0][:1] if call.function is chosen else []  # what bodies never see
        self.values = call.inputs[0][len(self.first) :]

    def makers(self) -> list[Program]:
        """Return the sub-programs whose outputs are those of the call."""
        return [program for name, program in self.programs.items() if name != "condition"]

    def call(self, instead: dict[Var, Any]) -> Call:
        old, instead_before = self.old, len(instead)
        still = {
            k
            for k in range(self.carried)
            if all(p.outputs[k] is p.inputs[k] for p in self.makers())
        }
        for k in still:  # a state that no step changes
            instead[old.outputs[k]] = self.values[k]
        same = self.same_inputs(still)
        self.same_outputs(instead)
        outputs, inputs = self.live(instead, still, same)
        if (
            len(outputs) == len(old.outputs)
            and len(inputs) == len(self.values)
            and len(instead) == instead_before
        ):
            return old
        return self.rebuilt(outputs, inputs, still, same)

    def same_inputs(self, still: set[int]) -> dict[int, int]:
        """Return which inputs are the same as an earlier one."""
        known: dict[Any, int] = {}
        same: dict[int, int] = {}
        for k, v in enumerate(self.values):
            if isinstance(v, Var) and (k >= self.carried or k in still):
                key = (v, self.carried <= k < self.carried + self.items)
                if known.setdefault(key, k) != k:
                    same[k] = known[key]
        return same

    def same_outputs(self, instead: dict[Var, Any]) -> None:
        known: dict[Any, Var] = {}
        for k in range(self.carried, len(self.old.outputs)):
            made = tuple(p.outputs[k] for p in self.makers())
            out = self.old.outputs[k]
            if all(isinstance(v, Var) for v in made) and known.setdefault(made, out) is not out:
                instead[out] = known[made]
                self.read.add(known[made])

    def live(
        self, instead: dict[Var, Any], still: set[int], same: dict[int, int]
    ) -> tuple[list[int], list[int]]:
        """Return the positions of the outputs and inputs that are needed."""
        wanted = {k for k, v in enumerate(self.old.outputs) if v in self.read and v not in instead}
        while True:
            ends = [p.outputs[k] for p in self.makers() for k in wanted]
            read = set(ends)
            for p in self.programs.values():
                outputs = p.outputs if p not in self.makers() else [p.outputs[k] for k in wanted]
                read.update(v for v in outputs if isinstance(v, Var))
                read.update(v for c in needed(p.calls, outputs, p.inputs) for v in c.reads())
            inputs = {
                k
                for k in range(len(self.values))
                if any(p.inputs[k] in read for p in self.programs.values())
            }
            more = {k for k in inputs if k < self.carried} - still - wanted
            if not more:
                break
            wanted |= more
        states = {k for k in wanted if k < self.carried}
        inputs = {same.get(k, k) for k in inputs} | states
        return sorted(wanted), sorted(inputs)

    def rebuilt(
        self, outputs: list[int], inputs: list[int], still: set[int], same: dict[int, int]
    ) -> Call:
        states = [k for k in outputs if k < self.carried]
        items = [k for k in inputs if self.carried <= k < self.carried + self.items]
        rest = [k for k in inputs if k not in states and k not in items]
        order = [*states, *items, *rest]
        options = dict(self.old.options)
        for name, p in self.programs.items():
            known = {p.inputs[k]: p.inputs[j] for k, j in same.items()}
            as_now = partial(other, known)
            ends = p.outputs if name == "condition" else [p.outputs[k] for k in outputs]
            ends = [as_now(v) if isinstance(v, Var) else v for v in ends]
            calls = [call.with_(as_now) for call in p.calls] if known else p.calls
            taken = [p.inputs[k] for k in order]
            options[name] = Program(taken, needed(calls, ends, taken), ends, p.notes)
        if "carried" in options:
            options["carried"] = len(states)
        if "items" in options:
            options["items"] = len(items)
        given = [*self.first, *(self.values[k] for k in order)]
        return replace(
            self.old,
            inputs=(given,),
            options=options,
            outputs=[self.old.outputs[k] for k in outputs],
        )


def other(known: dict[Var, Var], v: Var) -> Var:
    return known.get(v, v)


# ---------------------------------------------------------------- what every step would do again


def before_loops(program: Program) -> Program:
    """Compute before a loop what does not wait for its states."""
    names = last_name(program)

    def new(shape: Any, like: Var) -> Var:
        nonlocal names
        names += 1
        return Var(f"v{names}", shape, like.dtype, like.weak)

    def of_one(call: Call, instead: dict[Var, Any]) -> list[Call]:
        if call.function is not rolled or not call.options["n"]:
            return [call]
        before, call = the_same(call, new)
        more, call = products(call, new)
        return [*before, *more, call]

    return changed(program, of_one, "loops: what does not wait for the states is computed before")


def the_same(call: Call, new: Callable[..., Var]) -> tuple[list[Call], Call]:
    """Take the calls out of a loop whose inputs are the same at every step."""
    body, varying = call.options["body"], call.options["carried"] + call.options.get("items", 0)
    after = reached(body.calls, body.inputs[:varying])
    alike = [c for c in body.calls if after.isdisjoint(c.outputs) and c.reads()]
    worth = [v for c in alike if c.function not in VIEWS for v in c.outputs]
    moved = needed(alike, worth, body.inputs)
    values = call.inputs[0]
    outside: dict[Var, Any] = dict(zip(body.inputs, values, strict=True))
    before = []
    for c in moved:
        outputs = [new(v.shape, v) for v in c.outputs]
        before.append(replace(c.with_(lambda v: outside.get(v, v)), outputs=outputs))
        outside.update(zip(c.outputs, outputs, strict=True))
    if not moved:
        return [], call
    calls = [c for c in body.calls if c not in moved]
    read = {v for c in calls for v in c.reads()} | {v for v in body.outputs if type(v) is Var}
    handed = [v for c in moved for v in c.outputs if v in read]
    taken = Program([*body.inputs, *handed], calls, body.outputs, body.notes)
    given = [*values, *(outside[v] for v in handed)]
    return before, replace(call, inputs=(given,), options=call.options | {"body": taken})


def products(call: Call, new: Callable[..., Var]) -> tuple[list[Call], Call]:
    """Multiply all items of a sequence by a matrix at once: a step takes its own product."""
    body, first = call.options["body"], call.options["carried"]
    last = first + call.options.get("items", 0)
    given = dict(zip(body.inputs, call.inputs[0], strict=True))
    items, rest = set(body.inputs[first:last]), set(body.inputs[last:])
    moved: dict[Call, Var] = {}
    before: list[Call] = []
    for c in body.calls:
        if c.function is not np.matmul or c.options:
            continue
        x, matrix = c.inputs
        column = x in rest and matrix in items and matrix.ndim == 1
        if column:
            x, matrix = matrix, x
        if x not in items or matrix not in rest or matrix.ndim != 2 or not is_var(given, x, matrix):
            continue
        stack, by = given[x], given[matrix]
        if column:
            turned = new(by.shape[::-1], by)
            before.append(Call(np.transpose, (by, (1, 0)), {}, [turned]))
            by = turned
        moved[c] = new((stack.shape[0], *c.output.shape), c.output)
        before.append(Call(np.matmul, (stack, by), {}, [moved[c]]))
    if not moved:
        return [], call
    calls = [c for c in body.calls if c not in moved]
    inputs = [*body.inputs[:last], *(c.output for c in moved), *body.inputs[last:]]
    values = [*call.inputs[0][:last], *moved.values(), *call.inputs[0][last:]]
    taken = Program(inputs, calls, body.outputs, body.notes)
    options = call.options | {"body": taken, "items": last - first + len(moved)}
    return before, replace(call, inputs=(values,), options=options)


def is_var(given: dict[Var, Any], *asked: Var) -> bool:
    return all(isinstance(given[v], Var) for v in asked)
