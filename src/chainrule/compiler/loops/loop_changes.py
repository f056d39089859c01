"""How a loop meets values that move, stand for a batch, or are recorded: as a loop again.

Its body is written down from that of the loop by the same rules as everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np

from chainrule._core.pieces import Outputs
from chainrule._core.traces import list_node, output_nodes, tick
from chainrule._core.values import Batched, Moving, Recorded, made, shape_of

from ..program import Var
from ..refusals import CompileError
from .bodies import active, changing, masked, reached, rewritten
from .body_changes import Pulled, batched, moved, pulled
from .rolled import ANSWERS, Loop, owned, rolled, zeros_like

__all__ = ["ANY"]

ANY = "fciub"  # kinds of dtypes that a batch may have; only "fc" move

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


ANSWERS.update({Recorded: recorded, Moving: moving, Batched: of_batch})
