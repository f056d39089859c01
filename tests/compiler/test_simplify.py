"""Simplified programs compute what the programs did, and say what was done."""

from __future__ import annotations

import time
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from chainrule import grad, value_and_grad
from chainrule._core.errors import name_of
from chainrule.compiler.passes import simplify
from chainrule.compiler.passes.simplify import simplified
from chainrule.compiler.program import Call, Program, Var
from chainrule.compiler.sizes import ROWS

from .sampled import SAMPLES, programs_of, run_both, written

X = np.linspace(-1.5, 2.0, 21).reshape(7, 3)
Y = np.array([1.0, 0, 1, 1, 0, 0, 1])
W = np.array([0.3, -0.2, 0.5])
MINUS_ZERO = -0.0
HARD = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-320, -1.5, 1e300])


def calls(program: Program) -> list[str]:
    return [name_of(call.function).removeprefix("numpy.") for call in program.calls]


def simple(f: Any, *args: Any) -> Program:
    before, flat = written(f, list(args))
    after = simplified(before)
    run_both(before, after, flat, 1e-15)
    return after


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("most", [1, pytest.param(None, marks=pytest.mark.slow)], ids=str)
def test_samples_of_the_table(most: Any) -> None:
    for function in SAMPLES:
        for _, program, args in programs_of(function, most):
            run_both(program, simplified(program), args, 1e-12)


def test_a_loss_reads_its_data_once() -> None:
    def loss(w: Any, x: Any, y: Any) -> Any:
        return np.sum(np.logaddexp(0.0, x @ w) - y * (x @ w))

    program = simple(value_and_grad(loss), W, X, Y)
    assert "common subexpressions: 1 call less: numpy.matmul(x2, x1)" in program.notes
    assert program.constants() == []  # the ones that the backward pass begins with
    assert calls(program).count("matmul") == 3


def test_constants_are_one_where_their_contents_are() -> None:
    program = simple(lambda x: (x @ np.array([1.0, 2, 3])) * (x @ np.array([1.0, 2, 3])), X)
    assert calls(program) == ["matmul", "square"]


@pytest.mark.parametrize("other", [0.0, -0.0, 2, 2.0, True, np.float32(2), np.float64(2)])
def test_numbers_that_are_equal_are_not_the_same(other: Any) -> None:
    x = np.array([1.0, 2.0], np.float32)
    for number in (0, 2, 0.0, np.float64(2), np.int64(0)):
        simple(lambda x, number=number: (x + number, x + other, x * number, x * other), x)


