"""Constants that are changed in place after their use."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import chainrule
from chainrule import grad, vjp
from chainrule._core.constants import ChangedConstantError, sample

CALLS = {
    "x * c": lambda x, c: x * c,
    "c * x": lambda x, c: c * x,
    "x / c": lambda x, c: x / c,
    "c / x": lambda x, c: c / x,
    "x ** c": lambda x, c: x**c,
    "np.maximum": np.maximum,
    "np.arctan2": np.arctan2,
    "np.matmul": np.matmul,
    "np.dot": lambda x, c: np.dot(c, x),
    "np.einsum": lambda x, c: np.einsum("i,i->i", x, c),
    "np.where": lambda x, c: np.where(c, x, 2 * x),
    "np.convolve": lambda x, c: np.convolve(x, c),
    "a face": lambda x, c: chainrule.numpy.multiply(x, c),
}


def used(call, c, change):
    def f(x):
        mine = c.copy()
        y = call(x, mine)
        if change:
            mine[...] = 0
        return np.sum(y)

    return f


@pytest.mark.parametrize("name", CALLS)
def test_a_small_constant_counts_as_it_was(name: str) -> None:
    x, c = np.linspace(0.5, 1.5, 5), np.linspace(1.5, 2.5, 5)
    c = c > 2 if name == "np.where" else c
    changed, whole = (grad(used(CALLS[name], c, change))(x) for change in (True, False))
    np.testing.assert_array_equal(changed, whole)


@pytest.mark.parametrize("name", sorted(CALLS.keys() - {"c / x"}))  # which keeps c / x and x
def test_a_large_constant_that_was_changed_raises(name: str) -> None:
    x, c = np.linspace(0.5, 1.5, 5000), np.linspace(1.5, 2.5, 5000)
    c = c > 2 if name == "np.where" else c
    grad(used(CALLS[name], c, False))(x)
    with pytest.raises(ChangedConstantError, match=r"an array of shape \(5000,\) was changed in"):
        grad(used(CALLS[name], c, True))(x)


def test_the_matrix_of_a_product() -> None:
    a = np.eye(40)

    def f(x):
        y = np.sum(a @ x)
        a[:] *= 2
        return y

    with pytest.raises(ChangedConstantError, match=r"\(40, 40\)"):
        grad(f)(np.ones(40))


@pytest.mark.parametrize("column", range(10))
@pytest.mark.parametrize(
    "c",
    [
        np.ones((480, 10)) * np.arange(10),
        np.asfortranarray(np.ones((480, 10)) * np.arange(10)),
        (np.ones((960, 30)) * np.arange(30))[::2, ::3],
    ],
    ids=["rows", "columns", "neither"],
)
def test_a_change_of_one_column_is_seen(c: np.ndarray, column: int) -> None:
    c = c.copy("K") if c.base is None else c.base.copy()[::2, ::3]
    read = sample(c)
    before = read()
    assert read() == before
    c[:, column] = -1
    assert read() != before


def test_what_keeps_no_constant_asks_nothing() -> None:
    c = np.ones(5000)

    def f(x):
        y = np.sum(x + c - c)
        c[:] = 7
        return y

    np.testing.assert_array_equal(grad(f)(np.ones(5000)), np.ones(5000))


def test_nan_is_no_change() -> None:
    c = np.full(5000, np.nan)
    assert np.isnan(grad(lambda x: np.sum(x * c))(np.ones(5000))).all()


@pytest.mark.parametrize("index", [[0, 1], np.array([0, 1]), (0, np.array([0, 1]))])
def test_an_index_counts_as_it_was(index) -> None:
    def f(x):
        at = copy.deepcopy(index)
        y = np.sum(x[at])
        (at[-1] if isinstance(at, tuple) else at)[0] = 2
        return y

    want = np.zeros((3, 3))
    want[index] = 1
    np.testing.assert_array_equal(grad(f)(np.ones((3, 3))), want)


@pytest.mark.parametrize("n", [3, 5000])
@pytest.mark.parametrize("changed", ["argument", "output"])
def test_arrays_between_a_call_and_its_pull(n: int, changed: str) -> None:
    x = np.ones(n)
    y, pull = vjp(lambda x: np.exp(x) * x, x)
    want = pull()[0]
    (x if changed == "argument" else y)[:] = 7
    if n == 3:
        np.testing.assert_array_equal(pull()[0], want)
    elif changed == "argument":
        with pytest.raises(ChangedConstantError):
            pull()


def test_a_second_order_keeps_what_the_first_did() -> None:
    def f(x):
        c = np.array([2.0, 3.0])
        y = np.sum(c * x**3)
        c[:] = 0
        return y

    np.testing.assert_allclose(chainrule.hessian(f)(np.ones(2)), np.diag([12.0, 18.0]), rtol=1e-14)
