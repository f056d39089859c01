"""A function written down for arguments of certain shapes and types, simplified and cut."""

from __future__ import annotations

import inspect
import keyword
import re
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from chainrule._core.errors import explain
from chainrule._core.trees import flatten
from chainrule._core.values import Held
from chainrule.operators.arguments import Derivative
from chainrule.operators.draws import streams_of

from .passes.preparing import prepared
from .program import Program
from .refusals import (
    CompileError,
    refuse_draw,
    refuse_output,
    refuse_rows,
    refuse_size,
    refuse_whims,
    refuse_write,
)
from .staging import staged
from .unifying import NotOneProgram, has_sizes, one_program, rows_like

__all__ = ["OuterValues", "Written", "parameter_names", "written_down"]


class OuterValues(Exception):
    """The function reads values from around it that are being differentiated."""


# Names of a printed source: of rows and blocks, of values and constants, of kernels.
OWN_NAMES = {"n", "m", "start", "stop", "lo", "i", "j", "k", "np", "njit", "over_rows", "total"}
OWN_NAME = re.compile(r"[vc]\d+|.*_|(outer|part|loop|given|total|slope|value)\d*")

# Small ones, and one beyond what numbers in a program, such as the 100 in X[:100], may be. Where
# few rows are another case, as they are for jacobian, the program is one for many.
# The number that is there is one of them, if it is soon tried: a branch may ask for it.
NUMBERS_OF_ROWS: tuple[tuple[int, ...], ...] = ((2, 11, 1021), (211, 308, 1021))
SOON_TRIED = 20_000
RAISED = (ValueError, IndexError, TypeError, ArithmeticError, np.linalg.LinAlgError)
MORE_CALLS = "there are more calls for more rows"
MANY = 1000  # rows from which on a loop over them is not unrolled

Choices = list[tuple[int, ...]]


class Written:
    """A program, which arguments have its rows, and how its outputs are put together."""

    def __init__(
        self,
        program: Program,
        structure: Any,
        rows: tuple[int, ...],
        why_static: str,
        counted: Sequence[int] = (),
        least: int = 1,
    ) -> None:
        self.staged = program
        self.structure, self.rows, self.why_static = structure, rows, why_static
        self.least = least  # rows: what fewer of them would make of the function is not known
        self.counted = counted  # leaves of any length: what sparse matrices store
        self.program = prepared(program)


def written_down(
    f: Callable[..., Any],
    call: Callable[[Sequence[Any]], Any],
    names: Sequence[str],
    leaves: Any,
    sparse: Sequence[tuple[int, int]] = (),
) -> Written:
    """Return `call(leaves)`, which calls `f` with the arguments that they are, as a program.

    The first axis of the longest arrays is one of rows, if one program serves all numbers of them.
    Of `sparse` matrices, each four leaves from one on, the rows are.
    """
    why = "no argument has two axes, or a thousand numbers"
    if sparse:
        from .sparse_arguments import examples, without_count
    firsts = [first for first, _ in sparse]
    counted = [k for first in firsts for k in (first, first + 1)]
    for rows in choices_of_rows(f, names, leaves, firsts):
        for numbers in NUMBERS_OF_ROWS:
            least = numbers[0] if numbers[0] > 2 else 1
            if any(len(leaves[k]) < least for k in rows):
                continue
            here = len(leaves[rows[0]])
            if 1 < here <= SOON_TRIED and here not in numbers and not sparse:
                numbers = (*numbers, here)
            traces: list[tuple[Program, Any]] = []
            try:
                for n in numbers:
                    some = [rows_like(v, n) if k in rows else v for k, v in enumerate(leaves)]
                    for k, width in sparse:
                        some[k : k + 4] = examples(leaves[k : k + 4], width, n)
                    traces.append(trace(f, call, names, some, bool(sparse)))
                    if len(traces[0][0].calls) != len(traces[-1][0].calls):
                        raise NotOneProgram(MORE_CALLS)
                program = one_program([program for program, _ in traces], numbers)
                if sparse:
                    program = without_count(program, firsts)
                return Written(program, traces[0][1], rows, "", counted, least)
            except CompileError:
                raise
            except NotOneProgram as error:
                why = str(error)
            except RAISED as error:
                why = f"with other numbers of rows the function raises: {error}"
        largest = max(rows, key=lambda k: np.size(leaves[k]))
        if why == MORE_CALLS and len(leaves[largest]) > MANY:
            refuse_rows(names[largest], len(leaves[largest]))
    program, structure = trace(f, call, names, leaves, bool(sparse))
    check_same(program, trace(f, call, names, leaves, bool(sparse))[0])
    return Written(program, structure, (), why)


