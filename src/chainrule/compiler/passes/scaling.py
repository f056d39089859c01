"""Rows that are scaled again and again are scaled once, and products with the identity are none.

The Hessian of a sum over rows is asked for with a unit vector for each parameter. Their changes at
the rows are the columns of X; each of them, in each step of the chain, is multiplied by the same
number a row. Here these numbers are worked out first, one for each row, and X meets them once:
what is left is X' D X. Results differ by rounding alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..program import Call, Program, Var
from ..roles import has_rows, row_axis
from .rewriting import Rules, Writer, broadcast, ways

__all__ = ["scaled_once"]

WAYS: Rules = {}
way = ways(WAYS)


def scaled_once(program: Program) -> Program:
    """Return the program with one factor for each row in the place of several."""
    return Scaling(program, WAYS).rewritten("rows")


class Scaling(Writer):
    """Knows of values that are `base * factor`, with one factor for each row, what these are."""

    def __init__(self, program: Program, rules: Rules) -> None:
        super().__init__(program, rules)
        self.factors: dict[Var, tuple[Var, Any]] = {}

    def factored(self, v: Any) -> tuple[Any, Any]:
        """Return base and factor of a value; of most it is the value itself, and 1."""
        return self.factors.get(v, (v, 1.0)) if type(v) is Var else (v, 1.0)

    def times(self, call: Call, base: Var, factor: Any) -> Any:
        """Return the value that is `base * factor`, and remember it."""
        y = self.write(call.output, np.multiply, base, factor)
        self.factors[y] = base, factor
        return y

    def row(self, function: Any, *operands: Any) -> Var:
        """Write down a calculation with factors."""
        values = [v for v in operands if type(v) is Var]
        dtype = next(v.dtype for v in values if v.dtype.kind == "f")
        shape = broadcast([v.shape for v in values])
        return self.write(values[0], function, *operands, shape=shape, dtype=dtype)  # type: ignore[no-any-return]


def is_factor(v: Any, base: Any) -> bool:
    """Say whether a value is one number for each row, or for all, where `base` has several."""
    if type(v) is not Var:
        return isinstance(v, (int, float))
    axis = row_axis(base)
    if axis is None or v.ndim > base.ndim:
        return False
    first = base.ndim - v.ndim
    return all(n == 1 or first + k == axis for k, n in enumerate(v.shape))


def is_base(v: Any, out: Var) -> bool:
    """Say whether a value has several numbers for each row, which may be scaled together."""
    return (
        type(v) is Var
        and v.shape == out.shape
        and v.dtype == out.dtype
        and v.dtype.kind == "f"
        and has_rows(v)
        and any(n != 1 for k, n in enumerate(v.shape) if k != row_axis(v))
    )


@way(np.multiply, np.divide)
def scaled(w: Scaling, call: Call) -> Any:
    """numbers for each row are multiplied first"""
    a, b = call.inputs
    if call.function is np.multiply and not is_base(a, call.output):
        a, b = b, a
    if not is_base(a, call.output) or not is_factor(b, a):
        return None
    if type(b) is Var and b.dtype != a.dtype:
        return None
    base, factor = w.factored(a)
    if call.function is np.multiply and base is a:
        w.factors[call.output] = base, b
        return None
    if base is a:
        return None  # one division for each number may not be a product
    if type(factor) is not Var and type(b) is not Var:
        return None
    return w.times(call, base, w.row(call.function, factor, b) if factor != 1.0 else b)


@way(np.negative)
def negative(w: Scaling, call: Call) -> Any:
    """the sign is that of the row's number"""
    base, factor = w.factored(call.inputs[0])
    if base is call.inputs[0] or type(factor) is not Var:
        return None
    return w.times(call, base, w.row(np.negative, factor))


@way(np.add, np.subtract)
def added(w: Scaling, call: Call) -> Any:
    """numbers for each row are added first"""
    (base, factor), (other, more) = map(w.factored, call.inputs)
    if base is not other or type(base) is not Var or base.shape != call.output.shape:
        return None
    if not any(type(v) is Var for v in (factor, more)):
        return None
    return w.times(call, base, w.row(call.function, factor, more))


@way(np.where)
def chosen(w: Scaling, call: Call) -> Any:
    """numbers for each row are chosen first"""
    condition, yes, no = call.inputs
    sides = [(None, v) if isinstance(v, (int, float)) else w.factored(v) for v in (yes, no)]
    bases = {base for base, _ in sides if base is not None}
    if len(bases) != 1 or not any(type(factor) is Var for _, factor in sides):
        return None
    (base,) = bases
    if type(base) is not Var or base.shape != call.output.shape or not is_factor(condition, base):
        return None
    if any(own is None and v != 0 for own, v in sides):
        return None
    return w.times(call, base, w.row(np.where, condition, *(factor for _, factor in sides)))


@way(np.einsum)
def with_identity(w: Scaling, call: Call) -> Any:
    """a product with the identity is the other operand"""
    if len(call.inputs) != 3 or call.options:
        return None
    terms, result = call.inputs[0].split("->")
    both = list(zip(terms.split(","), call.inputs[1:], strict=True))
    for (letters, v), (others, x) in (both, both[::-1]):
        if not is_identity(v) or x.dtype != call.output.dtype:
            continue
        summed = [c for c in letters if c not in result]
        if len(summed) != 1 or summed[0] not in others:
            continue
        (kept,) = (c for c in letters if c not in summed)
        others = others.replace(summed[0], kept)
        if sorted(others) != sorted(result) or len(set(others)) != len(others):
            continue
        order = tuple(others.index(c) for c in result)
        if order == tuple(range(len(order))):
            return x
        return w.write(call.output, np.transpose, x, order)
    return None


def is_identity(v: Any) -> bool:
    c = v.constant if type(v) is Var else None
    return (
        c is not None
        and c.ndim == 2
        and c.shape[0] == c.shape[1]
        and np.array_equal(c, np.eye(len(c)))
    )
