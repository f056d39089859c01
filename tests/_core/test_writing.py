"""Writing into arrays that are being differentiated: as in NumPy, and differentiable."""

from __future__ import annotations

import copy
import math
import operator
import pickle
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule
import chainrule.numpy as cnp
from chainrule import grad, hessian, jacobian, jvp, value_and_grad, vjp
from chainrule._core import overwriting, pieces, writing
from chainrule._core.holding import writable
from chainrule._core.parts import overwritten
from chainrule._core.values import Held
from chainrule._core.writing import replace

X = np.array([[0.7, -1.2, 0.4], [1.3, 0.6, -0.8]])
W = np.array([[0.3, -0.5, 1.1], [0.9, 0.2, -0.7]])


def check(f: Callable[[Any], Any], x: Any, rel: float = 1e-6) -> None:
    """Value, both modes and the Hessian of a program that writes, against plain NumPy's runs."""
    start = x.copy()
    y, pull = vjp(f, x)
    np.testing.assert_array_equal(x, start)  # the caller's own array is never written to
    np.testing.assert_allclose(y, f(x.copy()), rtol=1e-13, atol=1e-13)
    (g,) = pull()
    h = 1e-6
    units = np.eye(x.size).reshape((x.size, *x.shape))
    slopes = [(f(x + h * t) - f(x - h * t)) / (2 * h) for t in units]
    np.testing.assert_allclose(g.reshape(-1), slopes, rtol=rel, atol=1e-6)
    for t in units[:2]:
        assert jvp(f, (x,), (t,))[1] == pytest.approx(np.sum(g * t), rel=1e-10, abs=1e-10)
    t = units[-1] + 0.5 * units[0]
    mixed = jvp(grad(f), (x,), (t,))[1]
    np.testing.assert_allclose(
        mixed, (grad(f)(x + h * t) - grad(f)(x - h * t)) / (2 * h), rtol=1e-5, atol=1e-5
    )
    np.testing.assert_allclose(grad(lambda v: np.sum(grad(f)(v) * t))(x), mixed, atol=1e-10)


# ---------------------------------------------------------------- single writes

INDICES = [
    0,
    -1,
    (1, 2),
    slice(None),
    ...,
    (slice(None), 1),
    (..., slice(None, None, -2)),
    ([0, 1, 0], [1, 2, 0]),
    np.array([1, 0]),
    W > 0,
    (slice(None), np.array([True, False, True])),
    (None, 1),
    (0, [2, 0]),
    slice(0, 0),
]


@pytest.mark.parametrize("at", INDICES, ids=repr)
def test_assignment_at_every_kind_of_index(at: Any) -> None:
    def plain(x: Any) -> Any:
        a = x * x
        a[at] = 2.0
        return np.sum(a * W)

    def recorded(x: Any) -> Any:
        a = x * 2.0
        a[at] = x[at] * x[0, 1]
        return np.sum(np.sin(a) * W)

    def broadcast(x: Any) -> Any:
        a = np.exp(x)
        a[at] = x[1, 1]
        return np.sum(a * a * W)

    def into_the_argument(x: Any) -> Any:
        x[at] = x[at] ** 2 + 1.0
        return np.sum(x * W)

    for f in (plain, recorded, broadcast, into_the_argument):
        check(f, X)


OPERATORS = [
    operator.iadd,
    operator.isub,
    operator.imul,
    operator.itruediv,
    operator.imod,
    operator.ifloordiv,
]


@pytest.mark.parametrize("op", OPERATORS)
def test_operators_in_place(op: Any) -> None:
    def whole(x: Any) -> Any:
        a = x * 2.0
        same = a
        a = op(a, x[0] + 2.03)
        assert a is same
        return np.sum(a * W)

    def of_a_part(x: Any) -> Any:
        a = x * 2.0
        a[0] = op(a[0], 1.7)
        a[:, 1] = op(a[:, 1], x[1, 0])
        part = a[1:]
        op(part, x[:1] + 3.0)
        return np.sum(a * W)

    check(whole, X)
    check(of_a_part, X)


