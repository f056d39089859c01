"""Loops and choices: one call of a program, equal to Python's own in value and every derivative."""

from __future__ import annotations

import re
from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from chainrule import compile, grad, hessian, jacobian, jvp, vjp, vmap
from chainrule._core.trees import leaves_of
from chainrule.compiler.loops.choices import cond
from chainrule.compiler.loops.repeating import iterate, scan, until
from chainrule.compiler.passes.simplify import simplified
from chainrule.compiler.program import Program
from chainrule.compiler.refusals import CompileError
from chainrule.compiler.staging import staged

RNG = np.random.default_rng(8)
W, A = RNG.normal(size=3), RNG.normal(size=(3, 3)) / 2
XS = RNG.normal(size=(6, 3))


def program_of(f: Any, *args: Any) -> Program:
    with staged() as trace:
        inputs = [trace.input(f"x{k}", x) for k, x in enumerate(args)]
        return trace.program(inputs, leaves_of(f(*inputs)))


def size(program: Program) -> int:
    """Return how many calls a program has, those of its sub-programs included."""
    inner = [v for call in program.calls for v in call.options.values() if isinstance(v, Program)]
    return len(program.calls) + sum(map(size, inner))


def same(f: Any, *args: Any) -> Program:
    """Compare `f`, compiled for these arguments, with `f` itself; return its program."""
    program = program_of(f, *args)
    expected = leaves_of(f(*args))
    found = program.run(*args)
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)
        assert np.shape(a) == np.shape(b)
    return program


def functions_of(program: Program) -> list[str]:
    return [call.function.__name__ for call in program.calls]


# ---------------------------------------------------------------- derivatives

State = namedtuple("State", "x total")


@dataclass
class Pair:
    x: Any
    y: Any


def squares(w: Any, a: Any) -> Any:
    end = iterate(lambda s: (np.tanh(a @ s[0]), s[1] + np.sum(s[0] * w)), (w, 0.0), 4)
    return end[1]


def by_name(w: Any, a: Any) -> Any:
    step = lambda s: {"x": np.sin(a @ s["x"]) + w, "k": s["k"] + 1, "y": s["x"] * s["k"]}
    end = iterate(step, {"x": w, "k": 0, "y": 0 * w}, 5)
    return np.sum(end["x"] * end["y"])


def turns(w: Any, a: Any) -> Any:
    end = iterate(lambda p: Pair(p.y, p.x * np.cos(p.y)), Pair(w, a[0]), 5)
    return np.sum(end.x * w) + np.sum(end.y)


def recurrent(w: Any, a: Any) -> Any:
    def step(s: State, x: Any) -> Any:
        h = np.tanh(a @ s.x + x * w)
        return State(h, s.total + np.sum(h * h)), (h, h[0] * x)

    end, (hs, ys) = scan(step, State(np.zeros(3), 0.0), XS)
    return end.total + np.sum(hs[2:] * ys[2:]) + np.sum(end.x)


def backwards(w: Any, a: Any) -> Any:
    step = lambda s, x: (s * x["u"] + w, np.exp(-s * x["v"]))
    end, ys = scan(step, w, {"u": a, "v": a.T + 1.0}, reverse=True)
    return np.sum(ys * ys) + np.sum(end * w)


def nested(w: Any, a: Any) -> Any:
    def step(s: Any) -> Any:
        inner, ys = scan(lambda t, x: (np.sin(t + x * s), t * w), s, a)
        return (
            iterate(lambda v: v - 0.1 * grad(lambda u: np.sum(np.cos(u * w)))(v), inner, 2) + ys[1]
        )

    return np.sum(iterate(step, w, 3))


def replaced(w: Any, a: Any) -> Any:
    """One state is not handed on, another never changes, and one is a number from nowhere."""
    step = lambda s: (np.sin(w), s[1], s[0] * s[1] + s[2], 0.5)
    end = iterate(step, (a[0], a[1], w, 0.0), 3)
    return np.sum(end[0] + end[1] * end[2]) + end[3]


def chosen(w: Any, a: Any) -> Any:
    step = lambda x: cond(np.sum(x) > 0.5, lambda x: np.sin(x) * w, lambda x: x**2 + a[0], x)
    return np.sum(iterate(step, w, 6))


def bounded(w: Any, a: Any) -> Any:
    return np.sum(until(lambda x: np.sum(x * x) > 40.0, lambda x: 1.5 * x + w, a[0], most=9))


