"""Exponentials of which only ratios and logarithms matter: the largest exponent is taken off first.

    log(sum(exp(z)))           log(sum(exp(z - m))) + m
    exp(z) / sum(exp(z))       exp(z - m) / sum(exp(z - m))

With m the largest z along the axes of the sum, nothing overflows, and one term at least is 1.
Whatever is made of e = exp(z) has a degree in it, as a formula in metres has one in metres: e has
1, sums of it along those axes too, g / e has -1, ratios have 0. Where everything of a degree ends
in ratios or in logarithms, exp(m) cancels, and logarithms have their degree times m added.
Gradients of such formulas, to any order, are such formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..program import Call, Program, Var
from ..sizes import Size
from .rewriting import Writer

__all__ = ["shifted"]


def shifted(program: Program) -> Program:
    """Return the program with the largest exponent taken off where that changes nothing else."""
    makers = {call.output: call for call in program.calls if not call.several}
    for call in program.calls:
        if call.function is not np.sum or len(call.inputs) != 2 or call.options:
            continue
        x, axes = call.inputs
        maker = makers.get(x) if type(x) is Var else None
        if maker and maker.function is np.exp and is_free(maker, axes, makers):
            degrees = degrees_of(program, maker.output, axes)
            if degrees is not None:
                return with_shift(program, maker, axes, degrees)
    return program


def is_free(call: Call, axes: Any, makers: dict[Var, Call]) -> bool:
    """Say whether an exponential may overflow: nothing like its largest exponent is taken off."""
    z, e = call.inputs[0], call.output
    sizes = [e.shape[k] for k in axes] if type(axes) is tuple else []
    if type(z) is not Var or e.dtype.kind != "f" or not sizes:
        return False
    if any(isinstance(n, Size) or n < 2 for n in sizes):
        return False
    while (maker := makers.get(z)) and maker.function in (np.subtract, np.add, np.multiply):
        taken = makers.get(maker.inputs[1])
        while taken and taken.function in (np.reshape, np.broadcast_to, np.where):
            taken = makers.get(taken.inputs[1 if taken.function is np.where else 0])
        if taken and taken.function is np.max:
            return False
        z = maker.inputs[0]
        if type(z) is not Var:
            break
    return True


@dataclass(frozen=True)
class Degree:
    """How often exp(m) is in a value as a factor, and whether the summed axes are gone in it."""

    power: int
    reduced: bool


def degrees_of(program: Program, e: Var, axes: Any) -> dict[Var, Degree] | None:
    """Return the degrees of what is made of `e`; None if something has no degree."""
    known = {e: Degree(1, False)}
    kept = tuple(1 if k in axes else n for k, n in enumerate(e.shape))
    gone = tuple(n for k, n in enumerate(e.shape) if k not in axes)
    shapes: dict[bool, Any] = {False: (kept, e.shape), True: (gone,)}
    if axes == tuple(range(len(axes))):  # what is left lines up with the last axes, as NumPy does
        shapes = {False: (kept, e.shape, gone)}
    for call in program.calls:
        if not any(v in known for v in call.reads()):
            continue
        found = degree_of(call, known, axes, shapes)
        if found is None:
            return None
        if found.power and call.function is not np.log:
            known[call.output] = found
        elif call.function is np.log:
            known[call.output] = Degree(0, found.reduced)
    if any(known[v].power for v in program.outputs if type(v) is Var and v in known):
        return None
    return known


def degree_of(
    call: Call, known: dict[Var, Degree], axes: Any, shapes: dict[bool, Any]
) -> Degree | None:
    """Return the degree of a call's output; a logarithm has here that of its argument."""
    f, inputs = call.function, call.inputs
    if call.several or call.options:
        return None
    own = [known.get(v, ZERO) if type(v) is Var else ZERO for v in inputs]
    if not any(d.power for d in own):
        return Degree(0, False)
    reduced = {d.reduced for d in own if d.power}
    x, out = own[0], call.output
    if f is np.sum:
        fits = inputs[1] == axes and inputs[0].ndim == len(shapes[False][1]) and not x.reduced
        return Degree(x.power, True in shapes) if fits else None
    if f in (np.reshape, np.broadcast_to):
        there = [key for key, fits in shapes.items() if out.shape in fits]
        return Degree(x.power, there[0]) if there and fits_in(inputs[0].shape, shapes) else None
    if len(reduced) > 1 or out.shape not in shapes[(here := reduced.pop())]:
        return None
    if f in (np.negative, np.log):
        return Degree(x.power, here)
    if f is np.multiply:
        return Degree(own[0].power + own[1].power, here)
    if f is np.divide:
        return Degree(own[0].power - own[1].power, here)
    if f is np.square:
        return Degree(2 * x.power, here)
    if f in (np.add, np.subtract) and own[0].power == own[1].power:
        return Degree(x.power, here)
    return None


ZERO = Degree(0, False)


def fits_in(shape: Any, shapes: dict[bool, Any]) -> bool:
    return any(shape in fits for fits in shapes.values())


def with_shift(
    program: Program, exponential: Call, axes: Any, degrees: dict[Var, Degree]
) -> Program:
    w = Writer(program, {})
    z, e = exponential.inputs[0], exponential.output
    kept = tuple(1 if k in axes else n for k, n in enumerate(e.shape))
    gone = tuple(n for k, n in enumerate(e.shape) if k not in axes)
    most: Any = None
    for call in program.calls:
        call = call.with_(w.now)
        if call.output is e:
            largest = w.write(z, np.max, z, axes, shape=gone)
            finite = w.write(z, np.isfinite, largest, shape=gone, dtype=np.dtype(bool))
            most = w.write(z, np.where, finite, largest, 0.0, shape=gone)  # inf - inf is no number
            off = w.write(z, np.subtract, z, w.write(z, np.reshape, most, kept, shape=kept))
            w.instead[e] = w.write(e, np.exp, off)
            continue
        power = 0
        if call.function is np.log and type(call.inputs[0]) is Var:
            v = next((v for v in degrees if w.now(v) is call.inputs[0]), None)
            power = degrees[v].power if v else 0
        if not power:
            w.say(call)
            continue
        y = w.write(call.output, np.log, call.inputs[0])
        m = most if call.output.shape == gone else w.write(most, np.reshape, most, kept, shape=kept)
        if power != 1:
            m = w.write(m, np.multiply, float(power), m)
        w.instead[call.output] = w.write(call.output, np.add, y, m)
    note = f"stable forms: the largest exponent is taken off in {exponential.said()}"
    outputs = [w.now(v) if isinstance(v, Var) else v for v in program.outputs]
    return Program(program.inputs, w.calls, outputs, [*program.notes, note])
