"""A program in few words: what back ends must be able to print to print every program.

Elements: NumPy's functions of elements, `where`, `cast`. Places: `broadcast_to`, `reshape`,
`transpose`, `take` with an index for every axis, `gather`, `concatenate`, `full`. Sums: `sum`,
`max`, `min`, `prod` over a tuple of axes, `cumsum`, and `einsum` of two arrays. Axes count from
0 on, shapes are given, no axes are kept, and there are no options.

What is not said so stays as it is, a call of a library. Functions that our rules spell in terms of
others, and helpers of our own, are written down themselves: nothing is said again here.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np

from chainrule._core.errors import name_of
from chainrule._core.pieces import gather
from chainrule._core.spelling import spelled_out
from chainrule._core.table import SPELLED, known
from chainrule._core.values import cast, take
from chainrule._rules.trigonometric import sech2

from ..program import Call, Program, Var, mapped
from ..sizes import sized
from ..staging import staged
from ..unifying import EXAMPLES, one_program
from . import contracting, moving, placing, reducing
from .rewriting import Rule, Rules, Writer, is_elementwise, is_static

__all__ = ["is_small", "lowered"]

WAYS: Rules = contracting.WAYS | moving.WAYS | placing.WAYS | reducing.WAYS
PLAIN = {
    cast, sech2, np.broadcast_to, np.reshape, np.transpose, gather, np.concatenate,
    np.sum, np.max, np.min, np.prod, np.cumsum,
}  # fmt: skip
# functions that are being written down: a spelling may call the function that it spells
EXPANDING: ContextVar[tuple[Any, ...]] = ContextVar("EXPANDING", default=())


def lowered(program: Program) -> Program:
    """Return the program in few words, as far as it can be said in them."""
    return Lowering(program, WAYS, [expanded]).rewritten("said in few words")


class Lowering(Writer):
    def said(self, rule: Rule, call: Call) -> str:
        return name_of(call.function)


def is_small(call: Call) -> bool:
    """Say whether a call is of the small vocabulary."""
    f = call.function
    if f is take:
        return placing.is_plain_index(call.inputs[1])
    if f is np.full or f is np.arange:
        return True
    if f is np.einsum:
        return isinstance(call.inputs[0], str) and len(call.inputs) == 3 and not call.options
    if f in PLAIN:
        return not call.options
    return is_elementwise(call) and call.output.dtype.kind != "O"


def expanded(w: Writer, call: Call) -> Any:
    """Say a call in the words of its spelling, or of its own body, if all of them are small."""
    body = None if is_small(call) else body_of(call.function)
    if body is None or EXPANDING.get().count(call.function) > 1:
        return None
    before = EXPANDING.set((*EXPANDING.get(), call.function))
    try:
        program, values = written_out(body, call)
        program = lowered(program)
    except Exception:  # it builds arrays, or asks about numbers: a library call
        return None
    finally:
        EXPANDING.reset(before)
    if not all(map(is_small, program.calls)) or not fits(program.outputs, call.outputs):
        return None
    known = dict(zip(program.inputs, values, strict=True))
    for each in program.calls:
        new = [w.new(v.shape, v.dtype) for v in each.outputs]
        each = each.with_(lambda v: known.get(v, v))
        written = w.say(Call(each.function, each.inputs, each.options, new, each.several))
        known.update(zip(each.outputs, written if each.several else [written], strict=True))
    outputs = [known.get(v, v) for v in program.outputs]
    return outputs if call.several else outputs[0]


def body_of(function: Any) -> Any:
    """Return what makes a call in terms of others: a spelling, or a helper's own text."""
    if known(function) and function in SPELLED:
        return lambda inputs, options: spelled_out(SPELLED[function], inputs, options)
    body = getattr(function, "__wrapped__", None)
    if body is None or not getattr(function, "__module__", "").startswith("chainrule."):
        return None
    return lambda inputs, options: body(*inputs, **options)


def fits(found: list[Any], wanted: list[Var]) -> bool:
    return len(found) == len(wanted) and all(
        isinstance(v, Var) and v.shape == like.shape and v.dtype == like.dtype
        for v, like in zip(found, wanted, strict=True)
    )


def written_out(body: Any, call: Call) -> tuple[Program, list[Var]]:
    """Return the program of a call's body, and which values its inputs stand for."""
    values = list(dict.fromkeys(v for v in call.reads() if v.constant is None))
    shapes = [v.shape for v in (*call.reads(), *call.outputs)]
    rows = (0,) if all(map(is_static, shapes)) else EXAMPLES
    programs = [one_example(body, call, values, n) for n in rows]
    return (one_program(programs) if len(rows) > 1 else programs[0]), values


def one_example(body: Any, call: Call, values: list[Var], rows: int) -> Program:
    with staged() as trace:
        known = {v: trace.input(v.name, example_of(v, rows)) for v in values}
        given = mapped((call.inputs, call.options), lambda v: known.get(v, v.constant))
        y = body(*sized(given, rows))
        return trace.program(list(known.values()), y if call.several else [y])


def example_of(v: Var, rows: int) -> Any:
    if v.weak:
        return v.dtype.type(0.5).item()
    return np.full(sized(v.shape, rows), 0.5).astype(v.dtype)[()]
