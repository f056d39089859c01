"""Formulas as a user writes them, computed so that they keep their digits and do not overflow.

Each gives what the formula gives, to some last digits, wherever that is right; and what it should
have given where an intermediate number overflows, or has no digits left. Gradients are of the same
kind: the slope of log(1 + exp(z)) is exp(z) / (1 + exp(z)), which is expit(z).

    log(1 + x)                log1p(x)               log(1 + exp(z))      logaddexp(0, z)
    exp(z) - 1                expm1(z)               1 / (1 + exp(-z))    expit(z)
    log(expit(z))             -logaddexp(0, -z)      1 - expit(z)         expit(-z)
    exp(z - logaddexp(0, z))  expit(z)               (1 + tanh(z/2)) / 2  expit(z)
    x * log(x)                0 where x is 0
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from ..program import Call, Var
from .rewriting import Rules, Writer, same, ways

__all__ = ["STABLE", "is_expit", "is_float", "is_number", "scalar"]

STABLE: Rules = {}
rule = ways(STABLE)
PRECISIONS = (np.dtype(np.float32), np.dtype(np.float64))


@functools.cache
def expit() -> Any:
    """Return SciPy's function, which back ends know; without SciPy, forms that need it stay."""
    try:
        from scipy import special
    except ImportError:
        return None
    return special.expit


def is_float(*values: Any) -> bool:
    return all(type(v) is Var and v.dtype in PRECISIONS for v in values)


def is_number(w: Writer, v: Any, what: float) -> bool:
    found = w.number(v)
    return found is not None and bool(found == what)


def exponent(w: Writer, v: Any) -> Any:
    """Return z if `v` is exp(z)."""
    call = w.maker(v, np.exp)
    return call.inputs[0] if call else None


def one_and(w: Writer, v: Any, function: Any) -> Any:
    """Return x if `v` is 1 + x, or 1 - x."""
    call = w.maker(v, function)
    if call is None:
        return None
    a, b = call.inputs
    if is_number(w, a, 1) and are_alike(b, v):
        return b
    return a if function is np.add and is_number(w, b, 1) and are_alike(a, v) else None


def are_alike(a: Any, b: Any) -> bool:
    """Say whether a call of a function of elements gives the same for both, to its precision."""
    return type(a) is Var and type(b) is Var and a.shape == b.shape and a.dtype == b.dtype


def minus(w: Writer, z: Any) -> Any:
    """Return -z."""
    call = w.maker(z, np.negative)
    return call.inputs[0] if call else w.write(z, np.negative, z)


def are_opposite(w: Writer, a: Any, b: Any) -> bool:
    first, second = w.maker(a, np.negative), w.maker(b, np.negative)
    return bool((first and first.inputs[0] is b) or (second and second.inputs[0] is a))


def share(w: Writer, z: Any) -> Any:
    """Return z if there is a function for expit(z), which is to be written."""
    return w.write(z, expit(), z)


def argument_of_share(w: Writer, v: Any) -> Any:
    """Return z if `v` is expit(z)."""
    call = w.made.get(v) if type(v) is Var else None
    return call.inputs[0] if call and is_expit(call.function) else None


def is_expit(function: Any) -> bool:
    return isinstance(function, np.ufunc) and function.__name__ == "expit"  # SciPy is loaded then


# ---------------------------------------------------------------- logarithms


@rule(np.log)
def log_of_sum(w: Writer, call: Call) -> Any:
    """log(1 + x) as log1p(x), of exponentials as logaddexp"""
    (x,), out = call.inputs, call.output
    if not is_float(x, out):
        return None
    if (plus := w.maker(x, np.add)) and None not in (zs := [exponent(w, v) for v in plus.inputs]):
        return w.write(out, np.logaddexp, *zs)
    if (y := one_and(w, x, np.add)) is not None:
        return w.write(out, np.log1p, y)
    if (y := one_and(w, x, np.subtract)) is not None:
        return w.write(out, np.log1p, minus(w, y))
    return None


@rule(np.log1p)
def softplus(w: Writer, call: Call) -> Any:
    """log(1 + exp(z)) as logaddexp(0, z)"""
    z = exponent(w, call.inputs[0])
    return w.write(call.output, np.logaddexp, 0.0, z) if is_float(z) else None


@rule(np.log)
def log_of_exponential(w: Writer, call: Call) -> Any:
    """log(exp(z)) as z, log(exp(z) / s) as z - log(s), log(expit(z)) as -logaddexp(0, -z)"""
    (x,), out = call.inputs, call.output
    if not is_float(x, out):
        return None
    z = exponent(w, x)
    if same(z, out):
        return z
    if ratio := w.maker(x, np.divide):
        z, s = exponent(w, ratio.inputs[0]), ratio.inputs[1]
        if is_float(z, s):
            return w.write(out, np.subtract, z, w.write(s, np.log, s))
    z = argument_of_share(w, x)
    if z is not None:
        y = w.write(out, np.logaddexp, 0.0, minus(w, z))
        return w.write(out, np.negative, y)
    return None


