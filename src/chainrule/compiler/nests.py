"""Calls grouped into nests of loops.

A call is work to be done once for each place of its domain: the elements of an elementwise result,
of what is reduced, or all letters of an einsum. Work joins the first nest of its domain in which
everything that it reads is there: made at the same place, or by nests before. The axis of the
rows, if there is one, is the innermost.
"""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule._core.pieces import gather

from .places import Leaf, Place, Sources, is_view, leaves
from .program import Call, Var
from .roles import is_elementwise
from .sizes import Size

__all__ = [
    "Domain",
    "Nest",
    "Task",
    "Work",
    "apart",
    "copied",
    "copy",
    "domain",
    "laid_out",
    "named",
    "nested",
    "sunk",
    "tasked",
    "work_of",
]

ROW = "i"
COMBINED = {np.sum: "sum", np.max: "max", np.min: "min", np.prod: "prod"}


def copy(x: Any) -> Any:
    """Return `x`: the call that stores a value which is otherwise only a view."""
    return x


def copied(v: Var) -> Call:
    return Call(copy, (v,), {}, [Var(v.name, v.shape, v.dtype)])


@dataclass(eq=False)
class Work:
    """What a call does at each place of a domain of so many `sizes`.

    `reads` are its operands with the axis of the domain for each of their axes, None where it is
    broadcast; `kept` the axis of the domain for each axis of the result; other axes are combined.
    Results that are put at places `where` are added there; along `running` they are added up.
    """

    call: Call
    sizes: tuple[Any, ...]
    reads: Sequence[tuple[Any, tuple[int | None, ...]]]
    kept: tuple[int, ...]
    combine: str | None = None
    where: Any = None
    running: int | None = None


def work_of(call: Call) -> Work:
    out = call.output
    if call.function in COMBINED:
        x, axes = call.inputs[:2]
        every = tuple(range(x.ndim))
        kept = tuple(k for k in every if k not in axes)
        return Work(call, x.shape, [(x, every)], kept, COMBINED[call.function])
    if call.function is np.einsum:
        return contraction(call)
    if call.function is gather:
        return scattered(call)
    every = tuple(range(out.ndim))
    if call.function is np.cumsum:
        return Work(call, out.shape, [(call.inputs[0], every)], every, running=call.inputs[1])
    operands = call.inputs[:1] if not is_elementwise(call) else call.inputs
    if not isinstance(call.function, np.ufunc) and call.function is not np.where:
        operands = call.inputs[:1]  # of cast(x, dtype)
    reads = [(v, aligned(v, out)) for v in operands]
    return Work(call, out.shape, reads, every)


def aligned(v: Any, out: Var) -> tuple[int | None, ...]:
    """The axis of the result for each axis of an operand that is broadcast to it."""
    if not isinstance(v, Var):
        return ()
    first = out.ndim - v.ndim
    return tuple(
        None if n == 1 and out.shape[first + k] != 1 else first + k for k, n in enumerate(v.shape)
    )


def contraction(call: Call) -> Work:
    subscripts, *operands = call.inputs
    terms, out = subscripts.replace(" ", "").split("->")
    letters = list(dict.fromkeys(out + terms.replace(",", "")))
    sizes: dict[str, Any] = {}
    for term, v in zip(terms.split(","), operands, strict=True):
        sizes.update(zip(term, v.shape, strict=True))
    order = [c for c in letters if c in out] + [c for c in letters if c not in out]
    # Along the innermost loop, operands and result should be contiguous.
    last = [term[-1] for term in (*terms.split(","), out) if term]
    if last and max(map(last.count, last)) > 1:
        inner = max(reversed(order), key=last.count)
        order = [c for c in order if c != inner] + [inner]
    at = {c: k for k, c in enumerate(order)}
    reads = [
        (v, tuple(at[c] for c in term)) for term, v in zip(terms.split(","), operands, strict=True)
    ]
    kept = tuple(at[c] for c in out)
    combine = "sum" if len(out) < len(order) else None
    return Work(call, tuple(sizes[c] for c in order), reads, kept, combine)


def scattered(call: Call) -> Work:
    """Of a gather of one part at places that are read: each element is added at its place."""
    (part,), (where,), shape = call.inputs
    there = np.broadcast_to(0, [1 if isinstance(n, Size) else n for n in shape])
    sizes = part.shape if isinstance(part, Var) else ()
    if len(sizes) < len(rank := there[known_indices(where)].shape):
        sizes = rank
    reads = [(part, tuple(range(len(sizes)))[len(sizes) - getattr(part, "ndim", 0) :])]
    return Work(call, sizes, reads, (), "sum", where)


def known_indices(where: Any) -> Any:
    """Return an index like `where`, of zeros in place of what is read."""
    where = where if type(where) is tuple else (where,)
    return tuple(
        np.zeros([1 if isinstance(n, Size) else n for n in p.shape], int)
        if isinstance(p, Var)
        else p
        for p in where
    )


def apart(calls: Sequence[Call], sources: Sources) -> list[Call]:
    """Return the calls with a gather of several parts, where they are put, as a sum of gathers."""
    found: list[Call] = []
    for call in calls:
        if call.function is not gather or is_view(call) or len(call.inputs[0]) == 1:
            found.append(call)
            continue
        parts, places, shape = call.inputs
        out, total = call.output, None
        for k, (part, where) in enumerate(zip(parts, places, strict=True)):
            one = Call(gather, ([part], [where], shape), {}, [Var(out.name, out.shape, out.dtype)])
            found.append(one)
            if k:
                last = k == len(parts) - 1
                made = out if last else Var(out.name, out.shape, out.dtype)
                found.append(Call(np.add, (total, one.output), {}, [made]))
            total = found[-1].output
    sources.makers.update((v, call) for call in found for v in call.outputs)
    return found


def laid_out(calls: Sequence[Call], sources: Sources) -> list[Call]:
    """Return the calls with joins and gathers stored that are read in several places.

    Each of their elements chooses between sources, which is to be done once.
    """
    behind: dict[Var, set[Var]] = {}  # the joins and gathers that views show
    times: Count[Var] = Count()
    for call in calls:
        shown = set().union(*(behind.get(v, ()) for v in call.reads()))
        if is_view(call):
            joins = call.function in (np.concatenate, gather)
            behind[call.output] = shown | ({call.output} if joins else set())
        else:
            times.update(list(shown) * (2 if call.function is np.einsum else 1))
    stored: dict[Var, Var] = {}
    found: list[Call] = []
    for call in calls:
        if not stored.keys().isdisjoint(call.reads()):
            call = call.with_(lambda v: stored.get(v, v))
        found.append(call)
        for v in call.outputs:
            if times[v] > 1:
                found.append(copied(v))
                stored[v] = found[-1].output
    sources.makers.update((v, call) for call in found for v in call.outputs)
    return found


# ------------------------------------------------------------------ nests


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
        if where == k and (maker.work.combine or leaf.at != maker.out_at):  # type: ignore
            return False
    return True
