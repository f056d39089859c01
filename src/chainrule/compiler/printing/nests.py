"""Work grouped into nests of loops.

Work joins the first nest of its domain in which everything that it reads is there: made at the same
place, or by nests before. In a pass over the rows their axis is the innermost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..program import Call, Var
from ..sizes import Size
from .places import Leaf, Place, leaves
from .views import Sources, is_view
from .work import Work, work_of

__all__ = ["ROW", "Nest", "Task", "domain", "named", "nested", "placed", "sunk", "tasked"]

ROW = "i"


@dataclass(eq=False)
class Task:
    """Work in a nest: the place of the domain in terms of the nest's loop variables."""

    work: Work
    at: tuple[Place, ...]
    operands: list[Any]  # what stands behind each operand there
    out_at: tuple[Place, ...]  # the place of the result

    def leaves(self) -> Iterator[Leaf]:
        for operand in (*self.operands, *(self.out_at if self.work.where is not None else ())):
            yield from leaves(operand)


@dataclass(eq=False)
class Nest:
    """Loops over the same places: variables and sizes from the outermost on."""

    axes: list[tuple[str, Any]]
    tasks: list[Task] = field(default_factory=list)
    block: Any = None  # what stands in place of loops over elements: a product, or a loop of steps

    @property
    def over_rows(self) -> bool:
        return bool(self.block) or any(isinstance(n, Size) for _, n in self.axes)

    @property
    def sizes(self) -> list[Any]:
        return [n for _, n in self.axes]

    def made(self) -> list[Var]:
        if self.block:
            return list(self.block.outputs)
        return [v for task in self.tasks for v in task.work.call.outputs]


Domain = list[tuple[int, Any]]


def domain(work: Work, rows: bool) -> Domain:
    """The axes of the work that need a loop; in a pass over the rows these are the last."""
    axes = [(k, n) for k, n in enumerate(work.sizes) if n != 1]
    return sorted(axes, key=lambda axis: rows and isinstance(axis[1], Size))


def nested(calls: Sequence[Call | Nest], sources: Sources, rows: bool) -> list[Nest]:
    """Return the nests for calls in order; views need none."""
    nests: list[Nest] = []
    made: dict[Var, tuple[int, Task | None]] = {}
    for call in calls:
        if isinstance(call, Nest):
            made.update((v, (len(nests), None)) for v in call.made())
            nests.append(call)
            continue
        if is_view(call):
            continue
        work = work_of(call)
        axes = domain(work, rows)
        for k in range(len(nests)):
            nest = nests[k]
            if nest.block or nest.sizes != [n for _, n in axes]:
                continue
            task = tasked(work, axes, [name for name, _ in nest.axes], sources)
            if fits(task, k, nests, made):
                break
        else:
            k, nest = len(nests), Nest(named(axes, rows))
            task = tasked(work, axes, [name for name, _ in nest.axes], sources)
            nests.append(nest)
        nest.tasks.append(task)
        made.update((v, (k, task)) for v in call.outputs)
    return nests


def sunk(nests: list[Nest], wanted: set[Var], sources: Sources) -> list[Nest]:
    """Move what only one later nest reads into that nest: then it needs no buffer.

    What a task reads of its own nest must be free to go the same way, or lie in a buffer anyway.
    """
    readers: dict[Var, dict[int, set[tuple[Place, ...]]]] = {}  # nests and places, by value
    for k, nest in enumerate(nests):
        for leaf in (leaf for task in nest.tasks for leaf in task.leaves()):
            readers.setdefault(leaf.var, {}).setdefault(k, set()).add(leaf.at)
        for v in nest.block.reads() if nest.block else ():
            for var in sources.behind(v):
                readers.setdefault(var, {})[k] = {()}
    for k in reversed(range(len(nests))):
        nest = nests[k]
        for task in reversed(nest.tasks.copy()):
            v = task.work.call.output
            where = readers.get(v, {})
            if (
                task.work.combine
                or task.work.running is not None
                or v in wanted
                or len(where) != 1
                or k in where
            ):
                continue
            ((later, places),) = where.items()
            if nests[later].block or nests[later].axes != nest.axes or places != {task.out_at}:
                continue
            own = [leaf for leaf in task.leaves() if leaf.var in nest.made()]
            if any(
                len(readers[leaf.var]) == 1
                and k in readers[leaf.var]
                and (not_alone(leaf.var, task, nest) or leaf.var in wanted)
                for leaf in own
            ):
                continue
            nest.tasks.remove(task)
            nests[later].tasks.insert(0, task)
            for leaf in task.leaves():
                readers[leaf.var].setdefault(later, set()).add(leaf.at)
                if not any(leaf.var is o.var for t in nest.tasks for o in t.leaves()):
                    readers[leaf.var].pop(k, None)
    return [nest for nest in nests if nest.block or nest.tasks]


def not_alone(v: Var, task: Task, nest: Nest) -> bool:
    """Say whether other tasks of a nest read a value, too, or it is not an element there."""
    readers = [t for t in nest.tasks if any(leaf.var is v for leaf in t.leaves())]
    made = [t for t in nest.tasks if t.work.call.output is v]
    return readers != [task] or bool(made[0].work.combine)


def tasked(work: Work, axes: Domain, names: Sequence[str], sources: Sources) -> Task:
    at = [Place() for _ in work.sizes]
    for (axis, _), name in zip(axes, names, strict=True):
        at[axis] = Place(name)
    return placed(work, tuple(at), sources)


def placed(work: Work, at: tuple[Place, ...], sources: Sources) -> Task:
    """Return the work with its operands at a place of its domain."""
    operands = [
        sources.element(v, tuple(Place() if k is None else at[k] for k in axes))
        for v, axes in work.reads
    ]
    out_at = tuple(at[k] for k in work.kept)
    if work.where is not None:
        out_at = sources.taken(work.call.output, work.where, at)
    return Task(work, at, operands, out_at)


def named(axes: Domain, rows: bool) -> list[tuple[str, Any]]:
    letters = iter("cdefghjklpq" if rows else "ijklpqcdefgh")
    return [(ROW if rows and isinstance(n, Size) else next(letters), n) for _, n in axes]


def fits(task: Task, k: int, nests: list[Nest], made: dict[Var, tuple[int, Task | None]]) -> bool:
    """Say whether everything that a task reads is there in nest `k`."""
    for leaf in task.leaves():
        if leaf.var not in made:
            continue
        where, maker = made[leaf.var]
        if where > k:
            return False
        if where == k and (maker is None or maker.work.combine or leaf.at != maker.out_at):
            return False
    return True