def test_statements_in_place() -> None:
    def f(x: Any) -> Any:
        a = x * 1.0
        a += x
        a[0] += x[1] * 2.0
        a[0:1] *= 3.0
        a[:, 2] -= a[:, 1]
        a[W > 0.5] /= 2.0
        a[1, 1] **= 2
        a[[0, 1], [1, 0]] += 1.5
        b = x[:, :2].T @ x[:, :2]
        b @= x[:, :2]
        return np.sum(a * a) + np.sum(b)

    check(f, X)


def test_numbers_are_replaced_and_not_changed() -> None:
    def f(x: Any) -> Any:
        total = x[0, 0]
        before = total
        total += x[0, 1] * x[0, 2]
        total *= 2.0
        return total + 10 * before

    check(f, X)
    with pytest.raises(TypeError, match="'float' object does not support item assignment"):
        grad(lambda x: operator.setitem(x, ..., 1.0))(2.0)


def test_aliases_see_a_write() -> None:
    def f(x: Any) -> Any:
        a = x * 2.0
        b = a
        b += 1.0
        a[0] = 0.0
        return np.sum(a * b * W)

    check(f, X)


# ---------------------------------------------------------------- views

VIEWS = {
    "rows": lambda a: a[1:],
    "one row": lambda a: a[0],
    "a column": lambda a: a[:, 1],
    "every second": lambda a: a[..., ::2],
    "transposed": lambda a: a.T,
    "transposed part": lambda a: a.T[1:],
    "swapped": lambda a: a.swapaxes(0, 1),
    "flat": lambda a: a.reshape(-1),
    "of another shape": lambda a: np.reshape(a, (3, 2))[1],
    "raveled": lambda a: np.ravel(a),
    "with an axis more": lambda a: np.expand_dims(a, 1),
    "squeezed": lambda a: a[None].squeeze(0),
    "real": lambda a: a.real,
    "the diagonal of a part": lambda a: a[:, :2],
    "a view": lambda a: a.view(),
    "split": lambda a: np.split(a, 3, axis=1)[1],
    "moved": lambda a: np.moveaxis(a, 0, 1),
}


@pytest.mark.parametrize("name", VIEWS)
def test_views_and_their_array_see_each_others_writes(name: str) -> None:
    def f(x: Any) -> Any:
        a = np.exp(x)
        v = VIEWS[name](a)
        other = VIEWS[name](a)
        a[:, 0] = x[:, 1] ** 2
        v[...] = v * x[0, 0]
        v += 1.0
        a[1] *= 2.0
        return np.sum(a * W) + np.sum(v**2) + np.sum(other * 3.0)

    check(f, X)


def test_copies_are_their_own() -> None:
    def f(x: Any) -> Any:
        a = x * 2.0
        b, c, d = a.copy(), a[[0, 1]], a.flatten()
        a[0] = 0.0
        b[1] = 1.0
        return np.sum(a * W) + np.sum(b * W) + np.sum(c * W) + np.sum(d * d)

    check(f, X)


def test_rows_of_a_loop_are_views() -> None:
    def f(x: Any) -> Any:
        a = x * 2.0
        for row in a:
            row[1] = row[0] * row[2]
        return np.sum(a * W)

    check(f, X)


def test_an_array_that_repeats_its_numbers_is_not_written_to() -> None:
    def f(x: Any) -> Any:
        a = np.broadcast_to(x[0], (2, 3))
        a[0] = 1.0
        return np.sum(a)

    for run in (f, grad(f)):
        with pytest.raises(ValueError, match="assignment destination is read-only"):
            run(X.copy())


def test_views_that_nobody_holds_are_forgotten() -> None:
    counts = []

    def f(x: Any) -> Any:
        a = x * 1.0
        for _ in range(1000):
            a[0]
        counts.append(len(a.views))
        return np.sum(a)

    grad(f)(X)
    assert counts[0] < 100


# ---------------------------------------------------------------- random programs

