"""Any call of a primitive: containers in and out, both readings, either direction transposed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chainrule._core.errors import name_of
from chainrule._core.pieces import completed, zeros
from chainrule._core.pushing import settled, transposed
from chainrule._core.traces import (
    backward,
    item_pull,
    leaf,
    output_nodes,
    tick,
)
from chainrule._core.trees import build, flatten, is_number, parts, values_in
from chainrule._core.values import (
    RECORDING,
    Moving,
    Recorded,
    Value,
    bare,
    dtype_of,
    made,
    shape_of,
)

from .spaces import arranged, dense, named_parts
from .stated import Rules

__all__ = ["Call", "getval", "isbox"]

Function = Callable[..., Any]


def getval(v: Any) -> Any:
    """Return `v` with plain numbers and arrays in place of what is being differentiated.

    What is computed with them is a constant: for printing, and for choices by size.

    >>> from chainrule import grad
    >>> from chainrule.extend import getval
    >>> grad(lambda x: x * getval(x))(3.0)
    3.0
    """
    found: list[Value] = []
    put = values_in(v, found)
    return v if put is None else put(map(bare, found))


def isbox(v: Any) -> bool:
    """Say whether `v` is being differentiated, or is a container of what is.

    >>> from chainrule import grad
    >>> from chainrule.extend import isbox
    >>> grad(lambda x: x if isbox(x) and not isbox(2.0) else 0.0)(3.0)
    1.0
    """
    found: list[Value] = []
    values_in(v, found)
    return bool(found)


class Call:
    """One call of a primitive with values that `level` watches."""

    def __init__(
        self,
        rules: Rules,
        level: int,
        args: tuple[Any, ...],
        plain: tuple[Any, ...],
        options: dict[str, Any],
        ans: Any,
    ) -> None:
        self.rules, self.level, self.args = rules, level, args
        self.plain, self.options, self.ans = plain, options, ans
        self.outputs: list[Any] = []
        self.structure = flatten(ans, f"what {name_of(rules.function)} returned", self.outputs)
        if any(isinstance(y, Value) and y.level <= level for y in self.outputs):
            raise TypeError(
                f"{name_of(rules.function)} is a primitive that reads from around it a value that "
                "is being differentiated, whose derivative would be lost; pass it as an argument."
            )
        self.moving = [k for k, y in enumerate(self.outputs) if dtype_of(y).kind in "fc"]

    def recorded(self, kind: type[Value]) -> Any:
        """Return the answer as the level's reading has it."""
        argnums = [i for i, v in enumerate(self.args) if any(True for _ in self.mine(v))]
        if not self.moving:
            return self.ans  # whole numbers and truth values do not move
        before = RECORDING.set(isbox(self.plain))  # what rules make is NumPy's, too, if it can be
        try:
            return (self.backward if kind is Recorded else self.forward)(argnums)
        finally:
            RECORDING.reset(before)

    def mine(self, tree: Any) -> Iterator[Value]:
        """Yield the values in an argument that the level watches."""
        found: list[Value] = []
        values_in(tree, found)
        return (v for v in found if v.level == self.level)

    # ---- the changes of all outputs that move, and of all arguments that do, as two lists

    def whole(self, changes: list[Any]) -> Any:
        """Return the change of the answer: its structure, with zeros where nothing moves."""
        if len(changes) == len(self.outputs):
            return build(self.structure, changes)
        every = [zeros(shape_of(y), float) for y in self.outputs]
        for k, g in zip(self.moving, changes, strict=True):
            every[k] = g
        return build(self.structure, every)

    def moves(self, change: Any) -> list[Any]:
        """Return the changes of the outputs that move, from a change of the answer."""
        what = f"the change of what {name_of(self.rules.function)} returned"
        every = list(arranged(self.structure, dense(change), what))
        return [every[k] for k in self.moving]

    def pull(self, argnums: list[int]) -> Function:
        """Return the function from the one list to the other, by the rule for changes back."""
        pull = self.rules.pull(argnums, self.ans, self.plain, self.options)

        def pull_all(changes: list[Any]) -> list[Any]:
            moves = []
            for i, g in zip(argnums, pull(self.whole(changes)), strict=True):
                what = f"the change of argument {i} of {name_of(self.rules.function)}"
                for v, h in beside(self.args[i], dense(g), what):
                    if v.level == self.level:
                        self.rules.check_change(h, v.shape, i)
                        moves.append(h)
            return moves

        return pull_all

    def push(self, argnums: list[int], tangents: list[Any]) -> list[Any]:
        """Take the list of the arguments' changes to that of the outputs'."""
        rest = iter(tangents)
        gs = [self.tangent(self.args[i], rest) for i in argnums]
        return self.moves(self.rules.push(argnums, gs, self.ans, self.plain, self.options))

    def tangent(self, tree: Any, rest: Iterator[Any]) -> Any:
        """Return the change of one argument: zeros where it does not move."""
        if isinstance(tree, Value) and tree.level == self.level:
            return next(rest)
        if is_number(tree):
            return zeros(shape_of(tree), dtype_of(tree))
        taken = parts(tree)
        return taken[1]([self.tangent(v, rest) for _, v in taken[0]]) if taken else tree

    # ---- both readings

    def backward(self, argnums: list[int]) -> Any:
        rules = self.rules
        if (those := rules.pulled(argnums)) is not None:
            pull = self.pull(those) if those else None
        elif (those := rules.pushed(argnums)) is None:
            rules.refuse(argnums)
        elif rules.is_linear_in(those):
            pull = lambda changes: rules.refuse_pull()  # only where one is asked for
        else:
            pull = self.transposed_push(those) if those else None
        if pull is None:
            return self.ans
        more: Any = None
        for k, v in enumerate(v for i in those for v in self.mine(self.args[i])):
            more = (item_pull, v.link, (k, shape_of(v.value), dtype_of(v.value)), more)
        joint = (tick(), *more)
        if self.structure is ...:
            return made(Recorded, self.ans, self.level, (tick(), pull_one, joint, pull, None))
        node = (tick(), pull_several, joint, pull, None)
        links = output_nodes(node, [self.outputs[k] for k in self.moving])
        return self.answer(Recorded, links)

    def forward(self, argnums: list[int]) -> Any:
        rules = self.rules
        if (those := rules.pushed(argnums)) is not None:
            tangents = [v.link for i in those for v in self.mine(self.args[i])]
            moves = self.push(those, tangents) if those else []
        elif (those := rules.pulled(argnums)) is not None:
            mine = [v for i in those for v in self.mine(self.args[i])]
            ys, xs = [self.outputs[k] for k in self.moving], [v.value for v in mine]
            moves = transposed(self.pull(those), ys, xs, [v.link for v in mine]) if those else []
        else:
            rules.refuse(argnums)
        if not those:
            return self.ans
        ys = [self.outputs[k] for k in self.moving]
        return self.answer(Moving, [settled(t, y) for t, y in zip(moves, ys, strict=True)])

    def transposed_push(self, argnums: list[int]) -> Function:
        """Return the transpose of the push: what pulls the list of changes back."""
        starts = [v.value for i in argnums for v in self.mine(self.args[i])]

        def pull(changes: list[Any]) -> list[Any]:
            level = tick()
            leaves = [leaf(zeros(shape_of(x), dtype_of(x)), level) for x in starts]
            moves = zip(self.push(argnums, leaves), changes, strict=True)
            seeds = [(t.link, g) for t, g in moves if type(t) is Recorded and t.level == level]
            reached = backward(*seeds[0], seeds[1:]) if seeds else {}
            return [reached.get(v.link[0], v.value) for v in leaves]

        return pull

    def answer(self, kind: type[Value], links: list[Any]) -> Any:
        ys = list(self.outputs)
        for k, link in zip(self.moving, links, strict=True):
            ys[k] = made(kind, ys[k], self.level, link)
        return build(self.structure, ys)


def pull_one(g: Any, pull: Function) -> list[Any]:
    return pull([g])  # type: ignore[no-any-return]


@completed
def pull_several(g: list[Any], pull: Function) -> list[Any]:
    return pull(g)  # type: ignore[no-any-return]


def beside(tree: Any, change: Any, what: str) -> Iterator[tuple[Value, Any]]:
    """Yield each value in `tree` that is being differentiated, with its change.

    Of anything else in it the change need not say anything.
    """
    if isinstance(tree, Value):
        yield tree, *arranged(..., change, what)
    elif isbox(tree):
        found = named_parts(change)
        for name, v in named_parts(tree).items():
            if isbox(v):
                if name not in found:
                    raise TypeError(f"{what} has a part {name}, but was given as {change!r:.60}.")
                yield from beside(v, found[name], what + name)
