"""A function written down for arguments of certain shapes and types, simplified and cut."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from chainrule._core.errors import explain
from chainrule._core.trees import flatten
from chainrule._core.values import Held
from chainrule.operators.draws import streams_of

from .lowering import lowered
from .merging import merged
from .program import Program
from .refusals import CompileError, refuse_draw, refuse_output, refuse_write
from .simplify import simplified
from .staging import staged
from .unifying import EXAMPLES, NotOneProgram, one_program, rows_like

__all__ = ["Written", "written_down"]


class Written:
    """A program, which arguments have its rows, and how its outputs are put together."""

    def __init__(
        self, program: Program, structure: Any, rows: tuple[int, ...], why_static: str
    ) -> None:
        self.staged = program
        self.structure, self.rows, self.why_static = structure, rows, why_static
        self.program = simplified(merged(simplified(lowered(simplified(program)))))


def written_down(
    f: Callable[..., Any], call: Callable[[Sequence[Any]], Any], names: Sequence[str], leaves: Any
) -> Written:
    """Return `call(leaves)`, which calls `f` with the arguments that they are, as a program.

    The first axis of the longest arrays is one of rows, if one program serves all numbers of them.
    """
    why = "no argument has two axes, or a thousand numbers"
    for rows in choices_of_rows(f, names, leaves):
        try:
            traces = [
                trace(f, call, names, [
                    rows_like(np.asarray(v), n) if k in rows else v for k, v in enumerate(leaves)
                ])
                for n in EXAMPLES
            ]  # fmt: skip
            programs = [program for program, _ in traces]
            return Written(one_program(programs), traces[0][1], rows, "")
        except CompileError:
            raise
        except NotOneProgram as error:
            why = str(error)
        except (ValueError, IndexError, TypeError, ArithmeticError, np.linalg.LinAlgError) as error:
            why = f"with other numbers of rows the function raises: {error}"
    program, structure = trace(f, call, names, leaves)
    return Written(program, structure, (), why)


def choices_of_rows(
    f: Callable[..., Any], names: Sequence[str], leaves: Sequence[Any]
) -> list[tuple[int, ...]]:
    """Return which arguments may share the axis of rows, the likeliest choice first."""
    arrays = {k: v for k, v in enumerate(leaves) if isinstance(v, np.ndarray) and v.ndim}
    many = {k: v for k, v in arrays.items() if v.ndim > 1 or v.size >= 1000}
    if not many:
        return []
    longest = max(many, key=lambda k: (many[k].size, many[k].ndim))
    n = len(arrays[longest])
    same = tuple(k for k, v in arrays.items() if len(v) == n)
    others = tuple(k for k in same if k != longest)
    choices = [same]
    for count in range(len(others) - 1, -1, -1):  # a square matrix beside its vector, say
        choices += [(longest, *some) for some in combinations(others, count)]
    return [tuple(sorted(choice)) for choice in choices[:8]]


def trace(
    f: Callable[..., Any], call: Callable[[Sequence[Any]], Any], names: Sequence[str], leaves: Any
) -> tuple[Program, Any]:
    before = streams_of(f, ())
    with staged() as written:
        values = [written.input(name, v) for name, v in zip(names, leaves, strict=True)]
        links = [v.link for v in values]
        try:
            out = call(values)
        except (TypeError, ValueError) as error:
            explain(error)
            raise
        for name, v, link in zip(names, values, links, strict=True):
            if type(v) is Held or v.link is not link:
                refuse_write(name)
        if streams_of(f, ()) != before:
            refuse_draw()
        results: list[Any] = []
        structure = flatten_output(out, results)
        return written.program(values, results), structure


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
    try:
        known = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        known = []
    names = [p.name for p in known if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return [*names[:count], *(f"x{k + 1}" for k in range(len(names), count))]