IDENTITIES = {
    "x * 1 is x": (lambda x: x * 1.0, []),
    "1 * x": (lambda x: 1 * x, []),
    "x * ones": (lambda x: x * np.ones(8), []),
    "x / 1": (lambda x: x / 1, []),
    "x - 0": (lambda x: x - 0.0, []),
    "x - -0.0": (lambda x: x - (-0.0), ["subtract"]),
    "x + 0": (lambda x: x + 0.0, ["add"]),
    "x + -0.0": (lambda x: x + -0.0, []),
    "x * 0": (lambda x: x * 0.0, ["multiply"]),
    "x * -1": (lambda x: x * -1, ["negative"]),
    "-(-x)": (lambda x: np.negative(-x), []),
    "x + -y": (lambda x: x + -(x[::-1]), ["take", "subtract"]),
    "-y + x": (lambda x: -(x[::-1]) + x, ["take", "subtract"]),
    "x - -y": (lambda x: x - -(x[::-1]), ["take", "add"]),
    "-x * -y": (lambda x: -x * -(x[::-1]), ["take", "multiply"]),
    "-(-x / y)": (lambda x: -(-x / x[::-1]), ["take", "divide"]),
    "-x * 2": (lambda x: -x * 2, ["multiply"]),
    "x ** 1": (lambda x: x**1, []),
    "x ** 2": (lambda x: x**2, ["square"]),
    "x ** -1": (lambda x: x**-1.0, ["reciprocal"]),
    "x ** 3": (lambda x: x**3, ["power"]),
    "x * x": (lambda x: x * x, ["square"]),
    "|-x|": (lambda x: np.abs(-x), ["absolute"]),
    "real": (lambda x: np.conj(np.real(x)), []),
    "maximum": (lambda x: np.maximum(x, x), []),
    "where(True)": (lambda x: np.where(np.full(8, True), x, 2.0), []),
    "where(False)": (lambda x: np.where(False, 2.0, x), []),
    "where(c, x, x)": (lambda x: np.where(x > 0, x, x), []),
    "reshape": (lambda x: np.reshape(np.reshape(x, (2, 4)), (-1, 2)), ["reshape"]),
    "reshape to itself": (lambda x: np.reshape(np.reshape(x, (2, 4)), 8), []),
    "transpose": (lambda x: np.reshape(x, (2, 4)).T.T, ["reshape"]),
    "x[:]": (lambda x: x[:][...], []),
    "max over no axes": (lambda x: np.max(x, axis=()), []),
    "sum over no axes": (lambda x: np.sum(x, axis=()), ["sum"]),
    "broadcast": (lambda x: np.broadcast_to(np.broadcast_to(x, (3, 8)), (3, 8)), ["broadcast_to"]),
    "stretched": (lambda x: np.broadcast_to(x, (3, 8)) * np.ones((3, 1)), ["broadcast_to"]),
    "stretched twice": (
        lambda x: np.exp(np.broadcast_to(np.broadcast_to(x, (3, 8)), (2, 3, 8))),
        ["exp", "broadcast_to"],
    ),
    "a column and a row": (
        lambda x: np.broadcast_to(x, (3, 8)) - np.broadcast_to(x[:3, None], (3, 8)),
        ["take", "subtract"],
    ),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", IDENTITIES)
def test_identities_are_exact(name: str) -> None:
    f, expected = IDENTITIES[name]
    before, _ = written(f, [HARD])
    after = simplified(before)
    assert calls(after) == expected
    for x in (HARD, HARD[::-1].copy()):
        (y,), (z,) = before.run(x), after.run(x)
        np.testing.assert_array_equal(y, z)
        np.testing.assert_array_equal(np.signbit(y[y == 0]), np.signbit(z[z == 0]))


KEEP_SHAPE = [f for f, _ in IDENTITIES.values() if written(f, [HARD])[0].outputs[0].shape == (8,)]
PAIRS: list[Any] = [
    np.add, np.subtract, np.multiply, np.divide, np.maximum,
    lambda a, b: a + np.negative(b), lambda a, b: -a * -b, lambda a, b: -(-a / b),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 99)] * 3), min_size=1, max_size=8), st.randoms())
def test_identities_are_exact_in_any_order(steps: Any, random: Any) -> None:
    """Without the stable forms, which differ by rounding."""

    def f(x: Any, y: Any) -> Any:
        values = [x, y]
        for which, i, j in steps:
            a, b = values[i % len(values)], values[j % len(values)]
            k = which % len(KEEP_SHAPE + PAIRS)
            values.append(
                KEEP_SHAPE[k](a) if k < len(KEEP_SHAPE) else PAIRS[k - len(KEEP_SHAPE)](a, b)
            )
        return np.sum(values[-1] * np.arange(8.0))

    x, y = (np.array(random.sample(list(HARD), 8)) for _ in range(2))
    before, _ = written(lambda x, y: value_and_grad(f, argnum=(0, 1))(x, y), [x, y])
    after = before
    for simpler in [simplify.common, simplify.identities, simplify.folded, simplify.dead] * 4:
        after = simpler(after)
    expected, found = before.run(x, y), after.run(x, y)
    for a, b in zip(expected, found, strict=True):
        np.testing.assert_array_equal(a, b)
        known = ~np.isnan(a)
        np.testing.assert_array_equal(np.signbit(a)[known], np.signbit(b)[known])


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.complex128])
def test_dtypes_stay(dtype: Any) -> None:
    x = np.array([1, 2, 3], dtype)
    for f in (
        lambda x: x * np.float64(1),
        lambda x: x * 1.0,
        lambda x: x * np.ones(3),
        lambda x: x / 1,
        lambda x: x**2.0,
        lambda x: np.where(True, x, 1j),
        lambda x: np.float64(0.1) * x,
        lambda x: x - np.float32(0),
    ):
        simple(f, x)


