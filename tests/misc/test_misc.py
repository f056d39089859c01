"""Containers as vectors, optimisers and fixed points; their numbers are `autograd`'s (peers)."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

from chainrule import deriv, grad, hessian, jacobian
from chainrule.checking import check_grads
from chainrule.misc import flatten
from chainrule.misc.fixed_points import fixed_point
from chainrule.misc.flatten import flatten_func
from chainrule.misc.optimizers import adam, rmsprop, sgd

V = np.array([0.3, -0.4, 0.9])
TREES: list[Any] = [
    2.0,
    V,
    [],
    {},
    None,
    {"b": V, "a": [1.0, (V.reshape(3, 1), None)]},
    OrderedDict(z=1.0, y=np.float32(2.0)),
    [np.zeros((0, 3)), np.array(2.0), np.float64(3.0)],
    V + 1j,
]


@pytest.mark.parametrize("tree", TREES, ids=str)
def test_what_is_flattened_comes_back(tree: Any) -> None:
    vector, unflatten = flatten(tree)
    assert vector.ndim == 1
    back = unflatten(vector)
    assert type(back) is type(tree)
    assert repr(back) == repr(tree)
    np.testing.assert_array_equal(flatten(back)[0], vector)


def test_dicts_are_taken_in_the_order_of_their_keys() -> None:
    assert flatten({"b": 1.0, "a": 2.0})[0].tolist() == [2.0, 1.0]
    assert list(flatten({"b": 1.0, "a": 2.0})[1](V[:2])) == ["b", "a"]


def test_dtypes_come_back_and_whole_numbers_do_not_cut() -> None:
    vector, unflatten = flatten([V.astype(np.float32), 1.0 + 2j, np.array([1, 2]), 3])
    back = unflatten(vector * 1.5)
    assert [np.asarray(v).dtype.kind for v in back] == ["f", "c", "c", "f"]
    assert back[0].dtype == np.float32
    assert flatten([1, np.array([2, 3])])[1](V)[1].tolist() == [-0.4, 0.9]


def test_both_directions_are_differentiated() -> None:
    check_grads(lambda a, b: flatten({"x": a, "y": [b]})[0] ** 2, V, 2.0)
    check_grads(lambda v: flatten([V, 1.0])[1](v), np.ones(4))


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"a vector of 4 numbers, .* but was given shape \(3,\)"):
        flatten([V, 1.0])[1](V)
    with pytest.raises(TypeError, match="found a str; keep it outside"):
        flatten([V, "name"])


def test_functions_of_vectors() -> None:
    f = lambda p, k: {"out": p["a"] * k, "sum": np.sum(p["b"])}
    g, unflatten, start = flatten_func(f, {"b": V, "a": 2.0})
    assert g(start, 3.0).tolist() == [6.0, np.sum(V)]
    np.testing.assert_allclose(jacobian(g)(start, 3.0), [[3, 0, 0, 0], [0, 1, 1, 1]])
    assert unflatten(start)["a"] == 2.0


@pytest.mark.parametrize("optimizer", [adam, rmsprop, sgd])
def test_optimisers_find_the_valley(optimizer: Any) -> None:
    slope = grad(lambda p: np.sum((p["x"] - V) ** 2) + (p["y"] + 1.0) ** 2)
    seen: list[Any] = []
    found = optimizer(
        lambda p, i: slope(p),
        {"x": np.zeros(3), "y": 0.0},
        lambda p, i, g: seen.append((i, p["y"], g["x"].shape)),
        600,
        0.05,
    )
    np.testing.assert_allclose(found["x"], V, atol=0.05)
    assert found["y"] == pytest.approx(-1.0, abs=0.05)
    assert [i for i, *_ in seen] == list(range(600))
    assert seen[0] == (0, 0.0, (3,))


@pytest.mark.parametrize("optimizer", [adam, rmsprop, sgd])
def test_optimisers_keep_single_precision_and_are_differentiated(optimizer: Any) -> None:
    low = optimizer(lambda x, i: 2 * x, V.astype(np.float32), num_iters=3)
    assert low.dtype == np.float32
    slope = lambda x, i: 2 * x * (1 + i)
    check_grads(lambda s: optimizer(slope, V, num_iters=4, step_size=s), 0.05)
    check_grads(lambda x: optimizer(slope, x, num_iters=4), V)


def distance(x: Any, y: Any) -> Any:
    return np.max(np.abs(x - y))


def test_a_fixed_point_moves_with_its_parameters() -> None:
    """x = cos(a x): x' = -sin(a x) (x + a x'), and it does not depend on the start."""
    rest = lambda a: fixed_point(lambda a: lambda x: np.cos(a * x), a, 1.0, distance, 1e-14)
    a = 0.7
    x = rest(a)
    assert x == pytest.approx(np.cos(a * x))
    s = np.sin(a * x)
    expected = -s * x / (1 + s * a)
    assert grad(rest)(a) == pytest.approx(expected, rel=1e-10)
    assert deriv(rest)(a) == pytest.approx(expected, rel=1e-10)
    check_grads(rest, a)
    from_afar = lambda a, x0: fixed_point(lambda a: lambda x: np.cos(a * x), a, x0, distance, 1e-14)
    assert grad(from_afar, 1)(a, 3.0) == 0.0
    assert deriv(from_afar, 1)(a, 3.0) == 0.0


def test_a_fixed_point_of_many_numbers_is_that_of_the_equations() -> None:
    m = np.array([[0.2, -0.3], [0.1, 0.4]])
    step = lambda p: lambda x: p["m"] @ x + p["c"]
    c = np.array([1.0, -2.0])
    rest = lambda p: fixed_point(step, p, np.zeros(2), distance, 1e-15)
    plain = lambda p: np.linalg.solve(np.eye(2) - p["m"], p["c"])
    p = {"m": m, "c": c}
    np.testing.assert_allclose(rest(p), plain(p))
    found, expected = (grad(lambda p, h=h: np.sum(h(p) ** 2))(p) for h in (rest, plain))
    for name in ("m", "c"):
        np.testing.assert_allclose(found[name], expected[name])
    of_c = lambda h: lambda c: np.sum(h({"m": m, "c": c}) ** 2)
    np.testing.assert_allclose(hessian(of_c(rest))(c), hessian(of_c(plain))(c), atol=1e-10)
