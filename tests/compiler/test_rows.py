"""Sums over rows: one pass for value, gradient and Hessian, and the block function `rows`."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import chainrule.scipy.special as special
from chainrule import compile, hessian, hvp, jvp, rows, value_and_grad
from chainrule.compiler.kernels import threads
from chainrule.compiler.refusals import CompileError

rng = np.random.default_rng(11)


# ---------------------------------------------------------------- losses


def logistic(w, X, y):
    z = X @ w
    return np.sum(np.logaddexp(0.0, z) - y * z)


def logistic_of_margins(w, X, y):
    return np.sum(np.log1p(np.exp(-(2 * y - 1) * (X @ w))))


def weighted(w, X, y, s):
    z = X @ w
    return np.sum(s * (np.logaddexp(0.0, z) - y * z)) / np.sum(s) + 0.5 * np.sum(w * w)


def penalised(w, X, y):
    z = X @ w
    return np.mean(np.logaddexp(0.0, z) - y * z) + 0.1 * np.sum(np.abs(w))


def softmax(W, X, labels):
    Z = X @ W
    top = np.max(Z, axis=1, keepdims=True)
    total = np.log(np.sum(np.exp(Z - top), axis=1)) + top[:, 0]
    return np.sum(total - Z[np.arange(len(labels)), labels])


def softmax_by_rows(W, X, labels):
    Z = X @ W.T
    own = np.take_along_axis(Z, labels[:, None], axis=1)[:, 0]
    return np.mean(special.logsumexp(Z, axis=1) - own)


def poisson(w, X, counts, offset):
    z = X @ w + offset
    return np.sum(np.exp(z) - counts * z)


def probit(w, X, y):
    return -np.sum(special.log_ndtr((2 * y - 1) * (X @ w)))


def squared(w, X, t):
    return 0.5 * np.mean((X @ w - t) ** 2)


def huber(w, X, t):
    r = X @ w - t
    a = np.abs(r)
    return np.sum(np.where(a <= 1.0, 0.5 * r * r, a - 0.5))


def root_mean_square(w, X, t):
    return np.sqrt(np.mean((X @ w - t) ** 2))


def network(p, X, t):
    h = np.tanh(X @ p["W"] + p["b"])
    return np.mean((h @ p["v"] + p["c"] - t) ** 2) + 1e-3 * np.sum(p["W"] ** 2)


def data(n: int, columns: int = 12, dtype: Any = np.float64, order: Any = "C") -> dict[str, Any]:
    rng = np.random.default_rng(0)
    X = np.asarray(rng.normal(size=(n, columns)), dtype=dtype, order=order)
    w = (rng.normal(size=columns) / columns**0.5).astype(dtype)
    y = (rng.random(n) < 0.5).astype(dtype)
    t = rng.normal(size=n).astype(dtype)
    s = (rng.random(n) + 0.5).astype(dtype)
    labels = rng.integers(0, 4, size=n)
    W = (rng.normal(size=(columns, 4)) / columns**0.5).astype(dtype)
    p = {
        "W": (rng.normal(size=(columns, 5)) / columns**0.5).astype(dtype),
        "b": rng.normal(size=5).astype(dtype),
        "v": rng.normal(size=5).astype(dtype),
        "c": dtype(0.1),
    }
    return {
        "logistic": (logistic, w, X, y),
        "logistic_of_margins": (logistic_of_margins, w, X, y),
        "weighted": (weighted, w, X, y, s),
        "penalised": (penalised, w, X, y),
        "softmax": (softmax, W, X, labels),
        "softmax_by_rows": (softmax_by_rows, np.ascontiguousarray(W.T), X, labels),
        "poisson": (poisson, w, X, rng.poisson(2, size=n).astype(dtype), 0.1 * t),
        "probit": (probit, w, X, y),
        "squared": (squared, w, X, t),
        "huber": (huber, w, X, t),
        "root_mean_square": (root_mean_square, w, X, t),
        "network": (network, p, X, t),
    }


LOSSES = list(data(3))
QUICK = {"weighted", "softmax", "network"}  # of which Numba compiles a sample in each run
WAYS = [
    pytest.param(
        name,
        backend,
        order,
        dtype,
        marks=[pytest.mark.slow]
        if backend == "numba" and (name not in QUICK or order == "F" or dtype is np.float32)
        else [],
        id=f"{name}-{backend}-{order}-{dtype.__name__}",
    )
    for name in LOSSES
    for backend in ("python", "numba")
    for order in ("C", "F")
    for dtype in (np.float64, np.float32)
]


def numbers(tree: Any) -> np.ndarray:
    """All numbers of a tree in one vector."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (tuple, list)):
        return np.concatenate([numbers(v) for v in tree])
    return np.ravel(np.asarray(tree, float))