def check_same(first: Program, second: Program) -> None:
    """Raise if the function is not the same when it is written down again."""
    try:
        changes = has_sizes(one_program([first, second], (1, 2)))
    except NotOneProgram as error:
        refuse_whims(str(error))
    if changes:
        refuse_whims("with other numbers in it")


def choices_of_rows(
    f: Callable[..., Any], names: Sequence[str], leaves: Sequence[Any], sparse: Sequence[int] = ()
) -> Choices:
    """Return which arguments may share the axis of rows, the likeliest choice first.

    Data have rows, parameters seldom: what is differentiated comes last; then the longest is first.
    """
    arrays = {k: v for k, v in enumerate(leaves) if isinstance(v, np.ndarray) and v.ndim}
    if sparse:
        return rows_beside(
            arrays, sparse, {k for k in arrays if names[k] in differentiated(f, names)}
        )
    lengths = {len(v) for v in arrays.values() if v.ndim > 1 or v.size >= 1000}
    moving = differentiated(f, names)
    choices: Choices = []
    for own in (False, True):
        for n in sorted(lengths, reverse=True):
            same = [k for k, v in arrays.items() if len(v) == n and (own or names[k] not in moving)]
            if not any(arrays[k].ndim > 1 or arrays[k].size >= 1000 for k in same):
                continue
            longest = max(same, key=lambda k: (arrays[k].ndim, arrays[k].size))
            others = [k for k in same if k != longest]
            for count in range(len(others), -1, -1):  # a square matrix beside its vector, say
                choices += [tuple(sorted((longest, *o))) for o in combinations(others, count)]
    return list(dict.fromkeys(choices))[:8]


def rows_beside(arrays: dict[int, np.ndarray], sparse: Sequence[int], moving: set[int]) -> Choices:
    """Return which arguments have the rows of sparse matrices, of which these are the leaves."""
    own = {k for first in sparse for k in (first + 2, first + 3)}
    stored = {k for first in sparse for k in (first, first + 1)}
    n = len(arrays[sparse[0] + 2])
    others = {k for k, v in arrays.items() if len(v) == n and k not in stored}
    return list(dict.fromkeys(tuple(sorted(own | v)) for v in (others - moving, others, set())))


def differentiated(f: Callable[..., Any], names: Sequence[str]) -> set[str]:
    """Return the names of the leaves that an operator such as `grad` differentiates in."""
    if not isinstance(f, Derivative) or not names:
        return set()
    argnum = f.made_by[1][1] if len(f.made_by[1]) > 1 else 0
    places = argnum if isinstance(argnum, tuple) else (argnum,)
    known = parameter_names(f, 1 + max((p for p in places if isinstance(p, int)), default=0))
    chosen = [known[p] for p in places if isinstance(p, int)]
    return {name for name in names if name.rstrip("0123456789_") in chosen or name in chosen}


def trace(
    f: Callable[..., Any],
    call: Callable[[Sequence[Any]], Any],
    names: Sequence[str],
    leaves: Any,
    sparse: bool = False,
) -> tuple[Program, Any]:
    before = streams_of(f, ())
    with staged() as written:
        printed = [printed_name(name) for name in names]
        values = [written.input(name, v) for name, v in zip(printed, leaves, strict=True)]
        links = [v.link for v in values]
        try:
            out = call(values)
        except (TypeError, ValueError) as error:
            if "(staged)" in str(error):
                refuse_size(error)
            explain(error)
            raise
        if written.captured:
            raise OuterValues
        for name, v, link in zip(names, values, links, strict=True):
            if type(v) is Held or v.link is not link:
                refuse_write(name)
        if streams_of(f, ()) != before:
            refuse_draw()
        results: list[Any] = []
        structure = flatten_output(out, results)
        program = written.program(values, results)
        if sparse:
            from .sparse_arguments import in_rows

            program = in_rows(program)
        return program, structure


def printed_name(name: str) -> str:
    """Return what an argument is called in a source, which has names of its own."""
    taken = name in OWN_NAMES or OWN_NAME.fullmatch(name) or keyword.iskeyword(name)
    return f"{name}_given" if taken else name


def flatten_output(out: Any, results: list[Any]) -> Any:
    if out is None:
        refuse_output(out)
    try:
        structure = flatten(out, "the result", results)
    except TypeError:
        refuse_output(out)
    return structure


def parameter_names(f: Callable[..., Any], count: int) -> list[str]:
    """Return the names of the first parameters of `f`, as far as they are known."""
    while isinstance(f, Derivative):
        f = f.made_by[1][0]
    try:
        known = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        known = []
    names = [p.name for p in known if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return [*names[:count], *(f"x{k + 1}" for k in range(len(names), count))]
