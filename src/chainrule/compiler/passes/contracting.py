"""Products of arrays as sums over letters: `einsum` of two arrays.

In the result every letter is in the output, or in both operands and summed; none stands twice in
one operand. Where no letter is summed it is an ordinary product of stretched arrays.
"""

from __future__ import annotations

from string import ascii_letters
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from chainrule._core.values import cast

from ..program import Call, Var
from ..sizes import count
from .rewriting import Rules, Writer, broadcast, shape_of, ways

__all__ = ["WAYS"]

WAYS: Rules = {}
way = ways(WAYS)


def can_be(*operands: Any) -> bool:
    """Say whether operands are arrays of numbers; products of truth values are no sums."""
    return all(type(v) is Var and v.dtype.kind in "fiuc" and not v.weak for v in operands)


def product(w: Writer, out: Var, a: Var, letters: str, b: Var, others: str, result: str) -> Any:
    """Write down the product of two arrays of which the axes have these letters."""
    dtype = np.result_type(a.dtype, b.dtype)
    first, second = untransposed(w, a, letters), untransposed(w, b, others)
    a, letters = unstretched(w, *first, *second)
    b, others = unstretched(w, *second, *first)
    a, letters = alone_summed(w, a, letters, others + result)
    b, others = alone_summed(w, b, others, letters + result)
    if (set(letters) & set(others)) - set(result):
        sizes = dict(zip(letters + others, a.shape + b.shape, strict=True))
        shape = [sizes[letter] for letter in result]
        y = w.write(out, np.einsum, f"{letters},{others}->{result}", a, b, shape=shape, dtype=dtype)
    else:
        a, b = lined_up(w, a, letters, result), lined_up(w, b, others, result)
        y = w.write(out, np.multiply, a, b, shape=broadcast([a.shape, b.shape]), dtype=dtype)
    if y.shape != out.shape:
        y = w.write(out, np.reshape, y, out.shape, dtype=dtype)
    return y if dtype == out.dtype else w.write(out, cast, y, out.dtype)


def untransposed(w: Writer, a: Var, letters: str) -> tuple[Var, str]:
    """Read an array as it was before its axes were moved."""
    call = w.maker(a, np.transpose)
    if call is None or len(call.inputs) != 2:
        return a, letters
    x, axes = call.inputs
    return x, "".join(letters[axes.index(k)] for k in range(len(axes)))


def unstretched(w: Writer, a: Var, letters: str, b: Var, others: str) -> tuple[Var, str]:
    """Leave out axes of length 1 that are stretched to the length that they have in `b`."""
    sizes = dict(zip(others, b.shape, strict=True))
    gone = [k for k, letter in enumerate(letters) if a.shape[k] == 1 and sizes.get(letter, 1) != 1]
    return without(w, a, letters, gone)


def without(w: Writer, a: Var, letters: str, gone: list[int]) -> tuple[Var, str]:
    if not gone:
        return a, letters
    shape = tuple(n for k, n in enumerate(a.shape) if k not in gone)
    rest = "".join(letter for k, letter in enumerate(letters) if k not in gone)
    return w.write(a, np.reshape, a, shape, shape=shape), rest


def alone_summed(w: Writer, a: Var, letters: str, elsewhere: str) -> tuple[Var, str]:
    """Sum over the axes of letters that are nowhere else."""
    axes = tuple(k for k, letter in enumerate(letters) if letter not in elsewhere)
    if not axes:
        return a, letters
    shape = [n for k, n in enumerate(a.shape) if k not in axes]
    rest = "".join(letter for letter in letters if letter in elsewhere)
    return w.write(a, np.sum, a, axes, shape=shape), rest


def lined_up(w: Writer, a: Var, letters: str, result: str) -> Var:
    """Return `a` with an axis for every letter of the result, of length 1 where it has none."""
    order = sorted(range(a.ndim), key=lambda k: result.index(letters[k]))
    if order != list(range(a.ndim)):
        a = w.write(a, np.transpose, a, tuple(order), shape=[a.shape[k] for k in order])
    sizes = iter(a.shape)
    shape = tuple(next(sizes) if letter in letters else 1 for letter in result)
    first = next((k for k, n in enumerate(shape) if n != 1), len(shape))
    if shape[first:] == a.shape or shape == a.shape:
        return a
    return w.write(a, np.reshape, a, shape, shape=shape)  # type: ignore[no-any-return]


