"""Loops over steps, and choices, inside a kernel: their bodies are printed as part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..loops.choices import chosen
from ..loops.rolled import repeated, rolled
from ..passes.lowering import lowered
from ..program import Call, Var, needed
from ..roles import has_rows
from ..sizes import Size
from .expressions import Text
from .nest_text import indented
from .nests import Nest, domain, named, tasked
from .places import Place
from .scalars import converted, literal
from .texts import Texts
from .views import Sources, is_view, item
from .work import apart, copy, laid_out, work_of

if TYPE_CHECKING:
    from .kernels import KernelPrinter

__all__ = ["STEPS", "State", "bodies", "update_in_place"]


@dataclass(eq=False)
class State:
    """What a loop carries from step to step: `var` at a step, and `next` after it."""

    var: Var
    next: Any


def bodies(call: Call) -> list[Any]:
    """Return the sub-programs of a call."""
    return [v for v in call.options.values() if hasattr(v, "calls")]


def update_in_place(
    nests: list[Nest], states: Sequence[State], sources: Sources, texts: Texts
) -> None:
    """Let next states be written over the states, where nothing reads these afterwards.

    The others are copied at the end of the step.
    """
    for state in states:
        if state.var not in texts.arrays:
            continue
        reading = [
            k
            for k, nest in enumerate(nests)
            if any(leaf.var is state.var for task in nest.tasks for leaf in task.leaves())
            or (nest.block and any(state.var in sources.behind(v) for v in nest.block.reads()))
        ]
        making = [k for k, nest in enumerate(nests) if state.next in nest.made()]
        if not making or (reading and reading[-1] > making[0]) or nests[making[0]].block:
            continue
        nest = nests[making[0]]
        (maker,) = (task for task in nest.tasks if task.work.call.output is state.next)
        same = all(
            leaf.at == maker.out_at
            for task in nest.tasks
            for leaf in task.leaves()
            if leaf.var is state.var
        )
        alone = sum(other.next is state.next for other in states) == 1
        if same and alone and not maker.work.combine and state.next not in texts.arrays:
            texts.arrays[state.next] = texts.arrays[state.var]
            if state.var in texts.dropped:
                texts.dropped.add(state.next)
            texts.updated.add(state.next)


class Steps:
    """Prints a call that has sub-programs."""

    def __init__(self, printer: KernelPrinter, call: Call) -> None:
        self.printer, self.call = printer, call
        self.texts, self.names = printer.texts, printer.names

    # ---- what holds values from step to step

    def begun(self, name: str, out: Var, start: Any) -> tuple[Var, list[str]]:
        """Return a state that ends as `out`, and the lines that give it its first value."""
        state = Var(name, out.shape, out.dtype)
        t = self.texts
        if not out.shape:
            local = self.names.new(name)
            t.scalars[state] = t.scalars[out] = Text(local)
            return state, [f"{local} = {self.number(start, out.dtype).text}"]
        self.array(out)
        t.arrays[state] = t.arrays[out]
        if out in t.dropped:
            t.dropped.add(state)
        return state, self.copying(start, state)

    def array(self, out: Var) -> None:
        """Give a result of the call an array, unless it is an output of the kernel."""
        if out not in self.texts.arrays:
            name = self.names.new("state")
            kind = "" if out.dtype == np.float64 else f", np.{out.dtype.name}"
            self.texts.arrays[out] = name
            self.printer.head.append(f"{name} = np.empty({out.shape}{kind})")
            self.texts.rows |= has_rows(out)

    def number(self, v: Any, dtype: Any) -> Text:
        if not isinstance(v, Var):
            return literal(v, dtype)
        self.texts.lines, self.texts.inner = [], ""
        return converted(self.texts.text(self.printer.sources.element(v, ())), v.dtype, dtype)

    def copying(self, value: Any, into: Var) -> list[str]:
        """Return the lines that copy a value into an array."""
        work = work_of(Call(copy, (value,), {}, [into]))
        axes = named(domain(work, False), False)
        task = tasked(work, domain(work, False), [name for name, _ in axes], self.printer.sources)
        return self.printer.nests.nest(Nest(axes, [task]))

    # ---- bodies

    def inlined(self, body: Any, given: Sequence[Any]) -> tuple[list[Call], list[Any]]:
        """Return the calls of a body, of these values in place of its inputs, and its results."""
        program = lowered(body)
        known: dict[Any, Any] = dict(zip(program.inputs, given, strict=True))
        calls = []
        for call in needed(program.calls, program.outputs, program.inputs):
            new = call.with_(lambda v: known.get(v, v))
            new.outputs = [Var(v.name, v.shape, v.dtype) for v in call.outputs]
            known.update(zip(call.outputs, new.outputs, strict=True))
            calls.append(new)
            self.printer.sources.makers.update((v, new) for v in new.outputs)
        return laid_out(apart(calls, self.printer.sources), self.printer.sources), [
            known.get(v, v) if isinstance(v, Var) else v for v in program.outputs
        ]

    def stored(self, calls: list[Call], v: Any, like: Var) -> Var:
        """Add the call that makes a result a value of its own, if it is not that of a call."""
        maker = self.printer.sources.makers.get(v) if isinstance(v, Var) else None
        if isinstance(v, Var) and maker in calls and not is_view(maker) and v.dtype == like.dtype:
            self.printer.nests.outside.add(v)
            return v
        new = Var(like.name, like.shape, like.dtype)
        calls.append(call := Call(copy, (v,), {}, [new]))
        self.printer.sources.makers[new] = call
        self.printer.nests.outside.add(new)
        return new

    def written(self, calls: list[Call], v: Any, into: Var, shape: tuple[Any, ...]) -> Var:
        """Add the call that writes a result into an array."""
        one = Var(into.name, shape, into.dtype)
        calls.append(call := Call(copy, (v,), {}, [one]))
        self.printer.sources.makers[one] = call
        self.texts.arrays[one] = self.texts.arrays[into]
        return one

    # ---- loops

    def rolled(self) -> list[str]:
        o = self.call.options
        (values,), n, carried = self.call.inputs, o["n"], o["carried"]
        body, items = o["body"], o.get("items", 0)
        step = self.names.new("step")
        states, lines = self.states(body, values[:carried])
        given: list[Any] = [state.var for state in states]
        for v, x in zip(body.inputs[carried:], values[carried : carried + items], strict=False):
            one = Var(v.name, v.shape, v.dtype)
            self.printer.sources.makers[one] = Call(item, (x, Place(step)), {}, [one])
            given.append(one)
        calls, results = self.inlined(body, [*given, *values[carried + items :]])
        for out, v in zip(self.call.outputs[carried:], results[carried:], strict=True):
            self.array(out)
            one = self.written(calls, v, out, out.shape[1:])
            self.texts.step_of[one] = (Place(step),)
        times = f"range({n} - 1, -1, -1)" if o.get("backwards") else f"range({n})"
        self.texts.rows |= isinstance(n, Size)
        return [*lines, f"for {step} in {times}:", *indented(self.body(calls, states, results))]

    def repeated(self) -> list[str]:
        o = self.call.options
        (values,), carried, most = self.call.inputs, o["carried"], o.get("most")
        states, lines = self.states(o["body"], values[:carried])
        given = [*(state.var for state in states), *values[carried:]]
        asked, (answer,) = self.inlined(o["condition"], given)
        answer = self.stored(asked, answer, Var("enough", (), np.bool_))
        test = [*self.printer.section(asked), f"if {self.texts.scalars[answer].text}:", "    break"]
        calls, results = self.inlined(o["body"], given)
        body = self.body(calls, states, results)
        head = "while True:" if most is None else f"for {self.names.new('step')} in range({most}):"
        return [*lines, head, *indented([*test, *body])]

    def states(self, body: Any, values: Sequence[Any]) -> tuple[list[State], list[str]]:
        states: list[State] = []
        lines: list[str] = []
        for v, out, start in zip(body.inputs, self.call.outputs, values, strict=False):
            var, more = self.begun(v.name, out, start)
            states.append(State(var, None))
            lines += more
        return states, lines

    def body(self, calls: list[Call], states: list[State], results: Sequence[Any]) -> list[str]:
        """Return the lines of a step, at whose end the next states take the place of the states."""
        t = self.texts
        changed = [s for s, v in zip(states, results, strict=False) if v is not s.var]
        for state, v in zip(states, results, strict=False):
            if state in changed:
                state.next = self.stored(calls, v, state.var)
        lines = self.printer.section(calls, changed)
        numbers = [s for s in changed if not s.var.shape]
        if numbers:
            names = ", ".join(t.scalars[s.var].text for s in numbers)
            lines.append(f"{names} = {', '.join(t.scalars[s.next].text for s in numbers)}")
        for state in changed:
            if state.var.shape and state.next not in t.updated:
                lines += self.copying(state.next, state.var)
        return lines

    # ---- choices

    def chosen(self) -> list[str]:
        condition, *values = self.call.inputs[0]
        lines: list[str] = []
        for key, body in (("if", self.call.options["yes"]), ("else", self.call.options["no"])):
            calls, results = self.inlined(body, values)
            numbers = []
            for v, out in zip(results, self.call.outputs, strict=True):
                if out.shape:
                    self.array(out)
                    self.written(calls, v, out, out.shape)
                else:
                    numbers.append((self.stored(calls, v, out), out))
            side = self.printer.section(calls)
            for v, out in numbers:
                if out not in self.texts.scalars:
                    self.texts.scalars[out] = Text(self.names.new("chosen"))
                side.append(f"{self.texts.scalars[out].text} = {self.texts.scalars[v].text}")
            test = f"if {self.number(condition, np.dtype(bool)).text}:" if key == "if" else "else:"
            lines += [test, *indented(side)]
        return lines


STEPS: dict[Any, Any] = {
    rolled: lambda printer, call: Steps(printer, call).rolled(),
    repeated: lambda printer, call: Steps(printer, call).repeated(),
    chosen: lambda printer, call: Steps(printer, call).chosen(),
}