SCALARS = st.sampled_from([0.5, -1.5, 2.0])
PLACES = st.sampled_from([0, 1, (0, 2), (slice(None), 1), slice(1, None), ..., W > 0])


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["set", "set from", "add", "mul", "view", "write view", "mix", "copy"]),
        PLACES,
        st.integers(0, 2),
        st.integers(0, 2),
        SCALARS,
    ),
    max_size=8,
)


def run(steps: Any, x: Any) -> Any:
    """Run a program on three arrays of one shape and the views that it takes."""
    arrays = [x, x * 1.5, np.sin(x)]
    views = []
    for kind, at, i, j, c in steps:
        a, b = arrays[i], arrays[j]
        if kind == "set":
            a[at] = c
        elif kind == "set from":
            a[at] = b[at] * c + 0.1
        elif kind == "add":
            a[at] += b[1, 1] * c
        elif kind == "mul":
            a *= c
        elif kind == "view":
            views.append(a[at])
        elif kind == "write view" and views:
            view = views[(i + j) % len(views)]
            if np.ndim(view):
                view[...] = b[0, 0] * c
        elif kind == "mix":
            arrays[i] = a * b * 0.5
        elif kind == "copy":
            arrays[i] = b.copy()
    total = sum(np.sum(a * a * W) for a in arrays)
    return total + sum(np.sum(v * np.cos(v)) for v in views)


@given(STEPS)
def test_random_programs(steps: Any) -> None:
    x = X.copy()
    y, g = value_and_grad(lambda v: run(steps, v))(x)
    np.testing.assert_array_equal(x, X)
    assert y == pytest.approx(run(steps, X.copy()), rel=1e-12, abs=1e-12)
    t = np.array([[0.3, -0.8, 0.5], [0.1, 0.9, -0.4]])
    assert jvp(lambda v: run(steps, v), (x,), (t,))[1] == pytest.approx(np.sum(g * t), abs=1e-9)
    h = 1e-6
    slope = (run(steps, X + h * t) - run(steps, X - h * t)) / (2 * h)
    assert np.sum(g * t) == pytest.approx(slope, rel=1e-4, abs=1e-5)


# ---------------------------------------------------------------- what NumPy refuses


def refused_as_by_numpy(f: Callable[[Any], Any], kind: type[Exception], words: str) -> None:
    for call in (f, grad(f)):
        with pytest.raises(kind, match=words):
            call(X.copy())


def test_what_does_not_fit_is_refused_in_numpys_words() -> None:
    def grown(x: Any) -> Any:
        a = x[0] * 1.0
        a += x

    refused_as_by_numpy(grown, ValueError, "non-broadcastable output operand")

    def complex_into_real(x: Any) -> Any:
        x += 1j

    refused_as_by_numpy(complex_into_real, TypeError, "Cannot cast ufunc 'add' output")
    refused_as_by_numpy(
        lambda x: operator.setitem(x, 0, np.ones(5)), ValueError, "could not broadcast"
    )
    refused_as_by_numpy(lambda x: operator.setitem(x, 7, 1.0), IndexError, "out of bounds")
    refused_as_by_numpy(lambda x: operator.delitem(x, 0), ValueError, "cannot delete array")


def test_the_dtype_stays() -> None:
    seen = []

    def f(x: Any) -> Any:
        a = x * 2
        a += np.arange(3.0)
        a[0] = np.float64(1 / 3)
        seen.append((a.dtype, float(np.float32(1 / 3))))
        return np.sum(a * a)

    g = grad(f)(np.ones(3, np.float32))
    assert seen[0][0] == np.float32 and g.dtype == np.float32
    with pytest.warns(np.exceptions.ComplexWarning):
        grad(lambda x: operator.setitem(x, slice(None), np.ones(3) * (1 + 2j)) or np.sum(x))(X)


