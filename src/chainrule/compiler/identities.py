"""Identities that hold for every floating-point number: NaN, infinities and the sign of zeros too.

Hence x * 1 is x, and x - 0.0 is; x + 0.0 is not, which makes 0.0 of -0.0, nor is x * 0 zero.
What would have another dtype is not the same either: the output's own tells.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.values import cast, take

from .program import Call, Var
from .rewriting import Rules, Writer, broadcast, is_elementwise, is_static, same, shape_of, ways
from .sizes import Size

__all__ = ["EVERYWHERE", "IDENTITIES"]

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
    """x ** 1 is x, x ** 2 a square, x ** 0.5 a root, x ** -1 a reciprocal"""
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


# ---------------------------------------------------------------- shapes

VIEWS = (
    np.reshape, np.broadcast_to, np.transpose, np.swapaxes, np.moveaxis, np.expand_dims,
    np.squeeze, np.ravel, np.flip, take,
)  # fmt: skip


@rule(*VIEWS)
def filled_view(w: Writer, call: Call) -> Any:
    """a view of equal numbers is filled with them"""
    x = call.inputs[0]
    filling = unstretched(w, x)
    if filling is x or isinstance(filling, (Var, Size)):
        return None
    if call.function is np.broadcast_to and w.maker(x, np.broadcast_to):
        return None  # the last of two counts
    return w.write(call.output, np.broadcast_to, filling, call.output.shape)


@rule(np.reshape)
def same_shape(w: Writer, call: Call) -> Any:
    """a reshape to the same shape changes nothing, and of two the last counts"""
    if call.options or len(call.inputs) != 2:
        return None
    x, out = call.inputs[0], call.output
    if same(x, out):
        return x
    first = w.maker(x, np.reshape)
    if first and len(first.inputs) == 2:
        return w.write(out, np.reshape, first.inputs[0], out.shape)
    return None


@rule(np.transpose)
def transposed_twice(w: Writer, call: Call) -> Any:
    """two transpositions are one, or none"""
    x, axes = call.inputs[0], axes_of(call)
    if axes == list(range(len(axes))) and same(x, call.output):
        return x
    first = w.maker(x, np.transpose)
    if first and first.output.ndim:
        before = axes_of(first)
        return w.write(call.output, np.transpose, first.inputs[0], tuple(before[k] for k in axes))
    return None


def axes_of(call: Call) -> list[int]:
    count = call.output.ndim
    axes = call.options.get("axes") if len(call.inputs) == 1 else call.inputs[1]
    if axes is None:
        return list(range(count))[::-1]
    return [k % count for k in ((axes,) if isinstance(axes, int) else axes)]


@rule(np.broadcast_to)
def broadcast_twice(w: Writer, call: Call) -> Any:
    """of two broadcasts the last counts, and one to the same shape changes nothing"""
    x, out = call.inputs[0], call.output
    if same(x, out):
        return x
    if first := w.maker(x, np.broadcast_to):
        return w.write(out, np.broadcast_to, first.inputs[0], out.shape)
    return None


@rule(take)
def all_of_it(w: Writer, call: Call) -> Any:
    """x[:] is x"""
    x, at = call.inputs
    parts = at if type(at) is tuple else (at,)
    if same(x, call.output) and all(part is ... or part == slice(None) for part in parts):
        return x
    return None


@rule(take)
def of_length_one(w: Writer, call: Call) -> Any:
    """x[:, 0] of one column is a reshape"""
    x, at = call.inputs
    parts = at if type(at) is tuple else (at,)
    if (
        type(x) is Var
        and len(parts) == x.ndim
        and all(
            part == slice(None) or (type(part) is int and n == 1)
            for part, n in zip(parts, x.shape, strict=True)
        )
    ):
        return w.write(call.output, np.reshape, x, call.output.shape)
    return None


@rule(np.max, np.min, np.prod)
def over_no_axes(w: Writer, call: Call) -> Any:
    """a maximum or product over no axes changes nothing"""  # a sum makes 0.0 of -0.0
    x = call.inputs[0]
    axis = call.inputs[1] if len(call.inputs) > 1 else call.options.get("axis", None)
    plain = len(call.inputs) < 3 and set(call.options) <= {"axis", "keepdims"}
    if plain and same(x, call.output) and (axis == () or x.ndim == 0):
        return x
    return None


# ---------------------------------------------------------------- any function of elements


def stretched(w: Writer, call: Call) -> Any:
    """arrays are broadcast where they are read, not before"""
    if not is_elementwise(call):
        return None
    inputs, shapes = list(call.inputs), [shape_of(v) for v in call.inputs]
    inner = [unstretched(w, v) for v in call.inputs]
    for k, v in enumerate(inner):
        rest = [*shapes[:k], shape_of(v), *shapes[k + 1 :]]
        if v is not inputs[k] and broadcast(rest) == call.output.shape and keeps_loop(call, k, v):
            inputs[k], shapes[k] = v, rest[k]
    if any(a is not b for a, b in zip(inputs, call.inputs, strict=True)):
        return w.write(call.output, call.function, *inputs)
    shape = broadcast(map(shape_of, inner))
    if shape is None or shape == call.output.shape:
        return None
    if all(map(is_known, inner)) and is_static(call.output.shape):
        return None  # it will be folded
    y = w.write(call.output, call.function, *inner, shape=shape)
    return w.write(call.output, np.broadcast_to, y, call.output.shape)


def is_known(v: Any) -> bool:
    return type(v) is not Var or v.constant is not None


def keeps_loop(call: Call, k: int, v: Any) -> bool:
    """Say whether the call computes in the same precision with `v`, which may be a size."""
    if not isinstance(v, Size):
        return True
    f, inputs = call.function, call.inputs
    if not isinstance(f, np.ufunc):
        return False
    kinds = [*map(kind_of, inputs), *[None] * f.nout]
    return bool(loop(f, kinds) == loop(f, [*kinds[:k], kind_of(v), *kinds[k + 1 :]]))


def unstretched(w: Writer, v: Any) -> Any:
    """Return what `v` is a stretched form of: a smaller array, or a number."""
    if call := w.maker(v, np.broadcast_to):
        return call.inputs[0]
    if (filling := w.filling(v)) is not None:
        return filling
    return v


def literal(w: Writer, call: Call) -> Any:
    """numbers as Python has them, where the dtype stays"""
    f = call.function
    if not isinstance(f, np.ufunc) or not is_elementwise(call) or f.nout != 1:
        return None
    if not any(isinstance(v, np.generic) for v in call.inputs):
        return None
    if not any(type(v) is Var for v in call.inputs):
        return None
    inputs = list(call.inputs)
    wanted = loop(f, [*map(kind_of, inputs), None])
    for k, v in enumerate(inputs):
        if isinstance(v, np.generic) and type(plain := v.item()) in (int, float, complex):
            kinds = [*map(kind_of, inputs), None]
            kinds[k] = type(plain)
            if loop(f, kinds) == wanted:
                inputs[k] = plain
    if all(a is b for a, b in zip(inputs, call.inputs, strict=True)):
        return None
    return w.write(call.output, f, *inputs)


def kind_of(v: Any) -> Any:
    """Return what NumPy's rules of promotion know of `v`: its dtype, or a type of Python's."""
    if type(v) is Var and not v.weak:
        return v.dtype
    if type(v) is Var:
        return {"f": float, "i": int, "c": complex}.get(v.dtype.kind, v.dtype)
    if type(v) is Size:
        return type(v.at(7))
    return v.dtype if isinstance(v, np.generic) else type(v)


def loop(f: Any, kinds: Any) -> Any:
    try:
        return f.resolve_dtypes(tuple(kinds))
    except TypeError:
        return None


EVERYWHERE = (stretched, literal)
