"""Arrays made of values: creation, casts, r_ and c_, loops in disguise."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import deriv, elementwise_grad, grad, jvp, vjp
from chainrule._core.values import bare

V = np.array([1.5, -2.0, 3.0])
M = np.array([[1.5, 2.0, -1.0], [0.5, 4.0, 2.5]])


def value_of(call: Any, *args: Any) -> Any:
    return vjp(lambda *vs: call(cnp, *vs), *args)[0]


def assert_lies_alike(call: Any, x: Any) -> None:
    """Hold value, dtype and layout against NumPy's."""
    seen: list[Any] = []
    vjp(lambda v: (seen.append(bare(call(cnp, v))), v)[1], x)
    (found,), own = seen, call(np, x)
    assert found.dtype == own.dtype and found.shape == own.shape
    assert found.flags.f_contiguous == own.flags.f_contiguous
    np.testing.assert_array_equal(found, own)


def test_array_in_its_options() -> None:
    for options in (
        {"ndmin": 3}, {"order": "F"}, {"dtype": np.float32}, {"copy": None}, {"copy": False},
        {"ndmin": 1, "order": "C"},
    ):  # fmt: skip
        assert_lies_alike(lambda m, v, options=options: m.array(v, **options), M)
    deep = lambda x: cnp.array([[[x, 1.0]], [[2 * x, x * x]]], ndmin=4)
    assert vjp(deep, 3.0)[0].shape == (1, 2, 1, 2)
    assert grad(lambda x: cnp.sum(deep(x)))(3.0) == 1 + 2 + 6


@pytest.mark.parametrize(
    "name", ["asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "asarray_chkfinite"]
)
def test_arrays_of_arrays(name: str) -> None:
    for x in (M, V, np.float64(2.0)):
        found = value_of(lambda m, v: getattr(m, name)(v), x)
        assert found.shape == getattr(np, name)(x).shape
        g = grad(lambda v: cnp.sum(getattr(cnp, name)([v, 2 * v]) ** 2))(x)
        np.testing.assert_allclose(g, 10 * x)
    plain = getattr(cnp, name)([1, 2], dtype=float)
    assert type(plain) is np.ndarray and plain.dtype == float
    assert getattr(cnp, name)(V) is V


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_numbers_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="must not contain infs or NaNs"):
        vjp(lambda v: cnp.asarray_chkfinite(v / 0.0), np.float64(1.0))


def test_require_of_what_lies_so_is_the_array_itself() -> None:
    def f(x: Any) -> Any:
        turned = cnp.flip(x)
        required = cnp.require(turned)
        assert required is turned
        turned[0] = 5.0
        return cnp.sum(required**2)

    np.testing.assert_array_equal(grad(f)(np.array([1.0, 2.0])), [2.0, 0.0])


def test_require() -> None:
    for requirements in (None, ["F"], ["C", "W"], "O"):
        call = lambda m, v, r=requirements: m.require(v, np.float32, r)
        if requirements in (["F"], ["C", "W"]):
            assert_lies_alike(call, M.T)
        np.testing.assert_array_equal(value_of(call, M.T), call(np, M.T))


def test_full_and_fromiter() -> None:
    assert grad(lambda v: cnp.sum(cnp.full((2, 3), v) * M))(V).tolist() == M.sum(0).tolist()
    assert value_of(lambda m, x: m.full(3, x, np.float32), 2.0).dtype == np.float32
    squares = lambda x: cnp.fromiter((x * k**2 for k in range(4)), float)
    assert grad(lambda x: cnp.sum(squares(x)))(2.0) == 14.0
    assert grad(lambda x: cnp.sum(cnp.fromiter((x for _ in range(9)), float, 4)))(2.0) == 4.0
    with pytest.raises(ValueError, match="iterator too short"):
        value_of(lambda m, x: m.fromiter([x], float, 2), 2.0)
    assert cnp.fromiter(range(3), int).tolist() == [0, 1, 2]


