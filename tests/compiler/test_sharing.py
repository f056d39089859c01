"""What shares memory: views that are written to, results that are arrays of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainrule import compile, grad, iterate, scan

X = np.arange(12.0).reshape(4, 3)


def sliced(x: Any) -> Any:
    y = x * 1.0
    y[1:3] *= 2.0
    v = y[0]
    v += 5.0
    return np.sum(y * y), y


def turned(x: Any) -> Any:
    y = x * 1.0
    v = y.T.reshape(-1)
    w = y.T
    w[0] = 7.0
    return y, v, w * 1.0


def halves(x: Any) -> Any:
    y = x * 1.0
    a, b = np.split(y, 2)
    a += b
    return np.sum(np.exp(0.1 * y)), y * 1.0


def row_by_row(x: Any) -> Any:
    y = x * 1.0
    for row in y:
        row *= 3.0
    return np.sum(y * x)


@pytest.mark.parametrize("f", [sliced, turned, halves, row_by_row])
def test_what_is_written_to_a_view_is_seen_in_the_array(f: Any) -> None:
    found, wanted = compile(f, backend="python")(X), f(X)
    for mine, eager in (
        zip(found, wanted, strict=True) if type(wanted) is tuple else [(found, wanted)]
    ):
        np.testing.assert_allclose(mine, eager, rtol=1e-12)


def test_writing_to_a_view_of_an_argument_is_refused() -> None:
    def f(x: Any) -> Any:
        x[1:][0] = 1.0
        return x

    with pytest.raises(TypeError, match="writes into its argument x"):
        compile(f)(np.ones(3))


@pytest.mark.parametrize(
    "f",
    [
        lambda x: (x * 2, x * 2),
        lambda x: (x.copy(), x * 1, +x, x[::-1], x.T, np.ones((4, 3))),
        grad(lambda x: np.sum(x * X)),
        lambda x: iterate(lambda s: s, x, 3),
        lambda x: iterate(lambda s: s * 2, x, 0),
        lambda x: iterate(lambda s: np.ones((4, 3)), x, 2),
        lambda x: scan(lambda s, v: (v, s), x[0], x),
    ],
)
def test_results_are_arrays_of_their_own(f: Any) -> None:
    compiled, x = compile(f, backend="python"), X.copy()
    first, second = ([v] if type(v) is np.ndarray else list(v) for v in (compiled(x), compiled(x)))
    others = [x, X, *second]
    for k, v in enumerate(first):
        assert not any(np.shares_memory(v, other) for other in [*others, *first[:k]])
        v[...] = 77.0
    again = compiled(x)
    for v, other in zip([again] if type(again) is np.ndarray else again, second, strict=True):
        np.testing.assert_array_equal(v, other)
