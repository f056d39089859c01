"""Random compositions and the lessons' programs, against the `autograd` package and PyTorch.

`python -m pytest -m peers` runs these alone; where a peer is not installed they are skipped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule import grad, hessian, hvp, jacobian, jvp, value_and_grad

autograd = pytest.importorskip("autograd")
anp = pytest.importorskip("autograd.numpy")

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore:Output seems independent of input"),  # autograd's
]

try:
    import torch
except ImportError:  # its CPU build is not to be had everywhere
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")

# ---------------------------------------------------------------- expressions, as nested tuples

SMOOTH = ["tanh", "sin", "cos", "exp_of_minus_square", "softplus", "cube", "root", "inverse"]
KINKED = ["abs", "relu"]
PAIRS = ["add", "subtract", "multiply", "quotient", "maximum", "where"]
SHAPES = [
    "reverse",
    "outer_row",
    "cumsum",
    "concat",
    "matmul",
    "mean_off",
    "max_off",
    "gather",
    "prod_off",
]

expressions = st.recursive(
    st.sampled_from(["x", "w", "c"]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(SMOOTH + KINKED + SHAPES), inner),
        st.tuples(st.sampled_from(PAIRS), inner, inner),
    ),
    max_leaves=8,
)

M = np.array([[0.3, -1.2, 0.5], [0.9, 0.1, -0.4], [-0.7, 0.6, 0.8]])
C = np.array([0.7, -0.4, 1.1])


class Words:
    """The words of an expression in a library like NumPy."""

    def __init__(self, m: Any) -> None:
        self.m = m

    def const(self, c: Any) -> Any:
        return c

    def tanh(self, a: Any) -> Any:
        return self.m.tanh(a)

    def sin(self, a: Any) -> Any:
        return self.m.sin(a)

    def cos(self, a: Any) -> Any:
        return self.m.cos(a)

    def exp_of_minus_square(self, a: Any) -> Any:
        return self.m.exp(-(a**2))

    def softplus(self, a: Any) -> Any:
        return self.m.logaddexp(a, 0.0 * a)

    def cube(self, a: Any) -> Any:
        return self.m.tanh(a) ** 3

    def root(self, a: Any) -> Any:
        return self.m.sqrt(1.0 + a * a)

    def inverse(self, a: Any) -> Any:
        return 1.0 / (2.0 + self.m.sin(a))

    def abs(self, a: Any) -> Any:
        return self.m.abs(a)

    def relu(self, a: Any) -> Any:
        return self.m.maximum(a - 0.01, 0.0 * a)

    def add(self, a: Any, b: Any) -> Any:
        return a + 0.5 * b

    def subtract(self, a: Any, b: Any) -> Any:
        return 2.0 - a - b

    def multiply(self, a: Any, b: Any) -> Any:
        return a * b

    def quotient(self, a: Any, b: Any) -> Any:
        return a / (1.5 + self.m.abs(b))

    def maximum(self, a: Any, b: Any) -> Any:
        return self.m.maximum(a, b + 0.137)

    def where(self, a: Any, b: Any) -> Any:
        return self.m.where(a > 0.05, a * b, b)

    def reverse(self, a: Any) -> Any:
        return a[::-1]

    def outer_row(self, a: Any) -> Any:
        return self.m.sum(self.m.outer(a, self.const(C)), 0)

    def cumsum(self, a: Any) -> Any:
        return self.m.cumsum(a, 0)

    def concat(self, a: Any) -> Any:
        return self.m.concatenate([a[1:], a[:1] * 2.0])

    def matmul(self, a: Any) -> Any:
        return self.const(M) @ a

    def mean_off(self, a: Any) -> Any:
        return a - self.m.mean(a)

    def max_off(self, a: Any) -> Any:
        return a - self.m.max(a + self.const(C * 1e-3))

    def gather(self, a: Any) -> Any:
        return a[[0, 2, 2]] * a[1]

    def prod_off(self, a: Any) -> Any:
        return a + 0.1 * self.m.prod(a)


class Torch(Words):
    def const(self, c: Any) -> Any:
        return torch.tensor(c)

    def reverse(self, a: Any) -> Any:
        return torch.flip(a, (0,))


def value_of(expression: Any, words: Words, x: Any, w: Any) -> Any:
    if isinstance(expression, str):
        return {"x": x, "w": w, "c": words.const(C)}[expression]
    word, *inner = expression
    return getattr(words, word)(*[value_of(e, words, x, w) for e in inner])


def loss_of(expression: Any, words: Words) -> Callable[..., Any]:
    weights = np.array([1.0, -0.7, 0.4])
    return lambda x, w: words.m.sum(value_of(expression, words, x, w) * words.const(weights))


points = st.tuples(*[st.floats(-1.5, 1.5).map(lambda v: round(v, 2) + 0.0031)] * 3).map(np.array)


def assert_agree(found: Any, expected: Any, rtol: float = 1e-9) -> None:
    scale = max(1.0, float(np.max(np.abs(np.asarray(expected)), initial=0.0)))
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-11 * scale)


# ---------------------------------------------------------------- random compositions


@settings(deadline=None, max_examples=80)
@given(expressions, points, points)
def test_gradients_against_autograd(expression: Any, x: Any, w: Any) -> None:
    ours, theirs = loss_of(expression, Words(np)), loss_of(expression, Words(anp))
    value, (gx, gw) = value_and_grad(ours, (0, 1))(x, w)
    assert_agree(value, ours(x, w), 1e-13)
    assert_agree(gx, autograd.grad(theirs, 0)(x, w))
    assert_agree(gw, autograd.grad(theirs, 1)(x, w))
    assert_agree(jvp(ours, (x, w), (w, x))[1], np.sum(gx * w) + np.sum(gw * x))


@settings(deadline=None, max_examples=40)
@given(expressions, points, points)
def test_hessian_products_against_autograd(expression: Any, x: Any, w: Any) -> None:
    ours, theirs = loss_of(expression, Words(np)), loss_of(expression, Words(anp))
    expected = autograd.hessian_vector_product(theirs)(x, w, C)
    assert_agree(hvp(lambda x: ours(x, w), (x,), (C,))[0], expected, 1e-8)
    backward_twice = grad(lambda x: np.sum(grad(ours)(x, w) * C))(x)
    assert_agree(backward_twice, expected, 1e-8)


@needs_torch
@settings(deadline=None, max_examples=80)
@given(expressions, points, points)
def test_gradients_against_torch(expression: Any, x: Any, w: Any) -> None:
    ours, theirs = loss_of(expression, Words(np)), loss_of(expression, Torch(torch))
    tx, tw = (torch.tensor(v, requires_grad=True) for v in (x, w))
    y = theirs(tx, tw)
    (gx, gw) = grad(ours, (0, 1))(x, w)
    assert_agree(ours(x, w), y.item(), 1e-12)
    if not y.requires_grad:
        assert not np.any(gx) and not np.any(gw)
        return
    their_gx, their_gw = torch.autograd.grad(y, (tx, tw), allow_unused=True, create_graph=True)
    assert_agree(gx, 0 * x if their_gx is None else their_gx.numpy(force=True))
    assert_agree(gw, 0 * w if their_gw is None else their_gw.numpy(force=True))
    if their_gx is not None and their_gx.requires_grad:
        second = torch.autograd.grad(their_gx @ torch.tensor(C), tx, allow_unused=True)[0]
        if second is not None:
            found = hvp(lambda x: ours(x, w), (x,), (C,))[0]
            assert_agree(found, second.numpy(force=True), 1e-8)


# ---------------------------------------------------------------- programs


def lesson_program(m: Any, gradient: Callable[..., Any]) -> list[float]:
    """Logistic regression as the lesson writes it."""
    inputs = m.array(
        [[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.30], [0.74, -2.49, 1.39]]
    )
    targets = m.array([True, True, False, True])

    def loss(weights: Any) -> Any:
        p = 0.5 * (m.tanh(m.dot(inputs, weights) / 2.0) + 1)
        return -m.sum(m.log(p * targets + (1 - p) * (1 - targets)))

    weights = m.array([0.0, 0.0, 0.0])
    losses = [loss(weights)]
    for _ in range(100):
        weights -= gradient(loss)(weights) * 0.01
        losses.append(loss(weights))
    return losses


def test_the_lessons_training_against_autograd() -> None:
    np.testing.assert_allclose(
        lesson_program(np, grad), lesson_program(anp, autograd.grad), rtol=0, atol=1e-13
    )


def test_third_derivatives_of_tanh_against_autograd() -> None:
    ours, theirs = np.tanh, anp.tanh
    for _ in range(3):
        ours, theirs = grad(ours), autograd.grad(theirs)
        for x in (-2.0, -0.3, 0.0, 0.5, 4.0):
            assert ours(x) == pytest.approx(theirs(x), rel=1e-10, abs=1e-13)


def network(m: Any) -> Callable[..., Any]:
    """Two layers and a softmax, with weights in a dict of lists."""
    x = np.sin(np.arange(20.0)).reshape(5, 4)
    labels = np.eye(3)[[0, 2, 1, 1, 0]]

    def loss(p: Any) -> Any:
        h = x
        for w, b in p["layers"]:
            h = m.tanh(m.dot(h, w) + b)
        scores = m.dot(h, p["out"])
        scores = scores - m.max(scores, axis=1, keepdims=True)
        logs = scores - m.log(m.sum(m.exp(scores), axis=1, keepdims=True))
        return -m.mean(m.sum(labels * logs, axis=1)) + 0.1 * m.sum(p["out"] ** 2)

    return loss


def test_a_network_against_autograd() -> None:
    rng = np.random.default_rng(3)
    p = {
        "layers": [
            (rng.normal(size=(4, 6)), rng.normal(size=6)),
            (rng.normal(size=(6, 5)), np.zeros(5)),
        ],
        "out": rng.normal(size=(5, 3)),
    }
    found, expected = grad(network(np))(p), autograd.grad(network(anp))(p)
    assert_agree(found["out"], expected["out"])
    for ours, theirs in zip(found["layers"], expected["layers"], strict=True):
        for a, b in zip(ours, theirs, strict=True):
            assert_agree(a, b)


def test_jacobians_and_hessians_against_autograd() -> None:
    f = lambda m: lambda x: m.tanh(m.dot(M, x)) * m.exp(x[0])
    s = lambda m: lambda x: m.sum(f(m)(x) ** 2)
    assert_agree(jacobian(f(np))(C), autograd.jacobian(f(anp))(C))
    assert_agree(hessian(s(np))(C), autograd.hessian(s(anp))(C))


@needs_torch
def test_jacobians_and_hessians_against_torch() -> None:
    f = lambda m, a: lambda x: m.tanh(a @ x) * m.exp(x[0])
    theirs = f(torch, torch.tensor(M))
    x = torch.tensor(C)
    assert_agree(jacobian(f(np, M))(C), torch.autograd.functional.jacobian(theirs, x).numpy())
    second = torch.autograd.functional.hessian(lambda x: torch.sum(theirs(x) ** 2), x)
    assert_agree(hessian(lambda x: np.sum(f(np, M)(x) ** 2))(C), second.numpy())


@needs_torch
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtypes_of_gradients_are_torchs(dtype: str) -> None:
    x = np.array([0.5, -1.0], dtype)
    t = torch.tensor(x, requires_grad=True)
    torch.sum(torch.tanh(t) * 2.5).backward()
    found = grad(lambda x: np.sum(np.tanh(x) * 2.5))(x)
    assert str(found.dtype) == dtype == str(t.grad.numpy().dtype)
    np.testing.assert_allclose(found, t.grad.numpy(), rtol=1e-6)
