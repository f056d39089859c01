"""What is made of a loop's body: with tangents beside it, for a batch, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule._core.composing import batch_of, examples_of
from chainrule._core.pieces import zeros
from chainrule._core.traces import backward, leaf, tick
from chainrule._core.values import Moving, Recorded, dtype_of, made, shape_of, take

from ..program import Var, among, needed
from ..staging import Trace, example_of
from .bodies import Body, inputs_of, reached, traced

__all__ = ["VIEWS", "Moved", "Pulled", "batched", "moved", "pulled"]

# What takes no time where it stands, and would take memory elsewhere.
VIEWS = {np.reshape, np.broadcast_to, np.transpose, np.swapaxes, np.squeeze, np.expand_dims, take}


def change_of(trace: Trace, name: str, like: Any) -> Any:
    """Return an input for a change of `like`."""
    example = np.ones_like(like)[()]
    names = {v.name for v in trace.examples}
    while name in names:
        name += "_"
    return trace.input(name, example)


# ---------------------------------------------------------------- forward


@dataclass(slots=True)
class Moved:
    """A body that carries tangents: the inputs and outputs of `body`, and those that move."""

    body: Body
    inputs: list[Var]
    tangents: dict[int, Var]  # by the input
    outputs: list[Any]
    changes: list[Any]  # of the outputs that were asked for


def moved(body: Body, mine: Sequence[int], changing: Sequence[int]) -> Moved:
    """Return `body` with tangents of the inputs `mine`, and of the outputs `changing`."""
    with traced() as trace:
        inputs, level = inputs_of(trace, body), tick()
        tangents = {k: change_of(trace, f"d{inputs[k].link}", inputs[k].value) for k in mine}
        ys = body.run(
            *(
                made(Moving, v, level, tangents[k]) if k in tangents else v
                for k, v in enumerate(inputs)
            )
        )
        plain, changes = [], []
        for y in ys:
            own = type(y) is Moving and y.level == level
            plain.append(y.value if own else y)
            changes.append(y.link if own else None)
        wanted = [
            zeros(shape_of(plain[k]), dtype_of(plain[k])) if changes[k] is None else changes[k]
            for k in changing
        ]
        program = trace.program([*inputs, *tangents.values()], [*plain, *wanted])
    count = len(plain)
    return Moved(
        Body(program.inputs, program.calls, program.outputs, examples=trace.examples),
        [v.link for v in inputs],
        {k: t.link for k, t in tangents.items()},
        program.outputs[:count],
        program.outputs[count:],
    )


# ---------------------------------------------------------------- batched


def batched(body: Body, mine: Sequence[int], changed: Sequence[int], size: int) -> Body:
    """Return `body` for `size` examples at once of its inputs `mine` and outputs `changed`."""
    with traced() as trace:
        inputs = inputs_of(trace, body, dict.fromkeys(mine, size))
        with batch_of(size) as of_examples:
            given = [of_examples(v) if k in mine else v for k, v in enumerate(inputs)]
            ys = body.run(*given)
            for k in changed:
                ys[k] = examples_of(ys[k], of_examples, size)
        program = trace.program(inputs, ys)
    return Body(program.inputs, program.calls, program.outputs, examples=trace.examples)


# ---------------------------------------------------------------- backward


@dataclass(slots=True)
class Pulled:
    """A body and what pulls changes of its outputs back to its inputs, in one list of calls."""

    body: Body  # its outputs are those of the original, then the changes of the inputs
    inputs: list[Var]
    mine: Sequence[int]  # the inputs whose changes were asked for
    changes: list[Var]  # of the outputs that change: further inputs
    sums: dict[int, Var]  # what the changes of some inputs are added to: further inputs
    outputs: list[Any]
    pulled: list[Any]  # the changes of the inputs

    def read(self, late: bool, varying: int) -> list[Var]:
        """Return what the way back reads of the way forward.

        What the changes meet, if `late`, but for what costs nothing to compute again, or depends on
        none of the first inputs, which vary from step to step; or else the inputs from which
        everything is computed again.
        """
        calls = needed(self.body.calls, self.pulled, ())
        after = reached(calls, [*self.changes, *self.sums.values()])
        vary = reached(calls, self.inputs[:varying])
        meets = [call for call in calls if not late or call.outputs[0] in after]
        waiting = {*among([call.reads() for call in meets]), *among(self.pulled)} - after
        made_by = {v: call for call in calls for v in call.outputs}
        found: set[Var] = set()
        while waiting:
            v = waiting.pop()
            if v in made_by and (not late or v not in vary or made_by[v].function in VIEWS):
                waiting.update(made_by[v].reads())
            else:
                found.add(v)
        return [v for v in self.body.examples if v in found]

    def products(self, k: int) -> list[tuple[Var, Var]]:
        """Return the `a` and `b` of the products a.T @ b that every step adds to change `k`.

        Of vectors they are outer products. There are none if it adds anything else.
        """
        made_by = {v: call for call in self.body.calls for v in call.outputs}

        def read_by(v: Any, *functions: Any) -> Sequence[Any]:
            call = made_by.get(v) if isinstance(v, Var) else None
            return call.inputs if call and call.function in functions else ()

        def product(h: Any) -> tuple[Var, Var] | None:
            pair = read_by(h, np.multiply)
            for a, b in zip(pair, pair[::-1], strict=True):  # each with the other
                flat = read_by(a, np.expand_dims, np.reshape)
                if flat and isinstance(b, Var) and flat[0].ndim == b.ndim == 1 == a.shape[-1]:
                    return flat[0], b
            pair = read_by(h, np.matmul)
            turned = read_by(pair[0], np.swapaxes) if pair else ()
            if turned and isinstance(pair[1], Var) and turned[0].ndim == pair[1].ndim == 2:
                return turned[0], pair[1]
            return None

        found: list[tuple[Var, Var]] = []
        waiting = [self.pulled[self.mine.index(k)]]
        while waiting:
            h = waiting.pop()
            if pair := product(h):
                found.append(pair)
            elif both := read_by(h, np.add):
                waiting += both
            elif h is not self.sums[k]:
                return []
        return found


def pulled(
    body: Body, mine: Sequence[int], changing: Sequence[int], summed: Sequence[int] = ()
) -> Pulled:
    """Return what pulls changes of the outputs `changing` back to the inputs `mine`.

    The changes of the inputs `summed` are added to further inputs.
    """
    with traced() as trace:
        inputs, level = inputs_of(trace, body), tick()
        leaves = {k: leaf(inputs[k], level) for k in mine}
        ys = body.run(*(leaves.get(k, v) for k, v in enumerate(inputs)))
        own = [type(y) is Recorded and y.level == level for y in ys]
        plain = [y.value if o else y for y, o in zip(ys, own, strict=True)]
        gs = [change_of(trace, f"g{k}", example_of(plain[k])) for k in changing]
        seeds = [(ys[k].link, g) for k, g in zip(changing, gs, strict=True) if own[k]]
        found = backward(*seeds[0], seeds[1:]) if seeds else {}
        sums = {k: change_of(trace, f"sum{k}", example_of(inputs[k])) for k in summed}
        changes = []
        for k, v in leaves.items():
            h = found.get(v.link[0])
            if k in sums:
                h = sums[k] if h is None else sums[k] + h
            changes.append(zeros(shape_of(v), dtype_of(v)) if h is None else h)
        program = trace.program([*inputs, *gs, *sums.values()], [*plain, *changes])
    count = len(plain)
    return Pulled(
        Body(program.inputs, program.calls, program.outputs, examples=trace.examples),
        [v.link for v in inputs],
        mine,
        [g.link for g in gs],
        {k: v.link for k, v in sums.items()},
        program.outputs[:count],
        program.outputs[count:],
    )
