"""Differences, slopes and areas: what moves with the spacing, and what NumPy itself refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, jacobian, jvp, vjp
from chainrule.checking import check_grads

T = np.array([0.0, 0.3, 1.1, 1.6, 2.0])
Y = np.array([1.0, -0.5, 2.0, 0.3, 0.9])
M = np.random.default_rng(0).normal(size=(4, 5))


# ---------------------------------------------------------------- differences


@pytest.mark.parametrize("n", range(8))
def test_differences_of_any_order(n: int) -> None:
    """With 5 numbers there are none left of the fifth order."""
    found = jacobian(lambda x: np.diff(x, n))(Y)
    np.testing.assert_array_equal(found, np.diff(np.eye(5), n, axis=0))


def test_differences_of_infinities_keep_to_their_place() -> None:
    x = np.array([0.0, np.inf, 1.0, 2.0])
    np.testing.assert_array_equal(vjp(np.diff, x)[1](np.ones(3))[0], [-1, 0, 0, 1])


def test_ends_of_differences_move() -> None:
    y, pull = vjp(lambda a, p, q: cnp.diff(a, 2, prepend=p, append=q), Y, 0.4, T)
    np.testing.assert_array_equal(y, np.diff(Y, 2, prepend=0.4, append=T))
    check_grads(lambda a, p, q: cnp.diff(a, 2, prepend=p, append=q), Y, 0.4, T)
    assert [np.shape(g) for g in pull(y)] == [(5,), (), (5,)]
    check_grads(lambda a, p, q: cnp.ediff1d(a, p, q), M, T, 0.4)
    assert vjp(lambda v: cnp.diff(np.array([1, 2, 4]), prepend=v), 0.5)[0].tolist() == [0.5, 1, 2]


def test_ends_that_do_not_fit() -> None:
    whole = np.array([1, 2, 4])
    for call in (cnp.ediff1d, np.ediff1d):
        with pytest.raises(TypeError):
            grad(lambda v, call=call: np.sum(call(whole, to_end=v)))(0.5)
    single = Y.astype(np.float32)
    y, pull = vjp(lambda v: np.ediff1d(v, to_begin=np.float64(1)), single)
    assert y.dtype == np.float32 and pull(y)[0].dtype == np.float32


# ---------------------------------------------------------------- slopes


def test_slopes_are_exact_for_what_they_fit() -> None:
    """Straight lines at first order, parabolas at second: whatever the places are."""
    for coefficients, edge_order in (([2.0, -1.0], 1), ([0.5, 2.0, -1.0], 2)):
        f = lambda t, c=coefficients: np.polyval(c, t)
        expected = np.polyval(np.polyder(coefficients), T)
        slope = lambda v, e=edge_order: cnp.gradient(v, T, edge_order=e)
        y, t = jvp(slope, (f(T),), (f(T),))
        np.testing.assert_allclose(y, expected, atol=1e-12)
        np.testing.assert_allclose(t, expected, atol=1e-12)  # it is linear


@pytest.mark.parametrize("edge_order", [1, 2])
def test_slopes_move_with_places_and_spacings(edge_order: int) -> None:
    check_grads(lambda y, t: cnp.gradient(y, t, edge_order=edge_order), Y, T)
    check_grads(lambda y, h: cnp.gradient(y, h, edge_order=edge_order), Y, 0.3)
    check_grads(lambda m, h, t: cnp.gradient(m, h, t, edge_order=edge_order), M, 0.3, T)
    check_grads(lambda m, t: cnp.gradient(m, t, axis=-1, edge_order=edge_order), M + 1j * M, T)


@pytest.mark.parametrize("edge_order", [1, 2])
@pytest.mark.parametrize("n", [2, 3, 4, 5, 9])
def test_slopes_of_few_points(n: int, edge_order: int) -> None:
    x = np.arange(n) ** 2.0
    if n <= edge_order:
        for spacing in (1.0, T[:n]):
            with pytest.raises(ValueError):
                vjp(lambda x, s=spacing: np.gradient(x, s, edge_order=edge_order), x)
        return
    columns = [np.gradient(e, edge_order=edge_order) for e in np.eye(n)]
    found = jacobian(lambda x: np.gradient(x, edge_order=edge_order))(x)
    np.testing.assert_allclose(found, np.transpose(columns), rtol=1e-14)


def test_slopes_come_as_numpy_brings_them() -> None:
    kinds: list[Any] = []
    grad(lambda m: (kinds.append(np.gradient(m)), np.sum(np.gradient(m, axis=0)))[1])(M)
    assert type(kinds[0]) is tuple and len(kinds[0]) == 2
    single = vjp(lambda m: np.gradient(m, T, axis=1), M.astype(np.float32))[0]
    assert single.dtype == np.float32
    whole = np.array([1, 4, 9, 16])
    assert vjp(lambda h: cnp.gradient(whole, h), 2.0)[0].tolist() == [1.5, 2.0, 3.0, 3.5]
    for bad in ({"edge_order": 3}, {"axis": 2}):
        with pytest.raises(ValueError):
            vjp(lambda m, bad=bad: np.gradient(m, **bad), M)
    with pytest.raises(TypeError, match="as many spacings"):
        vjp(lambda m: np.gradient(m, 1.0, 2.0, 3.0), M)
    with pytest.raises(ValueError, match="places of 4 points"):
        vjp(lambda m: np.gradient(m, T, axis=0), M)


# ---------------------------------------------------------------- areas


def test_areas_move_with_heights_places_and_widths() -> None:
    check_grads(cnp.trapezoid, M, T)
    check_grads(lambda m, t: cnp.trapezoid(m, t, axis=0), M, T[:4])
    check_grads(lambda m, t: cnp.trapezoid(m, t), M, np.cumsum(np.abs(M), 1))
    check_grads(lambda m, h: cnp.trapezoid(m, dx=h, axis=0), M, 0.3)
    assert grad(lambda t: cnp.trapezoid([1, 3, 5], t))(np.array([0.0, 1, 3])).tolist() == [
        -2,
        -2,
        4,
    ]
    assert grad(lambda x: np.trapezoid(x))(np.array([5.0])).tolist() == [0.0]


@pytest.mark.peers
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("diff", {"n": 2}), ("diff", {"axis": 0, "prepend": 0.5}), ("gradient", {}),
        ("gradient", {"axis": 1}), ("trapezoid", {"dx": 0.3}), ("trapezoid", {"x": T}),
        ("ediff1d", {"to_end": T}), ("cumprod", {"axis": 1}), ("cumsum", {}),
    ],
)  # fmt: skip
def test_differences_as_jax_has_them(name: str, options: dict[str, Any]) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)

    def total(module: Any) -> Any:
        def f(m: Any) -> Any:
            y = getattr(module, name)(m, **options)
            return sum(
                module.sum(module.sin(v)) for v in (y if isinstance(y, (list, tuple)) else [y])
            )

        return f

    ours, theirs = grad(total(np))(M), jax.grad(total(jax.numpy))(M)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