LOSSES = [squares, by_name, turns, recurrent, backwards, nested, replaced, chosen, bounded]
OPERATORS = {
    "value": lambda f: f,
    "grad": lambda f: grad(f, argnum=(0, 1)),
    "jvp": lambda f: lambda w, a: jvp(f, (w, a), (w + 1.0, a * a)),
    "hessian": lambda f: hessian(f),
    "forward over reverse": lambda f: lambda w, a: jvp(grad(f), (w, a), (w, 2.0 * a)),
    "reverse over forward": lambda f: grad(lambda w, a: jvp(f, (w, a), (w + 1.0, a))[1]),
    "reverse over reverse": lambda f: grad(lambda w, a: np.sum(grad(f, argnum=1)(w, a) ** 2)),
    "vmap": lambda f: lambda w, a: vmap(f, (0, None))(np.stack([w, 0.5 * w]), a),
    "vmap of grad": lambda f: lambda w, a: vmap(grad(f), (None, 0))(w, np.stack([a, 0.5 * a])),
}


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("loss", LOSSES)
def test_as_python_loops(loss: Any, operator: str) -> None:
    if operator.startswith("vmap") and loss in (chosen, bounded):
        pytest.skip("outside of a compiled function a batch cannot choose")
    same(OPERATORS[operator](loss), W, A)


@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_as_differences(loss: Any) -> None:
    value, slope = program_of(loss, W, A), program_of(grad(loss), W, A)
    for e in np.eye(3):
        step = 1e-5 * e
        (up,), (down,) = value.run(W + step, A), value.run(W - step, A)
        np.testing.assert_allclose(slope.run(W, A)[0] @ e, (up - down) / 2e-5, rtol=2e-7, atol=1e-7)


def test_jacobians() -> None:
    f = lambda w: iterate(lambda s: np.tanh(A @ s), w, 4)
    assert functions_of(same(jacobian(f), W)) == ["rolled", "rolled"]
    same(lambda w: jacobian(f, mode="forward")(w), W)
    running = lambda x: scan(lambda s, x: (s * x, np.sin(s + x)), 0.5, x)
    same(jacobian(running), XS[:, 0])
    same(lambda x: vjp(running, x)[1]((2.0, np.ones(6))), XS[:, 0])


# ---------------------------------------------------------------- training


def logistic(w: Any, x: Any, y: Any) -> Any:
    z = x @ w
    return np.sum(np.logaddexp(0.0, z) - y * z)


def momentum(w: Any, x: Any, y: Any) -> Any:
    def step(s: Any) -> Any:
        w, v = s
        v = 0.9 * v - 0.05 * grad(logistic)(w, x, y)
        return w + v, v

    return iterate(step, (w, 0 * w), 100)[0]


def adam(w: Any, x: Any, y: Any) -> Any:
    def step(s: Any) -> Any:
        w, m, v, k = s
        k = k + 1
        g = grad(logistic)(w, x, y)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        return w - 0.1 * m / (1 - 0.9**k) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8), m, v, k

    return iterate(step, (w, 0 * w, 0 * w, 0), 50)[0]


@pytest.mark.parametrize("train", [momentum, adam])
def test_a_whole_training_is_one_call(train: Any) -> None:
    x, y = RNG.normal(size=(7, 3)), np.array([0.0, 1, 1, 0, 1, 0, 0])
    program = same(train, W, x, y)
    assert functions_of(program).count("rolled") == 1
    same(grad(lambda x, w, y: np.sum(train(w, x, y) ** 2)), x, W, y)


