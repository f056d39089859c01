"""Every method and attribute of arrays, of recorded ones."""

from __future__ import annotations

import builtins
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, jvp, vjp
from chainrule._core.values import bare

M = np.array([[1.5, -2.0, 3.0], [0.5, 4.0, -1.0]])
V = np.array([3.0, 1.0, 2.0])
C = M + 1j * M[::-1]

# name: calls of it, as (array, arguments, options)
METHODS: dict[str, list[tuple[Any, tuple[Any, ...], dict[str, Any]]]] = {
    "all": [(M, (), {}), (M, (0,), {"keepdims": True})],
    "any": [(M, (), {"axis": 1})],
    "argmax": [(M, (), {}), (M, (1,), {"keepdims": True})],
    "argmin": [(M, (), {"axis": 0})],
    "argpartition": [(V, (1,), {}), (M, (), {"kth": 1, "axis": 1})],
    "argsort": [(M, (), {"axis": 0, "kind": "stable"})],
    "astype": [
        (M, (np.float32,), {}),
        (M, ("f8",), {"copy": False}),
        (M, (complex,), {}),
        (M, (int,), {}),
        (M, (bool,), {}),
    ],
    "clip": [(M, (0.0, 2.0), {}), (M, (), {"min": 0.0}), (M, (), {"max": 2.0})],
    "compress": [(M, ([True, False],), {"axis": 0}), (M, ([False, True],), {})],
    "conj": [(C, (), {})],
    "conjugate": [(C, (), {})],
    "copy": [(M, (), {}), (M, (), {"order": "F"})],
    "cumprod": [(M, (1,), {})],
    "cumsum": [(M, (), {}), (M, (), {"axis": 0})],
    "diagonal": [(M, (), {}), (M, (1,), {}), (M, (), {"offset": -1, "axis1": 1, "axis2": 0})],
    "dot": [(M, (V,), {})],
    "flatten": [(M, (), {}), (M, ("F",), {})],
    "item": [(M, (3,), {}), (M, (1, 2), {}), (M, ((0, 1),), {}), (V[:1], (), {}), (M, (-1,), {})],
    "max": [(M, (), {}), (M, (0,), {}), (M, (), {"axis": 0, "initial": 2.0})],
    "mean": [(M, (1,), {}), (M, (), {"dtype": np.float32})],
    "min": [(M, (), {"axis": 1, "keepdims": True})],
    "nonzero": [(M, (), {})],
    "prod": [(M, (0,), {})],
    "ravel": [(M, (), {}), (M, ("F",), {})],
    "repeat": [(M, (2,), {}), (M, (), {"repeats": [1, 2], "axis": 0})],
    "reshape": [(M, (3, 2), {}), (M, ((3, -1),), {"order": "F"})],
    "round": [(M, (), {}), (M, (1,), {}), (M, (), {"decimals": 1})],
    "searchsorted": [(np.sort(V), (1.5,), {}), (V, ([0.5, 2.0],), {"sorter": np.argsort(V)})],
    "squeeze": [(M[None], (), {}), (M[None], (), {"axis": 0})],
    "std": [(M, (), {}), (M, (0,), {"ddof": 1})],
    "sum": [(M, (), {}), (M, ((0, 1),), {}), (M, (0,), {"where": M > 0, "initial": 1.0})],
    "swapaxes": [(M, (0, 1), {})],
    "take": [(M, ([0, 5],), {}), (M, (), {"indices": [0, 7], "axis": 1, "mode": "clip"})],
    "to_device": [(M, ("cpu",), {})],
    "tolist": [(M, (), {}), (V, (), {})],
    "trace": [(M, (), {}), (M, (), {"offset": 1})],
    "transpose": [(M, (), {}), (M, (1, 0), {}), (M, ((0, 1),), {})],
    "var": [(M, (), {"axis": 1, "ddof": 1, "keepdims": True})],
    "view": [(M, (), {}), (M, (np.float64,), {})],
}
CHANGES: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "fill": [((2.5,), {})],
    "partition": [((1,), {}), ((1,), {"axis": 0})],
    "put": [(([0, -1], [7.0, 8.0]), {}), (([0, 9], 1.0), {"mode": "clip"})],
    "resize": [((3,), {"refcheck": False}), (((2, 4),), {"refcheck": False}), ((2, 2), {})],
    "sort": [((), {}), ((0,), {}), ((), {"kind": "stable"})],
}
ATTRIBUTES = [
    "T",
    "dtype",
    "imag",
    "itemsize",
    "nbytes",
    "ndim",
    "real",
    "shape",
    "size",
    "strides",
]
REFUSED = {"byteswap", "dump", "dumps", "getfield", "setfield", "tobytes", "tofile"}
NUMPYS_ERROR = {"choose"}  # of floats
OTHERS = {"base", "ctypes", "data", "device", "flags", "flat", "mT", "setflags"}
OLD = {"itemset", "newbyteorder", "ptp", "tostring"}  # NumPy 2.0 lists them, but they are gone


