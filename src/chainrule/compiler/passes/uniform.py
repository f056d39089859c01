"""Arrays of equal numbers become numbers, where broadcasting gives the same result.

A backward pass begins with such arrays: ones, or 1/n for every row.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..program import Call, Program, Var
from ..roles import is_elementwise
from ..sizes import Size

__all__ = ["without_uniform"]


def without_uniform(program: Program) -> Program:
    """Return the program with numbers in place of arrays that hold one number everywhere."""
    numbers: dict[Var, Any] = {}
    calls: list[Call] = []
    count = 0
    for call in program.calls:
        if not call.several and (number := number_of(call, numbers)) is not None:
            numbers[call.output] = number
        if is_elementwise(call) and any(v in numbers for v in vars_of(call)):
            new = with_numbers(call, numbers)
            count += new is not call
            call = new
        calls.append(call)
    if not count:
        return program
    notes = [*program.notes, f"arrays of equal numbers: {count} calls take the number"]
    return Program(program.inputs, calls, program.outputs, notes)


def vars_of(call: Call) -> list[Var]:
    return [v for v in call.inputs if isinstance(v, Var)]


def number_of(call: Call, numbers: dict[Var, Any]) -> Any:
    """Return the number that all elements of a call's result are; None if it is not known."""
    if call.function is np.full:
        v = call.inputs[1]
        return v if isinstance(v, (float, int, Size)) else None
    if call.function in (np.broadcast_to, np.reshape, np.transpose):
        x = call.inputs[0]
        if isinstance(x, Var):
            return numbers.get(x)
        return x if isinstance(x, (float, int)) else None
    return None


def with_numbers(call: Call, numbers: dict[Var, Any]) -> Call:
    """Return the call with numbers among its inputs, if its result has the same shape and dtype."""
    inputs = list(call.inputs)
    for k, v in enumerate(inputs):
        if isinstance(v, Var) and v in numbers:
            rest = [u for j, u in enumerate(inputs) if j != k and isinstance(u, Var)]
            if broadcast_to_output(rest, call.output) and keeps_dtype(v, rest, call.output):
                inputs[k] = numbers[v]
    if inputs == list(call.inputs):
        return call
    return Call(call.function, tuple(inputs), call.options, call.outputs)


def broadcast_to_output(vs: list[Var], out: Var) -> bool:
    """Say whether arrays of these shapes broadcast to the shape of `out`."""
    for k in range(1, out.ndim + 1):
        sizes = {v.shape[-k] for v in vs if v.ndim >= k}
        if out.shape[-k] not in sizes and out.shape[-k] != 1:
            return False
    return max((v.ndim for v in vs), default=0) == out.ndim


def keeps_dtype(v: Var, rest: list[Var], out: Var) -> bool:
    """Say whether a weak number in place of `v` promotes the others to what they were with it."""
    others = [u.dtype for u in rest]
    return v.dtype.kind == "f" and out.dtype.kind in "fb" and all(d == v.dtype for d in others)
