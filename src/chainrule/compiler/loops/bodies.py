"""What a loop repeats, written down once: a program from which others can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule._core.values import Value, shape_of

from ..program import Call, Program, Var, among, needed
from ..staging import Trace, staged

__all__ = [
    "Body",
    "active",
    "changing",
    "inputs_of",
    "masked",
    "reached",
    "rewritten",
    "traced",
    "written",
]


@dataclass(eq=False)
class Body(Program):
    """A program with an example of every input and output, so that others can be made from it."""

    examples: dict[Var, Any] = field(default_factory=dict, repr=False)

    def example(self, v: Any) -> Any:
        return self.examples.get(v, v.constant) if isinstance(v, Var) else v

    def with_(self, inputs: Iterable[Var], outputs: Iterable[Any]) -> Body:
        """The same calls, as far as they are needed, from other inputs to other outputs."""
        inputs, outputs = list(inputs), list(outputs)
        return Body(inputs, needed(self.calls, outputs, inputs), outputs, examples=self.examples)

    def kept(self) -> Body:
        """The same, without examples of what is neither input nor output: they may be large."""
        ends = {v for v in (*self.inputs, *self.outputs) if isinstance(v, Var)}
        examples = {v: x for v, x in self.examples.items() if v in ends}
        return Body(self.inputs, self.calls, self.outputs, examples=examples)

    def reads(self) -> set[Var]:
        """Everything that the calls read, and the outputs."""
        reads = [v for call in self.calls for v in call.reads()]
        return set(reads) | set(among(self.outputs))


@contextmanager
def traced() -> Any:
    with staged() as trace:
        trace.keeps_examples = True
        yield trace


def written(
    f: Callable[..., Sequence[Any]], names: Sequence[str], examples: Sequence[Any]
) -> tuple[Body, list[Value]]:
    """Return `f` as a body, and the values that it reads beside its arguments.

    They are inputs of the body, too, after the arguments.
    """
    with traced() as trace:
        inputs = [trace.input(name, x) for name, x in zip(names, examples, strict=True)]
        as_given = [v.link for v in inputs]  # the function may write into them
        program = trace.program(as_given, f(*inputs))
    read = [v for _, v in trace.captured]
    return Body(program.inputs, program.calls, program.outputs, examples=trace.examples), read


def reached(calls: Sequence[Call], start: Iterable[Var]) -> set[Var]:
    """Return `start` and all values that depend on it."""
    found = set(start)
    for call in calls:
        if not found.isdisjoint(call.reads()):
            found.update(call.outputs)
    return found


def active(body: Body, carried: int, mine: Iterable[int], kinds: str = "fc") -> list[int]:
    """Return the inputs that change when the inputs `mine` do, the carried ones at any step."""
    found = set(mine)
    while True:
        changed = changing(body, found, kinds)
        more = {k for k in changed if k < carried}
        if more <= found:
            return sorted(found)
        found |= more


def changing(body: Body, mine: Iterable[int], kinds: str = "fc") -> list[int]:
    """Return the outputs that change when the inputs `mine` do, of such kinds of dtypes."""
    after = reached(body.calls, (body.inputs[k] for k in mine))
    return [k for k, y in enumerate(body.outputs) if y in after and y.dtype.kind in kinds]


# ---------------------------------------------------------------- others from it


def inputs_of(trace: Trace, body: Body, sizes: dict[int, int] | None = None) -> list[Any]:
    """Return the inputs of `body` anew, in another trace; some of so many examples."""
    examples = [body.example(v) for v in body.inputs]
    for k, size in (sizes or {}).items():
        examples[k] = np.broadcast_to(examples[k], (size, *shape_of(examples[k])))
    return [trace.input(v.name, x) for v, x in zip(body.inputs, examples, strict=True)]


def rewritten(body: Body, f: Callable[[list[Any]], list[Any]]) -> Body:
    """Return what `f` makes of the inputs of `body`, as a body with the same inputs."""
    with traced() as trace:
        inputs = inputs_of(trace, body)
        program = trace.program(inputs, f(inputs))
    return Body(program.inputs, program.calls, program.outputs, examples=trace.examples)


def masked(condition: Body, body: Body) -> Body:
    """Return `body` as a step that leaves the states as they are where `condition` is true."""

    def step(inputs: list[Any]) -> list[Any]:
        done, states = condition.run(*inputs)[0], body.run(*inputs)
        return [np.where(done, v, y) for v, y in zip(inputs, states, strict=False)]

    return rewritten(body, step)