def test_nothing_of_arrays_is_missing() -> None:
    names = {name for name in dir(np.ndarray) if not name.startswith("_")}
    known = {*METHODS, *CHANGES, *ATTRIBUTES, *REFUSED, *NUMPYS_ERROR, *OTHERS, *OLD}
    assert names - known == set()


def plain(y: Any) -> Any:
    return [plain(w) for w in y] if isinstance(y, (list, tuple)) else bare(y)


def total(y: Any) -> Any:
    if isinstance(y, (list, tuple)):
        return sum(map(total, y))
    return np.sum(np.real(y) * 1.0 if np.result_type(bare(y)).kind in "fc" else 0.0)


CALLS = [
    pytest.param(name, *call, id=f"{name}-{k}")
    for name, calls in METHODS.items()
    for k, call in enumerate(calls)
    if hasattr(np.ndarray, name)
]


@pytest.mark.parametrize(("name", "x", "inputs", "options"), CALLS)
def test_methods(name: str, x: Any, inputs: Any, options: Any) -> None:
    expected = getattr(x, name)(*inputs, **options)
    seen = []

    def f(v: Any) -> Any:
        y = getattr(v, name)(*inputs, **options)
        seen.append(plain(y))
        return total(y)

    pull = vjp(f, x)[1]
    np.testing.assert_allclose(seen[0], expected, rtol=1e-14)
    assert np.result_type(*np.ravel(seen[0])) == np.result_type(*np.ravel(expected))
    if x.dtype.kind == "f" and np.result_type(*np.ravel(expected)) == np.float64:
        t, h = np.cos(np.arange(x.size)).reshape(x.shape), 1e-6
        slope = (f(x + h * t) - f(x - h * t)) / (2 * h)
        assert np.sum(pull()[0] * t) == pytest.approx(slope, abs=1e-7)
        assert jvp(f, (x,), (t,))[1] == pytest.approx(slope, abs=1e-7)


@pytest.mark.parametrize(
    ("name", "inputs", "options"), [(n, *call) for n, calls in CHANGES.items() for call in calls]
)
def test_methods_that_change_the_array(name: str, inputs: Any, options: Any) -> None:
    def f(x: Any) -> Any:
        a = x * x
        assert getattr(a, name)(*inputs, **options) is None
        return np.sum(a * np.arange(1.0, a.size + 1).reshape(a.shape))

    x = M.copy()
    y, g = vjp(f, x)[0], grad(f)(x)
    np.testing.assert_array_equal(x, M)
    t, h = np.cos(np.arange(6)).reshape(2, 3), 1e-6
    assert y == pytest.approx(f(M.copy()))
    assert np.sum(g * t) == pytest.approx((f(M + h * t) - f(M - h * t)) / (2 * h), abs=1e-6)
    assert np.sum(g * t) == pytest.approx(jvp(f, (M,), (t,))[1])


def seen_in(f: Callable[[Any], Any], x: Any) -> Any:
    seen = []
    grad(lambda v: seen.append(f(v)) or np.sum(v))(x)
    return seen[0]


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_attributes(name: str) -> None:
    for x in (M, V, M[:, ::2], np.asfortranarray(M)):
        found = plain(seen_in(lambda v, name=name: getattr(v, name), x))
        np.testing.assert_array_equal(found, getattr(x, name))


def test_further_attributes() -> None:
    assert seen_in(lambda v: v.flags.c_contiguous, M) and not seen_in(lambda v: v.T.flags.carray, M)
    assert seen_in(lambda v: (v.base, v.T.base is v), M) == (None, True)
    assert seen_in(lambda v: v.device, M) == "cpu"
    assert seen_in(lambda v: v.__array_namespace__(), M) is cnp
    np.testing.assert_array_equal(plain(seen_in(lambda v: v.mT, M)), M.T)
    with pytest.raises(ValueError, match="'cuda'"):
        seen_in(lambda v: v.to_device("cuda"), M)
    with pytest.raises(TypeError, match="no memory whose flags could be set"):
        seen_in(lambda v: v.setflags(write=False), M)
    for name in ("data", "ctypes"):
        with pytest.raises(AttributeError, match=f"no attribute '{name}'; its memory"):
            seen_in(lambda v, name=name: getattr(v, name), M)


@pytest.mark.parametrize("name", sorted(REFUSED) + ["__dlpack__", "__dlpack_device__"])
def test_what_reads_the_memory_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match="needs a plain number or array"):
        seen_in(lambda v: getattr(v, name)(), M)


def test_choosing_by_a_float_is_numpys_error() -> None:
    for run in (lambda f, x: f(x), seen_in):
        with pytest.raises(TypeError, match="Cannot cast array data"):
            run(lambda v: v.choose([V, V]), V)


def test_views_are_not_read_as_another_dtype() -> None:
    with pytest.raises(TypeError, match="needs a plain number or array"):
        seen_in(lambda v: v.view(np.int64), M)


