"""Programs in few words compute what they did, for fixed sizes and for any number of rows."""

from __future__ import annotations

from collections import Counter
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from chainrule import grad, value_and_grad, vjp
from chainrule._core.errors import name_of
from chainrule._rules.normal import erf
from chainrule.compiler.passes.lowering import is_small, lowered
from chainrule.compiler.passes.simplify import simplified
from chainrule.compiler.program import Program
from chainrule.compiler.sizes import ROWS
from chainrule.compiler.unifying import EXAMPLES, one_program, rows_like

from .sampled import SAMPLES, programs_of, run_both, written

RNG = np.random.default_rng(0)
A, B, X = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 5)), RNG.normal(size=(2, 3, 4))
Y = RNG.normal(size=(5, 2, 4, 3))
V, W = RNG.normal(size=4), RNG.normal(size=3)


def left(program: Program) -> Counter[str]:
    return Counter(name_of(call.function) for call in program.calls if not is_small(call))


def said(f: Any, *args: Any) -> Program:
    before, flat = written(f, list(args))
    after = lowered(before)
    run_both(before, after, flat, 1e-13)
    again = lowered(after)
    assert [call.function for call in again.calls] == [call.function for call in after.calls]
    return after


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("most", [1, pytest.param(None, marks=pytest.mark.slow)], ids=str)
def test_samples_of_the_table(most: Any) -> None:
    whole, rest = 0, 0
    for function in SAMPLES:
        for _, program, args in programs_of(function, most):
            after = lowered(simplified(program))
            run_both(program, after, args, 1e-12)
            whole, rest = whole + (not left(after)), rest + bool(left(after))
    assert whole > 0.4 * (whole + rest)  # the others are decompositions, sorting, series, FFTs


PRODUCTS = {
    "matmul": lambda: said(lambda a, b: a @ b, A, B),
    "matrix @ vector": lambda: said(lambda a, b: a @ b, A, V),
    "vector @ matrix": lambda: said(lambda a, b: a @ b, W, A),
    "vector @ vector": lambda: said(lambda a, b: a @ b, V, V),
    "stack @ matrix": lambda: said(lambda a, b: a @ b, X, B),
    "stack @ stack": lambda: said(lambda a, b: a @ b, X, X.swapaxes(1, 2)),
    "one of a stack": lambda: said(lambda a, b: a[:1] @ b, X, X.swapaxes(1, 2)),
    "stack @ vector": lambda: said(lambda a, b: a @ b, X, V),
    "A.T @ B.T": lambda: said(lambda a, b: a.T @ b.T, A, RNG.normal(size=(5, 3))),
    "dot": lambda: said(lambda a, b: np.dot(a, b), X, X.swapaxes(1, 2)),
    "dot with a number": lambda: said(lambda a: np.dot(a, 2.0), A),
    "inner": lambda: said(lambda a, b: np.inner(a, b), X, A),
    "outer": lambda: said(lambda a, b: np.outer(a, b), V, W),
    "vdot": lambda: said(lambda a, b: np.vdot(a, b), A, A * 1j),
    "tensordot": lambda: said(lambda a, b: np.tensordot(a, b, 2), X, A),
    "tensordot of axes": lambda: said(lambda a, b: np.tensordot(a, b, ((0, 2), (1, -2))), X, Y),
    "einsum": lambda: said(lambda a, b: np.einsum("kij,jl->lk", a, b), X, B),
    "einsum, a letter alone": lambda: said(lambda a, b: np.einsum("ij,jk->i", a, b), A, B),
    "einsum, dots": lambda: said(lambda a, b: np.einsum("...j,j...->...", a, b), A, V),
    "einsum, no arrow": lambda: said(lambda a, b: np.einsum("ba,ac", a, b), A, B),
    "einsum of three": lambda: said(
        lambda a, b, v: np.einsum("ij,jk,i->k", a, b, v), A, B, W
    ),
    "einsum of one": lambda: said(lambda a: np.einsum("kij->jk", a), X),
    "einsum, length 1": lambda: said(lambda a, b: np.einsum("ij,jk->ik", a[:, :1], b), A, B),
    "whole numbers": lambda: said(lambda a, b: a @ b, np.arange(6).reshape(2, 3), A),
}  # fmt: skip


