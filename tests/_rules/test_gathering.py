"""Numbers picked out of arrays, in NumPy's edge cases."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, jvp, vjp

V = np.array([0.5, -1.5, 2.0, 0.25, -0.75])
M = np.arange(12.0).reshape(3, 4)


def places_of(function: Any, x: Any) -> Any:
    """Where the elements of function(x) come from, read from the gradient of each."""
    y, pull = vjp(function, x)
    rows = [pull(seed.reshape(np.shape(y)))[0] for seed in np.eye(y.size)]
    return [int(np.flatnonzero(row)[0]) if row.any() else None for row in rows]


# ---------------------------------------------------------------- trim_zeros


@pytest.mark.parametrize("trim", ["f", "b", "fb", "BF"])
def test_trimmed_zeros_leave_the_others_where_they_are(trim: str) -> None:
    x = np.array([0.0, 0.0, 1.5, 0.0, -2.0, 0.0])
    y, pull = vjp(lambda v: np.trim_zeros(v, trim), x)
    np.testing.assert_array_equal(y, np.trim_zeros(x, trim))
    (back,) = pull(np.full(y.shape, 2.0))
    whole = np.zeros(6)
    whole[2 if "f" in trim.lower() else 0 : 5 if "b" in trim.lower() else 6] = 2
    np.testing.assert_array_equal(back, whole)
    t = np.arange(6.0)
    np.testing.assert_array_equal(
        jvp(lambda v: np.trim_zeros(v, trim), (x,), (t,))[1], t[whole != 0]
    )


def test_trimming_nothing_and_everything() -> None:
    for x in (V, np.zeros(3), np.zeros(0)):
        y, pull = vjp(np.trim_zeros, x)
        np.testing.assert_array_equal(y, np.trim_zeros(x))
        assert pull(np.ones(y.shape))[0].sum() == y.size


@pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) < "2.2.0", reason="NumPy trims vectors only before 2.2"
)
@pytest.mark.parametrize("options", [{}, {"axis": 0}, {"axis": -1, "trim": "b"}, {"axis": (0, 1)}])
@pytest.mark.parametrize("x", [np.pad(M + 1, ((1, 2), (0, 1))), np.zeros((2, 3)), np.float64(1.0)])
def test_zeros_around_a_matrix(x: Any, options: Any) -> None:
    if x.ndim == 0 and options:
        return
    y, pull = vjp(lambda v: np.trim_zeros(v, **options), x)
    np.testing.assert_array_equal(y, np.trim_zeros(x, **options))
    np.testing.assert_array_equal(pull(y)[0], x)  # all but zeros is left
    with pytest.raises(ValueError, match="unexpected character"):
        vjp(lambda v: np.trim_zeros(v, "x"), x)


# ---------------------------------------------------------------- take and its kin


@pytest.mark.parametrize("mode", ["raise", "wrap", "clip"])
@pytest.mark.parametrize(
    ("indices", "axis"), [([0, -1, 9], 1), (np.uint8(2), 0), ([[1], [7]], None), (True, 0), ([], 1)]
)
def test_take_is_numpys(mode: Any, indices: Any, axis: Any) -> None:
    try:
        expected = np.take(M, indices, axis=axis, mode=mode)
    except (IndexError, TypeError) as error:
        with pytest.raises(type(error)):
            vjp(lambda x: np.take(x, indices, axis=axis, mode=mode), M)
        return
    y, pull = vjp(lambda x: np.take(x, indices, axis=axis, mode=mode), M)
    np.testing.assert_array_equal(y, expected)
    assert type(y) is type(expected)
    assert pull(np.ones_like(y))[0].sum() == np.size(y)


def test_what_numpy_refuses_is_refused() -> None:
    for function in (
        lambda x: np.take(x, np.array([0.5])),
        lambda x: np.take(x, x),
        lambda x: np.take_along_axis(x, np.zeros((3, 4)), 0),
        lambda x: np.take_along_axis(x, x, 0),
        lambda x: np.take_along_axis(x, np.zeros(3, int), 0),
        lambda x: np.take(x, 0, axis=5),
        lambda x: np.delete(x, 9, 0),
        lambda x: np.insert(x, 9, 0.5, 0),
        lambda x: np.select([x], [x]),
        lambda x: np.choose(np.array([5]), [x, x]),
        lambda x: M[x[0] > 5, 9],
        lambda x: np.piecewise(x, [x > 0, x < 0], [1.0]),
    ):
        with pytest.raises((ValueError, TypeError, IndexError)) as plain:
            function(M)
        with pytest.raises((ValueError, TypeError, IndexError)) as recorded:
            vjp(function, M)
        assert issubclass(recorded.type, plain.type)


def test_out_is_refused() -> None:
    room = np.zeros(2)
    for call in (
        lambda x: np.take(x, [0, 1], out=room),
        lambda x: np.take(x, [0, 1], 0, room),
        lambda x: np.compress([True, True], x, out=room),
        lambda x: np.choose(np.array([0, 1]), [x[:2], x[1:3]], out=room),
        lambda x: np.choose(np.array([0, 1]), [x[:2], x[1:3]], room),
    ):
        with pytest.raises(TypeError, match="into an array that exists"):
            vjp(call, V)


# ---------------------------------------------------------------- chosen by conditions


def test_where_with_a_recorded_number() -> None:
    """In both places, and as the only thing that moves."""
    mask = np.array([True, False, True])
    assert grad(lambda s: np.sum(np.where(mask, s, 2.0)))(0.5) == 2.0
    assert grad(lambda s: np.sum(np.where(mask, 2.0, s) * np.arange(3)))(0.5) == 1.0
    assert grad(lambda s: np.where(s > 0, s * s, -s))(3.0) == 6.0
    assert jvp(lambda s: np.where(mask, s, s * s), (3.0,), (1.0,))[1].tolist() == [1.0, 6.0, 1.0]


def test_where_of_one_argument_gives_positions() -> None:
    def f(x: Any) -> Any:
        (at,) = np.where(x > 0)
        (also,) = np.where(x)
        assert len(also) == 5 and len(np.nonzero(x)[0]) == 5 and np.argwhere(x).shape == (5, 1)
        return np.sum(x[at] ** 2)

    np.testing.assert_array_equal(grad(f)(V), np.where(V > 0, 2 * V, 0))


def test_clip_in_its_bounds() -> None:
    np.testing.assert_array_equal(
        grad(lambda x: np.sum(np.clip(x, 0.0, 1.0)))(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])),
        [0.0, 1.0, 1.0, 1.0, 0.0],
    )


def test_piecewise_calls_each_function_on_all_that_its_condition_names() -> None:
    """As NumPy does, where a later condition takes some of the same numbers."""
    conditions = [V > -1, V > 0]
    seen: list[Any] = []

    def centred(v: Any) -> Any:
        seen.append(v.shape)
        return v - np.mean(v)

    y, pull = vjp(lambda x: np.piecewise(x, conditions, [centred, np.square, 7.0]), V)
    assert seen == [(4,)]
    np.testing.assert_allclose(y, np.piecewise(V, conditions, [centred, np.square, 7.0]))
    a = -1 / 4  # what each of the four has from the mean, which stands in one place
    np.testing.assert_allclose(
        pull(np.ones(5))[0], [2 * 0.5 + a, 0, 2 * 2.0 + a, 2 * 0.25 + a, 1 + a]
    )


def test_piecewise_with_recorded_numbers_for_values() -> None:
    f = lambda c: np.sum(np.piecewise(np.exp(c) * V, [V < 0, V >= 0], [lambda v: v * c, c]))
    assert grad(f)(0.3) == pytest.approx((f(0.3 + 1e-6) - f(0.3 - 1e-6)) / 2e-6, rel=1e-8)


def test_values_and_extra_arguments_of_piecewise() -> None:
    f = lambda c: np.sum(
        np.piecewise(c * V, [V < 0], [lambda v, a, b: a * v, lambda v, a, b: v * b], c, b=c * c)
    )
    assert grad(f)(0.3) == pytest.approx((f(0.3 + 1e-6) - f(0.3 - 1e-6)) / 2e-6, rel=1e-8)


def test_select_and_choose_take_recorded_parts_in_lists() -> None:
    def f(a: Any) -> Any:
        chosen = cnp.choose([1, 0], [[a, a * a], [2.0, a]])
        return (
            cnp.sum(cnp.select([V > 0, V < -1], [a, a * V], default=a**3)) + chosen[1] * chosen[0]
        )

    assert grad(f)(1.5) == pytest.approx((f(1.5 + 1e-6) - f(1.5 - 1e-6)) / 2e-6, rel=1e-8)


def test_single_precision_is_kept() -> None:
    x = V.astype(np.float32)
    for function in (
        lambda v: np.select([V > 0], [v], 0.5),
        lambda v: np.choose(np.array([0, 1, 0, 1, 1]), [v, 2 * v]),
        lambda v: np.insert(v, 1, 0.5),
        lambda v: np.append(v, np.float32(1)),
        lambda v: np.piecewise(v, [v > 0], [np.square, 0.5]),
        lambda v: np.delete(v, 0),
    ):
        y, pull = vjp(function, x)
        assert y.dtype == np.float32 == pull(y)[0].dtype
        np.testing.assert_array_equal(y, function(x))


def test_whole_numbers_stay_whole() -> None:
    """Recorded values that NumPy rounds into an array of whole numbers are constants there."""
    y, pull = vjp(lambda v: np.insert(np.arange(3), 1, v), 2.5)
    assert y.dtype.kind == "i" and y.tolist() == [0, 2, 1, 2] and not pull()[0]


def test_infinite_and_missing_numbers_stay_where_they_are() -> None:
    x = np.array([np.nan, 1.0, np.inf, -np.inf])
    for function in (
        lambda v: np.take(v, [2, 0]),
        lambda v: np.delete(v, 1),
        lambda v: np.insert(v, 0, v[2]),
        lambda v: np.select([v > 0], [v], np.nan),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            y, pull = vjp(function, x)
            np.testing.assert_array_equal(y, function(x))
            assert np.isfinite(pull(np.ones_like(y))[0]).all()


def test_where_elements_come_from() -> None:
    x = np.arange(1.0, 7).reshape(2, 3)
    assert places_of(lambda v: np.delete(v, 1, 1), x) == [0, 2, 3, 5]
    assert places_of(lambda v: np.insert(v, [0, 3], 0.0, axis=1), x) == [
        None, 0, 1, 2, None, None, 3, 4, 5, None,
    ]  # fmt: skip
    assert places_of(lambda v: np.compress([False, True], v, 0), x) == [3, 4, 5]
    assert places_of(lambda v: np.extract(v > 3, v), x) == [3, 4, 5]


# ---------------------------------------------------------------- indices


@pytest.mark.parametrize(
    "at",
    [
        None, ..., slice(None, None, -2), [2, 0, 0], [True, False, True], np.intp(1), np.array(1),
        np.array(-1), (np.newaxis, 1), (..., -1), (slice(None), [0, 0, 3]), ([0, 2], [1, 1]),
        ([0, 2], slice(1, 3)), ([[0], [2]], [1, 3]), (slice(None, None, -1), None, [3, 1]),
        (M > 5), (M[:, 0] > 0, 1), (M[:, 0] > 0, [0, 2]), (0, ..., None), (), True, np.False_,
        ([0, 1], None, [2, 2]), (np.array(1), np.array([2, 2])), slice(5, 5), (slice(0, 9), 1),
        np.array([], int), (np.array([1], np.uint8), np.int8(-1)),
    ],
    ids=str,
)  # fmt: skip
def test_every_kind_of_index(at: Any) -> None:
    weights = np.linspace(1, 2, np.size(M[at])).reshape(np.shape(M[at]))
    y, pull = vjp(lambda x: x[at], M)
    np.testing.assert_array_equal(y, M[at])
    expected = np.zeros_like(M)
    np.add.at(expected, at, weights)
    np.testing.assert_array_equal(pull(weights if np.ndim(y) else weights[()])[0], expected)
    np.testing.assert_array_equal(jvp(lambda x: x[at], (M,), (M * 2,))[1], M[at] * 2)


def test_indices_made_of_recorded_numbers() -> None:
    def f(x: Any) -> Any:
        order = np.argsort(x)
        assert type(order) is np.ndarray
        return (
            np.sum(x[order] * np.arange(5)) + x[np.argmax(x)] + np.sum(x[x > 0]) + x[x < -9].sum()
        )

    slopes = np.argsort(np.argsort(V)) + (V.max() == V) + (V > 0)
    np.testing.assert_array_equal(grad(f)(V), slopes)
    for f in (lambda x: x[x[0]], lambda x: x[x], lambda x: np.outer(x, x)[1, x]):
        with pytest.raises(IndexError, match="only whole numbers and truth values"):
            grad(f)(V)
    assert grad(lambda x: x[x[3:4].astype(int)][0])(V).tolist() == [1, 0, 0, 0, 0]


def test_rows_taken_many_times_add_up() -> None:
    """Enough of them to go the quicker way of adding."""
    rng = np.random.default_rng(0)
    table, at = rng.normal(size=(50, 8)), rng.integers(-50, 50, 400)
    g = rng.normal(size=(400, 8))
    expected = np.zeros_like(table)
    for i, row in zip(at, g, strict=True):
        expected[i] += row
    for call in (
        lambda x: x[at],
        lambda x: np.take(x, at, 0),
        lambda x: x[at[:, None], np.arange(8)],
    ):
        np.testing.assert_allclose(vjp(call, table)[1](g)[0], expected)
    np.testing.assert_allclose(vjp(lambda x: x[:, at], table.T)[1](g.T)[0], expected.T)


MANY = np.random.default_rng(2).integers(-20, 20, (15, 20))
MASK = np.random.default_rng(3).random((20, 30)) > 0.5


@pytest.mark.parametrize(
    "at",
    [
        MANY, (..., MANY), (None, MANY, slice(None, None, -3)), (slice(3, 18), None, MANY),
        (MANY, MANY[::-1]), MASK, (slice(None), MASK.T), (MASK, 3), ([1, 1] * 150, 2), (2, MANY),
        (MANY[:, :1], slice(None), MANY[0]), (MANY[0], 0, slice(None), None),
    ],
    ids=range(12),
)  # fmt: skip
@pytest.mark.parametrize("dtype", [float, np.float32, complex])
def test_many_elements_at_once(at: Any, dtype: Any) -> None:
    """They are added up by a quicker way, which has to find the same places."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20, 30, 20)).astype(dtype)
    g = rng.integers(-9, 9, x[at].shape).astype(dtype)
    expected = np.zeros_like(x)
    np.add.at(expected, at, g)
    (found,) = vjp(lambda v: v[at], x)[1](g)
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == x.dtype
