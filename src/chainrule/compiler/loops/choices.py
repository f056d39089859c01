"""A choice between two functions by a value: in a program, one call with two sub-programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule._core.errors import name_of
from chainrule._core.pieces import Outputs
from chainrule._core.traces import list_node, output_nodes, tick
from chainrule._core.trees import build, flatten, values_in
from chainrule._core.values import (
    Batched,
    Moving,
    Recorded,
    Staged,
    Value,
    cast,
    dtype_of,
    made,
    shape_of,
)

from ..refusals import CompileError
from ..staging import TRACES, example_of, is_staged
from .bodies import Body, changing, written
from .body_changes import batched, moved, pulled
from .loop_changes import ANY
from .rolled import innermost, owned
from .steps import leaf_names, said

__all__ = ["cond"]

Function = Callable[..., Any]


def cond(condition: Any, f: Function, g: Function, *args: Any) -> Any:
    """Return `f(*args)` if `condition` is true, or else `g(*args)`.

    In a compiled function, where a value is known only when it runs, this is an `if` that may ask
    for one: only one of the two is computed, of what it is given in `args`. What a function reads
    from around it and computes from that alone is computed in any case. There both return the same
    structure and shapes; dtypes are promoted. Elsewhere it is an `if` in Python. Its derivatives
    are choices, too. For a batch with conditions of its own both are computed: see np.where.

    Raises CompileError, when compiled, if the two return different structures, or if the condition
    is not one truth value, and ValueError if they return different shapes.

    >>> import numpy as np
    >>> from chainrule import grad
    >>> root = lambda x: cond(x > 0, np.sqrt, lambda x: 0.0 * x, x)
    >>> root(4.0), grad(root)(4.0), grad(root)(-1.0)
    (np.float64(2.0), 0.25, 0.0)
    """
    if not isinstance(condition, Value) or not (is_staged(condition) or is_of_batch(condition)):
        return f(*args) if condition else g(*args)
    if shape_of(condition):
        raise CompileError(
            f"the condition of cond is one truth value, but it has the shape "
            f"{shape_of(condition)}; to choose element by element, use np.where(condition, a, b)."
        )
    if dtype_of(condition).kind != "b":
        condition = np.not_equal(condition, 0)
    found: list[Value] = []
    put = values_in(args, found)
    structures: list[Any] = []

    def run(*given: Any) -> list[Any]:
        inside = args if put is None else put(iter(given))
        ys: list[list[Any]] = [[], []]
        structures[:] = [
            flatten(branch(*inside), f"what {name_of(branch)} returned", leaves)
            for branch, leaves in zip((f, g), ys, strict=True)
        ]
        refuse_other(f, g, structures, ys)
        pairs = [alike(a, b) for a, b in zip(*ys, strict=True)]
        return [pair[side] for side in (0, 1) for pair in pairs]

    examples = [example_of(v) for v in found]
    both, others = written(run, [f"a{k}" for k in range(len(found))], examples)
    half = len(both.outputs) // 2
    yes, no = (both.with_(both.inputs, ys) for ys in (both.outputs[:half], both.outputs[half:]))
    return build(structures[0], chosen([condition, *found, *others], yes=yes, no=no))


def is_of_batch(v: Any) -> bool:
    while isinstance(v, Value) and type(v) is not Batched:
        v = v.value
    return type(v) is Batched


def refuse_other(f: Function, g: Function, structures: list[Any], ys: list[list[Any]]) -> None:
    """Raise unless both functions returned the same structure of the same shapes."""
    names = leaf_names(structures[0])
    if structures[0] != structures[1]:
        both = said(names), said(leaf_names(structures[1]))
        raise CompileError(refusal(f, g, *both))
    for name, a, b in zip(names, *ys, strict=True):
        if shape_of(a) != shape_of(b):  # perhaps for these numbers of rows only
            where = f" in {name}" if name else ""
            raise ValueError(refusal(f, g, *(f"shape {shape_of(v)}{where}" for v in (a, b))))


def refusal(f: Function, g: Function, first: str, second: str) -> str:
    return (
        f"cond chooses between {name_of(f)}, which returns {first}, and {name_of(g)}, which "
        f"returns {second}; in a compiled function both return the same structure and shapes."
    )


def alike(a: Any, b: Any) -> list[Any]:
    """Return both in their common dtype."""
    dtype = np.result_type(example_of(a), example_of(b))
    return [
        v if dtype_of(v) == dtype and type(example_of(v)) not in (int, bool) else cast(v, dtype)
        for v in (a, b)
    ]


# ---------------------------------------------------------------- as one call


def chosen(values: Sequence[Any], *, yes: Body, no: Body, rows: int = 0) -> tuple[Any, ...]:
    """Return the outputs of `yes` if the first value is true, or else those of `no`.

    The other values are the inputs of both.
    """
    inner = innermost(values)
    if not isinstance(values[0], Value):
        return tuple((yes if values[0] else no).run(*values[1:], rows=rows))
    return ANSWERS[type(inner)](Choice(yes, no), values, inner)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Choice:
    """The two sub-programs, and what is made of both."""

    yes: Body
    no: Body

    def call(self, values: Sequence[Any]) -> tuple[Any, ...]:
        return chosen(values, yes=self.yes, no=self.no)

    def each(self, make: Callable[[Body], Body]) -> Choice:
        return Choice(make(self.yes), make(self.no))

    def changing(self, mine: Sequence[int], kinds: str = "fc") -> list[int]:
        """Return the outputs that change when the inputs `mine` do, in one or the other."""
        found = (changing(body, mine, kinds) for body in (self.yes, self.no))
        return sorted(set().union(*found))


def staged(choice: Choice, values: Sequence[Any], inner: Staged) -> Any:
    examples = tuple(map(choice.yes.example, choice.yes.outputs))
    options = {"yes": choice.yes.kept(), "no": choice.no.kept()}
    return TRACES[inner.level].written(chosen, [list(values)], options, examples)


def inputs_of(values: Sequence[Any], inner: Value) -> tuple[list[int], list[int], list[Any]]:
    """Return where a level's values stand among all, and among the inputs; and all without it."""
    own, plain = owned(values, inner)
    return own, [k - 1 for k in own], plain