@pytest.mark.parametrize("name", PRODUCTS)
def test_products(name: str) -> None:
    program = PRODUCTS[name]()
    assert not left(program), program
    assert all(call.function is not np.matmul for call in program.calls)


OTHERS = {
    "mean": lambda x: np.mean(x, axis=(0, -1), keepdims=True),
    "mean of flags": lambda x: np.mean(x > 0),
    "var": lambda x: np.var(x, axis=1, ddof=1),
    "std": lambda x: np.std(x),
    "sum where": lambda x: np.sum(x, where=x > 0, initial=2.0, axis=1),
    "max": lambda x: np.max(x, axis=-1, keepdims=True),
    "reduce": lambda x: np.add.reduce(x) + np.maximum.reduce(x, axis=0),
    "any": lambda x: np.any(x > 1, axis=0) & np.all(x, axis=0),
    "count_nonzero": lambda x: np.count_nonzero(x > 0, axis=1),
    "cumsum": lambda x: np.cumsum(x) + np.cumsum(x, axis=-1).ravel(),
    "ptp": lambda x: np.ptp(x, axis=2),
    "norm": lambda x: np.linalg.norm(x[0], axis=1) + np.linalg.norm(x),
    "expand": lambda x: np.expand_dims(np.squeeze(x[:, :1]), (0, -1)),
    "ravel": lambda x: np.ravel(x),
    "moveaxis": lambda x: np.moveaxis(x, 0, -1) + np.swapaxes(np.swapaxes(x, 0, 2), 0, 1),
    "flip": lambda x: np.flip(x, (0, -1)) + np.flipud(x) + np.fliplr(x),
    "every other": lambda x: x[::-1, :, ::-2] + x[:, -3:, 1:-1],
    "roll": lambda x: np.roll(x, 1) + np.roll(x, -1, 2) + np.roll(x, (1, 2), (0, 1)),
    "diff": lambda x: np.diff(x, 2, axis=2) + np.diff(x, axis=-1)[..., :2],
    "stack": lambda x: np.stack([x, x * 2], axis=-1),
    "stacks": lambda x: (np.vstack([x, x]), np.hstack([x, x]), np.dstack([x, x])),
    "concatenate": lambda x: np.concatenate([x, x[:1]], axis=None),
    "clip": lambda x: np.clip(x, -0.5, 0.5),
    "zeros_like": lambda x: np.zeros_like(x) + np.ones_like(x) * np.full_like(x, 3.0),
    "tile": lambda x: np.tile(x, (2, 1, 3)),
    "repeat": lambda x: np.repeat(x, 2, axis=1) + np.repeat(x, 2)[0],
    "tril": lambda x: np.tril(x) + np.triu(x, 1),
    "trace": lambda x: np.trace(x[:, :, :3], axis1=1, axis2=2) + np.diagonal(x)[0, :2],
    "take": lambda x: np.take(x, [0, -1, 2], axis=2) + x[..., np.array([1, 1, 0])],
    "mask": lambda x: x[:, np.array([True, False, True])],
    "None": lambda x: x[:, None, 1, ..., None],
    "sinc": lambda x: np.sinc(x),
    "gelu": lambda x: x * (1 + erf(x / np.sqrt(2.0))) / 2,
    "average": lambda x: np.average(x, axis=0),
    "sigmoid": lambda x: np.tanh(x) * np.hypot(x, 1.0),
    "broadcast_arrays": lambda x: np.broadcast_arrays(x, x[0])[1],
    "kron": lambda x: np.kron(x[0], x[1]),
    "cross": lambda x: np.cross(x[0, :, :3], x[1, :, :3]),
    "outer of a ufunc": lambda x: np.multiply.outer(x[0, 0], x[0, 1]),
    "split": lambda x: np.split(x, 2, axis=2)[1],
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", OTHERS)
def test_other_functions_and_their_gradients(name: str) -> None:
    program = said(OTHERS[name], X)
    assert not left(program), program

    def pulled(x: Any) -> Any:
        y, pull = vjp(OTHERS[name], x)
        leaves = y if isinstance(y, tuple) else (y,)
        changes = tuple(np.cos(np.arange(v.size)).reshape(v.shape) for v in leaves)
        return pull(changes if isinstance(y, tuple) else changes[0])

    if name not in ("any", "count_nonzero", "mean of flags"):
        program = said(pulled, X)
        assert not left(program), program


def test_what_is_not_said_in_few_words_stays() -> None:
    program = said(lambda a: np.linalg.inv(a[:3, :3]) + np.sort(a[:3, :3]), A)
    assert left(program) == {"numpy.linalg.inv": 1, "numpy.sort": 1}


def loss(params: Any, x: Any, y: Any) -> Any:
    w, b, v = np.reshape(params[:12], (4, 3)), params[12:15], params[15:]
    z = np.tanh(x @ w + b) @ v
    z = z + np.mean(x, axis=1) * np.max(x, axis=-1)
    penalty = np.linalg.norm(params) + np.var(params)
    return np.mean((z - y) ** 2) + 0.1 * np.std(z) + penalty + np.sum(x.T @ z)


def test_any_number_of_rows() -> None:
    params = RNG.normal(size=18)
    data, target = RNG.normal(size=(20, 4)), RNG.normal(size=20)
    f = value_and_grad(loss)
    programs = [written(f, [params, rows_like(data, n), rows_like(target, n)])[0] for n in EXAMPLES]
    program = simplified(lowered(simplified(one_program(programs))))
    assert not left(program), program
    assert any(v.shape[:1] == (ROWS,) for call in program.calls for v in call.outputs)
    for rows in (20, 7, 2):
        found = program.run(params, data[:rows], target[:rows], rows=rows)
        for y, z in zip(found, f(params, data[:rows], target[:rows]), strict=True):
            np.testing.assert_allclose(y, z, rtol=1e-11, atol=1e-12)


# ---------------------------------------------------------------- random programs

UNARY: list[Any] = [
    np.tanh, np.exp, np.square, np.negative, np.abs, np.sin,
    lambda x: x * 1.0, lambda x: x / 2, lambda x: -x, lambda x: x**2, lambda x: x**3,
    lambda x: np.log(1 + np.exp(x)), lambda x: 1 / (1 + np.exp(-x)), lambda x: np.log1p(x * x),
    lambda x: x - np.max(x), lambda x: x / (1 + np.sum(x * x)), lambda x: np.flip(x, -1),
    lambda x: np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True),
    lambda x: x + np.log(np.sum(np.exp(x))), lambda x: np.where(x > 0, x, 0.1 * x),
    lambda x: np.clip(x, -1, 1), lambda x: x - np.mean(x, axis=0), lambda x: np.cumsum(x, axis=0),
    lambda x: np.roll(x, 1, 0), lambda x: x[::-1], lambda x: np.sort(x, axis=0),
    lambda x: np.reshape(np.reshape(x, -1), np.shape(x)), lambda x: np.transpose(x.T),
    lambda x: np.stack([x, x])[1], lambda x: np.concatenate([x[1:], x[:1]]),
]  # fmt: skip
BINARY: list[Any] = [
    np.add, np.subtract, np.multiply, np.maximum, np.logaddexp, np.hypot,
    lambda a, b: a / (2 + np.tanh(b)), lambda a, b: a * np.sum(b), lambda a, b: a + b[:1],
    lambda a, b: a @ (b.T @ a) if a.ndim == 2 else a * (b @ a),
    lambda a, b: np.outer(a, b).sum(0).reshape(b.shape) if a.ndim == 1 else a * b,
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)), max_size=8),
    st.sampled_from([(3,), (4, 3)]),
)
def test_random_programs(steps: Any, shape: Any) -> None:
    """Whatever functions follow one another, with their gradients."""

    def f(x: Any, y: Any) -> Any:
        values = [x, y]
        for which, i, j in steps:
            a, b = values[i % len(values)], values[j % len(values)]
            chosen = (UNARY + BINARY)[which % len(UNARY + BINARY)]
            v = chosen(a) if chosen in UNARY else chosen(a, b)
            values.append(np.tanh(v))
        return np.sum(values[-1] * values[-2])

    x, y = np.cos(np.arange(12.0))[: np.prod(shape)].reshape(shape), np.full(shape, 0.3)
    program, args = written(lambda x, y: value_and_grad(f, argnum=(0, 1))(x, y), [x, y])
    after = simplified(lowered(simplified(program)))
    run_both(program, after, args, 1e-9)
    again, _ = written(lambda x: grad(lambda x: np.sum(np.sin(grad(f)(x, y))))(x), [x])
    run_both(again, simplified(lowered(simplified(again))), [x], 1e-8)