def test_complex_arrays() -> None:
    z = X + 1j * W

    def f(z: Any) -> Any:
        a = z * (1 + 2j)
        a[0] = z[1] * z[0]
        a.real = np.abs(z)
        a.imag[:] if False else None
        a.imag = a.imag * 2.0
        a.real[0] = 3.0
        return np.sum(np.abs(a) ** 2 * W)

    y, pull = vjp(f, z)
    assert y == pytest.approx(f(z.copy()))
    t = np.full((2, 3), 0.3 - 0.4j)
    t[0] *= 2j
    h = 1e-6
    slope = (f(z + h * t) - f(z - h * t)) / (2 * h)
    assert np.real(np.sum(pull(1.0)[0] * t)) == pytest.approx(slope, rel=1e-6)
    assert jvp(f, (z,), (t,))[1] == pytest.approx(slope, rel=1e-6)


# ---------------------------------------------------------------- constants that are written into


def test_a_constant_array_takes_recorded_values() -> None:
    def f(x: Any) -> Any:
        a = writable(np.zeros((2, 3)))
        a[0] = x[1]
        a[1][1] = x[0, 0] * 2.0
        row = a[1]
        row[2] = x[1, 2] ** 2
        a[1, 0] = 5.0
        a += 1.0
        return np.sum(a * a * W)

    check(f, X)


def test_a_constant_array_is_one_to_the_reader() -> None:
    def f(x: Any) -> Any:
        a = writable(np.array([[1.0, 2.0], [3.0, 4.0]]))
        assert type(a) is Held
        a[0, 0] = 7.0
        a *= 2.0
        assert float(a[0, 0]) == 14.0 and a[0, 1] == 4.0 and a.shape == (2, 2)
        assert type(a[0, 0]) is np.float64 and type(a * 2) is Held
        assert np.asarray(a).tolist() == a.tolist() == [[14.0, 4.0], [6.0, 8.0]]
        assert type(np.sum(a, axis=0)) is Held and np.sum(a) == 32.0
        assert type(np.concatenate([a, a])) is Held and type(a > 5) is np.ndarray
        assert np.linalg.det(a) == pytest.approx(88.0) and 14.0 in a and len(a) == 2
        assert (a > 5).tolist() == [[True, False], [True, True]]
        assert a.T[0, 1] == 6.0 and a.sum() == 32.0 and a.max() == 14.0
        return np.sum(a @ x + np.stack([a[0], x[0, :2]]).sum() + np.where(a > 5, a, a)[0, 0])

    check(lambda x: f(x) if not isinstance(x, np.ndarray) else reference(x), X)


def test_copies_of_constants() -> None:
    def f(x: Any) -> Any:
        a = writable(np.array([1.5]))
        found = [copy.copy(a), copy.deepcopy(a), a.copy(), np.copy(a)]
        for b in found:
            b[0] = x
        c = pickle.loads(pickle.dumps(a))
        assert type(c) is np.ndarray and c.tolist() == [1.5] == a.tolist()
        assert complex(a[0]) == 1.5 and int(a[0]) == 1 and math.sqrt(a[0]) == 1.5**0.5
        return sum(np.sum(b * b) for b in found)

    assert grad(f)(3.0) == 24.0


def test_threads_and_tasks_do_not_disturb_each_other() -> None:
    started, seen = threading.Event(), []

    def outside() -> None:
        started.wait(10)
        seen.append(type(writable(np.zeros(2))))

    def f(x: Any) -> Any:
        started.set()
        thread.join(10)
        return np.sum(writable(np.zeros(2)) + x)

    thread = threading.Thread(target=outside)
    thread.start()
    assert grad(f)(1.0) == 2.0
    assert seen == [np.ndarray]


def reference(x: Any) -> Any:
    a = np.array([[14.0, 4.0], [6.0, 8.0]])
    return np.sum(a @ x + np.stack([a[0], x[0, :2]]).sum() + np.where(a > 5, a, a)[0, 0])


CREATED = {
    "zeros": lambda: cnp.zeros((2, 3)),
    "ones": lambda: cnp.ones((2, 3)),
    "full": lambda: cnp.full((2, 3), 0.5),
    "array": lambda: cnp.array(W),
    "copy": lambda: cnp.copy(W),
    "eye": lambda: cnp.eye(2, 3),
    "zeros_like": lambda: cnp.zeros_like(W),
    "empty": lambda: cnp.empty((2, 3)),
}


