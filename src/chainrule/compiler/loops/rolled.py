"""A loop as one call: how it is run, and written down.

    *states, *stacks = rolled([*states, *sequences, *others], body=…, n=…, carried=…, items=…)
    *states = repeated([*states, *others], condition=…, body=…, carried=…)

At every step the body takes the states, an item of each sequence and the other values, and gives
the next states and an item of each stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from chainrule._core.pieces import zeros
from chainrule._core.values import Staged, Value, dtype_of, shape_of

from ..program import Program, Var
from ..sizes import sized
from ..staging import TRACES
from .bodies import Body

__all__ = ["ANSWERS", "Loop", "innermost", "owned", "repeated", "rolled", "zeros_like"]


def rolled(
    values: Sequence[Any],
    *,
    body: Body,
    n: int,
    carried: int,
    items: int = 0,
    backwards: bool = False,
    keeps: bool = False,
    rows: int = 0,
) -> tuple[Any, ...]:
    """Return the last states and the stacked outputs of `n` steps.

    `values` are the first states, `carried` of them, the sequences, `items` of them, and what else
    the body reads. With `backwards` the last items come first. `keeps` says what is kept for a
    derivative in reverse: what every step computed, or only its states, from which it is computed
    again. `rows` is the number of rows, where a body was written down for any.
    """
    return met(Loop(rolled, body, carried, items, n, backwards, keeps, rows=rows), values)


def repeated(
    values: Sequence[Any],
    *,
    condition: Body,
    body: Body,
    carried: int,
    most: int | None = None,
    rows: int = 0,
) -> tuple[Any, ...]:
    """Return the first states of which `condition` is true, after `most` steps at the latest.

    `condition` and `body` have the same inputs: the states, and what else they read.
    """
    return met(Loop(repeated, body, carried, condition=condition, most=most, rows=rows), values)


@dataclass(frozen=True)
class Loop:
    """What a loop is told beside its values."""

    function: Callable[..., Any]
    body: Body
    carried: int
    items: int = 0
    n: int = 0
    backwards: bool = False
    keeps: bool = False
    condition: Body | None = None
    most: int | None = None
    rows: int = 0

    def options(self) -> dict[str, Any]:
        """Return the options of its call, those that are as usual left out."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        usual = [name for name in ("items", "backwards", "keeps", "rows") if not told[name]]
        other = ["n"] if self.condition else ["condition"]
        usual += [*other, "function", *(["most"] if self.most is None else [])]
        return {name: v for name, v in told.items() if name not in usual}

    def call(self, values: Sequence[Any]) -> tuple[Any, ...]:
        return self.function(values, **self.options())  # type: ignore[no-any-return]

    def example(self) -> tuple[Any, ...]:
        """Return an example of what the loop returns, without running it."""
        ys = [self.body.example(y) for y in self.body.outputs]
        stacks = [np.broadcast_to(y, (self.n, *shape_of(y))) for y in ys[self.carried :]]
        return *ys[: self.carried], *stacks

    def parted(self, which: Iterable[int]) -> tuple[list[int], list[int], list[int]]:
        """Return the positions of states, of sequences and of other values among `which`."""
        found: tuple[list[int], list[int], list[int]] = [], [], []
        for k in which:
            found[(k >= self.carried) + (k >= self.carried + self.items)].append(k)
        return found

    def asked_of(self, positions: Sequence[Any]) -> Body | None:
        """Return the condition as a function of the values at such positions.

        A `Var` among them stands for a value that is new, and that it does not read.
        """
        if self.condition is None:
            return None
        inputs = [p if isinstance(p, Var) else self.condition.inputs[p] for p in positions]
        return self.condition.with_(inputs, self.condition.outputs)


def met(loop: Loop, values: Sequence[Any]) -> tuple[Any, ...]:
    """Let the innermost level among the values answer."""
    inner = innermost(values)
    answer: Any = ANSWERS.get(type(inner), run_while if loop.condition else run)
    return answer(loop, values, inner)  # type: ignore[no-any-return]


def innermost(values: Sequence[Any]) -> Any:
    return min((v for v in values if isinstance(v, Value)), key=lambda v: v.level, default=None)


def owned(values: Sequence[Any], inner: Value) -> tuple[list[int], list[Any]]:
    """Return the positions of the values of a level, and all as the next level out has them."""
    own = [k for k, v in enumerate(values) if type(v) is type(inner) and v.level == inner.level]
    return own, [v.value if k in own else v for k, v in enumerate(values)]


def zeros_like(v: Any) -> Any:
    return zeros(shape_of(v), dtype_of(v))


# ---------------------------------------------------------------- run, and written down


def run(loop: Loop, values: Sequence[Any], inner: Any) -> tuple[Any, ...]:
    """Run one step after the other."""
    body: Program = loop.body  # simplified, it has no examples
    n, carried = loop.n, loop.carried
    states, sequences = values[:carried], values[carried : carried + loop.items]
    others = values[carried + loop.items :]
    stacks: list[Any] = []
    step = stepper(loop, body, values, n)
    for k in range(n - 1, -1, -1) if loop.backwards else range(n):
        ys = step(*states, *(x[k] for x in sequences), *others)
        states = ys[:carried]
        if not stacks:
            stacks = [room(n, y) for y in ys[carried:]]
        for stack, y in zip(stacks, ys[carried:], strict=True):
            stack[k] = y
    if not n:
        if isinstance(body, Body):
            stacks = [zeros_like(v) for v in loop.example()[carried:]]
        else:
            shapes = sized([(0, *shape_of(v)) for v in body.outputs[carried:]], loop.rows)
            stacks = list(map(np.zeros, shapes, map(dtype_of, body.outputs[carried:])))
    return *states, *(np.stack(s) if type(s) is list else s for s in stacks)


def room(n: int, y: Any) -> Any:
    """Return what `n` such values are put into."""
    if isinstance(y, Value):
        return [None] * n
    return np.empty((n, *shape_of(y)), np.asarray(y).dtype)


def run_while(loop: Loop, values: Sequence[Any], inner: Any) -> tuple[Any, ...]:
    """Run one step after the other until the condition is true."""
    states, others, steps = values[: loop.carried], values[loop.carried :], 0
    assert loop.condition is not None
    done = stepper(loop, loop.condition, values, FEW)
    step = stepper(loop, loop.body, values, FEW)
    while steps != loop.most and not done(*states, *others)[0]:
        states, steps = step(*states, *others), steps + 1
    return tuple(states)


FEW = 16  # steps, for which it takes longer to print a body than to interpret it
PRINTED: WeakKeyDictionary[Program, Callable[..., Any]] = WeakKeyDictionary()


def stepper(loop: Loop, body: Program, values: Sequence[Any], n: int) -> Callable[..., Any]:
    """Return `body` as a function: printed, for many steps of plain arrays."""
    if n >= FEW and not any(isinstance(v, Value) for v in values):
        if body not in PRINTED:
            from ..parts import cut
            from ..printing.source import Printer

            printer = Printer(body, cut(body), "step")
            if printer.count() or not loop.rows:  # else nothing tells it the number of rows
                PRINTED[body] = printer.source().load()
        if body in PRINTED:
            return PRINTED[body]
    return partial(body.run, rows=loop.rows)


def staged(loop: Loop, values: Sequence[Any], inner: Staged) -> Any:
    options = {k: v.kept() if isinstance(v, Body) else v for k, v in loop.options().items()}
    return TRACES[inner.level].written(loop.function, [list(values)], options, loop.example())


# How values of a kind are met; readings of loops add theirs.
ANSWERS: dict[type, Callable[..., Any]] = {Staged: staged}