def assert_close(found: Any, wanted: Any, rtol: float) -> None:
    found, wanted = numbers(found), numbers(wanted)
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() <= rtol * max(np.abs(wanted).max(), 1e-300)


def passes(f: Any) -> list[Any]:
    return [part for part in f._last.runnable.parts if part.kind == "pass"]


def in_one_pass(f: Any) -> bool:
    """Say whether all that has rows is one pass, which reads each argument once."""
    lines = f.explain().splitlines()
    memory = next(line for line in lines if line.startswith("  memory"))
    return (
        len(passes(f)) == 1
        and not any(part.kind == "library" for part in f._last.runnable.parts)
        and sum("one pass over the rows of" in line for line in lines) == 1
        and "times" not in memory
        and "once" in memory
    )


def eager(f: Any, dtype: Any, args: Any) -> Any:
    """What the function itself makes of the same numbers in double precision."""
    if dtype is np.float64:
        return f(*args)
    wide = [
        {k: np.asarray(v, float) for k, v in a.items()}
        if isinstance(a, dict)
        else a.astype(float)
        if a.dtype.kind == "f"
        else a
        for a in args
    ]
    return f(*wide)


# ---------------------------------------------------------------- value and gradient


@pytest.mark.parametrize(("name", "backend", "order", "dtype"), WAYS)
def test_value_and_gradient_are_one_pass(name, backend, order, dtype):
    if backend == "numba":
        pytest.importorskip("numba")
    f, *args = data(300, dtype=dtype, order=order)[name]
    both = value_and_grad(f)
    compiled = compile(both, backend=backend)
    found, wanted = compiled(*args), both(*args)
    assert_close(found, eager(both, dtype, args), 1e-10 if dtype is np.float64 else 3e-5)
    assert np.result_type(found[0]) == np.result_type(wanted[0])
    assert in_one_pass(compiled)


@pytest.mark.parametrize("name", LOSSES)
def test_a_program_serves_blocks_of_any_number_of_rows(name):
    f, *args = data(300)[name]
    compiled = compile(value_and_grad(f), backend="python")
    compiled(*args)
    for n in (1, 2, 16_384, 16_385, 40_000):
        _, *more = data(n)[name]
        assert_close(compiled(*more), value_and_grad(f)(*more), 1e-10)
    assert "1 program" in repr(compiled)


@pytest.mark.parametrize("name", ["weighted", "softmax", "network"])
def test_the_digits_are_the_same_for_any_number_of_threads(name):
    pytest.importorskip("numba")
    f, *args = data(100_003, columns=12)[name]
    compiled = compile(value_and_grad(f), backend="numba")
    found = numbers(compiled(*args))
    for count in (1, 2, 3):
        with threads.limit(count):
            assert np.array_equal(numbers(compiled(*args)), found)
    assert_close(found, value_and_grad(f)(*args), 1e-10)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e300])
@pytest.mark.parametrize("backend", ["python", "numba"])
def test_numbers_that_are_not_finite(bad, backend):
    if backend == "numba":
        pytest.importorskip("numba")
    f, w, X, y = data(300)["logistic"]
    X[200, 3] = bad
    compiled = compile(value_and_grad(f), backend=backend)
    with np.errstate(all="ignore"):
        wanted, found = value_and_grad(f)(w, X, y), compiled(w, X, y)
    np.testing.assert_allclose(found[0], wanted[0], rtol=1e-12)
    np.testing.assert_allclose(found[1], wanted[1], rtol=1e-12)