@pytest.mark.parametrize("name", CREATED)
def test_arrays_of_chainrules_numpy_take_recorded_values(name: str) -> None:
    def f(x: Any) -> Any:
        a = CREATED[name]()
        a[...] = 0.5 if name == "empty" else a * 2.0
        for i in range(2):
            for j in range(1, 3):
                a[i, j] += x[i, j] * a[i, j - 1]
        a[0] -= x[1]
        return cnp.sum(a * a * W)

    check(f, X)


def test_what_was_computed_of_a_constant_stays() -> None:
    def f(x: Any) -> Any:
        a = writable(np.ones((2, 3)))
        y = x * a
        a[0] = 5.0
        a[1] = x[0]
        return np.sum(y * y * a)

    def plain(x: Any) -> Any:
        a = np.ones((2, 3))
        y = x * a
        a[0] = 5.0
        a[1] = x[0]
        return np.sum(y * y * a)

    check(lambda x: plain(x) if isinstance(x, np.ndarray) else f(x), X)


def test_constants_come_back_as_plain_arrays() -> None:
    y, pull = vjp(lambda x: (writable(np.ones(2)), x), 1.0)
    assert type(y[0]) is np.ndarray
    assert pull((np.ones(2), 2.0)) == (2.0,)
    assert type(jacobian(lambda x: writable(np.ones(2)))(X[0])) is np.ndarray
    assert jvp(lambda x: writable(np.ones(2)), (1.0,), (1.0,))[1].tolist() == [0.0, 0.0]
    inner = lambda x: np.sum(grad(lambda v: np.sum(v * x))(writable(np.ones(2))))
    assert grad(inner)(3.0) == 2.0


def test_outside_of_a_derivative_arrays_are_plain() -> None:
    a = np.zeros(3)
    assert writable(a) is a
    with pytest.raises(RuntimeError):
        grad(lambda x: raising())(1.0)
    assert writable(a) is a


def raising() -> None:
    raise RuntimeError


def test_arrays_like_a_recorded_one() -> None:
    def f(x: Any) -> Any:
        a, b = np.zeros_like(x), np.ones_like(x)
        for i in range(2):
            a[i] = x[i] ** 2 + b[i]
        b[:, 0] *= x[0, 0]
        return np.sum(a * b * W)

    check(f, X)


# ---------------------------------------------------------------- arrays of plain numpy


def test_a_plain_array_on_the_left_of_an_operator_becomes_recorded() -> None:
    kept = []

    def f(x: Any) -> Any:
        a = np.zeros(3)
        kept.append(a)
        a += x[0] * x[1]
        a *= x[1]
        b = 2.0 * np.ones((2, 3))
        b /= x
        return np.sum(a) + np.sum(b * W)

    check(f, X)
    assert kept[0].tolist() == [0.0, 0.0, 0.0]

    def grown(x: Any) -> Any:
        a = np.zeros(3)
        a += x

    with pytest.raises(ValueError, match="non-broadcastable output operand"):
        grad(grown)(X)

    def whole(x: Any) -> Any:
        a = np.zeros((2, 3), int)
        a += x

    with pytest.raises(TypeError, match="Cannot cast ufunc 'add' output"):
        grad(whole)(X)


def test_an_explicit_out_is_still_refused() -> None:
    for f in (
        lambda x: np.add(W, x, out=W),
        lambda x: operator.iadd(W, x),
        lambda x: np.add(W, x, W),
    ):
        with pytest.raises(TypeError, match="use the result instead"):
            grad(f)(X)


