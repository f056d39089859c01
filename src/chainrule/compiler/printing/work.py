"""Calls as work for loops: what is done at each place of a domain, and what is made of it.

A domain is the elements of an elementwise result, those of what is reduced, or all letters of an
einsum.
"""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule._core.pieces import gather

from ..program import Call, Var
from ..roles import is_elementwise
from ..sizes import Size
from .views import Sources, is_view

__all__ = ["COMBINED", "Work", "apart", "copied", "copy", "laid_out", "work_of"]

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
