"""What is one number for all rows leaves their sums: `sum(s * r)` is `s * sum(r)`.

A weighted mean divides by the sum of the weights, a root of a mean square by itself: the gradient
needs that number, which is there when a pass over the rows has ended, in every row. Taken out of
the sums, it is needed afterwards only, and one pass remains. Results differ by rounding alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.pieces import gather

from ..parts import cut
from ..program import Call, Program, Var, needed
from ..roles import has_rows, role_of
from .rewriting import Rules, Writer, ways

__all__ = ["without_numbers"]

WAYS: Rules = {}
way = ways(WAYS)


def without_numbers(program: Program) -> Program:
    """Return the program with numbers that wait for sums over rows outside of other such sums.

    The same program, if that takes no fewer passes.
    """
    passes = count_of_passes(program)
    if passes < 2:
        return program
    apart = Leaving(program, WAYS, [marked]).rewritten("sums over the rows")
    alive = Program(apart.inputs, needed(apart.calls, apart.outputs), apart.outputs)
    return apart if count_of_passes(alive) < passes else program


def count_of_passes(program: Program) -> int:
    return sum(part.kind == "pass" for part in cut(program))


class Leaving(Writer):
    """Knows of values `rest * number`, with a number that waits for a pass, what these are."""

    def __init__(self, program: Program, rules: Rules, everywhere: Any) -> None:
        super().__init__(program, rules, everywhere)
        self.late: set[Var] = set()  # what has no rows, and waits for a sum over them
        self.apart: dict[Var, tuple[Any, Any]] = {}

    def split(self, v: Any) -> tuple[Any, Any]:
        """Return rest and number of a value; of most there is no number."""
        if type(v) is not Var:
            return v, None
        if v in self.late and v.shape == () and v.dtype.kind == "f":
            made = self.maker(v, np.negative)
            return (-1.0, made.inputs[0]) if made else (1.0, v)
        return self.apart.get(v, (v, None))

    def keep(self, call: Call, rest: Any, number: Any) -> Any:
        """Return the value that is `rest * number`, and remember it."""
        y = self.write(call.output, np.multiply, rest, number)
        self.apart[y] = rest, number
        return y

    def together(self, function: Any, a: Any, b: Any, like: Var) -> Any:
        """Return `function(a, b)` of rests or numbers, of which one may be 1."""
        if type(a) is not Var and type(b) is not Var:
            return function(a, b)
        if type(b) is not Var and b == 1.0:
            return a
        if function is np.multiply and type(a) is not Var and a == 1.0:
            return b
        return self.write(like, function, a, b)


def marked(w: Leaving, call: Call) -> Any:
    """Take note of what waits for a sum over the rows."""
    if any(map(has_rows, call.outputs)):
        return None
    if any(v in w.late for v in call.reads()) or (
        any(map(has_rows, call.reads())) and not call.several and role_of(call) == "sum"
    ):
        w.late.update(call.outputs)
    return None


@way(np.multiply, np.divide)
def scaled(w: Leaving, call: Call) -> Any:
    """numbers that need one are multiplied after the others"""
    out = call.output
    if not has_rows(out) or out.dtype.kind != "f":
        return None
    (a, p), (b, q) = map(w.split, call.inputs)
    if p is None and q is None:
        return None
    if call.function is np.multiply and None in (p, q):
        rest, (one, number) = (a, (b, q)) if p is None else (b, (a, p))
        if type(one) is not Var and one == 1.0 and rest.shape == out.shape:
            w.apart[out] = rest, number
            return None
    number = p if p is not None else q
    if p is None or q is None:
        if q is not None and call.function is np.divide:
            number = w.write(q, np.divide, 1.0, q)
    else:
        number = w.write(p, call.function, p, q)
    rest = w.together(call.function, a, b, out)
    return w.keep(call, rest, number) if type(rest) is Var and rest.shape == out.shape else None


@way(np.negative)
def negative(w: Leaving, call: Call) -> Any:
    """numbers that need one are multiplied after the others"""
    rest, number = w.split(call.inputs[0])
    if number is None or not has_rows(call.output):
        return None
    return w.keep(call, w.write(call.output, np.negative, rest), number)


@way(np.add, np.subtract)
def added(w: Leaving, call: Call) -> Any:
    """numbers that need one are multiplied after the others"""
    (a, p), (b, q) = map(w.split, call.inputs)
    if p is None or p is not q or not has_rows(call.output):
        return None
    return w.keep(call, w.write(call.output, call.function, a, b), p)


@way(np.where)
def chosen(w: Leaving, call: Call) -> Any:
    """numbers that need one are multiplied after the others"""
    condition, yes, no = call.inputs
    (a, p), (b, q) = map(w.split, (yes, no))
    number = p if p is not None else q
    if number is None or not has_rows(call.output):
        return None
    if not all(own is number or (own is None and rest == 0) for rest, own in ((a, p), (b, q))):
        return None
    return w.keep(call, w.write(call.output, np.where, condition, a, b), number)


@way(np.broadcast_to)
def stretched(w: Leaving, call: Call) -> Any:
    """numbers that need one are multiplied after the others"""
    out = call.output
    rest, number = w.split(call.inputs[0])
    if number is None or not has_rows(out):
        return None
    if type(rest) is Var:
        return w.keep(call, w.write(out, np.broadcast_to, rest, out.shape), number)
    return w.keep(call, w.write(out, np.full, out.shape, rest), number)


@way(np.reshape, np.transpose, np.sum)
def moved(w: Leaving, call: Call) -> Any:
    """numbers that need one are multiplied after the others"""
    rest, number = w.split(call.inputs[0])
    if number is None or type(rest) is not Var or not has_rows(rest):
        return None
    inner = w.write(call.output, call.function, rest, *call.inputs[1:])
    return w.keep(call, inner, number)


@way(gather)
def gathered(w: Leaving, call: Call) -> Any:
    """numbers that need one are multiplied after the others"""
    parts, places, shape = call.inputs
    found = [w.split(v) for v in parts]
    number = found[0][1]
    if number is None or any(own is not number or type(v) is not Var for v, own in found):
        return None
    return w.keep(call, w.write(call.output, gather, [v for v, _ in found], places, shape), number)


@way(np.einsum)
def contracted(w: Leaving, call: Call) -> Any:
    """numbers that need one are multiplied after the others"""
    if len(call.inputs) != 3:
        return None
    subscripts, *operands = call.inputs
    found = [w.split(v) for v in operands]
    numbers = [number for _, number in found if number is not None]
    if len(numbers) != 1 or any(type(v) is not Var for v, _ in found):
        return None
    inner = w.write(call.output, np.einsum, subscripts, *(v for v, _ in found))
    return w.keep(call, inner, numbers[0])
