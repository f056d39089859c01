"""Changes of one matrix from many products are put together as one product of long matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainrule import grad, hvp, vjp
from chainrule._core.pieces import Pieces, Products

rng = np.random.default_rng(3)
W = rng.normal(size=(120, 110)) / 10
STEPS = [rng.normal(size=(n, 120)) for n in (4, 7, 1, 300, 300, 5)]


def changed(f: Any, w: Any) -> Any:
    """The slope in a direction, by differences."""
    t = np.cos(np.arange(w.size)).reshape(w.shape)
    return (f(w + 1e-5 * t) - f(w - 1e-5 * t)) / 2e-5, np.sum(grad(f)(w) * t)


@pytest.mark.parametrize("multiply", [np.dot, np.matmul, lambda a, b: a @ b])
def test_many_products_of_one_matrix(multiply: Any) -> None:
    def f(w: Any) -> Any:
        return sum(np.sum(np.tanh(multiply(x, w))) for x in STEPS)

    by_differences, found = changed(f, W)
    np.testing.assert_allclose(found, by_differences, rtol=1e-7)


def test_beside_whole_changes_and_parts() -> None:
    def f(w: Any) -> Any:
        y = np.sum(w**2) + np.sum(np.sin(STEPS[0] @ w)) + w[3, 4] ** 3
        return y + np.sum(np.cos(STEPS[1] @ w)) + np.sum(w[2]) * np.sum(STEPS[2] @ w)

    by_differences, found = changed(f, W)
    np.testing.assert_allclose(found, by_differences, rtol=1e-6)


def test_a_recurrent_net_to_second_order() -> None:
    square = rng.normal(size=(101, 101)) / 20

    def f(w: Any) -> Any:
        h = np.ones((3, 101))
        for _ in range(4):
            h = np.tanh(np.dot(h, w) + 0.1)
        return np.sum(h**2)

    t = np.sin(np.arange(square.size)).reshape(square.shape)
    product = hvp(f, (square,), (t,))[0]
    nearly = (grad(f)(square + 1e-5 * t) - grad(f)(square - 1e-5 * t)) / 2e-5
    np.testing.assert_allclose(product, nearly, rtol=1e-5, atol=1e-6)


def test_one_product_is_as_it_was_and_single_precision_stays() -> None:
    x, w = STEPS[1].astype(np.float32), W.astype(np.float32)
    g = vjp(lambda w: x @ w + x @ w, w)[1](np.ones((7, 110), np.float32))[0]
    assert g.dtype == np.float32
    np.testing.assert_allclose(g, 2 * x.T @ np.ones((7, 110)), atol=1e-5)


def test_pairs_are_put_together_before_they_need_more_memory_than_the_matrix() -> None:
    late = Products([(np.ones((10, 2)), np.ones((10, 3)))])
    for _ in range(7):
        late += Products([(np.ones((10, 2)), np.ones((10, 3)))])
        assert len(late) <= 1
    np.testing.assert_array_equal(late.whole(), np.full((2, 3), 80.0))
    late = late + Pieces([((2, 3), (0, 0), 1.0)]) + np.ones((2, 3))
    assert late.whole()[0, 0] == 82 and late.whole()[1, 1] == 81