def test_an_array_that_takes_recorded_values_is_an_out() -> None:
    """As programs that prepare their arrays once have it."""

    def f(x: Any) -> Any:
        a, rows = cnp.empty((2, 3)), cnp.zeros(3)
        for k in range(3):
            cnp.multiply(x, k + 1.0, out=a)
            np.sin(a, a)
            np.add(rows, np.sum(a, axis=0), out=rows)
        assert np.sum(a, axis=0, out=rows) is rows
        whole = np.ones(3)
        whole += cnp.ones(3)
        assert type(whole) is np.ndarray
        assert np.add(cnp.ones(3), 1.0, out=whole) is whole
        return cnp.sum(a * W) + cnp.sum(rows**2) + np.sum(whole)

    check(f, X)
    with pytest.raises(TypeError):
        grad(lambda x: np.multiply(x, 1j, out=cnp.ones((2, 3))))(X)


# ---------------------------------------------------------------- replace


def test_replace() -> None:
    def f(x: Any) -> Any:
        a = np.exp(x)
        row = a[0]
        replace(row, x[1] ** 2)
        replace(a, np.multiply(a, 2.0))
        return np.sum(a * W) + np.sum(row)

    def plain(x: Any) -> Any:
        a = np.exp(x)
        a[0] = x[1] ** 2
        a *= 2.0
        return np.sum(a * W) + np.sum(a[0])

    check(lambda x: plain(x) if isinstance(x, np.ndarray) else f(x), X)
    with pytest.raises(ValueError, match="could not broadcast input array"):
        grad(lambda x: replace(x, x[0]))(X)


def test_higher_orders_through_writes() -> None:
    def f(x: Any) -> Any:
        a = cnp.asarray(x) * 1.0
        for i in range(1, 3):
            a[i] = a[i - 1] * x[i]
        return a[2] ** 2

    x = np.array([1.5, 0.5, 2.0])
    smooth = lambda x: (x[0] * x[1] * x[2]) ** 2
    np.testing.assert_allclose(hessian(f)(x), hessian(smooth)(x))
    third = chainrule.jacobian(hessian(f))(x)
    np.testing.assert_allclose(third, chainrule.jacobian(hessian(smooth))(x))


def test_a_pull_answers_for_what_was_there_when_it_was_recorded() -> None:
    def f(x: Any) -> Any:
        a = x * 2.0
        _, pull = vjp(lambda w: w * a, np.ones((2, 3)))
        before = pull(W)[0]
        a[0] = 0.0
        return np.sum(pull(W)[0] * a) - np.sum(before * a)

    assert vjp(f, X)[0] == 0.0
    assert np.all(grad(f)(X) == 0.0)
    assert jvp(f, (X,), (W,))[1] == 0.0