# ---------------------------------------------------------------- second derivatives


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "network"])
@pytest.mark.parametrize("backend", ["python", pytest.param("numba", marks=pytest.mark.slow)])
def test_hessians(name, backend):
    if backend == "numba":
        pytest.importorskip("numba")
    f, *args = data(300, columns=9)[name]
    compiled = compile(hessian(f), backend=backend)
    assert_close(compiled(*args), hessian(f)(*args), 1e-10)
    assert len(passes(compiled)) == (2 if name == "root_mean_square" else 1)


def newton(f):
    def all_of_it(w, X, y):
        value, slope = value_and_grad(f)(w, X, y)
        return value, slope, hessian(f)(w, X, y)

    return all_of_it


@pytest.mark.parametrize("backend", ["python", "numba"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_value_gradient_and_hessian_together_are_one_pass(backend, order):
    if backend == "numba":
        pytest.importorskip("numba")
    f, w, X, y = data(300, columns=30, order=order)["penalised"]
    compiled = compile(newton(f), backend=backend)
    value, slope, curvature = compiled(w, X, y)
    assert in_one_pass(compiled)
    p = 1 / (1 + np.exp(-X @ w))
    assert_close(curvature, X.T @ ((p * (1 - p))[:, None] * X) / len(y), 1e-12)
    assert np.array_equal(curvature, curvature.T) or backend == "python"
    assert_close((value, slope), value_and_grad(f)(w, X, y), 1e-12)
    if backend == "numba":
        assert "add_squares(" in compiled.source


@pytest.mark.parametrize("name", LOSSES)
def test_products_with_the_hessian_are_one_pass(name):
    f, p, *args = data(300)[name]
    v = {k: 2 * a for k, a in p.items()} if isinstance(p, dict) else 2 * p

    def product(p, v, *args):
        return hvp(lambda p: f(p, *args), (p,), (v,))

    compiled = compile(product, backend="python")
    assert_close(compiled(p, v, *args), product(p, v, *args), 1e-10)
    if name != "root_mean_square":  # whose Hessian needs the residuals twice
        assert in_one_pass(compiled)


def test_what_follows_a_pass_may_need_the_number_of_rows():
    pytest.importorskip("numba")

    def loss(w, X, t):
        v = np.mean((X @ w - t) ** 2)
        for _ in range(8):
            v = np.sqrt(v * len(X)) + np.sin(v)
        return v

    _, w, X, t = data(300)["squared"]
    compiled = compile(value_and_grad(loss), backend="numba")
    for n in (300, 40):
        assert_close(compiled(w, X[:n], t[:n]), value_and_grad(loss)(w, X[:n], t[:n]), 1e-10)
    assert len(passes(compiled)) == 1


def test_directional_derivatives_are_one_pass():
    f, w, X, y = data(300)["penalised"]

    def slope(w, v, X, y):
        return jvp(lambda w: f(w, X, y), (w,), (v,))

    compiled = compile(slope, backend="python")
    assert_close(compiled(w, 2 * w, X, y), slope(w, 2 * w, X, y), 1e-12)
    assert in_one_pass(compiled)


def test_what_needs_all_rows_first_is_two_passes():
    def standardised(w, X, t):
        Z = (X - np.mean(X, axis=0)) / np.std(X, axis=0)
        return np.sum((Z @ w - t) ** 2)

    _, w, X, t = data(300)["squared"]
    compiled = compile(value_and_grad(standardised), backend="python")
    assert_close(compiled(w, X, t), value_and_grad(standardised)(w, X, t), 1e-12)
    assert len(passes(compiled)) > 1
    assert "X once" not in compiled.explain()


# ---------------------------------------------------------------- blocks


@pytest.mark.parametrize("name", LOSSES)
def test_blocks_add_up_to_the_whole(name):
    f, p, *args = data(301)[name]
    both = value_and_grad(f)
    fit = rows(both, backend="python")
    total: Any = None
    for k in (slice(0, 100), slice(100, 100), slice(100, 107), slice(107, 108), slice(108, None)):
        part = fit.block(p, *(a[k] for a in args), total=301)
        total = part if total is None else total + part
    assert total.rows == 301
    assert_close(fit.finish(total), both(p, *args), 1e-10)


def test_blocks_in_any_grouping_and_from_elsewhere():
    f, w, X, y = data(90)["logistic"]
    fit = rows(value_and_grad(f), backend="python")
    a, b, c = (fit.block(w, X[k : k + 30], y[k : k + 30]) for k in (0, 30, 60))
    b = pickle.loads(pickle.dumps(b))
    left, right = fit.finish((a + b) + c), fit.finish(a + (c + b))
    assert_close(left, right, 1e-14)
    assert_close(left, value_and_grad(f)(w, X, y), 1e-12)
    elsewhere = pickle.loads(pickle.dumps(fit))
    assert_close(elsewhere.finish(a + b + c), left, 1e-14)


def test_blocks_by_numba():
    pytest.importorskip("numba")
    f, w, X, y = data(90)["penalised"]
    fit = rows(newton(f), backend="numba")
    parts = [fit.block(w, X[k : k + 30], y[k : k + 30], total=90) for k in (0, 30, 60)]
    assert_close(fit.finish(parts[0] + parts[1] + parts[2]), newton(f)(w, X, y), 1e-12)


def test_out_of_core(tmp_path):
    f, w, X, y = data(5000)["penalised"]
    file = np.memmap(tmp_path / "X", dtype=float, mode="w+", shape=X.shape)
    file[:] = X
    file.flush()
    fit = rows(value_and_grad(f), backend="python")
    stored = np.memmap(tmp_path / "X", dtype=float, mode="r", shape=X.shape)
    blocks = (
        fit.block(w, stored[k : k + 512], y[k : k + 512], total=5000) for k in range(0, 5000, 512)
    )
    total = next(blocks)
    for part in blocks:
        total = total + part
    assert_close(fit.finish(total), value_and_grad(f)(w, X, y), 1e-12)


def test_a_mean_needs_the_number_of_all_rows():
    f, w, X, t = data(30)["squared"]
    fit = rows(value_and_grad(f), backend="python")
    with pytest.raises(CompileError, match=r"inside its sums, as a mean does; .*total=n"):
        fit.block(w, X, t)
    value = rows(f, backend="python")  # the mean alone divides at the end
    assert_close(value.finish(value.block(w, X[:10], t[:10]) + value.block(w, X[10:], t[10:])),
                 f(w, X, t), 1e-14)  # fmt: skip


def test_what_does_not_add_up():
    _, w, X, t = data(30)["squared"]

    def standardised(w, X, t):
        return np.sum(((X - np.mean(X, axis=0)) @ w - t) ** 2)

    with pytest.raises(CompileError, match="needs 2 passes over them: one must end, with"):
        rows(standardised).block(w, X, t)
    with pytest.raises(CompileError, match="returns a number for each row"):
        rows(lambda w, X: X @ w).block(w, X)
    with pytest.raises(CompileError, match="nothing is added up over rows"):
        rows(lambda w: np.sum(w)).block(w)
    with pytest.raises(ValueError, match="finish needs a partial of this function"):
        rows(squared).finish(None)


def test_partials_of_other_parameters_do_not_add_up():
    f, w, X, y = data(30)["logistic"]
    fit = rows(value_and_grad(f), backend="python")
    a = fit.block(w, X, y)
    with pytest.raises(ValueError, match="other parameters"):
        a + fit.block(2 * w, X, y)
    with pytest.raises(TypeError):
        a + 1
    mean = rows(value_and_grad(squared), backend="python")
    half = mean.block(w, X[:15], y[:15], total=30)
    with pytest.raises(ValueError, match="have 15 rows in all, but were made with total=30"):
        mean.finish(half)
