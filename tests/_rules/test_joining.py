"""Joining, splitting, shapes: what the samples do not show."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule.numpy as cnp
from chainrule import elementwise_grad, grad, jvp, vjp

V = np.array([1.5, -2.0, 3.0])
M = np.arange(6.0).reshape(2, 3)


def outcome(call: Callable[[], Any]) -> Any:
    """The arrays that a call returns, or the class of what it raises."""
    try:
        y = call()
    except (ValueError, TypeError, IndexError, ZeroDivisionError) as error:
        return ValueError if isinstance(error, IndexError) else type(error)
    return y


def assert_same(found: Any, own: Any) -> None:
    if isinstance(own, type):
        assert found is own or (isinstance(found, type) and issubclass(found, own)), (found, own)
        return
    assert type(found) is type(own)
    many = isinstance(own, (tuple, list))
    for a, b in zip(found if many else [found], own if many else [own], strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


shapes = st.lists(st.integers(0, 3), max_size=3).map(tuple)
JOINERS = ["hstack", "vstack", "dstack", "column_stack", "concatenate", "stack", "block"]


@given(st.sampled_from(JOINERS), st.lists(shapes, min_size=1, max_size=3))
def test_joined_as_numpy_joins_or_refuses(name: str, sizes: list[tuple[int, ...]]) -> None:
    parts = [np.full(shape, k + 0.5, np.float32 if k else float) for k, shape in enumerate(sizes)]
    function = getattr(np, name)
    own = outcome(lambda: function(parts))
    assert_same(outcome(lambda: vjp(lambda *vs: function([*vs]), *parts)[0]), own)
    if not isinstance(own, type):
        pulled = vjp(lambda *vs: function([*vs]), *parts)[1](np.ones_like(own))
        assert [(g.shape, g.dtype) for g in pulled] == [(p.shape, p.dtype) for p in parts]
        assert all((g == 1).all() for g in pulled)


@given(
    st.sampled_from(["split", "array_split", "hsplit", "vsplit", "dsplit"]),
    shapes,
    st.integers(-1, 4) | st.lists(st.integers(-4, 4), max_size=3),
)
def test_split_as_numpy_splits_or_refuses(name: str, shape: Any, sections: Any) -> None:
    x = np.arange(float(np.prod(shape))).reshape(shape)
    function = getattr(np, name)
    own = outcome(lambda: function(x, sections))
    assert_same(outcome(lambda: vjp(lambda v: function(v, sections), x)[0]), own)


@given(st.sampled_from(["atleast_1d", "atleast_2d", "atleast_3d"]), shapes)
def test_axes_are_added_where_numpy_adds_them(name: str, shape: Any) -> None:
    x = np.ones(shape)
    assert vjp(getattr(np, name), x)[0].shape == getattr(np, name)(x).shape


def test_lists_among_what_is_joined() -> None:
    calls: list[Any] = [
        lambda m, v: m.hstack([[v[0], v[1]], [1, 2.0]]),
        lambda m, v: m.vstack([[v[0], v[1]], [1, 2.0]]),
        lambda m, v: m.column_stack([[v[0], v[1]], v[:2]]),
        lambda m, v: m.concatenate([[v[0], v[1]], [[1, 2]]], axis=None),
        lambda m, v: m.stack([[v[0], v[1]], [1, 2.0]]),
        lambda m, v: m.block([[v[0], v[1]], [1, 2.0]]),
        lambda m, v: m.meshgrid([v[0], v[1]], [1, 2.0])[0],
        lambda m, v: m.cumsum([v[0], v[1]]),
        lambda m, v: m.linspace([v[0], v[1]], [1, 2.0], 3),
        lambda m, v: m.broadcast_to([v[0], v[1]], (3, 2)),
        lambda m, v: m.repeat([v[0], v[1]], [2, 0]),
    ]
    for call in calls:
        y, pull = vjp(lambda v, call=call: call(cnp, v), V)
        np.testing.assert_array_equal(y, call(np, V))
        moved = jvp(lambda v, call=call: call(cnp, v), (V,), (V,))[1]
        assert np.sum(pull(np.ones_like(y))[0] * V) == pytest.approx(np.sum(moved))


def test_row_stack_is_vstack_and_warns() -> None:
    if not hasattr(np, "row_stack"):
        pytest.skip("this NumPy has dropped the name")
    for m in (np, cnp):
        with pytest.warns(DeprecationWarning, match="row_stack"):
            y = vjp(lambda v, m=m: m.row_stack([v, 2 * v]), V)[0]
        np.testing.assert_array_equal(y, [V, 2 * V])


def test_casts_of_what_is_joined_are_numpys() -> None:
    with pytest.raises(TypeError, match="Cannot cast"):
        vjp(lambda v: np.concatenate([v, v], dtype=np.float32, casting="safe"), V)
    y, pull = vjp(lambda v: np.stack([v, v], dtype=np.float32), V)
    assert y.dtype == np.float32 and pull(y)[0].dtype == float
    whole = vjp(lambda v: (np.concatenate([v, v], dtype=int, casting="unsafe"), v), V)[0][0]
    assert whole.dtype == int and whole.tolist() == [1, -2, 3, 1, -2, 3]


def test_results_are_not_written_into_arrays() -> None:
    for call in (
        lambda v: np.concatenate([v, v], out=np.zeros(6)),
        lambda v: np.stack([v, v], out=np.zeros((2, 3))),
    ):
        with pytest.raises(TypeError, match="cannot write a value that is being differentiated"):
            grad(call)(V)


@pytest.mark.parametrize("order", ["A", "K"])
def test_orders_that_memory_decides(order: Any) -> None:
    assert elementwise_grad(lambda v: np.ravel(v, order))(V).tolist() == [1.0] * 3
    with pytest.raises(TypeError, match="depends on how memory lies"):
        vjp(lambda v: np.ravel(v, order), M)


def test_reshape_refuses_to_copy_as_numpy_does() -> None:
    if np.lib.NumpyVersion(np.__version__) < "2.1.0":
        pytest.skip("this NumPy's reshape has no copy=")
    with pytest.raises(ValueError, match="copy"):
        vjp(lambda v: np.reshape(v, -1, order="F", copy=False), M)


def test_diagonals_of_vectors_and_matrices_only() -> None:
    for x in (np.ones((2, 2, 2)), np.array(1.0)):
        with pytest.raises(ValueError, match="Input must be 1- or 2-d"):
            vjp(np.diag, x)


def test_repetitions_may_be_arrays() -> None:
    times = np.array([2, 0, 3])
    np.testing.assert_array_equal(vjp(lambda v: np.repeat(v, times), V)[0], np.repeat(V, times))
    assert grad(lambda v: np.sum(np.repeat(v, times)))(V).tolist() == times.tolist()
    assert grad(lambda v: np.sum(np.tile(v, np.array([2, 3]))))(V).tolist() == [6.0] * 3


def test_windows_overlap() -> None:
    windows = np.lib.stride_tricks.sliding_window_view
    assert grad(lambda v: np.sum(windows(v, 2)))(V).tolist() == [1.0, 2.0, 1.0]


def test_full_like_of_a_recorded_fill() -> None:
    assert grad(lambda x: np.sum(np.full_like(x * V, x)))(2.0) == 3.0
    assert grad(lambda x: cnp.sum(cnp.full_like(V, x)))(2.0) == 3.0
    assert grad(lambda x: cnp.sum(cnp.full_like(V, x, shape=(2, 2)) * x))(3.0) == 24.0


def test_casts() -> None:
    assert elementwise_grad(lambda v: v.astype(int) + v)(V).tolist() == [1.0] * 3
    assert elementwise_grad(lambda v: np.astype(v, bool) * v)(V).tolist() == [1.0] * 3
    single = grad(lambda v: np.sum(np.astype(v, np.float32)))(V)
    assert single.dtype == float and single.tolist() == [1.0] * 3
    with pytest.warns(np.exceptions.ComplexWarning):
        y = vjp(lambda v: np.astype(v * (2 + 1j), float), V)[0]
    assert y.tolist() == (2 * V).tolist()


def test_nested_lists_in_linear_time() -> None:
    """Ten times the numbers in less than thirty times the time."""

    def seconds(n: int) -> float:
        start = time.thread_time()  # of this thread alone: others may be at work
        grad(lambda v: cnp.sum(cnp.block([[x, 2 * x] for x in v]) ** 2))(np.ones(n))
        return time.thread_time() - start

    seconds(10)
    assert min(seconds(1500) for _ in range(2)) < 30 * min(seconds(150) for _ in range(3))