# ---------------------------------------------------------------- which letters


@way(np.matmul, np.dot)
def matmul(w: Writer, call: Call) -> Any:
    """Rows of the first with columns of the second; what stands before the last two is one."""
    a, b = call.inputs[:2]
    if call.options or len(call.inputs) > 2 or not can_be(a, b):
        return None
    if call.function is np.dot and not (0 < a.ndim < 3 and 0 < b.ndim < 3):
        return None
    batch = ascii_letters[3 : 1 + max(a.ndim, b.ndim, 2)]
    left = batch[len(batch) - max(a.ndim - 2, 0) :] + "ab"[-min(a.ndim, 2) :]
    right = batch[len(batch) - max(b.ndim - 2, 0) :] + "bc"[: min(b.ndim, 2)]
    result = batch + "a" * (a.ndim > 1) + "c" * (b.ndim > 1)
    return product(w, call.output, a, left, b, right, result)


@way(np.dot)
def dot(w: Writer, call: Call) -> Any:
    """Numbers times arrays, and the last axis of one with the last but one of the other."""
    a, b = call.inputs[:2]
    if call.options or len(call.inputs) > 2:
        return None
    if not (shape_of(a) and shape_of(b)):
        return w.write(call.output, np.multiply, a, b)
    if not can_be(a, b):
        return None
    left = ascii_letters[1 : a.ndim] + "a"
    right = ascii_letters[a.ndim : a.ndim + b.ndim - 1]
    result = left[:-1] + right
    return product(w, call.output, a, left, b, f"{right[:-1]}a{right[-1:]}", result)


@way(np.inner)
def inner(w: Writer, call: Call) -> Any:
    a, b = call.inputs
    if call.options or not can_be(a, b):
        return None
    if not (a.ndim and b.ndim):
        return w.write(call.output, np.multiply, a, b)
    left, right = ascii_letters[1 : a.ndim], ascii_letters[a.ndim : a.ndim + b.ndim - 1]
    return product(w, call.output, a, left + "a", b, right + "a", left + right)


@way(np.outer, np.multiply.outer)
def outer(w: Writer, call: Call) -> Any:
    a, b = call.inputs
    if call.options or not can_be(a, b):
        return None
    if call.function is np.outer:
        a, b = flat(w, a), flat(w, b)
    left, right = ascii_letters[: a.ndim], ascii_letters[a.ndim : a.ndim + b.ndim]
    return product(w, call.output, a, left, b, right, left + right)


@way(np.vdot)
def vdot(w: Writer, call: Call) -> Any:
    a, b = call.inputs
    if call.options or not can_be(a, b):
        return None
    return product(w, call.output, flat(w, conjugate(w, a)), "a", flat(w, b), "a", "")


def flat(w: Writer, a: Var) -> Var:
    size = count(a.shape)
    return a if a.ndim == 1 else w.write(a, np.reshape, a, (size,), shape=(size,))


def conjugate(w: Writer, a: Var) -> Var:
    return w.write(a, np.conjugate, a) if a.dtype.kind == "c" else a


@way(*(getattr(np, name) for name in ("vecdot", "matvec", "vecmat") if hasattr(np, name)))
def of_stacks(w: Writer, call: Call) -> Any:
    """Vectors and matrices along the last axes, of which there are as many as elsewhere."""
    a, b = call.inputs
    if call.options or not can_be(a, b):
        return None
    left, right, result = {
        "vecdot": ("a", "a", ""), "matvec": ("ab", "b", "a"), "vecmat": ("a", "ab", "b"),
    }[call.function.__name__]  # fmt: skip
    if call.function.__name__ != "matvec":
        a = conjugate(w, a)
    before = a.ndim - len(left), b.ndim - len(right)
    batch = ascii_letters[2 : 2 + max(before)]
    left, right = (
        batch[len(batch) - n :] + own for n, own in zip(before, (left, right), strict=True)
    )
    return product(w, call.output, a, left, b, right, batch + result)


