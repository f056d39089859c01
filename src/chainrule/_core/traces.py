"""The essence of the engine: recording a call, reading it backward and forward, the backward pass.

*Reverse.* A recorded value's link is a node, a plain tuple `(order, pull, parent, kept, more)`:
`pull(g, kept)` takes a change `g` of the value back to a change of its parent; `more` is a second
edge `(pull, parent, kept, more)`, or None. Orders come from one counter that falls, so a heap of
nodes hands them out in the order in which a backward pass needs them. A node refers to earlier
nodes only: no cycle arises, and memory is freed by counting.

*Forward.* A moving value's link is its tangent, the change of the value when the input changes.

*Batched.* A batched value stands for one example and holds all: a call is made for all at once.

*Nesting.* A value may hold a value of an outer level. Levels are numbers from the same counter,
so the innermost level among the inputs of a call is the least; it records the call, and what it
calls in turn is recorded by the next one out.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

import numpy as np

from .blaming import blame
from .blocks import ALONG, LARGE, pulled_along
from .constants import CONTAINERS, copied, guarded, small, still
from .holding import handed_on
from .pieces import LATE, bundled, output_pull
from .table import RECORD
from .values import (
    BATCHES,
    OPAQUE,
    Held,
    Moving,
    Recorded,
    Staged,
    Value,
    awaits_numbers,
    cast,
    dtype_of,
    freed,
    holds_value,
    made,
    shape_of,
    take,
)
from .views import seen_call

if TYPE_CHECKING:
    from .stating import Rule

__all__ = [
    "READ",
    "WRITTEN",
    "asked",
    "backward",
    "edges",
    "fitted",
    "general",
    "holds",
    "innermost_batch",
    "joined",
    "leaf",
    "output_nodes",
    "tick",
    "typed",
    "unstretched",
]

NESTED = {list, tuple}
ADD_UP: Any = np.add.reduce
SUM: Any = np.sum
ndarray = np.ndarray
tick = itertools.count(-1, -1).__next__  # orders and levels, all distinct: the later, the lower
Node = Any  # (order, pull, parent, kept, more)


# ---------------------------------------------------------------- the backward pass


def leaf(value: Any, level: int) -> Any:
    """Return `value` as the start of a recording."""
    return made(Recorded, value, level, (tick(), None, None, None, None))


def backward(
    node: Node,
    g: Any,
    others: Iterable[tuple[Node, Any]] = (),
    visit: Callable[[Node, Any], Any] | None = None,
) -> dict[int, Any]:
    """Pull the change `g` of `node` back, and those of `others`.

    Return what reaches the leaves, by their orders. `visit` is told of every node whose change is
    complete: it returns what to pull, `(g, pull, parent, kept, more)`, or None to go no further.
    """
    top = node[0]
    changes: dict[int, Any] = {top: g}
    waiting: list[Node] = [node]
    owned: set[int] = set()  # nodes whose change is a sum made here: it may grow in place
    for node, g in others:
        if node[0] in changes:
            changes[node[0]] = changes[node[0]] + g
        else:
            changes[node[0]] = g
            heappush(waiting, node)
    pull = kept = None
    try:
        while waiting:
            node = heappop(waiting)
            g = changes.pop(node[0])
            if type(g) in LATE:
                g = g.whole()
            if visit is None:
                order, pull, parent, kept, more = node
                if pull is None:
                    changes[order] = g  # a leaf's change stays
                    continue
                if type(g) is ndarray and g.size > LARGE and pull in ALONG:
                    pull, parent, kept, g = pulled_along(node, g, changes, waiting)
            elif (step := visit(node, g)) is None:
                continue
            else:
                g, pull, parent, kept, more = step
            while True:
                h, at = pull(g, kept), parent[0]
                if at not in changes:
                    changes[at] = h
                    heappush(waiting, parent)
                elif at in owned and type(h) is type(changes[at]) and type(h) not in READ:
                    changes[at] += h
                else:
                    changes[at] = changes[at] + h
                    owned.add(at)
                if more is None:
                    h = None  # one holder less: a pull may change in place what nobody else has
                    break
                pull, parent, kept, more = more
    except Exception as error:
        blame(error, top, node[0], pull, kept, fitted)
        raise
    return changes


def fitted(g: Any, kept: Any) -> Any:
    """Pull, then undo broadcasting and promotion."""
    pull, kept, into, dtype = kept
    h = pull(g, kept)
    if type(h) in LATE:
        return h
    if (shape := shape_of(h)) != into:
        h = unstretched(h, shape, into)
    return h if dtype_of(h) == dtype else typed(h, dtype)


def unstretched(h: Any, shape: tuple[int, ...], into: tuple[int, ...]) -> Any:
    """Sum `h`, of `shape`, over the axes along which a value of shape `into` was stretched."""
    extra = len(shape) - len(into)
    if extra < 0:  # of an assignment, which leaves out axes of length 1 in front
        shape = (1,) * -extra + shape
        h, extra = np.reshape(h, shape), 0
    if extra > 0:
        h, shape = summed(h, tuple(range(extra))), shape[extra:]
    if axes := tuple(i for i, n in enumerate(into) if n == 1 and shape[i] != 1):
        h = summed(h, axes, keepdims=True)
    return h if shape_of(h) == into else np.broadcast_to(h, into)


def summed(x: Any, axis: Any = None, *, keepdims: Any = False) -> Any:
    """np.sum without its Python layers: 1.1 instead of 2.7 us."""
    if type(x) is ndarray:
        return ADD_UP(x, axis, None, None, keepdims)
    return SUM(x, axis, keepdims=keepdims)


def typed(h: Any, dtype: Any) -> Any:
    """Return `h` as `dtype`; of a complex change only the real part reaches a real value."""
    found = dtype_of(h)
    if found.kind == "c" and dtype.kind != "c":
        h = np.real(h)
        found = dtype_of(h)
    return h if found == dtype else cast(h, dtype)


# ---------------------------------------------------------------- recording a call


def general(rule: Rule, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """Let the innermost level among `inputs` record the call; without one, just call.

    This is the slow, general twin of the printed functions: any number of inputs, lists of arrays
    as one input, several outputs, both readings.
    """
    inner: Any = None
    for k, v in enumerate(inputs):
        kind = type(v)
        if kind in READ:
            if inner is None or v.level < inner.level:
                inner = v
        elif kind is Held:
            return of_held(rule, inputs, options)
        elif kind is list or kind is tuple:
            kinds = set(map(type, v))
            if not rule.lists or not kinds.isdisjoint(NESTED):
                array = [joined(w) for w in v] if rule.lists else joined(v)
                return general(rule, (*inputs[:k], array, *inputs[k + 1 :]), options)
            if Held in kinds:
                return of_held(rule, inputs, options)
            for w in v:
                if type(w) in READ and (inner is None or w.level < inner.level):
                    inner = w
    if BATCHES and options:
        inner = innermost_batch(options, inner)
    if inner is None:
        return rule.call(*inputs, **options)
    level, mine = inner.level, type(inner)
    if mine in OPAQUE:
        return READ[mine](rule, inner, inputs, options)
    values = [stripped(v, mine, level) for v in inputs]
    y = rule.call(*values, **options)
    if rule.constant:
        return y
    several = isinstance(y, (tuple, list))
    if any(map(steps, y)) if several else steps(y):
        return y  # whole numbers and truth values do not move
    out = READ[mine](rule, level, inputs, values, options, y, several)
    if BATCHES and rule.function is take:
        seen_call(out, inputs[0], rule, options)
    return out


LEAVES = {int, str, bool, float, slice, type(None), type(...), ndarray}


def innermost_batch(tree: Any, found: Any = None) -> Any:
    """Return the opaque value of the innermost level in nested lists, tuples and dicts."""
    kind = type(tree)
    if kind in OPAQUE:
        return tree if found is None or tree.level < found.level else found
    if kind is dict:
        tree = tree.values()
    elif kind is not tuple and not isinstance(tree, (list, tuple)):
        return found
    for v in tree:
        if type(v) not in LEAVES:  # most are: one look, no call
            found = innermost_batch(v, found)
    return found


UNHELD = {np.ndarray, float, int, np.float64}


def of_held(rule: Rule, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """Call with the plain arrays that constant arrays hold."""
    values = [v.value if type(v) is Held else v for v in inputs]
    if UNHELD.issuperset(map(type, values)) and not any(map(holds_value, options.values())):
        return handed_on(rule.call(*values, **options), rule, inputs, options)
    values = [freed(v) for v in inputs]
    plain = {
        name: tuple(map(freed, v)) if type(v) is tuple else freed(v) for name, v in options.items()
    }
    if any(map(holds_value, values)):
        return RECORD[rule.function](*values, **plain)
    return handed_on(general(rule, values, plain), rule, inputs, plain)


OTHERS = {Recorded, Moving, *OPAQUE}


def stripped(v: Any, mine: type[Value], level: int) -> Any:
    kind = type(v)
    if kind is mine and v.level == level:
        return v.value
    if kind in OTHERS:  # of another level, kept as it is now: for pulls to come
        return made(kind, v.value, v.level, v.link)
    if (kind is list or kind is tuple) and holds(v, mine, level):
        return [w.value if type(w) is mine and w.level == level else w for w in v]
    return v


def holds(items: Sequence[Any], kind: type[Value], level: int) -> bool:
    for w in items:  # noqa: SIM110  (a generator takes three times as long)
        if type(w) is kind and w.level == level:
            return True
    return False


def steps(y: Any) -> bool:
    return dtype_of(y).kind not in "fc"


def joined(items: Any) -> Any:
    """Return nested lists of numbers and values as one array."""
    if not isinstance(items, (list, tuple)):
        return items
    rows = [joined(item) for item in items]
    return np.stack(rows) if any(isinstance(row, Value) for row in rows) else np.array(rows)


def read_backward(
    rule: Rule,
    level: int,
    inputs: Sequence[Any],
    values: list[Any],
    options: dict[str, Any],
    y: Any,
    several: bool,
) -> Any:
    """Record one call for the reverse reading."""
    large: list[Any] = []
    if ndarray in map(type, inputs):
        values, large = copied(values, inputs, rule.kept, small(rule.word))
    if not CONTAINERS.isdisjoint(map(type, options.values())):
        options = {name: still(v) for name, v in options.items()}
    more = edges(Recorded, rule, level, inputs, values, options, y)
    if more is None:
        return y
    node = (tick(), *more)
    for array in large:
        node = guarded(node, array)
    if not several:
        return made(Recorded, y, level, node)
    return bundled(
        type(y),
        [made(Recorded, v, level, link) for v, link in zip(y, output_nodes(node, y), strict=True)],
    )


def edges(
    kind: type[Value],
    rule: Rule,
    level: int,
    inputs: Sequence[Any],
    values: list[Any],
    options: dict[str, Any],
    y: Any,
) -> Any:
    """Return the edges `(pull, parent, kept, more)` of a call: to the inputs that `level` watches.

    None if it watches none with a derivative.
    """
    more: Any = None
    for i in range(len(inputs)):
        v = inputs[i]
        several = type(v) is list or type(v) is tuple
        if not (holds(v, kind, level) if several else type(v) is kind and v.level == level):
            continue
        if not (argument := rule.argument(i)):
            continue
        pull, keep = argument
        kept = keep(i, y, *values, **options)
        if several:
            more = (pull, list_node(v, kind, level), kept, more)
        else:
            more = (fitted, v.link, (pull, kept, shape_of(v.value), dtype_of(v.value)), more)
    return more


def output_nodes(node: Node, outputs: Sequence[Any]) -> list[Node]:
    """Return a node for each of the several outputs of the call that `node` records."""
    kinds = [(shape_of(v), dtype_of(v)) for v in outputs]
    like = type(outputs)
    return [(tick(), output_pull, node, (k, kinds, like), None) for k in range(len(outputs))]


def list_node(items: Sequence[Any], kind: type[Value], level: int) -> Node:
    """Return the node of a list of values: its change is a list, each item's edge takes its own."""
    more: Any = None
    for k, v in enumerate(items):
        if type(v) is kind and v.level == level:
            more = (item_pull, v.link, (k, shape_of(v.value), dtype_of(v.value)), more)
    return (tick(), *more) if more else (tick(), None, None, None, None)


def item_pull(g: Any, kept: Any) -> Any:
    k, shape, dtype = kept
    return fitted(g, (take_item, k, shape, dtype))


def take_item(g: Any, k: int) -> Any:
    return g[k]


# What reads a call, by the kind of its innermost values: pushing.py adds moving ones, examples.py
# batched ones, and the tape a kind of its own.
READ: dict[type, Callable[..., Any]] = {Recorded: read_backward}
# What writes down the call of a function as it stands, rule or not, where its innermost values are
# of that kind: the compiler adds its own.
WRITTEN: dict[type, Callable[..., Any]] = {}


def asked(function: Callable[..., Any], *inputs: Any, **options: Any) -> Any:
    """Call a function that takes plain arrays alone, with what nothing differentiates.

    Where a program is being written down with some of it, so is the call.
    """
    if BATCHES and awaits_numbers(inputs, list(options.values())):
        return WRITTEN[Staged](function, inputs, options)
    return function(*inputs, **options)
