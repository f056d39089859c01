"""Losses of sparse rows: one pass, against the same function of a dense array."""

from __future__ import annotations

import numpy as np
import pytest

sparse = pytest.importorskip("scipy.sparse")

from chainrule import compile, grad, hessian, hvp, rows, value_and_grad  # noqa: E402
from chainrule.compiler.kernels import threads  # noqa: E402
from chainrule.compiler.refusals import CompileError  # noqa: E402


@pytest.fixture(params=["python", "numba"])
def backend(request):
    if request.param == "numba":
        pytest.importorskip("numba")
    return request.param


def data(n=200, columns=15, kind=sparse.csr_array, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, columns)) * (rng.random((n, columns)) < 0.2)
    X[n // 2 :: 7] = 0.0  # rows without a stored value
    y = (rng.random(n) < 0.5).astype(dtype)
    return rng.normal(size=columns).astype(dtype), kind(X.astype(dtype)), y


def logistic(w, X, y):
    z = X @ w
    return np.sum(np.logaddexp(0.0, z) - y * z) + 0.5 * np.sum(w * w)


def mean(w, X, y):
    return np.mean((X @ w - y) ** 2)


def softmax(W, X, labels):
    Z = X @ W
    own = np.take_along_axis(Z, labels[:, None], axis=1)[:, 0]
    return np.sum(np.log(np.sum(np.exp(Z), axis=1)) - own)


@pytest.mark.parametrize("f", [logistic, mean])
@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csr_matrix])
def test_value_and_gradient_are_one_pass(f, kind, backend):
    compiled = compile(value_and_grad(f), backend=backend)
    for n, seed in ((200, 0), (200, 1), (33, 2), (1, 3)):
        w, X, y = data(n, kind=kind, seed=seed)
        found, wanted = compiled(w, X, y), value_and_grad(f)(w, X.toarray(), y)
        np.testing.assert_allclose(found[0], wanted[0], rtol=1e-12)
        np.testing.assert_allclose(found[1], wanted[1], rtol=1e-11, atol=1e-12)
    assert "1 program" in repr(compiled)
    said = compiled.explain()
    assert said.count("one pass over the rows") == 1
    assert "X_values once" in said


def test_several_outputs_and_float32(backend):
    w, X, _ = data()
    labels = np.random.default_rng(1).integers(0, 3, size=200)
    W = np.stack([w, 2 * w, -w], axis=1)
    compiled = compile(value_and_grad(softmax), backend=backend)
    found, wanted = compiled(W, X, labels), value_and_grad(softmax)(W, X.toarray(), labels)
    np.testing.assert_allclose(found[0], wanted[0], rtol=1e-12)
    np.testing.assert_allclose(found[1], wanted[1], rtol=1e-11, atol=1e-12)
    w, X, y = data(dtype=np.float32)
    single = compile(value_and_grad(logistic), backend=backend)(w, X, y)
    wanted = value_and_grad(logistic)(w.astype(float), X.toarray().astype(float), y.astype(float))
    assert single[1].dtype == np.float32
    np.testing.assert_allclose(single[1], wanted[1], rtol=1e-4, atol=1e-4)


def test_second_derivatives():
    w, X, y = data()

    def product(w, v, X, y):
        return hvp(lambda w: logistic(w, X, y), (w,), (v,))

    compiled = compile(product, backend="python")
    wanted = product(w, 2 * w, X.toarray(), y)
    np.testing.assert_allclose(compiled(w, 2 * w, X, y), wanted, rtol=1e-11)
    assert compiled.explain().count("one pass over the rows") == 1
    np.testing.assert_allclose(
        compile(hessian(logistic), backend="python")(w, X, y),
        hessian(logistic)(w, X.toarray(), y),
        rtol=1e-11,
        atol=1e-12,
    )


def test_blocks_of_sparse_rows():
    w, X, y = data()
    fit = rows(value_and_grad(logistic), backend="python")
    both = fit.block(w, X[:70], y[:70]) + fit.block(w, X[70:], y[70:])
    wanted = value_and_grad(logistic)(w, X.toarray(), y)
    np.testing.assert_allclose(fit.finish(both)[1], wanted[1], rtol=1e-11, atol=1e-12)


def test_the_digits_are_the_same_for_any_number_of_threads():
    pytest.importorskip("numba")
    rng = np.random.default_rng(0)
    X = sparse.random_array((60_000, 500), density=0.05, format="csr", rng=rng)
    w, y = rng.normal(size=500), (rng.random(60_000) < 0.5) * 1.0
    compiled = compile(grad(logistic), backend="numba")
    found = compiled(w, X, y)
    for count in (1, 2):
        with threads.limit(count):
            assert np.array_equal(compiled(w, X, y), found)
    np.testing.assert_allclose(found, X.T @ (1 / (1 + np.exp(-X @ w)) - y) + w, rtol=1e-9)


def test_no_rows_and_no_stored_values(backend):
    w, X, y = data()
    compiled = compile(value_and_grad(logistic), backend=backend)
    empty = sparse.csr_array((5, 15))
    np.testing.assert_allclose(compiled(w, empty, y[:5])[1], w, rtol=1e-14)
    np.testing.assert_allclose(compiled(w, X[:0], y[:0])[1], w, rtol=1e-14)


def test_other_formats_go_to_the_function_itself():
    w, X, y = data()
    compiled = compile(value_and_grad(logistic))
    found, wanted = compiled(w, X.tocsc(), y), value_and_grad(logistic)(w, X.toarray(), y)
    np.testing.assert_allclose(found[1], wanted[1], rtol=1e-11, atol=1e-12)


def test_what_else_is_done_with_a_sparse_argument_is_refused():
    w, X, _ = data()
    for f in (lambda w, X: np.sum(X.toarray() @ w), lambda w, X: np.sum(X.data) * np.sum(w)):
        with pytest.raises(CompileError, match=r"X @ w and X\.T @ r, and does nothing"):
            compile(f)(w, X)