def test_filling_an_array_does_not_copy_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither on the way there nor on the way back, or a loop would take quadratic time."""
    copies: list[Any] = []
    new: list[bool] = []
    for module in (writing, overwriting):
        monkeypatch.setattr(module, "overwritten", lambda *a: copies.append(a) or overwritten(*a))
    put_together = pieces.Pieces.whole

    def watched(self: pieces.Pieces) -> Any:
        before = id(self.rest)
        whole = put_together(self)
        new.append(id(whole) != before)
        return whole

    monkeypatch.setattr(pieces.Pieces, "whole", watched)

    def f(x: Any) -> Any:
        a = writable(np.zeros(300))
        a[0] = x
        for i in range(1, a.size):
            a[i] = a[i - 1] * 0.5 + x
        return a[-1]

    assert grad(f)(1.0) == pytest.approx(2.0)
    assert len(copies) == 1 and sum(new) == 1  # the first write, and the last reading
    assert len(new) == 300
    assert jvp(f, (1.0,), (1.0,))[1] == pytest.approx(2.0)
    assert len(copies) == 2 and sum(new) == 1


def test_what_a_node_or_a_view_holds_is_not_overwritten() -> None:
    def f(x: Any) -> Any:
        a = np.exp(x)  # keeps its value
        a[0] = x[1]
        b = a * a
        a[1] = 2.0
        row = a[1]
        a[1, 0] = x[0, 0]
        return np.sum(a * b * W) + np.sum(row**2)

    check(f, X)


def test_changes_that_others_hold_are_not_overwritten() -> None:
    def f(x: Any) -> Any:
        a = x * 2.0
        a[0] = 1.0
        return a

    g = W.copy()
    _, pull = vjp(f, X)
    np.testing.assert_array_equal(pull(g)[0], pull(g)[0])
    np.testing.assert_array_equal(g, W)

    def both(x: Any) -> Any:
        a = x * 2.0
        b = a + x  # one change goes to both
        b[0] = 0.0
        return np.sum(b * W) + np.sum(a)

    check(both, X)


def test_a_place_named_twice_moves_by_what_stays() -> None:
    def reference(x: Any) -> Any:
        a = np.sin(x)
        a[1, [1, 0, 1]] = x[0] * x[1]
        a[[1, 0, 1], [1, 2, 1]] -= x[0]
        return np.sum(a * W)

    check(reference, X)


def test_what_is_assigned_may_have_more_axes() -> None:
    def f(x: Any) -> Any:
        a = x * 2
        a[:, 1:] = x[None, None, :1, 2:] ** 2
        return np.sum(a * W)

    check(f, X)


def test_an_inner_derivative_is_of_what_was_there() -> None:
    def f(a: Any) -> Any:
        _, pull = vjp(lambda b: np.sum(b**3), a)
        a[0] = 7.0
        return np.sum(pull()[0])

    assert grad(f)(np.array([1.0, 2.0])).tolist() == [6.0, 12.0]


def test_what_is_computed_of_constants_can_be_written_to() -> None:
    def f(x: Any) -> Any:
        total = 0.0
        for a in (
            cnp.zeros(3) + 1.0,
            np.sin(cnp.ones(3)),
            cnp.linspace(0.0, 1.0, 3),
            cnp.sort(cnp.ones(3))[::-1],
            np.einsum("i,i->i", cnp.ones(3), cnp.ones(3)),
            np.floor(x + cnp.zeros(3)),
            cnp.diag(np.ones((3, 3))),
        ):
            if a.flags.writeable:
                a[1:] = x**2
            total = total + np.sum(a)
        return total

    assert grad(f)(2.0) == 6 * 2 * 4.0


def test_constants_reach_functions_without_a_rule() -> None:
    f = lambda x: x * np.sum(np.linalg.svd(cnp.ones((2, 2)))[1])
    assert grad(f)(1.0) == pytest.approx(2.0)


def test_views_and_copies_are_numpys_own() -> None:
    def f(x: Any) -> Any:
        a = x * 1.0
        np.einsum("ji->ij", a)[0] += 1.0  # a view
        a[:, ::-1].ravel()[0] = 5.0  # a copy
        a.conj()[1] *= 2.0  # the array itself
        np.pad(a, 0)[0] = 9.0  # a copy
        return np.sum(a * W)

    check(f, X)
    with pytest.raises(ValueError, match="read-only"):
        grad(lambda x: np.diagonal(x * 1.0).__setitem__(0, 1.0))(X)


def test_lists_are_written_in_the_dtype_of_the_array() -> None:
    def f(x: Any) -> Any:
        a = x * 1
        np.place(a, a > 0.4, [x[0] * 2, 0.1])
        np.putmask(a, a < 0, [0.5, 0.1, 0.3])
        return np.sum(a)

    x = np.array([0.3, 0.5, -0.1], np.float32)
    g = grad(f)(x)
    assert g.tolist() == [3.0, 0.0, 0.0] and g.dtype == np.float32


def test_an_imaginary_part_is_real() -> None:
    def f(x: Any) -> Any:
        a = x * 1
        a.imag = x * 1j
        return np.sum(a.imag)

    assert grad(f)(np.array([2.0 + 1j])).tolist() == [1j]  # of -b, for a + ib


def test_a_copy_of_an_array_of_arrays_is_written_to() -> None:
    def f(x: Any) -> Any:
        a = cnp.zeros((2, 3)).copy()
        a[0, 1] = x * x
        return cnp.sum(a)

    assert grad(f)(3.0) == 6.0