@way(np.tensordot)
def tensordot(w: Writer, call: Call) -> Any:
    a, b = call.inputs[:2]
    axes = call.inputs[2] if len(call.inputs) > 2 else call.options.get("axes", 2)
    if not can_be(a, b) or set(call.options) - {"axes"}:
        return None
    if isinstance(axes, int):
        axes = range(a.ndim - axes, a.ndim), range(axes)
    first, second = (
        [normalize_axis_index(k, v.ndim) for k in ([own] if isinstance(own, int) else own)]
        for own, v in zip(axes, (a, b), strict=True)
    )
    left, right = list(ascii_letters[: a.ndim]), list(ascii_letters[a.ndim : a.ndim + b.ndim])
    for j, k in zip(first, second, strict=True):
        right[k] = left[j]
    result = [v for v in left if v not in right] + [v for v in right if v not in left]
    return product(w, call.output, a, "".join(left), b, "".join(right), "".join(result))


@way(np.einsum)
def einsum(w: Writer, call: Call) -> Any:
    """Two operands at a time, from the left."""
    if not isinstance(call.inputs[0], str) or set(call.options) - {"optimize"}:
        return None
    operands = list(call.inputs[1:])
    if not can_be(*operands):
        return None
    terms, result = letters_of(call.inputs[0], operands)
    if any(len(set(term)) < len(term) for term in terms):
        return None  # a diagonal
    while len(operands) > 2:
        later = result + "".join(terms[2:])
        kept = "".join(dict.fromkeys(v for v in terms[0] + terms[1] if v in later))
        sizes: dict[str, Any] = {}
        for term, operand in zip(terms[:2], operands[:2], strict=True):
            for letter, n in zip(term, operand.shape, strict=True):
                sizes[letter] = n if sizes.get(letter, 1) == 1 else sizes[letter]
        out = w.new([sizes[letter] for letter in kept], np.result_type(*operands[:2]))
        first = product(w, out, operands[0], terms[0], operands[1], terms[1], kept)
        operands, terms = [first, *operands[2:]], [kept, *terms[2:]]
    if len(operands) == 1:
        a, letters = alone_summed(w, operands[0], terms[0], result)
        return lined_up(w, a, letters, result)
    (a, b), out = operands, call.output
    moved = w.maker(a, np.transpose) or w.maker(b, np.transpose)
    if not moved and not call.options and is_settled(call.inputs[0], terms, result, a, b):
        return None
    return product(w, out, a, terms[0], b, terms[1], result)


def is_settled(subscripts: str, terms: list[str], result: str, a: Var, b: Var) -> bool:
    """Say whether `product` would write down this very call."""
    sizes = dict(zip(terms[0], a.shape, strict=True))
    everywhere = set(terms[0]) & set(terms[1])
    return (
        subscripts == f"{','.join(terms)}->{result}"
        and set("".join(terms)) == everywhere | set(result)
        and bool(everywhere - set(result))
        and all(sizes.get(letter, n) == n for letter, n in zip(terms[1], b.shape, strict=True))
    )


def letters_of(subscripts: str, operands: list[Var]) -> tuple[list[str], str]:
    """Return a letter for every axis of the operands, and those of the result."""
    before, arrow, result = subscripts.replace(" ", "").partition("->")
    free = [letter for letter in ascii_letters if letter not in subscripts]
    terms, longest = [], ""
    for term, operand in zip(before.split(","), operands, strict=True):
        more = operand.ndim - len(term.replace("...", ""))
        rest = "".join(free[:more][::-1])  # axes of all operands are counted from behind
        longest = max(longest, rest, key=len)
        terms.append(term.replace("...", rest))
    if arrow:
        return terms, result.replace("...", longest)
    together = "".join(terms)
    once = sorted(v for v in set(together) if together.count(v) == 1 and v not in longest)
    return terms, longest + "".join(once)
