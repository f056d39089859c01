"""What cancels in the gradients of logarithms and of shares, where each factor alone may overflow.

The slope of log(p) divides by p, and that of p = expit(z), or of a share e / sum(e), multiplies by
it again: g / p * p is g, also where p is 0 to the computer. And what a maximum that is taken off
its exponents moves is nothing, for the shares add up to 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.values import cast

from ..program import Call, Var
from .rewriting import Rules, Writer, broadcast, same, shape_of, ways
from .stable import is_expit, is_float, is_number, scalar

__all__ = ["CANCELLING"]

CANCELLING: Rules = {}
rule = ways(CANCELLING)


def is_positive(w: Writer, v: Any, depth: int = 4) -> bool:
    """Say whether a number is positive but for rounding: made of exponentials."""
    call = w.made.get(v) if type(v) is Var else None
    if call is None or not depth:
        found = w.number(v)
        return found is not None and bool(found > 0)
    if call.function is np.exp or is_expit(call.function):
        return True
    if call.function in (np.sum, np.reshape, np.broadcast_to):
        return is_positive(w, call.inputs[0], depth - 1)
    if call.function in (np.add, np.divide, np.multiply):
        return all(is_positive(w, x, depth - 1) for x in call.inputs)
    return False


@rule(np.multiply)
def quotient_times_divisor(w: Writer, call: Call) -> Any:
    """(g / p) * p as g, for a p of exponentials"""
    for a, p in (call.inputs, call.inputs[::-1]):
        if is_float(p, call.output) and is_positive(w, p):
            y = times_divisor(w, a, p)
            if y is not None:
                out = call.output
                return (
                    y if same(y, out) else w.write(out, np.broadcast_to, scalar(out, y), out.shape)
                )
    return None


def times_divisor(w: Writer, v: Any, p: Var, depth: int = 4) -> Any:
    """Return v * p where p, or e / p with the e and s of a p = e / s, is a divisor of v."""
    call = w.maker(v, np.divide, np.multiply, np.negative, np.add, np.subtract) if depth else None
    if call is None:
        return None
    if call.function is np.divide:
        g, divisor = call.inputs
        if divisor is p:
            return g
        inner = w.maker(g, np.divide)  # of the slope of log(e / s): four quotients are none
        ratio = inner and w.maker(inner.inputs[1], np.divide)
        if inner and ratio and ratio.inputs == (p, divisor):
            return inner.inputs[0]
    for k, x in enumerate(call.inputs[: 1 if call.function is np.divide else 2]):
        y = times_divisor(w, x, p, depth - 1)
        if y is not None:
            inputs = [*call.inputs[:k], y, *call.inputs[k + 1 :]]
            if call.function in (np.add, np.subtract):
                inputs[1 - k] = w.write(p, np.multiply, inputs[1 - k], p)
            shape = broadcast(map(shape_of, inputs))
            return w.write(call.output, call.function, *inputs, shape=shape)
    return None


def unshaped(w: Writer, v: Any) -> Any:
    """Return what `v` is a reshape of."""
    while call := w.maker(v, np.reshape):
        v = call.inputs[0]
    return v


@rule(np.add, np.subtract)
def shares_add_up(w: Writer, call: Call) -> Any:
    """g - sum(g / s * e) as 0, where s is the sum of e: what a maximum taken off comes to"""
    out = call.output
    for g, rest in (call.inputs, call.inputs[::-1])[: 2 if call.function is np.add else 1]:
        total = w.maker(unshaped(w, rest), np.sum)
        terms = total and total.inputs[0]
        turned = w.maker(terms, np.negative)
        if not total or (turned is None) is (call.function is np.add):
            continue
        product = w.maker(turned.inputs[0] if turned else terms, np.multiply)
        for a, e in (product.inputs, product.inputs[::-1]) if product else ():
            ratio = w.maker(unshaped(w, a), np.divide)
            whole = ratio and w.maker(unshaped(w, ratio.inputs[1]), np.sum)
            if (
                not ratio
                or not whole
                or whole.inputs != (e, *total.inputs[1:])
                or not is_positive(w, e)
            ):
                continue
            if same_number(w, unshaped(w, g), unshaped(w, ratio.inputs[0])) and is_float(out):
                return w.write(out, np.broadcast_to, out.dtype.type(-0.0), out.shape)
    return None


def same_number(w: Writer, a: Any, b: Any) -> bool:
    if type(a) is Var or type(b) is Var:
        return a is b
    return bool(a == b)


@rule(np.divide, np.multiply)
def none_of_some(w: Writer, call: Call) -> Any:
    """0 / k and 0 * k as 0, for a k that is 1 or 0, or counts those"""
    out = call.output
    for zero, k in (call.inputs, call.inputs[::-1])[: 2 if call.function is np.multiply else 1]:
        if not is_number(w, zero, 0) or not is_float(out):
            continue
        counted = w.maker(unshaped(w, k), np.sum)
        flags = w.maker(counted.inputs[0] if counted else k, cast)
        if flags and flags.inputs[0].dtype == bool and (counted or call.function is np.multiply):
            return w.write(out, np.broadcast_to, out.dtype.type(w.number(zero)), out.shape)
    return None
