"""Functions that write into their first argument: recorded arrays change as plain ones do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, jacobian, vjp
from chainrule.checking import check_grads

M = np.array([[0.5, -1.5, 2.0], [1.25, 0.75, -0.25]])
TALL = np.linspace(-1, 1, 14).reshape(7, 2) ** 3 + 0.1
CUBE = np.linspace(-1, 2, 27).reshape(3, 3, 3)
V = np.array([3.0, -0.5, 0.25])

CALLS: list[tuple[Any, Any, Any]] = [
    (lambda a, v: np.put(a, [0, -1, 2], v), M, V),
    (lambda a, v: np.put(a, [0, 0, 2, 4], v), M, V[:2]),
    (lambda a, v: np.put(a, [7, -9], v, "wrap"), M, V),
    (lambda a, v: np.put(a, [7, -9], v, mode="clip"), M, 2.0),
    (lambda a, v: np.put_along_axis(a, np.array([[2], [0]]), v, 1), M, 4.0),
    (lambda a, v: np.put_along_axis(a, np.array([[1, 0, 0]]), v, axis=0), M, V),
    (lambda a, v: np.put_along_axis(a, np.array([[1, 1, 0], [2, 0, 0]]), v, -1), M, M[::-1] * 3),
    (lambda a, v: np.place(a, a > 0, v), M, V),
    (lambda a, v: np.place(a, [[1, 0, 1], [0, 0, 1]], v), M, V[:2]),
    (lambda a, v: np.putmask(a, a < 1, v), M, M * 2),
    (lambda a, v: np.putmask(a, [[1, 1, 0], [0, 1, 0]], v), M, V[:2]),
    (lambda a, v: np.copyto(a, v), M, V),
    (lambda a, v: np.copyto(a, v, where=[True, False, True]), M, V[:1]),
    (lambda a, v: np.copyto(a, v, "unsafe", a > 1), M, 0.7),
    (lambda a, v: np.fill_diagonal(a, v), M, 0.7),
    (lambda a, v: np.fill_diagonal(a, v), CUBE, V),
    (lambda a, v: np.fill_diagonal(a, v, wrap=True), TALL, V[:2]),
    (lambda a, v: np.fill_diagonal(a, v, False), TALL, V),
    (lambda a, v: a.put([1, 2], v) if hasattr(a, "link") else np.put(a, [1, 2], v), M, V),
]


@pytest.mark.parametrize(("call", "a", "v"), CALLS)
@pytest.mark.parametrize("moves", ["both", "array", "values"])
def test_what_is_written_is_recorded(call: Any, a: Any, v: Any, moves: str) -> None:
    """The values are NumPy's; both directions and two orders agree with differences."""

    def after(a: Any, v: Any) -> Any:
        whole = cnp.multiply(a, 1.5) + 0 * np.sum(v)
        call(whole, v * 2)
        return whole * whole

    if moves == "both":
        np.testing.assert_array_equal(vjp(after, a, v)[0], after(a, v))
        check_grads(after, a, v)
    elif moves == "array":
        check_grads(lambda a: after(a, v), a)
    else:
        check_grads(lambda v: after(a, v), v)


def test_constants_of_the_face_are_written_into() -> None:
    def f(v: Any) -> Any:
        a = cnp.zeros((3, 3))
        cnp.fill_diagonal(a, v)
        cnp.put(a, [1], v[0] * v[1])
        b = cnp.zeros(9)
        cnp.copyto(b, cnp.ravel(a))
        return cnp.sum(b**2)

    np.testing.assert_allclose(grad(f)(V), 2 * V + [2 * V[0] * V[1] ** 2, 2 * V[0] ** 2 * V[1], 0])


def test_the_users_own_array_keeps_its_numbers() -> None:
    own = M.copy()

    def f(a: Any) -> Any:
        np.put(a, [0], 9.0)
        np.fill_diagonal(a, a[0, 1])
        return a

    y = jacobian(f)(own)
    np.testing.assert_array_equal(own, M)
    assert not y[0, 0, 0, 0] and y[0, 0, 0, 1] == y[1, 1, 0, 1] == y[0, 1, 0, 1] == 1


def test_an_ordinary_array_is_no_place_for_recorded_numbers() -> None:
    room = np.zeros((3, 3))
    for call in (
        lambda v: np.put(room, [0, 1], v),
        lambda v: np.copyto(room, v),
        lambda v: np.place(room, room == 0, v),
        lambda v: np.putmask(room, room == 0, v),
        lambda v: cnp.fill_diagonal(room, v),
    ):
        with pytest.raises(TypeError, match="into an ordinary array"):
            grad(lambda v, call=call: call(v) or np.sum(v))(V)
    assert not room.any()


def test_constants_are_put_into_ordinary_arrays() -> None:
    """An array that chainrule.numpy made is one too, while a function is being differentiated."""
    room = np.zeros((2, 3))

    def f(v: Any) -> Any:
        cnp.copyto(room, cnp.ones(3))
        cnp.put(room, [5], cnp.full(1, 7.0))
        return np.sum(v)

    grad(f)(V)
    assert room.tolist() == [[1, 1, 1], [1, 1, 7]]


def test_what_numpy_refuses_is_refused() -> None:
    for call in (
        lambda a: np.put(a, [99], 1.0),
        lambda a: np.place(a, a > 0, []),
        lambda a: np.copyto(a, 1j),
        lambda a: np.copyto(a, np.zeros(5)),
        lambda a: np.fill_diagonal(a[0], 1.0),
        lambda a: np.put_along_axis(a, np.zeros(3, int), 1.0, 0),
        lambda a: np.put_along_axis(a, np.array([[9]]), 1.0, 0),
        lambda a: np.copyto(a[0, 0], 1.0),
    ):
        with pytest.raises((ValueError, TypeError, IndexError)) as plain:
            call(M.copy())
        with pytest.raises((ValueError, TypeError, IndexError)) as recorded:
            vjp(lambda a, call=call: call(a) or np.sum(a), M)
        assert issubclass(recorded.type, plain.type)


def test_writing_through_a_view_reaches_the_array() -> None:
    def f(a: Any) -> Any:
        a = a * 1.0
        np.put(a[1], [0, 2], a[0, :2])
        np.fill_diagonal(a[:, 1:], 5.0)
        return a

    y, pull = vjp(f, M)
    np.testing.assert_array_equal(y, f(M.copy()))
    np.testing.assert_array_equal(pull(np.ones((2, 3)))[0], [[2, 0, 1], [0, 1, 0]])
