"""Kernels compute what the program's calls do, made by NumPy one after the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba", reason="kernels are compiled by Numba")

from chainrule import grad
from chainrule._core.pieces import gather
from chainrule._core.values import cast, dtype_of, shape_of, take
from chainrule.compiler.cache import load
from chainrule.compiler.loops.choices import cond
from chainrule.compiler.loops.repeating import iterate, scan, until
from chainrule.compiler.passes.lowering import lowered
from chainrule.compiler.printing.kernels import kernel, prints
from chainrule.compiler.program import Call, Var, mapped
from chainrule.compiler.roles import has_rows
from chainrule.compiler.sizes import ROWS, sized
from chainrule.compiler.staging import staged

N = 131  # rows: two blocks and three rows more; no other size is this


class Writing:
    """Writes calls down as they are made; values know their number for `N` rows."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.inputs: list[Var] = []
        self.known: dict[Var, Any] = {}

    def var(self, name: str, v: Any) -> Var:
        shape = tuple(ROWS if n == N else n for n in shape_of(v))
        out = Var(name, shape, dtype_of(v))
        self.known[out] = v
        return out

    def input(self, name: str, v: Any) -> Var:
        self.inputs.append(self.var(name, v))
        return self.inputs[-1]

    def __call__(self, function: Callable[..., Any], *inputs: Any, **options: Any) -> Var:
        given = sized(mapped((inputs, options), self.known.__getitem__), N)
        with np.errstate(all="ignore"):
            y = function(*given[0], **given[1])
        out = self.var(f"v{len(self.calls) + 1}", y)
        out.counts = function is np.arange
        self.calls.append(Call(function, inputs, options, [out]))
        return out


