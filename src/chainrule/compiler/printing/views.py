"""What stands behind views, joins and fillings: whoever reads them reads their sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.pieces import gather
from chainrule._core.values import take

from ..program import Call, Var
from ..roles import row_axis
from ..sizes import Size
from .places import Choice, Counter, Leaf, Number, Picked, Place, Total, leaves

__all__ = ["Sources", "is_view", "item"]


class Sources:
    """What stands behind the values that calls make: their elements, followed through all views."""

    def __init__(self, calls: list[Call]) -> None:
        self.makers = {v: call for call in calls for v in call.outputs}

    def element(self, v: Any, at: tuple[Place, ...]) -> Any:
        """Return what the element of `v` at these places is read from."""
        if not isinstance(v, Var):
            return Number(v, None)
        call = self.makers.get(v)
        if call is None or not is_view(call):
            return Leaf(
                v, tuple(p if n != 1 else Place() for p, n in zip(at, v.shape, strict=True))
            )
        return VIEWS[call.function](self, call, at)

    def behind(self, v: Var) -> set[Var]:
        """Return the arrays and numbers that a value is read from."""
        return {leaf.var for leaf in leaves(self.anywhere(v))}

    def anywhere(self, v: Var) -> Any:
        """Return what an element of a value is read from, at whatever place."""
        return self.element(v, tuple(Place(f"axis {k}") for k in range(v.ndim)))

    def index(self, v: Any, at: tuple[Place, ...], size: int) -> Place:
        """Return the place that an element of an array of indices names."""
        if isinstance(v, np.ndarray) or (isinstance(v, Var) and v.constant is not None):
            array = v if isinstance(v, np.ndarray) else v.constant
            if array.ndim == 0:
                return Place(offset=int(array) % size)
        element = self.element(v, at)
        if isinstance(element, Counter):
            return element.place
        if isinstance(element, Number):
            return Place(offset=int(element.value) % size)
        return Place({Picked(element, size): 1})

    def taken(self, x: Var, at: Any, here: tuple[Place, ...]) -> tuple[Place, ...]:
        """Return the places in `x` of the element of `x[at]` at the places `here`."""
        at = at if type(at) is tuple else (at,)
        at = at + (slice(None),) * (x.ndim - len(at))
        arrays = [p for p in at if isinstance(p, (Var, np.ndarray))]
        rank = max((p.ndim for p in arrays), default=0)
        chosen = [k for k, p in enumerate(at) if not isinstance(p, slice)] if arrays else []
        together = chosen == list(range(chosen[0], chosen[0] + len(chosen))) if chosen else True
        first = sum(isinstance(p, slice) for p in at[: chosen[0]]) if chosen and together else 0
        by_arrays, others = here[first : first + rank], iter(here[:first] + here[first + rank :])
        places: list[Place] = []
        for p, size in zip(at, x.shape, strict=True):
            if isinstance(p, slice):
                start, _, step = (0, 0, 1) if p == slice(None) else p.indices(size)
                here_on = next(others)
                places.append(here_on * step + start if size != 1 else Place())
            elif isinstance(p, (Var, np.ndarray)):
                mine = by_arrays[rank - p.ndim :]
                mine = tuple(q if n != 1 else Place() for q, n in zip(mine, p.shape, strict=True))
                places.append(self.index(p, mine, size))
            else:
                places.append(Place(offset=int(p) % size))
        return tuple(places)


def item(x: Any, at: Place) -> Any:
    """Stands for `x[at]`, at the place of a loop's variable."""
    raise NotImplementedError


def is_view(call: Call) -> bool:
    """Say whether the elements of a call's result are elements of what it reads, or known."""
    if call.function is gather:
        return all(map(is_plain, call.inputs[1])) or one_place_a_row(call)
    return call.function in VIEWS


def is_plain(at: Any) -> bool:
    """Say whether a place is of whole numbers and slices: then it names nothing twice."""
    return all(isinstance(p, (int, slice)) for p in (at if type(at) is tuple else (at,)))


def one_place_a_row(call: Call) -> bool:
    """Say whether a gather puts one number into each row, as `x[arange(n), y]` took it."""
    axis = row_axis(call.output)
    return axis == 0 and all(
        type(at) is tuple
        and isinstance(at[0], Var)
        and at[0].counts
        and len(at) == call.output.ndim
        and all(isinstance(p, int) or (isinstance(p, Var) and row_axis(p) == 0) for p in at[1:])
        for at in call.inputs[1]
    )


# ------------------------------------------------------------------ views, one by one


def filled(sources: Sources, call: Call, at: tuple[Place, ...]) -> Any:
    value = call.inputs[1]
    return (
        sources.element(value, ()) if isinstance(value, Var) else Number(value, call.output.dtype)
    )


def counted(sources: Sources, call: Call, at: tuple[Place, ...]) -> Any:
    first, step = 0, 1
    if len(call.inputs) > 1:
        first, _, step = (*call.inputs, 1)[:3]
    return Counter(at[0] * step + first)


def broadcast(sources: Sources, call: Call, at: tuple[Place, ...]) -> Any:
    x = call.inputs[0]
    if not isinstance(x, Var):
        return Number(x, call.output.dtype)
    mine = at[len(at) - x.ndim :]
    return sources.element(
        x, tuple(p if n != 1 else Place() for p, n in zip(mine, x.shape, strict=True))
    )