def lstm(p: Any, xs: Any) -> Any:
    def step(s: Any, x: Any) -> Any:
        h, c = s
        i, f, o, u = np.split(p["w"] @ h + p["u"] @ x + p["b"], 4)
        sigmoid = lambda z: 0.5 * (np.tanh(z / 2) + 1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(u)
        h = sigmoid(o) * np.tanh(c)
        return (h, c), h

    end, hs = scan(step, (np.zeros(4), np.zeros(4)), xs)
    return np.sum(hs**2) + np.sum(end[1])


def test_an_lstm_is_one_loop_body() -> None:
    p = {name: RNG.normal(size=(16, n)) for name, n in (("w", 4), ("u", 3))}
    w, u, b = p["w"], p["u"], RNG.normal(size=16)
    f = lambda w, u, b, xs: lstm({"w": w, "u": u, "b": b}, xs)
    assert functions_of(same(f, w, u, b, XS)).count("rolled") == 1
    assert functions_of(same(grad(f, argnum=(0, 1, 2, 3)), w, u, b, XS)).count("rolled") == 2
    same(hessian(lambda b, xs: f(w, u, b, xs)), b, XS)


def test_size_does_not_depend_on_the_number_of_steps() -> None:
    of = lambda n: lambda w: np.sum(iterate(lambda s: np.sin(s * w) + s, w, n))
    for operator in (lambda f: f, grad, hessian, lambda f: jacobian(grad(f), mode="forward")):
        few, many = (size(program_of(operator(of(n)), W)) for n in (3, 300))
        assert few == many
    ends = [np.sum(program_of(grad(of(n)), W).run(W)[0]) for n in (3, 300)]
    assert ends[0] != ends[1]


# ---------------------------------------------------------------- no steps


def test_no_steps() -> None:
    f = lambda w: np.sum(iterate(lambda s: np.sin(s), w * w, 0))
    same(f, W)
    same(grad(f), W)
    state = {"any": "thing"}
    assert iterate(lambda s: 1 / 0, state, 0) is state


@pytest.mark.parametrize("operator", ["value", "grad", "jvp", "hessian"])
def test_a_scan_of_nothing(operator: str) -> None:
    def f(w: Any, a: Any) -> Any:
        end, ys = scan(lambda s, x: (s * x, (x[0] * w, 1)), w * w, a)
        assert np.shape(ys[0]) == (0, 3) and ys[1].dtype.kind == "i"
        return np.sum(end) + np.sum(ys[0])

    same(OPERATORS[operator](f), W, A[:0])
    assert np.array_equal(grad(f)(W, A[:0]), 2 * W)


def test_a_loop_that_ends_at_once() -> None:
    f = lambda w: np.sum(until(lambda x: x[0] < 9, lambda x: x / 0, w * w, most=3))
    same(lambda w: jvp(f, (w,), (w,)), W)


# ---------------------------------------------------------------- until


def root(a: Any, most: int | None = None) -> Any:
    close = lambda x: np.abs(x * x - a) < 1e-10 * a
    return until(close, lambda x: (x + a / x) / 2, 1.0, most=most)


def test_until() -> None:
    program = same(root, 2.0)
    assert functions_of(program).count("repeated") == 1
    assert abs(program.run(1e6)[0] - 1000.0) < 1e-6  # another number of steps
    same(lambda a: jvp(root, (a,), (1.0,)), 2.0)
    same(grad(lambda a: root(a, 20)), 2.0)
    slope = program_of(grad(lambda a: root(a, 20)), 2.0)
    assert abs(slope.run(9.0)[0] - 1 / 6) < 1e-9
    same(lambda a: root(a, 2), 100.0)
    assert root(100.0, 2) == iterate(lambda x: (x + 100.0 / x) / 2, 1.0, 2)


def test_until_has_no_reverse_mode_without_a_bound() -> None:
    with pytest.raises(CompileError, match=r"most=100.*or repeat the step a known number"):
        program_of(grad(root), 2.0)
    assert abs(grad(root)(2.0) - 1 / np.sqrt(8)) < 1e-6  # as a loop in Python it has


def test_until_of_a_batch() -> None:
    doubled = lambda w: until(lambda s: s[0] > 9, lambda s: (s[0] * 1.5, s[1] * w), (1.5, w))[1]
    same(lambda w: vmap(doubled)(w), W)
    roots = lambda a: vmap(root)(a)  # who is done waits for the others
    a = np.array([1.0, 1e-6, 1e9])
    program = program_of(roots, a)
    assert functions_of(program).count("repeated") == 1
    np.testing.assert_array_equal(program.run(a)[0], [root(v) for v in a])
    slopes = program_of(lambda a: vmap(grad(lambda a: root(a, 40)))(a), a)
    np.testing.assert_allclose(slopes.run(a)[0], [grad(root)(v) for v in a], rtol=1e-13)


# ---------------------------------------------------------------- cond


def test_only_one_side_is_computed() -> None:
    f = lambda w: cond(
        w[0] > 0, lambda w: np.linalg.inv(w[:, None] * w), lambda w: w[:, None] * w, w
    )
    program = program_of(f, -abs(W))
    program.run(-abs(W))
    with pytest.raises(np.linalg.LinAlgError):
        program.run(np.zeros(3) + [1.0, 0.0, 0.0])


def test_both_sides() -> None:
    def f(w: Any) -> Any:
        y = cond(w[0] > 0, lambda w, k: {"y": w**k}, lambda w, k: {"y": np.exp(w)}, w, 3)["y"]
        return np.sum(y * w)

    for operator in (lambda f: f, grad, hessian):
        program = program_of(operator(f), W)
        for w in (W, -W):
            np.testing.assert_allclose(program.run(w)[0], operator(f)(w), rtol=1e-12)
    every = program_of(lambda w: vmap(grad(lambda x: cond(x > 0, np.sin, np.exp, x)))(w), W)
    expected = np.where(W > 0, np.cos(W), np.exp(W))
    np.testing.assert_allclose(every.run(W)[0], expected, rtol=1e-15)


def test_sides_meet_in_a_common_dtype() -> None:
    same(lambda w: cond(w[0] > 0, lambda w: 1, lambda w: 2.5, w), W)
    program = program_of(lambda w: cond(w[0] > 0, lambda w: w > 0, lambda w: w, w), W)
    assert program.outputs[0].dtype == np.float64


# ---------------------------------------------------------------- numbers and dtypes


def test_numbers_of_python() -> None:
    """They become what they are after the first step in Python."""
    narrow = W.astype(np.float32)
    program = same(lambda w: iterate(lambda s: (s[0] * w[0], s[1] + 2), (1.0, 0), 5), narrow)
    assert [v.dtype for v in program.outputs] == [np.float32, np.int64]
    program = same(lambda w: iterate(lambda s: s * 0.5 + w, w, 3), narrow)
    assert program.outputs[0].dtype == np.float32
    same(lambda a: iterate(lambda s: (s[1], s[0]), (a, 1), 3), 2.5)
    same(lambda w: iterate(lambda s: (s[0] + w, 0), (w, 7), 2), W)
    same(lambda z: iterate(lambda s: s * z + 1, z, 3), 1 + 2j)


def test_only_the_step_reads_what_is_staged() -> None:
    program = same(lambda w: iterate(lambda s: s + w, np.zeros(3), 3), W)
    assert functions_of(program) == ["rolled"]
    outside = same(lambda w: w * iterate(lambda s: s / 2 if s > 1 else s, 40.0, 9), W)
    assert functions_of(outside) == ["multiply"]  # no value: a loop in Python, with an `if`


# ---------------------------------------------------------------- bad input


def refused(message: str, f: Any, *args: Any) -> None:
    with pytest.raises((CompileError, ValueError), match=message):
        program_of(f, *args)


def test_states_keep_their_shapes() -> None:
    refused(
        re.escape("step takes state['x'] as float64[3] and returns it as float64[6]"),
        lambda w: iterate(named("step", lambda s: {"x": np.concatenate([s["x"], w])}), {"x": w}, 2),
        W,
    )
    refused(
        re.escape("as float32[3] and returns it as float64[3]"),
        lambda w: iterate(lambda s: s * 0.5 + W, w, 2),
        W.astype(np.float32),
    )
    refused(
        re.escape("takes a state of 2 arrays ([0], [1]) and returns one of one array"),
        lambda w: iterate(lambda s: s[0], (w, w), 2),
        W,
    )


def named(name: str, f: Any) -> Any:
    f.__name__ = name
    return f


def test_numbers_of_steps() -> None:
    for n, error, message in (
        (-1, ValueError, "n of iterate is 0 or more, but was -1"),
        (2.5, TypeError, "n of iterate is a whole number, but was 2.5"),
        ("3", TypeError, "n of iterate is a whole number, but was '3'"),
    ):
        with pytest.raises(error, match=message):
            iterate(np.sin, 1.0, n)
    assert iterate(lambda x: x + 1, 0, np.int64(3)) == 3
    refused(
        r"n of iterate is known only when the function runs.*static=",
        lambda n: iterate(np.sin, 1.0, n),
        3,
    )
    with pytest.raises(ValueError, match="most of until is 0 or more"):
        until(np.isfinite, np.sin, 1.0, most=-1)


def test_sequences() -> None:
    step = lambda s, x: (s, x)
    with pytest.raises(ValueError, match="have the lengths 3, 6 along"):
        scan(step, 0.0, (W, XS))
    with pytest.raises(ValueError, match="holds a number"):
        scan(step, 0.0, 1.0)
    with pytest.raises(ValueError, match="holds no array; to repeat a step, use iterate"):
        scan(step, 0.0, ())
    with pytest.raises(TypeError, match=r"returns a pair.*returned a ndarray"):
        scan(lambda s, x: x, 0.0, XS)
    assert scan(lambda s, x: (s + x, None), 0.0, W)[1] is None


def test_what_is_asked_of_numbers_names_the_line() -> None:
    refused(
        "asks a truth value.*test_loops.py, line",
        lambda w: iterate(lambda s: s if s[0] > 0 else -s, w, 2),
        W,
    )
    refused(
        "condition of until returns one truth value", lambda w: until(lambda s: s > 0, np.exp, w), W
    )
    refused("condition of cond is one truth value", lambda w: cond(w > 0, np.sin, np.cos, w), W)
    refused(
        r"returns shape \(\), and .* returns shape \(3,\)",
        lambda w: cond(w[0] > 0, lambda w: w[0], lambda w: w, w),
        W,
    )
    refused(
        r"returns 2 arrays \(\[0\], \[1\]\), and .* returns one array",
        lambda w: cond(w[0] > 0, lambda w: (w, w), lambda w: w, w),
        W,
    )


# ---------------------------------------------------------------- compiled


@pytest.mark.parametrize("operator", [lambda f: f, grad, hessian])
def test_one_program_for_all_numbers_of_rows(operator: Any) -> None:
    def over_rows(w: Any, x: Any, y: Any) -> Any:
        end, ys = scan(lambda s, row: (np.tanh(s + row * w), s[0] * row), w, x)
        return np.sum(end) + np.sum(ys[:, 1] * y) + np.sum(momentum(w, x, y) ** 2)

    f = operator(over_rows)
    compiled = compile(f, backend="python")
    for n in (40, 23, 1):
        x, y = RNG.normal(size=(n, 3)), np.arange(n) % 2.0
        np.testing.assert_allclose(compiled(W, x, y), f(W, x, y), rtol=1e-11)
    assert "float64[n, 3]" in str(compiled.program)


def kept(w: Any) -> Any:
    found = []
    iterate(lambda s: (found.append(s), s * w)[1], w, 3)
    return found[0] * 2


def added(w: Any) -> Any:
    total = w * 1

    def step(s: Any) -> Any:
        nonlocal total
        total += s
        return s * w

    return iterate(step, w, 3) + total


@pytest.mark.parametrize("leak", [kept, added])
def test_what_a_step_computed_stays_inside(leak: Any) -> None:
    leak(W)
    refused("that a step of a loop computed is read outside of it.*test_loops.py, line", leak, W)


def test_a_step_may_write_into_its_state() -> None:
    def step(s: Any) -> Any:
        s[0] = 2 * s[1]
        s += W
        return s * s[2]

    f = lambda w: np.sum(iterate(step, w * 1, 3))
    same(f, W)
    same(grad(f), W)


def test_products_of_all_steps_are_one() -> None:
    def f(w: Any, u: Any, xs: Any) -> Any:
        def step(h: Any, x: Any) -> Any:
            h = np.tanh(h @ w + np.outer(x, x) @ u) + np.sin(h) @ w
            return h, np.sum(h)

        return np.sum(scan(step, A, xs)[1])

    program = same(grad(f, argnum=(0, 1)), A, A.T, XS)
    back = [call for call in program.calls if call.function.__name__ == "rolled"][1]
    assert back.options["carried"] == 1  # the sums over steps are products after the loop
    assert functions_of(program).count("matmul") == 3
    same(hessian(lambda u, w: f(w, u, XS)), A.T, A)


def test_products_of_items_are_one_before_the_loop() -> None:
    f = lambda a, xs: scan(lambda h, x: (np.tanh(a @ h + a @ x + x @ a), None), W, xs)[0]
    program = simplified(program_of(f, A, XS))
    assert functions_of(program) == ["transpose", "matmul", "matmul", "rolled"]
    np.testing.assert_allclose(program.run(A, XS)[0], f(A, XS), rtol=1e-13)


@pytest.mark.parametrize("backend", ["python", "numba"])
def test_items_that_are_counted_up_to(backend: Any) -> None:
    if backend == "numba":
        pytest.importorskip("numba")

    def f(x: Any) -> Any:
        return iterate(lambda s: (s[0] + x[s[1]] ** 2, s[1] + 1), (0.0, 0), 4)[0]

    assert np.array_equal(compile(grad(f), backend=backend)(XS[:, 0]), grad(f)(XS[:, 0]))


def test_rows_that_a_loop_does_not_have() -> None:
    """The square matrix could be data with rows, but no other number of them will do."""
    compiled = compile(grad(squares), backend="python")
    np.testing.assert_allclose(compiled(W, A), grad(squares)(W, A), rtol=1e-12)


SLOW = [pytest.param(loss, marks=pytest.mark.slow) for loss in LOSSES if loss is not recurrent]


@pytest.mark.parametrize("loss", [recurrent, *SLOW])
def test_loops_by_numba(loss: Any) -> None:
    pytest.importorskip("numba")
    for name in ("grad", "forward over reverse"):
        f = OPERATORS[name](loss)
        found, expected = leaves_of(compile(f, backend="numba")(W, A)), leaves_of(f(W, A))
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-12)