def test_functions_of_the_places() -> None:
    found = grad(lambda x: cnp.sum(cnp.fromfunction(lambda i, j: i * x + j, (2, 3))))(2.0)
    assert found == 3.0


@pytest.mark.parametrize(
    "make",
    [
        lambda m, v: m.zeros(3), lambda m, v: m.ones(3), lambda m, v: m.empty(3),
        lambda m, v: m.full(3, 7.0), lambda m, v: m.array([1.0, 2.0, 3.0]),
        lambda m, v: m.zeros_like(v), lambda m, v: m.ones_like(v), lambda m, v: m.empty_like(v),
        lambda m, v: m.full_like(v, 7.0), lambda m, v: m.copy(V), lambda m, v: m.copy(v),
        lambda m, v: m.asarray([1.0, 2.0, 3.0]), lambda m, v: m.arange(3.0),
        lambda m, v: m.eye(3)[0], lambda m, v: m.identity(3)[0],
    ],
)  # fmt: skip
def test_what_is_made_may_be_written_to(make: Any) -> None:
    def f(m: Any, v: Any) -> Any:
        a = make(m, v)
        a[0], a[1:] = v[0] ** 2, v[1:] * v[:1]
        return a

    before = V.copy()
    y, pull = vjp(lambda v: f(cnp, v), V)
    np.testing.assert_array_equal(y, f(np, V.copy()))
    t = np.array([0.3, -1.0, 2.0])
    g = np.array([1.0, 2.0, -1.0])
    moved = jvp(lambda v: f(cnp, v), (V,), (t,))[1]
    assert np.dot(pull(g)[0], t) == pytest.approx(np.dot(g, moved))
    step = 1e-6
    slope = (f(np, V + step * t) - f(np, V - step * t)) / (2 * step)
    np.testing.assert_allclose(moved, slope, rtol=1e-8)
    np.testing.assert_array_equal(V, before)


def test_functions_that_make_arrays_are_pickled_by_name() -> None:
    for name in ("zeros", "ones_like", "array", "full", "copy", "vectorize"):
        function = getattr(cnp, name)
        assert pickle.loads(pickle.dumps(function)) is function


def test_outside_of_differentiation_arrays_are_plain() -> None:
    for y in (cnp.zeros(2), cnp.full(2, 1.0), cnp.array([1.0]), cnp.arange(2.0), cnp.eye(2)):
        assert type(y) is np.ndarray


# ---------------------------------------------------------------- r_ and c_

KEYS: list[Any] = [
    lambda v: (v, 1, 2),
    lambda v: v,
    lambda v: (v, slice(0, 3), [1.5, 2]),
    lambda v: (v, slice(0, 1, 5j), 0.5),
    lambda v: ("0,2", v, v),
    lambda v: ("0,2,0", v, v, 3.0)[:3],
    lambda v: ("1,3,1", v, 2 * v),
    lambda v: ("-1,3,-2", v, 2 * v),
    lambda v: ("0", v, 2 * v),
    lambda v: (v[:, None] * v, v[None]),
]


@pytest.mark.parametrize("key", KEYS)
def test_joined_in_brackets(key: Any) -> None:
    for x in (V, V.astype(np.float32)):
        y, pull = vjp(lambda v: cnp.r_[key(v)], x)
        own = np.r_[key(x)]
        assert y.dtype == own.dtype
        np.testing.assert_array_equal(y, own)
        moved = jvp(lambda v: cnp.r_[key(v)], (x,), (x,))[1]
        assert np.dot(pull(np.ones_like(y))[0], x) == pytest.approx(np.sum(moved), rel=1e-5)


KEYS_OF_COLUMNS: list[Any] = [
    lambda v: (v, 2 * v),
    lambda v: (v[:, None] * v, v),
    lambda v: (v[None], [[1, 2]]),
]


