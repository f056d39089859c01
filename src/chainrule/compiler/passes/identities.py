"""Identities that hold for every floating-point number: NaN, infinities and the sign of zeros too.

Hence x * 1 is x, and x - 0.0 is; x + 0.0 is not, which makes 0.0 of -0.0, nor is x * 0 zero.
What would have another dtype is not the same either: the output's own tells.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.values import cast

from ..program import Call, Var
from .rewriting import Rules, Writer, same, ways

__all__ = ["IDENTITIES"]

IDENTITIES: Rules = {}
rule = ways(IDENTITIES)


def is_number(w: Writer, v: Any, what: float) -> bool:
    """Say whether `v` is this number, or filled with it; zeros count with their sign."""
    found = w.number(v)
    if found is None or found != what or isinstance(found, (complex, np.complexfloating)):
        return False
    return bool(what != 0 or math.copysign(1, found) == math.copysign(1, what))


def is_real(v: Any) -> bool:
    return type(v) is Var and v.dtype.kind in "fiu"


# ---------------------------------------------------------------- arithmetic


@rule(np.multiply)
def times_one(w: Writer, call: Call) -> Any:
    """x * 1 is x"""
    a, b = call.inputs
    for x, one in ((a, b), (b, a)):
        # (a + bi)(1 + 0i) has 0 times a part in it, which may be infinite
        if is_real(x) and same(x, call.output) and is_number(w, one, 1):
            return x
    return None


@rule(np.multiply)
def times_minus_one(w: Writer, call: Call) -> Any:
    """x * -1 is -x"""
    a, b = call.inputs
    for x, one in ((a, b), (b, a)):
        if is_real(x) and x.dtype.kind != "u" and same(x, call.output) and is_number(w, one, -1):
            return w.write(x, np.negative, x)
    return None


@rule(np.divide)
def over_one(w: Writer, call: Call) -> Any:
    """x / 1 is x"""
    x, one = call.inputs
    if is_real(x) and same(x, call.output):
        if is_number(w, one, 1):
            return x
        if is_number(w, one, -1):
            return w.write(x, np.negative, x)
    return None


@rule(np.subtract)
def less_zero(w: Writer, call: Call) -> Any:
    """x - 0 is x"""
    x, zero = call.inputs
    if is_real(x) and same(x, call.output) and is_number(w, zero, 0.0):
        return x
    return None


@rule(np.add)
def plus_zero(w: Writer, call: Call) -> Any:
    """x + -0.0 is x"""
    a, b = call.inputs
    for x, zero in ((a, b), (b, a)):
        whole = is_real(x) and x.dtype.kind in "iu"
        if is_real(x) and same(x, call.output) and is_number(w, zero, 0.0 if whole else -0.0):
            return x
    return None


@rule(np.add)
def plus_negative(w: Writer, call: Call) -> Any:
    """a + -b is a - b"""
    a, b = call.inputs
    for x, other in ((a, b), (b, a)):
        if (minus := w.maker(other, np.negative)) and same(minus.output, other):
            return w.write(call.output, np.subtract, x, *minus.inputs)
    return None


@rule(np.subtract)
def minus_negative(w: Writer, call: Call) -> Any:
    """a - -b is a + b"""
    a, b = call.inputs
    if minus := w.maker(b, np.negative):
        return w.write(call.output, np.add, a, *minus.inputs)
    return None


@rule(np.negative)
def twice_negative(w: Writer, call: Call) -> Any:
    """-(-x) is x"""
    if minus := w.maker(call.inputs[0], np.negative):
        return minus.inputs[0]
    return None


@rule(np.negative)
def negative_of_product(w: Writer, call: Call) -> Any:
    """-(-a * b) is a * b"""
    if product := w.maker(call.inputs[0], np.multiply, np.divide):
        a, b = product.inputs
        if minus := w.maker(a, np.negative):
            return w.write(call.output, product.function, *minus.inputs, b)
        if minus := w.maker(b, np.negative):
            return w.write(call.output, product.function, a, *minus.inputs)
    return None


@rule(np.multiply, np.divide)
def product_of_negatives(w: Writer, call: Call) -> Any:
    """-a * -b is a * b, and -a * 2 is a * -2"""
    a, b = (w.maker(v, np.negative) for v in call.inputs)
    if a and b:
        return w.write(call.output, call.function, *a.inputs, *b.inputs)
    for k, minus in enumerate((a, b)):
        other = call.inputs[1 - k]
        if minus and type(other) in (int, float) and other:
            inputs = (*minus.inputs, -other) if k == 0 else (-other, *minus.inputs)
            return w.write(call.output, call.function, *inputs)
    return None


@rule(np.power)
def simple_power(w: Writer, call: Call) -> Any:
    """small powers are squares, roots, reciprocals"""
    x, b = call.inputs
    if not is_real(x) or not same(x, call.output) or isinstance(b, Var):
        return None
    if is_number(w, b, 1):
        return x
    if is_number(w, b, 2):
        return w.write(x, np.square, x)
    if x.dtype.kind == "f" and is_number(w, b, 0.5):  # what ** does too
        return w.write(x, np.sqrt, x)
    if x.dtype.kind == "f" and is_number(w, b, -1):
        return w.write(x, np.reciprocal, x)
    return None


@rule(np.multiply)
def product_with_itself(w: Writer, call: Call) -> Any:
    """x * x is a square"""
    a, b = call.inputs
    if a is b and is_real(a) and not a.weak:
        return w.write(call.output, np.square, a)
    return None


@rule(np.square, np.absolute)
def of_negative(w: Writer, call: Call) -> Any:
    """(-x)**2 is x**2, and |-x| is |x|"""
    if minus := w.maker(call.inputs[0], np.negative):
        return w.write(call.output, call.function, *minus.inputs)
    return None


@rule(np.maximum, np.minimum)
def with_itself(w: Writer, call: Call) -> Any:
    """the larger of x and x is x"""
    a, b = call.inputs
    if a is b and same(a, call.output):
        return a
    return None


@rule(np.where)
def settled(w: Writer, call: Call) -> Any:
    """where(True, a, b) is a, and where(c, a, a) too"""
    if len(call.inputs) != 3:
        return None
    condition, a, b = call.inputs
    if a is b and same(a, call.output):
        return a
    if isinstance(condition, Var) and condition.constant is not None and condition.constant.size:
        if condition.constant.all():
            condition = True
        elif not condition.constant.any():
            condition = False
    if isinstance(condition, (bool, np.bool)):
        chosen = a if condition else b
        return chosen if same(chosen, call.output) else None
    return None


@rule(np.real, np.conjugate, np.positive, np.copy, np.ascontiguousarray, np.asarray)
def as_it_is(w: Writer, call: Call) -> Any:
    """the real part, the conjugate, a copy of real numbers are themselves"""
    x = call.inputs[0]
    if same(x, call.output) and (is_real(x) or call.function is np.copy):
        return x
    return None


@rule(cast)
def same_dtype(w: Writer, call: Call) -> Any:
    """a cast to the same dtype changes nothing"""
    return call.inputs[0] if same(call.inputs[0], call.output) else None