def moving(choice: Choice, values: Sequence[Any], inner: Moving) -> tuple[Any, ...]:
    own, mine, plain = inputs_of(values, inner)
    out = choice.changing(mine)

    def twice(body: Body) -> Body:
        pair = moved(body, mine, out)
        inputs = [*pair.inputs, *pair.tangents.values()]
        return pair.body.with_(inputs, [*pair.outputs, *pair.changes])

    found = choice.each(twice).call([*plain, *(values[k].link for k in own)])
    ys = list(found[: len(choice.yes.outputs)])
    for k, t in zip(out, found[len(ys) :], strict=True):
        ys[k] = made(Moving, ys[k], inner.level, t)
    return tuple(ys)


def of_batch(choice: Choice, values: Sequence[Any], inner: Batched) -> tuple[Any, ...]:
    own, mine, plain = inputs_of(values, inner)
    if own[0] == 0:  # the examples choose differently
        both = (body.run(*values[1:]) for body in (choice.yes, choice.no))
        return tuple(np.where(values[0], a, b) for a, b in zip(*both, strict=True))
    out = choice.changing(mine, ANY)
    found = choice.each(lambda body: batched(body, mine, out, inner.link.size)).call(plain)
    ys = list(found)
    for k in out:
        ys[k] = made(Batched, ys[k], inner.level, inner.link)
    return tuple(ys)


def recorded(choice: Choice, values: Sequence[Any], inner: Recorded) -> tuple[Any, ...]:
    _, mine, plain = inputs_of(values, inner)
    out, ys = choice.changing(mine), choice.call(plain)
    parents = list_node(values, Recorded, inner.level)  # earlier than the node, by its order
    node = (tick(), pull_choice, parents, (choice, mine, out, plain), None)
    links = output_nodes(node, ys)
    return tuple(
        made(Recorded, y, inner.level, links[k]) if k in out else y for k, y in enumerate(ys)
    )


def pull_choice(g: Any, kept: Any) -> list[Any]:
    """Return the changes of the values: computed from the inputs, by the one that was chosen."""
    choice, mine, out, plain = kept
    if type(g) is Outputs:
        g = g.whole()

    def back(body: Body) -> Body:
        pair = pulled(body, mine, out)
        return pair.body.with_([*pair.changes, *pair.inputs], pair.pulled)

    condition, *inputs = plain
    changes = choice.each(back).call([condition, *(g[k] for k in out), *inputs])
    found: list[Any] = [None] * len(plain)
    for k, h in zip(mine, changes, strict=True):
        found[k + 1] = h
    return found


ANSWERS: dict[type, Callable[..., Any]] = {
    Recorded: recorded,
    Moving: moving,
    Batched: of_batch,
    Staged: staged,
}