def test_columns_in_brackets() -> None:
    for key in (lambda v: (v, 2 * v), lambda v: (v[:, None] * v, v), lambda v: (v[None], [[1, 2]])):
        np.testing.assert_array_equal(
            value_of(lambda m, v, key=key: m.c_[key(v)], V), np.c_[key(V)]
        )
    assert elementwise_grad(lambda v: cnp.c_[v, 3 * v])(V).tolist() == [4.0] * 3
    assert (cnp.c_[V, V] == np.c_[V, V]).all() and len(cnp.r_) == 0


def test_ranges_in_brackets_between_values() -> None:
    assert grad(lambda x: cnp.sum(cnp.r_[x:3:5j]))(1.0) == 1 + 0.75 + 0.5 + 0.25
    assert grad(lambda x: cnp.sum(cnp.r_[x:3]))(0.5) == 3.0


def test_directives_that_make_no_sense_here() -> None:
    with pytest.raises(TypeError, match="asks for a matrix"):
        value_of(lambda m, v: m.r_["c", v], V)
    with pytest.raises(ValueError, match="unknown special directive 'x,y'"):
        value_of(lambda m, v: m.r_["x,y", v], V)


# ---------------------------------------------------------------- loops in disguise


def test_elements_with_their_places() -> None:
    found = [(place, x) for place, x in cnp.ndenumerate(M)]
    assert found == list(np.ndenumerate(M))
    weigh = lambda v: sum((i + 10 * j) * x for (i, j), x in cnp.ndenumerate(v))
    assert grad(weigh)(M).tolist() == [[0, 10, 20], [1, 11, 21]]


def test_applied_to_lines_of_a_constant() -> None:
    """Plain NumPy sees the constant only, and not what the function makes of a value."""
    f = lambda x: cnp.sum(cnp.apply_along_axis(lambda row: row * x, 0, M))
    assert grad(f)(2.0) == deriv(f)(2.0) == M.sum()
    own = cnp.apply_along_axis(np.sort, 1, M)
    np.testing.assert_array_equal(own, np.apply_along_axis(np.sort, 1, M))
    assert cnp.apply_along_axis(len, 0, M).dtype == int
    with pytest.raises(ValueError, match="any iteration dimensions are 0"):
        value_of(lambda m, v: m.apply_along_axis(np.sum, 0, v), np.zeros((2, 0)))
    with pytest.raises(np.exceptions.AxisError):
        value_of(lambda m, v: m.apply_along_axis(np.sum, 2, v), M)


def test_iterators_over_memory_are_refused() -> None:
    for name, more in (("nditer", ()), ("nested_iters", ([[0], [1]],))):
        with pytest.raises(TypeError, match=f"numpy.{name} goes through the memory"):
            vjp(lambda v, name=name, more=more: getattr(cnp, name)(v, *more), M)
    assert [float(x) for x in cnp.nditer(V)] == V.tolist()


def test_functions_of_objects_are_refused() -> None:
    for m in (np, cnp):
        with pytest.raises(NotImplementedError, match=r"use vectorize of chainrule\.numpy"):
            vjp(lambda v, m=m: m.frompyfunc(lambda x: x, 1, 1)(v), V)


def test_texts_files_and_questions_about_dtypes(tmp_path: Any) -> None:
    """They show and hold the plain numbers; nothing is raised."""

    def f(v: Any) -> Any:
        for m in (np, cnp):
            assert m.array_str(v) == np.array_str(V) and m.array_repr(v) == np.array_repr(V)
            assert m.array2string(v, precision=1) == np.array2string(V, precision=1)
            assert m.common_type(v) is np.float64 and m.result_type(v, np.float32).char == "d"
            m.save(tmp_path / "a.npy", v)
            m.savetxt(tmp_path / "a.txt", v)
            m.savez(tmp_path / "a.npz", v=v)
            assert m.may_share_memory(v, V) in (True, False)
        assert cnp.min_scalar_type(v).char == "d" and cnp.isscalar(v[0]) and np.iterable(v)
        return v

    assert elementwise_grad(f)(V).tolist() == [1.0] * 3
    for name in ("a.npy", "a.txt"):
        load = np.load if name.endswith("npy") else np.loadtxt
        np.testing.assert_array_equal(load(tmp_path / name), V)
