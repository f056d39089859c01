"""Sums of products with one matrix become one product: `a @ X + b @ X` is `(a + b) @ X`.

A loss in which X @ w stands twice has a gradient of two products with X, and each would read it
again. The result differs by rounding alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..program import Call, Program, Var, needed

__all__ = ["merged"]


def merged(program: Program) -> Program:
    """Return the program with sums of products over the same letters and matrix made one."""
    uses = program.uses()
    makers = {call.output: call for call in program.calls if not call.several}
    calls: list[Call] = []
    count = 0
    inner = {
        v for call in program.calls if is_sum(call) for v in call.inputs
        if uses.get(v) == 1 and v in makers and is_sum(makers[v]) and v.shape == call.output.shape
    }  # fmt: skip
    for call in program.calls:
        if not is_sum(call) or call.output in inner:
            calls.append(call)
            continue
        terms = leaves(call.output, makers, inner)
        groups: dict[Any, list[Var]] = {}
        for v in terms:
            groups.setdefault(key_of(v, makers, uses), []).append(v)
        if all(key is None or len(vs) == 1 for key, vs in groups.items()):
            calls.append(call)
            continue
        total: list[Var] = groups.pop(None, [])
        for key, vs in groups.items():
            if len(vs) == 1:
                total += vs
                continue
            subscripts, place, shared = key
            parts = [makers[v].inputs[2 - place] for v in vs]
            part = added(parts, calls, f"{call.output.name}_sum{len(calls)}")
            operands = (part, shared) if place else (shared, part)
            out = Var(f"{call.output.name}_of{len(calls)}", vs[0].shape, vs[0].dtype)
            calls.append(Call(np.einsum, (subscripts, *operands), {}, [out]))
            total.append(out)
            count += len(vs) - 1
        last = added(total, calls, f"{call.output.name}_all", call.output)
        assert last is call.output
    if not count:
        return program
    return Program(
        program.inputs,
        needed(calls, program.outputs),
        program.outputs,
        [*program.notes, f"products with one matrix: {count} less"],
    )


def is_sum(call: Call) -> bool:
    return call.function is np.add and all(
        isinstance(v, Var) and v.shape == call.output.shape for v in call.inputs
    )


def leaves(v: Var, makers: dict[Var, Call], inner: set[Var]) -> list[Var]:
    a, b = makers[v].inputs
    out: list[Var] = []
    for u in (a, b):
        out += leaves(u, makers, inner) if u in inner else [u]
    return out


def key_of(v: Var, makers: dict[Var, Call], uses: dict[Var, int]) -> Any:
    """What products must have in common: letters and one operand, the larger."""
    call = makers.get(v)
    if call is None or call.function is not np.einsum or len(call.inputs) != 3 or uses[v] > 1:
        return None
    subscripts, a, b = call.inputs
    place = 1 if b.ndim >= a.ndim else 0
    return subscripts, place, (a, b)[place]


def added(parts: list[Var], calls: list[Call], name: str, last: Var | None = None) -> Var:
    """Write down the sum of `parts`, of one shape; return it, as `last` if that is given."""
    total = parts[0]
    for k, part in enumerate(parts[1:], 2):
        end = last if k == len(parts) and last else None
        out = end or Var(f"{name}_{k}", part.shape, np.result_type(total.dtype, part.dtype))
        calls.append(Call(np.add, (total, part), {}, [out]))
        total = out
    if last is not None and total is not last:  # one part is left: it is the result itself
        calls[-1].outputs[0] = last
    return last or total
