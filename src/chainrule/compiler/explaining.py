"""What became of a function: what runs together, what waits, how often memory is read."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule._core.errors import name_of

from .given import Arguments
from .parts import Part
from .program import Call, Var
from .roles import has_rows, role_of
from .sparse_rows import STORED

if TYPE_CHECKING:
    from .compiled import Compiled, Specialised

__all__ = ["explained"]

LETTERS = 100  # of a line


def explained(compiled: Compiled, special: Specialised, args: Sequence[Any]) -> str:
    """Return the story of the last program of a compiled function, line by line."""
    program, written = special.written.program, special.written
    lines = [f"{compiled.__name__}: {len(program.calls)} calls, back end {special.runnable.said()}"]
    inputs = ", ".join(f"{v}: {v.typed()}" for v in program.inputs)
    lines.append(f"  arguments  {inputs}")
    if written.rows:
        names = ", ".join(program.inputs[k].name for k in written.rows)
        lines.append(f"  rows       n of {names}; this program serves any number of them")
    else:
        lines.append(f"  rows       none: all sizes are fixed ({written.why_static})")
    for name, array in compiled.frozen():
        lines.append(
            f"  constant   {name}, {array.dtype}{list(array.shape)}: read when the program was "
            "written down; large data belong in the arguments"
        )
    lines += [f"  simpler    {brief(note)}" for note in dict.fromkeys(program.notes)]
    for k, part in enumerate(special.runnable.parts, 1):
        lines += part_lines(part, k)
    if any(part.kind == "pass" for part in special.runnable.parts):
        lines += memory_lines(compiled, special, args)
    return "\n".join(lines)


def brief(note: str) -> str:
    """Return as much of a note as stands in a line; `program.notes` has all of it."""
    return shorten(note, LETTERS - len("  simpler    "), placeholder=" …")


def part_lines(part: Part, k: int) -> list[str]:
    count = f"{len(part.calls)} call{'s' * (len(part.calls) > 1)}"
    names = ", ".join(v.name for v in part.outputs)
    if part.kind == "library":
        call = part.calls[0]
        why = why_library(call)
        return [f"  {k}. {name_of(call.function)} gives {names}: left to the library, as {why}"]
    if part.kind == "small":
        return [f"  {k}. {count} without rows give {names}"]
    sums = ", ".join(v.name for v in part.sums)
    each = ", ".join(v.name for v in part.row_outputs)
    gives = [f"sums {sums}"] * bool(sums) + [f"rows of {each}"] * bool(each)
    data = ", ".join(v.name for v in part.inputs if has_rows(v))
    return [f"  {k}. one pass over the rows of {data}: {count} give {' and '.join(gives)}"]


def why_library(call: Call) -> str:
    """Say what keeps a call out of the loops."""
    values = [*call.reads(), *call.outputs]
    others = {str(v.dtype) for v in values if v.dtype.kind not in "biuf" or v.dtype == np.float16}
    if any(map(has_rows, values)) and role_of(call) == "whole":
        return "it needs all rows at once"
    if others:
        return f"loops are printed for real numbers, and it has {', '.join(sorted(others))}"
    return "there are no loops for it, only the library's own"


def memory_lines(compiled: Compiled, special: Specialised, args: Sequence[Any]) -> list[str]:
    """How often each argument with rows is read, and, for given arguments, how long that takes."""
    parts = [part for part in special.runnable.parts if part.kind == "pass"]
    reads: dict[Var, int] = {}
    for part in parts:
        for v in part.inputs:
            if has_rows(v) or STORED in v.shape:
                reads[v] = reads.get(v, 0) + 1
    said = ", ".join(f"{v} {'once' if k == 1 else f'{k} times'}" for v, k in reads.items())
    lines = [f"  memory     read: {said}"]
    if args:
        arrays = [v for v in Arguments(compiled.function, tuple(args), {}, compiled.static).leaves
                  if isinstance(v, np.ndarray)]  # fmt: skip
        largest = max(arrays, key=lambda v: v.nbytes)
        read = best(lambda: np.sum(largest))
        call = best(lambda: compiled(*args))
        lines.append(
            f"  measured   {call * 1e3:.3g} ms, {call / read:.1f} times as long as NumPy's sum of "
            f"the {largest.nbytes / 1e6:.3g} MB of its largest argument"
        )
    return lines


def best(call: Any, rounds: int = 5) -> float:
    least = float("inf")
    for _ in range(rounds):
        began = perf_counter()
        call()
        least = min(least, perf_counter() - began)
    return least
