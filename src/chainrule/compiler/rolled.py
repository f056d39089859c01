"""A loop as one call: how it is run, written down, and differentiated.

    *states, *stacks = rolled([*states, *sequences, *others], body=…, n=…, carried=…, items=…)
    *states = repeated([*states, *others], condition=…, body=…, carried=…)

At every step the body takes the states, an item of each sequence and the other values, and gives
the next states and an item of each stack. The derivatives of a loop are loops, whose bodies are
written down from its own by the same rules as everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from chainrule._core.pieces import Outputs, zeros
from chainrule._core.traces import list_node, output_nodes, tick
from chainrule._core.values import (
    Batched,
    Moving,
    Recorded,
    Staged,
    Value,
    dtype_of,
    made,
    shape_of,
)

from .bodies import (
    Body,
    Pulled,
    active,
    batched,
    changing,
    masked,
    moved,
    pulled,
    reached,
    rewritten,
)
from .program import Program, Var
from .refusals import CompileError
from .staging import TRACES

__all__ = ["innermost", "owned", "repeated", "rolled", "zeros_like"]


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
    body, n, carried = loop.body, loop.n, loop.carried
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
        stacks = [zeros_like(v) for v in loop.example()[carried:]]
    return *states, *(np.stack(s) if type(s) is list else s for s in stacks)


def room(n: int, y: Any) -> Any:
    """Return what `n` such values are put into."""
    return [None] * n if isinstance(y, Value) else np.empty((n, *shape_of(y)), dtype_of(y))


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
            from .parts import cut
            from .source import Printer

            printer = Printer(body, cut(body), "step")
            if printer.count() or not loop.rows:  # else nothing tells it the number of rows
                PRINTED[body] = printer.source().load()
        if body in PRINTED:
            return PRINTED[body]
    return partial(body.run, rows=loop.rows)


def staged(loop: Loop, values: Sequence[Any], inner: Staged) -> Any:
    trace = TRACES[inner.level]
    return trace.written(loop.function, [list(values)], loop.options(), loop.example())


# ---------------------------------------------------------------- forward


def moving(loop: Loop, values: Sequence[Any], inner: Moving) -> tuple[Any, ...]:
    """Run the loop with the tangents that a level watches beside the values."""
    own, plain = owned(values, inner)
    moves = active(loop.body, loop.carried, own)
    states, sequences, others = loop.parted(moves)
    later = [k for k in changing(loop.body, moves) if k >= loop.carried]
    pair = moved(loop.body, moves, [*states, *later])
    tangents = {k: values[k].link if k in own else zeros_like(plain[k]) for k in moves}
    inputs: list[Var] = []
    given: list[Any] = []
    asked: list[Any] = []
    for every, some in zip(
        loop.parted(range(len(plain))), (states, sequences, others), strict=True
    ):
        inputs += [*(pair.inputs[k] for k in every), *(pair.tangents[k] for k in some)]
        given += [*(plain[k] for k in every), *(tangents[k] for k in some)]
        asked += [*every, *(pair.tangents[k] for k in some)]
    count, rest = loop.carried, len(states)
    parts = pair.outputs[:count], pair.changes[:rest], pair.outputs[count:], pair.changes[rest:]
    twice = replace(
        loop,
        body=pair.body.with_(inputs, [v for part in parts for v in part]),
        carried=count + rest,
        items=loop.items + len(sequences),
        condition=loop.asked_of(asked),
    )
    ys = iter(twice.call(given))
    first, changes, stacks, more = ([next(ys) for _ in part] for part in parts)
    found = [*first, *stacks]
    for k, t in zip([*states, *later], [*changes, *more], strict=True):
        found[k] = made(Moving, found[k], inner.level, t)
    return tuple(found)


# ---------------------------------------------------------------- batched


def of_batch(loop: Loop, values: Sequence[Any], inner: Batched) -> tuple[Any, ...]:
    """Run the loop for all examples at once."""
    own, plain = owned(values, inner)
    size, carried = inner.link.size, loop.carried
    body, condition, alone = loop.body, loop.condition, True
    if condition and changing(condition, active(body, carried, own, ANY), ANY):
        body, alone = masked(condition, body), False  # who is done waits for the others
    differ = active(body, carried, own, ANY)
    states, sequences, _ = loop.parted(differ)
    if condition:
        ends = batched(condition, differ, [] if alone else [0], size)
        condition = rewritten(ends, lambda inputs: [np.all(ends.run(*inputs)[0])])
    for k in states:
        if k not in own:
            plain[k] = np.broadcast_to(plain[k], (size, *shape_of(plain[k])))
    for k in sequences:
        plain[k] = np.swapaxes(plain[k], 0, 1)
    later = [k for k in changing(body, differ, ANY) if k >= carried]
    body = batched(body, differ, [*states, *later], size)
    of_all = replace(loop, body=body, condition=condition)
    found = list(of_all.call(plain))
    for k in (*states, *later):
        stack = found[k] if k < carried else np.swapaxes(found[k], 0, 1)
        found[k] = made(Batched, stack, inner.level, inner.link)
    return tuple(found)


ANY = "fciub"

# ---------------------------------------------------------------- backward


@dataclass(slots=True)
class WayBack:
    """What is kept of a loop for the backward pass."""

    loop: Loop
    pair: Pulled
    moves: list[int]  # the inputs of the body that have a change
    out: list[int]  # its outputs that have one
    values: list[Any]  # of the loop
    saved: list[Var]  # what each step reads again
    stacks: list[Any]  # of them


def recorded(loop: Loop, values: Sequence[Any], inner: Recorded) -> tuple[Any, ...]:
    """Run the loop, stacking what the way back will read; record it as one call."""
    if loop.condition is not None:
        loop = counted(loop, len(values))
    own, plain = owned(values, inner)
    moves = active(loop.body, loop.carried, own)
    states, _, others = loop.parted(moves)
    out = [*states, *(k for k in changing(loop.body, moves) if k >= loop.carried)]
    pair = pulled(loop.body, moves, out, others)
    at_hand = set(pair.inputs[loop.carried :])
    read = pair.read(loop.keeps, loop.carried + loop.items)
    saved = [v for v in read if v not in at_hand]
    count = len(pair.outputs)
    forward = replace(loop, body=pair.body.with_(pair.inputs, [*pair.outputs, *saved]))
    ys = forward.call(plain)
    way = WayBack(loop, pair, moves, out, plain, saved, list(ys[count:]))
    parents = list_node(values, Recorded, inner.level)  # earlier than the node, by its order
    links = output_nodes((tick(), pull_loop, parents, way, None), ys[:count])
    return tuple(
        made(Recorded, ys[k], inner.level, links[k]) if k in out else ys[k] for k in range(count)
    )


def counted(loop: Loop, count: int) -> Loop:
    """Return a loop that ends on a condition as one of a known number of steps."""
    assert loop.condition is not None
    if loop.most is None:
        raise CompileError(
            "until repeats a step as often as the numbers ask, which a compiled function cannot "
            "take back step by step: it has no derivative in reverse mode. Say how many steps it "
            "takes at most, until(condition, step, state, most=100), or repeat the step a known "
            "number of times, iterate(step, state, n); forward mode (jvp) needs neither."
        )
    body = masked(loop.condition, loop.body)
    return Loop(rolled, body, loop.carried, n=loop.most)


def pull_loop(g: Any, way: WayBack) -> list[Any]:
    """Return the changes of the loop's values; the last step is pulled back first."""
    loop, pair, values = way.loop, way.pair, way.values
    if type(g) is Outputs:
        g = g.whole()
    states, sequences, others = loop.parted(way.moves)
    change = dict(zip(way.out, pair.changes, strict=True))
    back = dict(zip(way.moves, pair.pulled, strict=True))
    varies = reached(pair.body.calls, [*pair.inputs[: loop.carried + loop.items], *pair.changes])
    # What all steps add up; or of products only the factors, which are multiplied at the end. They
    # are as large as what the steps computed, and so only where that is kept, too.
    products = {
        k: pairs
        for k in others
        if loop.keeps and (pairs := pair.products(k)) and all(map(varies.issuperset, pairs))
    }
    summed = [k for k in others if k not in products]
    first = [(change[k], g[k]) for k in states]
    first += [(pair.sums[k], zeros_like(values[k])) for k in summed]
    stacks = {change[k]: g[k] for k in way.out[len(states) :]}
    stacks |= zip(way.saved, way.stacks, strict=True)
    _, again, beside = loop.parted(range(len(values)))
    stacks |= {pair.inputs[k]: values[k] for k in again}
    wanted = [*states, *summed, *sequences]
    outputs = [back[k] for k in wanted]
    factors = [v for pairs in products.values() for ab in pairs for v in ab]
    more = list(dict.fromkeys(v for v in factors if v not in stacks))
    known = [*(v for v, _ in first), *stacks, *(pair.inputs[k] for k in beside)]
    used = pair.body.with_(known, [*outputs, *more]).reads()
    along = [(v, stack) for v, stack in stacks.items() if v in used]
    rest = [(pair.inputs[k], values[k]) for k in beside if pair.inputs[k] in used]
    inputs, given = zip(*first, *along, *rest, strict=True)
    body = pair.body.with_(inputs, [*outputs, *more])
    carried, items, backwards = len(first), len(along), not loop.backwards
    way_back = Loop(rolled, body, carried, items, loop.n, backwards, loop.keeps)
    found = way_back.call(given)
    changes = dict(zip(wanted, found, strict=False))
    stacks.update(zip(more, found[len(wanted) :], strict=True))
    for k, pairs in products.items():
        each = [np.matmul(rows_of(stacks[a]).T, rows_of(stacks[b])) for a, b in pairs]
        changes[k] = reduce(np.add, each)
    return [changes.get(k) for k in range(len(values))]


def rows_of(stack: Any) -> Any:
    """Return the rows of stacked matrices one below the other; vectors are rows."""
    shape = shape_of(stack)
    return stack if len(shape) == 2 else np.reshape(stack, (shape[0] * shape[1], shape[2]))


ANSWERS: dict[type, Callable[..., Any]] = {
    Recorded: recorded,
    Moving: moving,
    Batched: of_batch,
    Staged: staged,
}