@rule(np.multiply)
def entropy(w: Writer, call: Call) -> Any:
    """x * log(x) is 0 where x is 0"""
    for x, y in (call.inputs, call.inputs[::-1]):
        log = w.maker(y, np.log)
        if log and is_float(x, y) and log.inputs[0] in (x, unsigned(w, x)):
            zero = w.write(y, np.equal, log.inputs[0], 0, dtype=np.dtype(bool))
            return w.write(call.output, np.multiply, x, w.write(y, np.where, zero, 0.0, y))
    return None


def unsigned(w: Writer, x: Any) -> Any:
    call = w.maker(x, np.negative)
    return call.inputs[0] if call else x


@rule(np.divide)
def slope_of_entropy(w: Writer, call: Call) -> Any:
    """x / x is 1, in the slope of x * log(x)"""
    x, out = call.inputs[1], call.output
    if not is_float(x, out) or not same(x, out):
        return None
    top, times = w.maker(call.inputs[0], np.multiply), None
    if unsigned(w, call.inputs[0]) is x:
        times = 1.0 if call.inputs[0] is x else -1.0
    elif top and x in top.inputs:
        times = top.inputs[1 - top.inputs.index(x)]
    if times is None or not any(c.function is np.log and c.inputs[0] is x for c in w.calls):
        return None
    if same(times, out):
        return times
    return w.write(out, np.broadcast_to, scalar(out, times), out.shape)


def scalar(like: Var, v: Any) -> Any:
    return like.dtype.type(v) if isinstance(v, (int, float)) else v


# ---------------------------------------------------------------- exponentials


@rule(np.subtract)
def less_one(w: Writer, call: Call) -> Any:
    """exp(z) - 1 as expm1(z), 1 - expit(z) as expit(-z)"""
    a, b = call.inputs
    z = exponent(w, a)
    if z is not None and is_number(w, b, 1) and same(a, call.output) and is_float(a):
        return w.write(a, np.expm1, z)
    z = argument_of_share(w, b)
    if z is not None and is_number(w, a, 1) and same(b, call.output):
        return share(w, minus(w, z))
    return None


@rule(np.exp)
def share_of_sum(w: Writer, call: Call) -> Any:
    """exp(z - logaddexp(0, z)) as expit(z)"""
    out = call.output
    difference = w.maker(call.inputs[0], np.subtract)
    total = difference and w.maker(difference.inputs[1], np.logaddexp)
    if not difference or not total or not is_float(out) or expit() is None:
        return None
    a, (b, c) = difference.inputs[0], total.inputs
    if a is c:
        b, c = c, b
    if a is not b or not is_float(a):
        return None
    z = a if is_number(w, c, 0) else w.write(total.output, np.subtract, a, c)
    return share(w, z) if same(z, out) else None


@rule(np.divide)
def over_one_and_exponential(w: Writer, call: Call) -> Any:
    """1 / (1 + exp(-z)) as expit(z)"""
    a, b = call.inputs
    z = exponent(w, one_and(w, b, np.add))
    if not is_float(z, call.output) or not same(z, b) or expit() is None:
        return None
    y = share(w, minus(w, z))
    if is_number(w, a, 1) and same(y, call.output):
        return y
    return w.write(call.output, np.multiply, a, y)


@rule(np.multiply)
def share_of_other(w: Writer, call: Call) -> Any:
    """expit(z) * exp(-z) as expit(-z)"""
    for a, b in (call.inputs, call.inputs[::-1]):
        z = exponent(w, b)
        product = w.maker(a, np.multiply)
        for rest, y in (product.inputs, product.inputs[::-1]) if product else ((1.0, a),):
            other = argument_of_share(w, y)
            if z is not None and other is not None and are_opposite(w, z, other):
                return w.write(call.output, np.multiply, rest, share(w, z))
    return None


@rule(np.multiply, np.divide)
def half_of_tanh(w: Writer, call: Call) -> Any:
    """(1 + tanh(z / 2)) / 2 as expit(z)"""
    a, b = call.inputs
    if call.function is np.multiply and is_number(w, a, 0.5):
        a, b = b, a
    if not is_number(w, b, 0.5 if call.function is np.multiply else 2) or not same(a, call.output):
        return None
    for function in (np.add, np.subtract):
        tanh = w.maker(one_and(w, a, function), np.tanh)
        if tanh and is_float(a) and expit() is not None:
            z = doubled(w, tanh.inputs[0])
            return share(w, z if function is np.add else minus(w, z))
    return None


def doubled(w: Writer, v: Any) -> Any:
    for function, what in ((np.divide, 2), (np.multiply, 0.5)):
        if call := w.maker(v, function):
            for a, b in (call.inputs, call.inputs[::-1]):
                if same(a, v) and is_number(w, b, what) and (a is call.inputs[0] or what == 0.5):
                    return a
    return w.write(v, np.multiply, 2.0, v)