def transposed(sources: Sources, call: Call, at: tuple[Place, ...]) -> Any:
    x, axes = call.inputs
    mine: list[Any] = [None] * x.ndim
    for place, axis in zip(at, axes, strict=True):
        mine[axis] = place
    return sources.element(x, tuple(mine))


def picked(sources: Sources, call: Call, at: tuple[Place, ...]) -> Any:
    x, where = call.inputs
    return sources.element(x, sources.taken(x, where, at))


def item_of(sources: Sources, call: Call, at: tuple[Place, ...]) -> Any:
    return sources.element(call.inputs[0], (call.inputs[1], *at))


def reshaped(sources: Sources, call: Call, at: tuple[Place, ...]) -> Any:
    """Axes of both shapes are matched in groups of equal size, so that most places stay simple."""
    x, y = call.inputs[0], call.output
    old = [n for n in x.shape if n != 1]
    new = [(n, p) for n, p in zip(y.shape, at, strict=True) if n != 1]
    places: list[Place] = []
    while old:
        group, size = [old.pop(0)], new[0][0]
        flat = new.pop(0)[1]
        while not isinstance(size, Size) and size != (whole := int(np.prod(group))):
            if size < whole:
                size, flat = size * new[0][0], flat * new[0][0] + new.pop(0)[1]
            else:
                group.append(old.pop(0))
        split: list[Place] = []
        for n in reversed(group[1:]):
            flat, rest = flat.divided(n)
            split.append(rest)
        places += [flat, *reversed(split)]
    left = iter(places)
    return sources.element(x, tuple(Place() if n == 1 else next(left) for n in x.shape))


def joined(sources: Sources, call: Call, at: tuple[Place, ...]) -> Any:
    items, axis = call.inputs
    starts = np.cumsum([0] + [v.shape[axis] for v in items[:-1]]).tolist()

    def element(k: int) -> Any:
        return sources.element(items[k], (*at[:axis], at[axis] + -starts[k], *at[axis + 1 :]))

    tree = element(len(items) - 1)
    for k in reversed(range(len(items) - 1)):
        tree = chosen(((at[axis], "<", Place(offset=starts[k + 1])),), element(k), tree)
    return tree


def gathered(sources: Sources, call: Call, at: tuple[Place, ...]) -> Any:
    """The parts that have a number at these places, and zero elsewhere."""
    parts, places = call.inputs[:2]
    zero = Number(call.output.dtype.type(0).item(), call.output.dtype)
    terms = []
    for part, where in zip(parts, places, strict=True):
        where = where if type(where) is tuple else (where,)
        where = where + (slice(None),) * (len(at) - len(where))
        holds: list[tuple[Place, str, Place]] = []
        mine: list[Place] = []
        row = None
        for p, here, size in zip(where, at, call.output.shape, strict=True):
            if isinstance(p, slice):
                start, stop, step = (0, size, 1) if p == slice(None) else p.indices(size)
                if isinstance(p, slice) and p != slice(None):
                    holds += within(here, start, stop, step)
                mine.append(stepped(here + -start, step))
            elif isinstance(p, Var) and p.counts:
                row = here
                mine.append(here)
            elif isinstance(p, Var):
                assert row is not None, "rows come first"
                holds.append((here, "==", sources.index(p, (row,), size)))
            else:
                holds.append((here, "==", Place(offset=int(p) % size)))
        if isinstance(part, Var):
            mine = [p if n != 1 else Place() for p, n in zip(mine, part.shape, strict=False)]
            mine = mine[len(mine) - part.ndim :]
        terms.append(chosen(tuple(holds), sources.element(part, tuple(mine)), zero))
    return terms[0] if len(terms) == 1 else Total(tuple(t for t in terms if t != zero) or (zero,))


def within(here: Place, start: int, stop: int, step: int) -> list[tuple[Place, str, Place]]:
    """Comparisons that say whether a place is among those of a slice."""
    count = len(range(start, stop, step))
    low, high = sorted((start, start + (count - 1) * step)) if count else (1, 0)
    holds = [(here, ">=", Place(offset=low)), (here, "<=", Place(offset=high))]
    if abs(step) > 1:
        holds.append(((here + -start).divided(abs(step))[1], "==", Place()))
    return holds


def stepped(distance: Place, step: int) -> Place:
    if abs(step) == 1:
        return distance * step
    return distance.divided(step)[0] if step > 0 else (distance * -1).divided(-step)[0]


COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": int.__lt__, ">=": int.__ge__, "<=": int.__le__, "==": int.__eq__,
}  # fmt: skip


def chosen(holds: tuple[tuple[Place, str, Place], ...], yes: Any, no: Any) -> Any:
    """Return the choice, or what is known to be chosen."""
    open_ones = []
    for a, symbol, b in holds:
        apart = a + b * -1
        if apart.terms:
            open_ones.append((a, symbol, b))
        elif not COMPARE[symbol](apart.offset, 0):
            return no
    return Choice(tuple(open_ones), yes, no) if open_ones else yes


VIEWS: dict[Any, Callable[[Sources, Call, tuple[Place, ...]], Any]] = {
    np.full: filled,
    np.arange: counted,
    np.broadcast_to: broadcast,
    np.transpose: transposed,
    np.reshape: reshaped,
    take: picked,
    np.concatenate: joined,
    gather: gathered,
    item: item_of,
}
