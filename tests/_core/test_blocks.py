"""Large arrays are pulled through chains of elementwise calls block by block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainrule import grad, hvp, vjp
from chainrule._core import traces
from chainrule._core.blocks import LARGE, blocks, by_blocks

rng = np.random.default_rng(11)
COLUMN = rng.normal(size=(300, 1))
FACTOR = rng.normal(size=(300, 400)) + 3.0


def chain(x: Any) -> Any:
    return np.sqrt(np.log(np.exp(-(np.tanh(x * 0.5 + 1.0) ** 2)) + 1.0)) / 2.0


FUNCTIONS = {
    "chain": chain,
    "branches": lambda x: (y := np.exp(np.sin(x)) * 2.0) * np.cos(y) - np.tanh(y) / (1 + y**2),
    "an earlier value again": lambda x: (y := np.tanh(x)) * np.exp(np.sin(np.cos(y))) + x,
    "constants of its shape": lambda x: np.exp(-np.sin(x * FACTOR) / FACTOR) * 2.0,
    "constants of another": lambda x: np.sin(np.exp(-np.cos(x) * COLUMN) * 2.0 + COLUMN),
    "maximum": lambda x: np.square(np.maximum(np.sin(x) * 2.0, 0.5) + 1.0),
}
X = rng.normal(size=(300, 400))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many calls each step by blocks led past."""
    steps: list[int] = []
    plain = traces.pulled_along

    def watched(node: Any, *rest: Any) -> Any:
        found = plain(node, *rest)
        steps.append(found[1] is not node[2])
        return found

    monkeypatch.setattr(traces, "pulled_along", watched)
    return steps


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_the_slope_is_that_of_small_arrays(name: str, kind: Any, told: list[int]) -> None:
    f = FUNCTIONS[name]
    x, g = X.astype(kind), rng.normal(size=X.shape).astype(kind)
    assert x.size > LARGE
    found = vjp(f, x)[1](g.astype(f(x).dtype))[0]
    assert any(told)
    assert found.dtype == kind

    def rows(k: int) -> Any:  # the same, without blocks
        row = slice(k, k + 100)
        mine = {"FACTOR": FACTOR[row], "COLUMN": COLUMN[row], "np": np}
        part = type(f)(f.__code__, mine)
        return vjp(part, x[row])[1](g[row].astype(part(x[row]).dtype))[0]

    whole = np.concatenate([rows(k) for k in range(0, 300, 100)])
    np.testing.assert_allclose(found, whole, rtol=1e-12 if kind is np.float64 else 1e-4, atol=1e-6)


def test_a_vector_and_a_broadcast_change(told: list[int]) -> None:
    x = rng.normal(size=100_000)
    found = grad(lambda v: np.sum(chain(v)))(x)
    assert any(told)
    want = np.concatenate([grad(lambda v: np.sum(chain(v)))(part) for part in np.split(x, 10)])
    np.testing.assert_allclose(found, want, rtol=1e-12)


def test_arrays_that_do_not_lie_in_order() -> None:
    x = np.asfortranarray(X)[::-1]
    found = grad(lambda v: np.sum(chain(v) ** 2))(x)
    np.testing.assert_allclose(
        found, grad(lambda v: np.sum(chain(v) ** 2))(X.copy())[::-1], rtol=1e-12
    )


def test_second_order() -> None:
    x, t = rng.normal(size=70_000), rng.normal(size=70_000)
    f = lambda v: np.sum(chain(v))
    product = hvp(f, (x,), (t,))[0]
    small = [hvp(f, (a,), (b,))[0] for a, b in zip(np.split(x, 7), np.split(t, 7), strict=True)]
    np.testing.assert_allclose(product, np.concatenate(small), rtol=1e-9)


def test_an_error_names_its_own_call() -> None:
    x = np.ones(100_000)
    x[-1] = 0.0
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError) as caught:
        grad(lambda v: np.sum(np.exp(np.sqrt(v * 2.0) + 1.0) * 3.0))(x)
    assert "numpy.sqrt to its argument 0" in caught.value.__notes__[0]


@pytest.mark.parametrize("shape", [(100_001,), (1, 70_000), (70_000, 1), (3, 50, 700)])
def test_blocks_cover_everything_once(shape: tuple[int, ...]) -> None:
    seen = np.zeros(shape)
    for block in blocks(shape):
        seen[block] += 1
    assert (seen == 1).all()
    np.testing.assert_array_equal(by_blocks(np.negative, seen), -seen)
