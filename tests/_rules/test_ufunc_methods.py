"""Methods of ufuncs, held to a fold of plain calls where NumPy's own is not to be trusted."""

from __future__ import annotations

import functools
import math
import operator
from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, jvp, vjp
from chainrule._core.table import RULES, SPELLED, known
from chainrule._core.values import Value
from chainrule.checking import check_grads, kinds_of
from tests._rules.samples.arrays import CUBE, B, M, N, P, Q, V

known(np.add.reduce)
FOLDED = [
    f
    for f in dict.fromkeys([*RULES, *SPELLED])
    if isinstance(f, np.ufunc) and f.nin == 2 and f.signature is None and f.reduce in SPELLED
    and hasattr(np, f.__name__)
]  # fmt: skip
name_of = operator.attrgetter("__name__")


def fold(f: Any, rows: Any) -> Any:
    return functools.reduce(f, list(rows))


@pytest.mark.parametrize("f", FOLDED, ids=name_of)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_reduce_and_accumulate_are_folds(f: Any, dtype: Any) -> None:
    """Also where NumPy is wrong, on some processors: along the last axis, of power and arctan2."""
    for x in (P.T.astype(dtype), Q.astype(dtype), (CUBE + 3).astype(dtype)):
        for axis in range(x.ndim):
            rows = np.moveaxis(x, axis, 0)
            y = vjp(lambda v: f.reduce(v, axis), x)[0]  # noqa: B023
            np.testing.assert_allclose(y, fold(f, rows), rtol=30 * np.finfo(dtype).eps)
            runs = vjp(lambda v: f.accumulate(v, axis), x)[0]  # noqa: B023
            expected = np.stack([fold(f, rows[: k + 1]) for k in range(len(rows))], axis)
            np.testing.assert_allclose(runs, expected, rtol=30 * np.finfo(dtype).eps)
            assert y.dtype == runs.dtype == f(x, x).dtype


