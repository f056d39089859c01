"""Products: what samples cannot say."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, vjp

A, B = np.arange(6.0).reshape(2, 3) / 7 + 0.3, np.arange(12.0).reshape(3, 4) / 5 - 0.9
ROW = np.array([0.3, -1.2, 0.7])


@pytest.mark.parametrize("product", [np.matmul, np.einsum], ids=["matmul", "einsum"])
def test_products_in_single_precision_by_request(product: Any) -> None:
    def f(a: Any, b: Any, **options: Any) -> Any:
        return product(*(("ij,jk->ik",) if product is np.einsum else ()), a, b, **options)

    y, pull = vjp(lambda a, b: f(a, b, dtype=np.float32, casting="unsafe"), A, B)
    np.testing.assert_array_equal(y, f(A, B, dtype=np.float32, casting="unsafe"))
    assert y.dtype == np.float32 and [g.dtype for g in pull()] == [float, float]
    with pytest.raises(TypeError, match=r"cannot be cast to float32 by the rule 'safe'"):
        grad(lambda a: np.sum(f(a, B, dtype=np.float32, casting="safe")))(A)


def test_einsum_path_is_a_plan() -> None:
    plan: list[Any] = []

    def f(a: Any) -> Any:
        plan.append(np.einsum_path("ij,jk,kl->il", a, B, B.T, optimize="optimal"))
        return np.sum(np.einsum("ij,jk,kl->il", a, B, B.T, optimize=plan[0][0]))

    np.testing.assert_allclose(grad(f)(A), grad(lambda a: np.sum(a @ B @ B.T))(A), rtol=1e-13)
    assert plan[0] == np.einsum_path("ij,jk,kl->il", A, B, B.T, optimize="optimal")


@pytest.mark.parametrize(
    "call",
    [
        lambda a: np.einsum("ij->", a, a),
        lambda a: np.einsum("ijk->i", a),
        lambda a: np.einsum("i->i", a),
        lambda a: np.einsum("i...->i", a),
        lambda a: np.einsum("...j->j", a),
        lambda a: np.einsum("ij,jk", a, a),
        lambda a: np.einsum("ij->ijk", a),
        lambda a: np.einsum("ij->ii", a),
        lambda a: np.einsum("ii", a),
        lambda a: np.cross(a[:, :1], a[:, :1]),
        lambda a: np.cross(a, a[:, :2], axisc=5),
        lambda a: np.linalg.cross(a[:, :2], a[:, :2]),
        lambda a: np.convolve(a, a),
        lambda a: np.correlate(a, a),
        lambda a: np.convolve(a[:, :0].ravel(), a[0]),
        lambda a: np.convolve(a[0], a[0], "all"),
        lambda a: np.correlate(a[0], a[0], 3),
    ],
)
@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors")
def test_what_numpy_refuses_is_refused(call: Any) -> None:
    for arguments in (lambda: call(A), lambda: vjp(call, A)):
        with pytest.raises((ValueError, IndexError)):
            arguments()


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors")
@pytest.mark.parametrize("left", [A, A[:, :2]])
@pytest.mark.parametrize("right", [ROW, ROW[:2]])
def test_vectors_of_the_plane(left: Any, right: Any) -> None:
    """Their gradients are those of vectors in space whose third number is zero."""
    y, pull = vjp(np.cross, left, right)
    np.testing.assert_array_equal(y, np.cross(left, right))

    def in_space(a: Any, b: Any) -> Any:
        a, b = (np.concatenate([v, np.zeros((*v.shape[:-1], 3 - v.shape[-1]))], -1) for v in (a, b))
        return np.cross(a, b) if y.ndim == 2 else np.cross(a, b)[..., 2]

    for mine, theirs in zip(
        pull(np.ones_like(y)), vjp(in_space, left, right)[1](np.ones_like(y)), strict=True
    ):
        np.testing.assert_allclose(mine, theirs, atol=1e-15)


def test_the_plane_is_deprecated_as_in_numpy() -> None:
    with pytest.warns(DeprecationWarning, match="2-dimensional vectors"):
        grad(lambda a: np.cross(a, np.array([1.0, 2.0])))(np.array([0.5, 0.7]))


def test_lists_of_values() -> None:
    x, y = 0.3, -1.7
    for f in (
        lambda x, y: cnp.vdot([x, 2.0], [y, x]),
        lambda x, y: cnp.inner([x, 2.0], [y, x]),
        lambda x, y: cnp.dot([[x, 2.0]], [y, x])[0],
        lambda x, y: cnp.matmul([x, 2.0], [[y], [x]])[0],
        lambda x, y: cnp.einsum("i,i", [x, 2.0], [y, x]),
        lambda x, y: cnp.tensordot([x, 2.0], [y, x], 1),
        lambda x, y: cnp.convolve([x, 2.0], [x, y], "valid")[0],
        lambda x, y: cnp.correlate([x, 2.0], [y, x])[0],
        lambda x, y: cnp.trace([[x * y, 0.0], [x, 2.0 * x]]),
        lambda x, y: cnp.sum(cnp.diag(cnp.outer([x, 2.0], [y, x]))),
        lambda x, y: cnp.kron([x, 2.0], [y, x])[0] + 2 * x,
        lambda x, y: cnp.linalg.vecdot([x, 2.0], [y, x]),
    ):
        assert f(x, y) == pytest.approx(x * y + 2 * x)
        assert grad(f)(x, y) == pytest.approx(y + 2)
        assert grad(f, 1)(x, y) == pytest.approx(x)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_long_convolutions_are_pulled_as_fast_as_they_are_made(mode: str) -> None:
    """Convolutions again: no table of all pairs, no loop in Python."""
    long, short = np.sin(np.arange(30_000.0)), np.cos(np.arange(300.0))
    y, pull = vjp(lambda a, v: np.convolve(a, v, mode), long, short)
    g = np.ones_like(y)
    assert quickest(lambda: pull(g)) < 30 * quickest(lambda: np.convolve(long, short, mode))


def quickest(f: Any) -> float:
    times = []
    for _ in range(7):
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return min(times)


# ---------------------------------------------------------------- peers

CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("dot", (A, B), {}),
    ("dot", (A, np.stack([B, B])), {}),
    ("inner", (A, A + 1), {}),
    ("outer", (A, ROW), {}),
    ("kron", (A, B), {}),
    ("kron", (ROW, B), {}),
    ("tensordot", (A, B), {"axes": ((1,), (0,))}),
    ("trace", (B,), {}),
    ("trace", (B,), {"offset": 1}),
    ("cross", (A, ROW), {}),
    ("vdot", (A + 0.5j, A - 1j), {}),
    ("vecdot", (A + 0.5j, A - 1j), {}),
    ("matvec", (A, ROW + 1j), {}),
    ("vecmat", (ROW + 1j, B - 0.3j), {}),
    ("matmul", (A, B), {}),
    ("convolve", (B[0], ROW), {"mode": "same"}),
    ("convolve", (B.ravel(), ROW + 1j), {"mode": "valid"}),
    ("correlate", (B.ravel(), ROW + 0.5j), {"mode": "full"}),
    ("correlate", (ROW + 0.5j, B.ravel()), {"mode": "same"}),
]


@pytest.mark.peers
@pytest.mark.parametrize(("name", "args", "options"), CALLS, ids=[call[0] for call in CALLS])
def test_jax_agrees(name: str, args: Any, options: Any) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    if not hasattr(np, name):
        pytest.skip(f"this NumPy has no {name}")
    y, pull = vjp(lambda *a: getattr(np, name)(*a, **options), *args)
    theirs, their_pull = jax.vjp(lambda *a: getattr(jax.numpy, name)(*a, **options), *args)
    np.testing.assert_allclose(y, theirs, rtol=1e-12, atol=1e-13)
    for mine, other in zip(pull(np.ones_like(y)), their_pull(np.ones_like(theirs)), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-12, atol=1e-13)


@pytest.mark.peers
@pytest.mark.parametrize("text", ["ij,jk->ik", "ij,jk", "i...,...k->...", "ij,jk->", "ji,ik->kj"])
def test_autograd_agrees_on_einsum(text: str) -> None:
    anp = pytest.importorskip("autograd.numpy")
    make_vjp = pytest.importorskip("autograd").make_vjp
    a, b = A, B
    y, pull = vjp(lambda a, b: np.einsum(text, a, b), a, b)
    of_a, theirs = make_vjp(lambda a: anp.einsum(text, a, b))(a)
    of_b, _ = make_vjp(lambda b: anp.einsum(text, a, b))(b)
    np.testing.assert_allclose(y, theirs, rtol=1e-13)
    for mine, their_pull in zip(pull(np.ones_like(y)), (of_a, of_b), strict=True):
        np.testing.assert_allclose(mine, their_pull(np.ones_like(y)), rtol=1e-13)


@pytest.mark.peers
@pytest.mark.parametrize("mode", ["full", "valid"])
def test_autograd_agrees_on_convolve(mode: str) -> None:
    convolve = pytest.importorskip("autograd.scipy.signal").convolve
    make_vjp = pytest.importorskip("autograd").make_vjp
    a, v = B.ravel(), ROW
    y, pull = vjp(lambda a: np.convolve(a, v, mode), a)
    their_pull, theirs = make_vjp(lambda a: convolve(a, v, mode=mode))(a)
    g = np.cos(np.arange(len(y)))
    np.testing.assert_allclose(y, theirs, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(pull(g)[0], their_pull(g), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("text", ["ij->ji", "ii->i", "ij->i", "i...->...i", "ij"])
def test_einsum_of_one_array_is_a_view_in_its_own_dtype(text: str) -> None:
    x = np.arange(9, dtype=np.float32).reshape(3, 3)
    y, pull = vjp(lambda x: np.einsum(text, x, dtype=float), x)
    expected = np.einsum(text, x, dtype=float)
    assert y.dtype == expected.dtype and y.tolist() == expected.tolist()
    assert pull(np.ones_like(y))[0].dtype == np.float32


def test_einsum_takes_lists() -> None:
    y, pull = vjp(lambda x: cnp.einsum("i,i", x, [1.0, 2.0]), np.array([0.5, 1.5]))
    assert y == 3.5 and pull(1.0)[0].tolist() == [1.0, 2.0]