def test_casting_that_numpy_refuses() -> None:
    for run in (lambda f, x: f(x), seen_in):
        with pytest.raises(TypeError, match="Cannot cast array"):
            run(lambda v: v.astype(np.float32, casting="safe"), V)


# ---------------------------------------------------------------- shape, flat, parts


def test_flat_reads_and_writes() -> None:
    def f(x: Any) -> Any:
        a = x * 2.0
        flat = a.flat
        first = next(flat)
        assert len(a.flat) == 6 and flat.index == 1 and flat.coords == (0, 1)
        a.flat[1] = first * a.flat[5]
        a.flat[[2, 3]] = x[0, 0] ** 2
        a.flat[4:] = [1.0, 2.0]
        return sum(v * k for k, v in enumerate(a.flat)) + np.sum(a.flat[::2]) + np.sum(np.sin(a))

    def over(x: Any) -> Any:
        a = np.ones((2, 3)) * x[0]
        a.flat = x[1, :2]
        return np.sum(a * M)

    for g in (f, over):
        t, h = np.cos(np.arange(6)).reshape(2, 3), 1e-6
        slope = (g(M + h * t) - g(M - h * t)) / (2 * h)
        assert np.sum(grad(g)(M) * t) == pytest.approx(slope)


def test_the_shape_is_set() -> None:
    def f(x: Any) -> Any:
        a = x * x
        a.shape = (3, 2)
        return np.sum(a[2] * V[:2])

    assert grad(f)(M).tolist() == [[0, 0, 0], [0, 24.0, -2.0]]
    with pytest.raises(AttributeError, match="not in one piece"):
        grad(lambda x: setattr(x.T, "shape", (6,)))(M)
    with pytest.raises(ValueError, match="cannot reshape"):
        grad(lambda x: setattr(x, "shape", (4,)))(M)


def test_the_shape_is_set_among_views() -> None:
    def f(x: Any) -> Any:
        a = np.outer(x, x) * 1.0
        row, turned = a[0], a.T
        a.shape = (-1,)
        a[3] = x[0] ** 2
        row += x
        turned[0, 2] = x[1]
        part = a[2:5]
        part *= 2
        part.shape = (3, 1)
        part[0] = 5 * x[2]
        row *= x[0]
        a.shape = (3, 3)
        a[0, 0] += x[1]
        a.resize(9)
        return np.sum(np.sin(a) * np.arange(9)) + np.sum(row * row) + np.sum(turned**3) + part[2, 0]

    x, t, h = V.copy(), np.array([1.0, 0.5, -0.3]), 1e-6
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer releases of NumPy
        slope = (f(x + h * t) - f(x - h * t)) / (2 * h)
        y, moved = jvp(f, (x,), (t,))
        assert y == pytest.approx(f(x))
    assert moved == pytest.approx(slope) == pytest.approx(np.sum(grad(f)(V) * t))


def test_an_array_with_views_is_not_resized() -> None:
    def f(x: Any) -> Any:
        row = x[0]
        x.resize(3)
        return np.sum(row)

    with pytest.raises(ValueError, match="cannot be resized"):
        grad(f)(M)


def test_lists_and_items_are_recorded() -> None:
    def f(x: Any) -> Any:
        (a, b, c), last = x.tolist()
        return a * b + c * last[2] + x.item(4) ** 2

    assert grad(f)(M).tolist() == [[-2.0, 1.5, -1.0], [0.0, 8.0, 3.0]]
    assert grad(lambda x: x.item() ** 2)(3.0) == 6.0
    assert grad(lambda x: x.tolist() ** 2)(3.0) == 6.0
    with pytest.raises(ValueError, match="can only convert an array of size 1"):
        grad(lambda x: x.item())(V)
    with pytest.raises(IndexError):
        grad(lambda x: x.item(9))(V)


# ---------------------------------------------------------------- among Python's own functions


def test_membership_is_one_comparison() -> None:
    assert seen_in(lambda v: (3.0 in v, 7.0 in v, v[0] in v, M[0, 0] in v), M) == (
        True,
        False,
        True,
        True,
    )


def test_rounding_and_text() -> None:
    assert plain(seen_in(lambda v: round(v[0], 1), np.array([1.26]))) == 1.3
    assert seen_in(lambda v: f"{v[0]:.1f}", np.array([1.26])) == "1.3"
    np.testing.assert_array_equal(plain(seen_in(lambda v: divmod(v, 2.0), V)), divmod(V, 2.0))
    np.testing.assert_array_equal(plain(seen_in(abs, M)), abs(M))


def test_truth_is_that_of_one_element() -> None:
    assert seen_in(bool, V[:1]) is True
    with pytest.raises(ValueError, match="truth value of an array"):
        seen_in(bool, V)


def test_numbers_of_python_are_refused() -> None:
    for kind in (builtins.float, builtins.int, builtins.complex):
        with pytest.raises(TypeError, match="needs one of Python's own numbers"):
            grad(lambda x, kind=kind: kind(x))(2.0)