@pytest.mark.parametrize("f", FOLDED, ids=name_of)
def test_where_and_initial(f: Any) -> None:
    def by_hand(x: Any, initial: Any) -> Any:
        columns = []
        for k in range(4):
            chosen = [x[i, k] for i in range(3) if B[i, k]]
            columns.append(functools.reduce(f, chosen, initial))
        return cnp.stack(columns)

    call = lambda x, initial: f.reduce(x, where=B, initial=initial)
    y, pull = vjp(call, P, 0.6)
    expected, pull_by_hand = vjp(by_hand, P, 0.6)
    np.testing.assert_allclose(y, expected, rtol=1e-14)
    g = np.array([0.3, -1.2, 0.7, 2.0])
    for a, b in zip(pull(g), pull_by_hand(g), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


EXACT = [f for f in FOLDED if f not in (np.power, np.arctan2, np.float_power)]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", EXACT, ids=name_of)
@pytest.mark.parametrize(
    ("x", "options"),
    [
        (np.zeros((2, 0)), {}), (np.zeros((0, 2)), {"axis": 1}), (np.zeros((0, 3)), {}),
        (np.zeros((0, 3)), {"initial": 2.0, "keepdims": True}), (np.array([[-3.0]]), {}),
        (np.array([[-3.0]]), {"initial": None}), (np.array([[-3.0, np.nan], [1.0, 2.0]]), {}),
        (np.array([-np.inf, 2.0, -np.inf]), {}), (np.array([-3.0, 4.0]), {"axis": ()}),
        (np.array([[1.0, 2.0]]), {"where": np.array([[False, True]]), "initial": 0.5}),
        (np.array([[1.0, 2.0]]), {"where": False}), (np.float64(-2.0), {}), (-2.0, {"axis": None}),
        (np.ones((2, 2)), {"axis": (0, 1)}), (np.ones((2, 2)), {"axis": (0, 0)}),
        (np.ones((2, 2)), {"axis": 2}), (np.ones(3), {"where": np.ones((2, 3), bool)}),
    ],
)  # fmt: skip
def test_edges_are_numpys(f: Any, x: Any, options: dict[str, Any]) -> None:
    """The same value, and the same error where there is none."""
    call = lambda v: f.reduce(v, **options)
    try:
        expected = call(x)
    except (ValueError, TypeError) as error:
        with pytest.raises(type(error)):
            vjp(call, x)
        return
    y = vjp(call, x)[0]
    np.testing.assert_allclose(y, expected, rtol=1e-14)
    assert np.shape(y) == np.shape(expected)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", EXACT, ids=name_of)
def test_edges_of_accumulate_and_reduceat(f: Any) -> None:
    for x in (np.zeros((0, 3)), np.zeros((2, 0)), np.array([[-3.0, np.nan]])):
        for axis in (0, 1):
            np.testing.assert_array_equal(
                vjp(lambda v, axis=axis: f.accumulate(v, axis), x)[0], f.accumulate(x, axis)
            )
    for indices in ([0], [1, 1, 0], [], np.array([2, 0])):
        call = lambda v: f.reduceat(v, indices, axis=-1)  # noqa: B023
        indices = np.asarray(indices, int)
        np.testing.assert_allclose(vjp(call, P)[0], call(P), rtol=1e-14)
    with pytest.raises(TypeError, match="cannot accumulate on a scalar"):
        vjp(f.accumulate, 2.0)
    with pytest.raises(IndexError, match="index 7 out-of-bounds"):
        vjp(lambda v: f.reduceat(v, [0, 7]), Q)


def test_sums_of_many_parts_have_one_node() -> None:
    x = np.arange(40000.0)
    starts = np.arange(0, 40000, 2)
    g = grad(lambda v: np.sum(np.add.reduceat(v, starts) * starts))(x)
    np.testing.assert_array_equal(g, np.repeat(starts, 2))


def test_steps_that_halve_are_few() -> None:
    """100,000 numbers are folded in 17 calls."""
    x = np.linspace(-1.0, 1.0, 100_000)
    np.testing.assert_allclose(
        grad(np.logaddexp.reduce)(x), np.exp(x) / np.sum(np.exp(x)), rtol=1e-10
    )
    np.testing.assert_allclose(grad(np.hypot.reduce)(x), x / np.linalg.norm(x), rtol=1e-10)
    assert np.sum(grad(lambda v: np.sum(np.maximum.accumulate(v)))(x)) == 100_000


def test_logarithms_of_no_probability() -> None:
    """An element of -inf has slope 0 as long as another is finite, in both bases."""
    x = np.array([-np.inf, 0.0, -np.inf, 1.0])
    for f, exp in ((np.logaddexp, np.exp), (np.logaddexp2, np.exp2)):
        shares = exp(x) / np.sum(exp(x))
        np.testing.assert_allclose(grad(f.reduce)(x), shares, rtol=1e-14)
        np.testing.assert_allclose(jvp(f.reduce, (x,), (np.ones(4),))[1], 1.0, rtol=1e-14)
        second = grad(lambda v, f=f: np.sum(grad(f.reduce)(v) * np.arange(4.0)))(x)
        mean = np.sum(shares * np.arange(4))
        scale = 1.0 if f is np.logaddexp else math.log(2)
        np.testing.assert_allclose(second, scale * shares * (np.arange(4) - mean), atol=1e-14)
        assert vjp(f.reduce, np.full(3, -np.inf))[0] == -np.inf


@pytest.mark.peers
def test_against_jax() -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    for ours, theirs in (
        (np.logaddexp.reduce, lambda v: jax.nn.logsumexp(v, axis=0)),
        (np.hypot.reduce, lambda v: jnp.linalg.norm(v, axis=0)),
        (np.fmax.accumulate, lambda v: jax.lax.cummax(v, axis=0)),
        (np.logaddexp.accumulate, lambda v: jax.lax.cumlogsumexp(v, axis=0)),
    ):
        found = grad(lambda v: np.sum(ours(v) ** 2))(P)  # noqa: B023
        expected = jax.grad(lambda v: jnp.sum(theirs(v) ** 2))(P)  # noqa: B023
        np.testing.assert_allclose(found, expected, rtol=1e-10)


# ---------------------------------------------------------------- outer, lists


@pytest.mark.parametrize("f", [*FOLDED, np.divmod], ids=name_of)
def test_outer_is_numpys(f: Any) -> None:
    for a, b in ((P, Q), (2.0, Q), (Q, np.float32(1.5)), (CUBE[0] + 3, P), (0.7, 1.3)):
        y, expected = vjp(f.outer, a, b)[0], f.outer(a, b)
        np.testing.assert_allclose(y, expected, rtol=1e-15)
        assert kinds_of(y) == kinds_of(expected)


def test_outer_takes_options() -> None:
    y, pull = vjp(lambda a, b: np.divide.outer(a, b, where=b != 0), Q, np.array([0.0, 2.0]))
    np.testing.assert_array_equal(y, np.stack([0 * Q, Q / 2], 1))
    np.testing.assert_array_equal(pull(np.ones((4, 2)))[0], np.full(4, 0.5))
    with pytest.raises(TypeError, match="into an array that exists"):
        vjp(lambda a: np.add.outer(a, a, out=np.zeros((4, 4))), Q)


def test_methods_of_the_face_take_lists() -> None:
    check_grads(lambda a, b: cnp.add.reduce([[a, 1.0], [b, a * b]]), 0.3, 2.0)
    check_grads(lambda a, b: cnp.multiply.reduce([[a, 2.0], [b, a]], axis=(0, 1)), 0.3, 2.0)
    check_grads(lambda a, b: cnp.logaddexp.accumulate([a, b, a - b]), 0.3, 2.0)
    check_grads(lambda a, b: cnp.fmax.reduceat([a, b, a - b], [0, 1]), 0.3, 2.0)
    check_grads(lambda a, b: cnp.subtract.outer([a, b], [b, 1.0]), 0.3, 2.0)
    check_grads(lambda a: cnp.hypot.reduce(Q, initial=a), 0.3)
    check_grads(lambda a: cnp.add.reduce(Q, initial=a * a), 0.3)
    assert (
        cnp.add.reduce([1.0, 2.0]) == 3.0
        and cnp.add.nin == 2
        and cnp.add.identity == 0
        and cnp.fmax.reduce(V) == V.max()
    )


# ---------------------------------------------------------------- at


PLACES = [
    [0, 0, 1], np.array([2, -1, 2]), slice(1, 3), (np.array([True, False, True]),), -1,
    ([0, 2, 0], [1, 1, 1]), (slice(None), [0, 3, 0]), np.zeros(0, int), (..., 2),
]  # fmt: skip
AT = [f for f in FOLDED if f not in (np.copysign, np.heaviside, np.nextafter, np.remainder)]


@pytest.mark.parametrize("f", AT, ids=name_of)
@pytest.mark.parametrize("at", PLACES)
def test_at_works_as_often_as_a_place_is_named(f: Any, at: Any) -> None:
    shape = np.shape(P[at])
    b = np.linspace(0.6, 1.4, math.prod(shape)).reshape(shape) + 0.013

    def changed(x: Any, b: Any) -> Any:
        y = x * 1.0 if isinstance(x, Value) else cnp.array(x * 1.0)
        f.at(y, at, b)
        return y

    expected = P.copy()
    f.at(expected, at, b)
    np.testing.assert_allclose(vjp(changed, P, b)[0], expected, rtol=1e-14)
    check_grads(lambda x: changed(x, b), P)

    def plain(x: Any, b: Any) -> Any:  # for differences, which give plain arrays
        y = x * 1.0
        f.at(y, at, b)
        return y

    either = lambda x, b: (changed if isinstance(x, Value) else plain)(x, b)
    check_grads(either, P, b)


@pytest.mark.parametrize("f", [np.negative, np.exp, np.sqrt, np.square, np.sin], ids=name_of)
def test_at_of_one_number(f: Any) -> None:
    def changed(x: Any) -> Any:
        y = x * 1.0
        f.at(y, [0, 2, 0])
        return y

    expected = Q.copy()
    f.at(expected, [0, 2, 0])
    np.testing.assert_allclose(vjp(changed, Q)[0], expected, rtol=1e-14)
    check_grads(changed, Q)


def test_at_keeps_the_precision_of_its_array() -> None:
    def changed(x: Any) -> Any:
        y = x * 1
        np.multiply.at(y, [0, 0], np.array([1.5, 2.5]))
        np.add.at(y, [1], 2.5)
        np.subtract.at(y, 2, x[0])
        return y

    y, pull = vjp(changed, np.ones(3, np.float32))
    assert y.dtype == np.float32 and y.tolist() == [3.75, 3.5, 0]
    assert pull(np.ones(3, np.float32))[0].tolist() == [2.75, 1, 1]


def test_at_of_a_plain_array_is_refused() -> None:
    for f in (np.add, np.multiply):
        with pytest.raises(TypeError, match="ordinary array"):
            grad(lambda v, f=f: f.at(np.zeros(3), [0], v[:1]))(V)
    with pytest.raises(IndexError):
        grad(lambda v: np.multiply.at(v * 1, [7], 2.0))(V)
    assert M.shape == N.shape  # neither was touched