def test_constants_are_folded_unless_they_grow() -> None:
    c = np.arange(3.0)
    program = simple(lambda x: x * np.exp(np.asarray(c)) + np.outer(x, x) @ c, W)
    assert "exp" not in calls(program)
    n = Var("c", (1000,), float, constant=np.arange(1000.0))
    y = Var("v1", (1000, 1000), float)
    grown = Program([], [Call(np.multiply.outer, (n, n), {}, [y])], [y])
    assert calls(simplified(grown)) == ["multiply.outer"]


def test_what_raises_is_left_to_raise() -> None:
    c, y = Var("c", (2, 2), float, constant=np.zeros((2, 2))), Var("v1", (2, 2), float)
    program = simplified(Program([], [Call(np.linalg.inv, (c,), {}, [y])], [y]))
    with pytest.raises(np.linalg.LinAlgError):
        program.run()


def test_random_numbers_are_drawn_each_time() -> None:
    rng = np.random.default_rng(0)
    a, b = Var("v1", (3,), float), Var("v2", (3,), float)
    program = Program([], [Call(rng.normal, (0, 1, (3,)), {}, [v]) for v in (a, b)], [a, b])
    first, second = simplified(program).run()
    assert not np.array_equal(first, second)


def test_what_nobody_reads_is_left_out() -> None:
    program = simple(grad(lambda w: np.sum(np.tanh(X @ w))), W)
    assert any(note.startswith("dead code") for note in program.notes)
    assert "tanh" not in calls(program)


def test_sizes_stay_symbolic() -> None:
    x = Var("X", (ROWS, 3), float)
    ones = Var("c", (ROWS, 3), float, constant=np.ones((7, 3)))
    a, b, c = (Var(f"v{k}", (ROWS, 3), float) for k in (1, 2, 3))
    program = Program(
        [x],
        [
            Call(np.negative, (ones,), {}, [a]),
            Call(np.multiply, (x, ones), {}, [b]),
            Call(np.add, (b, a), {}, [c]),
        ],
        [c],
    )
    after = simplified(program)
    data = np.arange(15.0).reshape(5, 3)
    np.testing.assert_array_equal(after.run(data, rows=5)[0], data - 1)
    assert after.constants() == []


def test_bodies_of_loops_are_simplified() -> None:
    body, _ = written(lambda x: (x * 1.0 + 2) * 3, [W])
    x, y = Var("x", (3,), float), Var("v1", (3,), float)

    def repeated(x: Any, body: Program) -> Any:
        return body.run(x)[0]

    program = Program([x], [Call(repeated, (x,), {"body": body}, [y])], [y])
    after = simplified(program)
    assert calls(after.calls[0].options["body"]) == ["add", "multiply"]
    np.testing.assert_array_equal(after.run(W)[0], (W + 2) * 3)


@pytest.mark.slow
def test_it_takes_little_time() -> None:
    def chain(x: Any) -> Any:
        for k in range(120):
            x = np.tanh(x * (1 + 0.01 * k)) + x**2 * 0.001
        return np.sum(x)

    program, _ = written(value_and_grad(chain), [W])
    assert len(program.calls) > 500
    best = min(timed(program) for _ in range(3))
    assert best < 0.05 * len(program.calls) / 500 * 3  # on a machine that does other things too


def timed(program: Program) -> float:
    start = time.perf_counter()
    simplified(program)
    return time.perf_counter() - start