def compiled(calls: list[Call], inputs: list[Var], outputs: list[Var], rows: bool) -> Any:
    """Return the text of the kernel, and a function that runs it as a driver would."""
    assert all(map(prints, calls))
    made = kernel("part", calls, inputs, outputs, rows)
    source = "\n".join([*made.imports, "", "", made.text])
    function = load(source, on_disk=False).part

    def run(*args: Any, n: int = N) -> list[Any]:
        found: dict[Var, Any] = {}
        if rows:
            written, summed = split(outputs, has_rows)
            for v in written:
                found[v] = np.full(sized(v.shape, n), 99, v.dtype)
            sums = [np.zeros(v.shape or 1, v.dtype) for v in summed]
            for start, stop in itertools.pairwise((0, n // 3, n)):
                function(start, stop, *args, *sums, *(found[v] for v in written))
            for v, s in zip(summed, sums, strict=True):
                found[v] = s.reshape(v.shape)
        else:
            written, returned = split(outputs, lambda v: bool(v.shape))
            for v in written:
                found[v] = np.full(v.shape, 99, v.dtype)
            numbers = function(*args, *(found[v] for v in written))
            numbers = numbers if isinstance(numbers, tuple) else (numbers,)
            found.update(zip(returned, numbers, strict=False))
        return [found[v] for v in outputs]

    return made.text, run


def split(values: list[Var], chosen: Callable[[Var], bool]) -> tuple[list[Var], list[Var]]:
    return [v for v in values if chosen(v)], [v for v in values if not chosen(v)]


def check(write: Writing, *outputs: Var, rows: bool = True, rtol: float = 1e-12) -> str:
    """Compare the kernel of what was written with NumPy; return its text."""
    text, run = compiled(write.calls, write.inputs, list(outputs), rows)
    args = [write.known[v] for v in write.inputs]
    for found, v in zip(run(*args), outputs, strict=True):
        want = np.asarray(write.known[v])
        assert np.asarray(found).dtype == want.dtype, text
        scale = np.abs(want[np.isfinite(want)]).max(initial=1e-300) if want.dtype.kind == "f" else 0
        np.testing.assert_allclose(found, want, rtol=rtol, atol=rtol * scale, err_msg=text)
    return text


rng = np.random.default_rng(8)


def data(columns: int) -> tuple[Writing, Var, Var, Var]:
    write = Writing()
    X = write.input("X", rng.standard_normal((N, columns)))
    y = write.input("y", (rng.random(N) < 0.5) * 1.0)
    w = write.input("w", rng.standard_normal(columns))
    return write, X, y, w


@pytest.mark.parametrize("columns", [1, 2, 11, 100])
def test_logistic(columns: int) -> None:
    write, X, y, w = data(columns)
    z = write(np.einsum, "ab,b->a", X, w)
    softplus = write(np.logaddexp, 0.0, z)
    loss = write(np.sum, write(np.subtract, softplus, write(np.multiply, y, z)), (0,))
    r = write(np.subtract, write(np.exp, write(np.subtract, z, softplus)), y)
    slope = write(np.einsum, "a,ab->b", r, X)
    text = check(write, loss, slope)
    assert ("add(X, lo, m, r, slope)  # slope += r @ X" in text) == (columns > 8)


@pytest.mark.parametrize("turned", [False, True])
def test_softmax(turned: bool) -> None:
    write = Writing()
    X = write.input("X", rng.standard_normal((N, 12)))
    y = write.input("y", rng.integers(0, 5, N))
    W = write.input("W", rng.standard_normal((5, 12) if turned else (12, 5)))
    Z = write(np.einsum, "ab,cb->ac" if turned else "ab,bc->ac", X, W)
    top = write(np.max, Z, (1,))
    column = write(np.reshape, top, (ROWS, 1))
    E = write(np.exp, write(np.subtract, Z, column))
    total = write(np.sum, E, (1,))
    rows = write(np.arange, ROWS)
    own = write(take, Z, (rows, y))
    losses = write(np.subtract, write(np.add, write(np.log, total), top), own)
    loss = write(np.sum, losses, (0,))
    P = write(np.divide, E, write(np.reshape, total, (ROWS, 1)))
    ones = write(np.full, (ROWS,), -1.0)
    R = write(np.add, write(gather, [ones], [(rows, y)], (ROWS, 5)), P)
    slope = write(
        np.einsum, "ac,ab->cb" if turned else "ab,ac->bc", *((R, X) if turned else (X, R))
    )
    text = check(write, loss, slope)
    assert "adds(X, lo, m, " in text


def test_network() -> None:
    write, X, y, _ = data(12)
    W = write.input("W", rng.standard_normal((12, 16)))
    a = write.input("a", rng.standard_normal(16))
    v = write.input("v", rng.standard_normal(16))
    b = write.input("b", 0.3)
    H = write(np.tanh, write(np.add, write(np.einsum, "nd,dk->nk", X, W), a))
    z = write(np.add, write(np.einsum, "nk,k->n", H, v), b)
    loss = write(np.sum, write(np.square, write(np.subtract, z, y)), (0,))
    r = write(np.multiply, 2.0, write(np.subtract, z, y))
    slope_b = write(np.sum, r, (0,))
    slope_v = write(np.einsum, "n,nk->k", r, H)
    R = write(np.einsum, "n,k->nk", r, v)
    R = write(np.multiply, R, write(np.subtract, 1.0, write(np.multiply, H, H)))
    slope_a = write(np.sum, R, (0,))
    slope_W = write(np.einsum, "nd,nk->dk", X, R)
    check(write, loss, slope_W, slope_a, slope_v, slope_b)


def test_small_gradient() -> None:
    write = Writing()
    X = write.input("X", rng.standard_normal((4, 3)))
    y = write.input("y", np.array([1.0, 0.0, 1.0, 1.0]))
    w = write.input("w", rng.standard_normal(3))
    h = write(np.tanh, write(np.divide, write(np.einsum, "ab,b->a", X, w), 2))
    p = write(np.multiply, 0.5, write(np.add, h, 1))
    q = write(np.add, write(np.multiply, p, y), write(np.subtract, 1, p))
    loss = write(np.negative, write(np.sum, write(np.log, q), (0,)))
    slope = write(np.einsum, "a,ab->b", write(np.divide, y, q), X)
    check(write, loss, slope, rows=False)


# ------------------------------------------------------------------ elements

HARD = [0.0, -0.0, 1.0, -1.5, 2.5, -3.0, 1e300, -1e300, 1e-310, np.inf, -np.inf, np.nan, 40.0]
OF_ONE = [
    "negative", "absolute", "square", "sqrt", "exp", "expm1", "log", "log1p", "tanh", "sinh",
    "cosh", "sign", "reciprocal", "floor", "ceil", "trunc", "rint", "isnan", "isinf", "isfinite",
    "sin", "cos", "arctan", "arcsinh", "cbrt", "exp2", "log2", "log10", "logical_not", "signbit",
    "fabs",
]  # fmt: skip
OF_TWO = [
    "add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "fmax", "fmin", "hypot",
    "arctan2", "remainder", "floor_divide", "fmod", "less", "greater_equal", "equal", "not_equal",
    "logaddexp", "logical_and", "logical_or", "logical_xor", "copysign",
]  # fmt: skip


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_elements(dtype: Any) -> None:
    with np.errstate(all="ignore"):
        x, y = (a.ravel().astype(dtype) for a in np.meshgrid(HARD, HARD))
    write = Writing()
    X, Y = write.input("x", x), write.input("y", y)
    with np.errstate(all="ignore"):
        outputs = [write(getattr(np, name), X) for name in OF_ONE]
        outputs += [write(getattr(np, name), X, Y) for name in OF_TWO]
        outputs += [write(f, X, 0.3) for f in (np.add, np.multiply, np.maximum, np.power)]
        outputs += [write(np.power, X, k) for k in (2, 3, -1, 0.5, 0)]
        outputs.append(write(np.where, write(np.greater, X, 0.2), X, 7))
        text, run = compiled(write.calls, write.inputs, outputs, rows=False)
        for call, found, v in zip(write.calls, run(x, y), outputs, strict=False):
            want = np.asarray(write.known[v])
            assert found.dtype == want.dtype
            normal = np.abs(want.astype(float)) >= np.finfo(dtype).tiny
            tiny = np.finfo(dtype).tiny
            np.testing.assert_allclose(
                found, want, rtol=1e-14 if dtype is np.float64 else 1e-6, atol=tiny,
                err_msg=f"{call.said()} in\n{text}",
            )  # fmt: skip
            assert normal.any()


def test_whole_numbers_and_truths() -> None:
    write = Writing()
    a = np.array([7, -7, 7, -7, 0, 5, -9, 3])
    b = np.array([2, 2, -2, -2, 3, 0, 4, 3])
    A, B = write.input("a", a), write.input("b", b)
    C, D = write.input("c", a > 0), write.input("d", b > 2)
    small = write.input("small", a.astype(np.int8))
    with np.errstate(all="ignore"):
        outputs = [
            write(f, A, B)
            for f in (np.add, np.multiply, np.divide, np.floor_divide, np.remainder, np.maximum,
                      np.less, np.bitwise_and, np.logical_or, np.arctan2)
        ]  # fmt: skip
        outputs += [write(f, C, D) for f in (np.add, np.multiply, np.logical_xor, np.maximum)]
        outputs += [write(np.multiply, C, 2.5), write(np.add, A, 0.5), write(np.logical_not, C)]
        outputs += [write(np.multiply, small, 40), write(np.add, small, small), write(np.square, A)]
        outputs += [write(np.sum, C, (0,)), write(np.sum, small, (0,)), write(np.max, D, (0,))]
        outputs += [write(cast, C, np.dtype(float)), write(cast, A, np.dtype(np.float32))]
        outputs += [write(np.negative, A), write(np.absolute, A), write(np.exp, A)]
        check(write, *outputs, rows=False)


def test_compensated_sums_stay_compensated() -> None:
    write = Writing()
    a = write.input("a", np.full(9, 1e16))
    b = write.input("b", rng.standard_normal(9))
    s = write(np.add, a, b)
    back = write(np.subtract, s, a)
    lost = write(np.subtract, b, back)
    assert np.any(write.known[lost])
    check(write, s, lost, rows=False, rtol=0)


# ------------------------------------------------------------------ places


def test_views_and_places() -> None:
    write = Writing()
    x = write.input("x", rng.standard_normal((4, 6)))
    v = write.input("v", rng.standard_normal(6))
    at = write.input("at", np.array([2, 0, -1, 2, 3]))
    turned = write(np.transpose, x, (1, 0))
    parts = write(take, x, (slice(None, None, -2), slice(1, 5)))
    outputs = [
        write(np.exp, turned),
        write(np.multiply, write(np.reshape, x, (2, 12)), 2.0),
        write(np.multiply, write(np.reshape, x, (4, 3, 1, 2)), write(np.reshape, v, (3, 1, 2))),
        write(np.add, write(take, x, (at,)), v),
        write(take, x, (at, 1)),
        write(take, x, (at, write.input("to", np.array([5, 1, 0, -2, 3])))),
        write(np.add, parts, 1.0),
        write(np.concatenate, [turned, write(np.reshape, v, (6, 1))], 1),
        write(np.concatenate, [v, write(np.exp, v), write(take, v, (slice(0, 2),))], 0),
        write(gather, [parts], [(slice(None, None, -2), slice(1, 5))], (4, 6)),
        write(gather, [write(take, v, (0,)), 2.0 * 1], [-1, 0], (3,)),
        write(gather, [write(take, x, (at,))], [(at,)], (5, 6)),
        write(gather, [v, write(take, v, (slice(0, 5),))], [(1,), (at, 2)], (4, 6)),
        write(np.cumsum, x, 0),
        write(np.cumsum, x, 1),
        write(np.full, (2, 3), 4.5),
        write(np.broadcast_to, v, (2, 6)),
    ]
    check(write, *outputs, rows=False)


def test_reductions_and_products() -> None:
    write = Writing()
    x = write.input("x", rng.standard_normal((4, 6, 5)))
    a = write.input("a", rng.standard_normal((4, 6)))
    b = write.input("b", rng.standard_normal((6, 5)))
    outputs = [
        write(f, x, axes)
        for f in (np.sum, np.max, np.min, np.prod)
        for axes in ((0,), (1,), (0, 2), (0, 1, 2))
    ]
    products = ["ab,bc->ac", "ab,bc->ca", "ab,bc->", "ab,bc->b", "ab,dc->abdc"]
    outputs += [write(np.einsum, subscripts, a, b) for subscripts in products]
    outputs.append(write(np.einsum, "nab,nbc->nac", x, write(np.transpose, x, (0, 2, 1))))
    outputs.append(write(np.sum, write(np.exp, write(np.einsum, "ab,bc->ac", a, b)), (1,)))
    check(write, *outputs, rows=False)


@pytest.mark.parametrize("at", [[0, 4], [-5, 1]])
def test_index_out_of_bounds(at: list[int]) -> None:
    write = Writing()
    x = write.input("x", rng.standard_normal(4))
    places = write.input("at", np.array([0, 1]))
    out = write(take, x, (places,))
    _, run = compiled(write.calls, write.inputs, [out], rows=False)
    with pytest.raises(IndexError, match="out of bounds"):
        run(write.known[x], np.array(at))


def test_rows_of_many_kinds() -> None:
    write = Writing()
    X = write.input("X", rng.standard_normal((N, 12)).astype(np.float32))
    weights = write.input("weights", rng.random(N))
    P = write.input("P", rng.standard_normal((12, 3)).astype("f"))
    group = write.input("group", rng.integers(0, 5, N))
    table = write.input("table", rng.standard_normal((5, 3)))
    own = write(take, table, (group,))
    squares = write(np.multiply, X, X)
    R = write(np.multiply, own, write(np.reshape, weights, (ROWS, 1)))
    outputs = [
        write(np.sum, squares, (1,)),
        write(np.sum, squares, (0,)),
        write(np.cumsum, write(take, X, (slice(None), slice(0, 4))), 1),
        write(gather, [R], [(group,)], (5, 3)),
        write(np.einsum, "na,nb->ab", own, own),
        write(np.einsum, "na,nb,n->ab", own, own, weights),
        write(np.einsum, "nd,dk->nk", X, P),
        write(np.einsum, "nd,nk->kd", write(cast, X, np.dtype(float)), R),
        write(np.concatenate, [own, R], 1),
        write(np.arange, ROWS),
    ]
    check(write, *outputs, rtol=1e-6)


@pytest.mark.parametrize("columns", [2, 12])
def test_rows_that_are_no_numbers(columns: int) -> None:
    write, X, y, w = data(columns)
    for row, v in ((3, 1e300), (70, np.inf), (100, np.nan), (101, -np.inf)):
        write.known[X][row] = v
    with np.errstate(all="ignore"):
        z = write(np.einsum, "ab,b->a", X, w)
        p = write(np.tanh, z)
        largest = write(np.max, X, (1,))
        total = write(np.sum, write(np.maximum, z, y), (0,))
        check(write, write(np.exp, z), p, largest, total)


@pytest.mark.parametrize("order", ["C", "F"])
def test_orders_and_steps_of_the_matrix(order: Any) -> None:
    write = Writing()
    whole = np.asarray(rng.standard_normal((2 * N, 24)), order=order)
    X = write.input("X", whole[::2, ::2])
    w = write.input("w", rng.standard_normal(24)[::2])
    z = write(np.tanh, write(np.einsum, "ab,b->a", X, w))
    check(write, z, write(np.einsum, "a,ab->b", z, X))


@pytest.mark.parametrize("n", [0, 1, 63, 64, 65])
def test_numbers_of_rows(n: int) -> None:
    write, X, y, w = data(11)
    z = write(np.einsum, "ab,b->a", X, w)
    r = write(np.subtract, z, y)
    outputs = [write(np.sum, r, (0,)), write(np.einsum, "a,ab->b", r, X), r]
    _, run = compiled(write.calls, write.inputs, outputs, rows=True)
    X, y, w = (write.known[v] for v in (X, y, w))
    want = X[:n] @ w - y[:n]
    for found, v in zip(run(X[:n], y[:n], w, n=n), (want.sum(), want @ X[:n], want), strict=True):
        np.testing.assert_allclose(found, v, rtol=1e-12, atol=1e-12)


# ------------------------------------------------------------------ loops


def momentum(w: Any) -> Any:
    loss = lambda w: np.sum((np.tanh(w) - 0.3) ** 2)

    def step(state: Any) -> Any:
        w, v = state
        v = 0.9 * v + grad(loss)(w)
        return w - 0.1 * v, v

    return iterate(step, (w, np.zeros(3)), 20)


def turning(w: Any) -> Any:
    a, b, c = iterate(lambda s: (s[1], s[2] * 0.9, s[0] + s[1]), (w, 2 * w, np.ones(3)), 7)
    return a, b, c, iterate(lambda s: (s[1], s[0] + s[1]), (w[0], 1.0), 8)[1]


def recurrent(w: Any) -> Any:
    def step(h: Any, x: Any) -> Any:
        h = np.tanh(h * 0.5 + x * w)
        return h, (h * x, np.sum(h))

    h, (ys, totals) = scan(step, np.zeros(3), np.outer(np.arange(5.0), w))
    return np.sum(h * ys) + np.sum(totals**2)


def nested_loops(w: Any) -> Any:
    inner = lambda x: iterate(lambda y: 0.5 * (y + (w**2 + 1) / y), x, 3)
    return iterate(lambda x: x + inner(x), w, 4)


def halving(w: Any) -> Any:
    return until(lambda x: np.max(np.abs(x)) < 0.1, lambda x: x * 0.5, w)


def either(w: Any) -> Any:
    return cond(w[0] > w[1], lambda x: (np.exp(x), x[0]), lambda x: (x * 2, np.sum(x)), w)


@pytest.mark.parametrize(
    "f", [momentum, turning, recurrent, grad(recurrent), nested_loops, halving, either]
)
def test_loops(f: Callable[..., Any]) -> None:
    w = np.array([0.7, -1.3, 2.1])
    with staged() as trace:
        found = f(w_in := trace.input("w", w))
        found = found if isinstance(found, tuple) else (found,)
        flat = [v for y in found for v in (y if isinstance(y, tuple) else (y,))]
        program = lowered(trace.program([w_in], flat))
    reads = dict.fromkeys(v for call in program.calls for v in call.reads())
    inputs = [v for v in reads if v.constant is not None or v in program.inputs]
    text, run = compiled(program.calls, inputs, program.outputs, rows=False)
    want = f(w)
    want = want if isinstance(want, tuple) else (want,)
    want = [v for y in want for v in (y if isinstance(y, tuple) else (y,))]
    given = [w if v.constant is None else v.constant for v in inputs]
    for a, b in zip(run(*given), want, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, err_msg=text)
    swapped = np.array([-0.7, 0.3, 2.1])  # the other side of a choice
    if f is either:
        (y, s) = either(swapped)
        a, b = run(*[swapped if v.constant is None else v.constant for v in inputs])
        np.testing.assert_allclose(a, y)
        np.testing.assert_allclose(b, s)
