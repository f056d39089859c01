"""Ufuncs where the loop over the table cannot look: kinks, hard points, NaN, options."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import deriv, grad, jvp, vjp
from chainrule._core.faces import served
from chainrule._core.table import RULES, SPELLED, known
from chainrule._core.values import Value
from chainrule._rules.arithmetic import clipped
from chainrule._rules.bessel import modified_bessel
from chainrule.checking import check_grads
from tests._rules.samples.arrays import B, C, M, N, P, Q, V

known(np.add.reduce)
UFUNCS = [
    f
    for f in dict.fromkeys([*RULES, *SPELLED])
    if isinstance(f, np.ufunc) and f.signature is None and getattr(np, f.__name__, None) is f
]
MOVING = [f for f in UFUNCS if f not in RULES or not RULES[f].constant]
name_of = operator.attrgetter("__name__")


def inputs_of(f: Any) -> tuple[Any, ...]:
    """Arrays away from kinks that `f` takes."""
    if f is np.ldexp:
        return P, np.array([1, 2, 0, 3])
    first = P + 1 if f is np.arccosh else P / 3
    return (first,) if f.nin == 1 else (first, Q)


def outputs(y: Any) -> list[Any]:
    return list(y) if isinstance(y, tuple) else [y]


def of_moving(f: Any, inputs: Any) -> tuple[Any, list[Any]]:
    """`f` as a function of those inputs that are no whole numbers."""
    moving = [v for v in inputs if np.asarray(v).dtype.kind in "fc"]
    return lambda *v: f(*v, *inputs[len(v) :]), moving


# ---------------------------------------------------------------- options


def where_on(f: Any, where: Any) -> Any:
    """`f` where `where` is true and else 0, as NumPy says it."""

    def call(*inputs: Any) -> Any:
        if any(isinstance(v, Value) for v in inputs):
            return f(*inputs, where=where)
        shape = np.broadcast_shapes(np.shape(where), *map(np.shape, inputs))
        kinds = [v.dtype for v in outputs(f(*inputs))]
        return f(*inputs, where=where, out=tuple(np.zeros(shape, kind) for kind in kinds))

    return call


@pytest.mark.parametrize("f", MOVING, ids=name_of)
@pytest.mark.parametrize("where", [B, B[0], np.stack([B, ~B]), np.zeros((3, 1), bool)])
def test_where(f: Any, where: Any) -> None:
    call, moving = of_moving(where_on(f, where), inputs_of(f))
    for found, expected in zip(outputs(vjp(call, *moving)[0]), outputs(call(*moving)), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-14)
        assert found.dtype == expected.dtype
    check_grads(call, *moving)


def test_what_where_leaves_out_is_not_computed() -> None:
    """No warning of a division by zero, and no infinite slope that would become nan."""
    x = np.array([0.0, 4.0])
    np.testing.assert_array_equal(grad(lambda v: np.sum(np.sqrt(v, where=v > 0)))(x), [0, 0.25])
    assert grad(lambda v: np.log(v, where=False))(0.0) == 0.0
    assert jvp(lambda v: np.divide(1, v, where=v != 0), (x,), (np.ones(2),))[1].tolist() == [
        0, -0.0625,
    ]  # fmt: skip
    single = vjp(lambda v: np.multiply(v, 2.0, where=[True, False]), np.ones(2, np.float32))[0]
    assert single.dtype == np.float32 and single.tolist() == [2, 0]


def test_where_needs_truth_values() -> None:
    with pytest.raises(TypeError, match="where= needs an array of truth values, but has dtype fl"):
        grad(lambda v: np.sum(np.exp(v, where=v)))(V)


def test_clip_takes_the_options_of_ufuncs() -> None:
    x = np.array([-1.0, 0.5, 2.0, 0.7])
    on = np.array([True, True, True, False])
    y, pull = vjp(lambda v: np.clip(v, 0, 1, dtype=np.float32, where=on), x)
    assert y.dtype == np.float32 and y.tolist() == [0, 0.5, 1, 0]
    assert pull(np.ones(4, np.float32))[0].tolist() == [0, 1, 0, 0]
    with pytest.raises(TypeError, match="into an array that exists"):
        grad(lambda v: np.sum(np.clip(v, 0, 1, np.zeros(4))))(x)
    assert vjp(clipped, x, 0.0, 1.0)[0].tolist() == [0, 0.5, 1, 0.7]


PRECISIONS = [
    {"dtype": np.float32}, {"dtype": "f4", "casting": "unsafe"}, {"dtype": np.longdouble},
    {"order": "F", "subok": False},
]  # fmt: skip


@pytest.mark.parametrize("f", MOVING, ids=name_of)
@pytest.mark.parametrize("options", PRECISIONS)
def test_dtype(f: Any, options: dict[str, Any]) -> None:
    call, moving = of_moving(lambda *v: f(*v, **options), inputs_of(f))
    try:
        plain = call(*moving)
    except TypeError:  # NumPy has it not in this precision
        with pytest.raises(TypeError, match=r"No loop|Cannot cast|not supported"):
            vjp(call, *moving)
        return
    y, pull = vjp(call, *moving)
    for found, expected in zip(outputs(y), outputs(plain), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
        assert found.dtype == expected.dtype
    g = tuple(np.ones_like(v) for v in outputs(y))
    usual, usual_moving = of_moving(f, inputs_of(f))
    expected = vjp(usual, *usual_moving)[1](
        tuple(np.ones(v.shape) for v in g) if isinstance(y, tuple) else np.ones(g[0].shape)
    )
    found = pull(g if isinstance(y, tuple) else g[0])
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-5)


def test_signatures_and_casting() -> None:
    for signature in ("dd->d", (None, None, float), (np.float64,) * 3):
        y, pull = vjp(lambda v: np.add(v, 1, signature=signature), np.ones(2, np.float32))  # noqa: B023
        assert y.dtype == np.float64 and pull(np.ones(2))[0].dtype == np.float32
    assert vjp(lambda v: cnp.add(v, 1, sig="ff->f"), V)[0].dtype == np.float32
    np.testing.assert_array_equal(vjp(lambda v: np.sqrt(v, dtype=complex), -P)[0].imag, np.sqrt(P))
    for options in ({"casting": "no", "dtype": np.float32}, {"dtype": int}):
        with pytest.raises(TypeError, match="Cannot cast"):
            grad(lambda v: np.sum(np.add(v, 1, **options)))(V)  # noqa: B023


@pytest.mark.parametrize("f", MOVING, ids=name_of)
def test_out_is_refused(f: Any) -> None:
    inputs = inputs_of(f)
    call, moving = of_moving(f, inputs)
    into = tuple(np.zeros_like(v) for v in outputs(call(*moving)))
    refusals = [lambda *v: f(*v, *inputs[len(v) :], out=into)]
    refusals.append(lambda *v: served(f)(*v, *inputs[len(v) :], *into))
    for refused in refusals:
        with pytest.raises(TypeError, match="into an array that exists"):
            vjp(refused, *moving)


@pytest.mark.filterwarnings("ignore:invalid value")
def test_truth_values_and_steps_may_be_written() -> None:
    into, whole = np.zeros(4, bool), np.zeros(4)
    vjp(lambda v: (np.isnan(v / (v + 0), out=into), np.floor(v, out=whole)), V * [1, 0, 1, 1])
    np.testing.assert_array_equal(into, [False, True, False, False])
    np.testing.assert_array_equal(whole, np.floor(V * [1, 0, 1, 1]))


PASSES = [
    lambda v: np.logical_and(v, v > 0), lambda v: np.logical_xor(v, v, where=v > -9),
    lambda v: np.bitwise_or(v > 0, True), lambda v: np.invert(v > 0), lambda v: np.gcd(6, v > 0),
    lambda v: np.isclose(v, v + 1e-12), lambda v: np.allclose(v, v), lambda v: np.isneginf(v),
    lambda v: np.isreal(v), lambda v: np.signbit(v), lambda v: np.array_equal(v, v),
    lambda v: np.greater.outer(v, v), lambda v: np.logical_or.reduce(v, axis=0, keepdims=True),
    lambda v: np.less.reduce(v, dtype=bool), lambda v: np.logical_and.accumulate(v),
    lambda v: np.add.reduce(v > 0), lambda v: np.frexp(v)[1], lambda v: np.spacing(v, where=v > -9),
    lambda v: np.floor_divide.reduceat(v, [0, 2]), lambda v: np.isfinite(v, dtype=bool),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:'where' used without 'out'")
@pytest.mark.parametrize("f", PASSES)
def test_whole_numbers_and_truth_values_pass(f: Any) -> None:
    np.testing.assert_array_equal(vjp(f, V)[0], f(V))


# ---------------------------------------------------------------- hard points


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("f", "x", "second"),
    [
        (np.arcsin, 1.0, np.inf), (np.arcsin, -1.0, -np.inf), (np.arccos, 1.0, -np.inf),
        (np.arctanh, 1.0, np.inf), (np.arctanh, -1.0, -np.inf), (np.arccosh, 1.0, -np.inf),
        (np.sqrt, 0.0, -np.inf), (np.log1p, -1.0, -np.inf), (np.cbrt, 1e-150, -2 / 9 * 1e250),
        (np.fabs, 0.0, 0.0), (lambda x: np.hypot(x, 0.0), 0.0, 0.0), (np.i0, 0.0, 0.5),
        (lambda x: np.hypot(x, x), 0.0, 0.0), (lambda x: np.logaddexp2(x, -np.inf), 1.0, 0.0),
        (lambda x: np.logaddexp2(1.0, x), -np.inf, 0.0), (lambda x: np.power(x, 3.0), 0.0, 0.0),
        (lambda x: np.float_power(x, 2), 0.0, 2.0), (lambda x: np.float_power(x, 1), 0.0, 0.0),
        (lambda x: np.float_power(x, 1.5), 0.0, np.inf), (lambda x: np.copysign(x, -1), 0.0, 0.0),
        (lambda x: np.arctan2(x, 3e200), 1e200, 0.0), (lambda x: np.arctan2(x, 1e-70), 0.0, 0.0),
    ],
)  # fmt: skip
def test_second_slopes_agree_in_all_directions(f: Any, x: float, second: float) -> None:
    for one in (grad, deriv):
        for other in (grad, deriv):
            assert one(other(f))(x) == pytest.approx(second, rel=1e-12)


def test_sizes_that_a_square_would_lose() -> None:
    assert grad(lambda x: np.arctan2(x, 3e200))(1e200) == pytest.approx(3e-201)
    assert grad(lambda x: np.arctan2(x, 3e-200))(1e-200) == pytest.approx(3e199)
    assert grad(lambda x: np.hypot(x, 3e200))(4e200) == pytest.approx(0.8)
    assert grad(lambda x: np.arctan2(1e-200, x))(0.0) == pytest.approx(-1e200)


def test_quotients_are_those_of_the_value() -> None:
    """np.remainder(1, 0.1) is 0.0999…: the quotient was 9, though 1 / 0.1 is 10."""
    for f in (np.remainder, np.fmod):
        for a, b in ((1.0, 0.1), (-1.0, 0.1), (1.0, -0.1), (6.0, 0.7), (0.3, 0.1)):
            assert a + grad(f, 1)(a, b) * b == pytest.approx(f(a, b), abs=1e-15)


def test_bessel_functions() -> None:
    special = pytest.importorskip("scipy.special")
    x = np.array([-700.0, -31.0, -29.9, -3.0, -1e-9, 0.0, 0.4, 12.0, 30.0, 30.1, 650.0])
    for order in range(4):
        expected = special.iv(order, x)
        np.testing.assert_allclose(modified_bessel(x, order), expected, rtol=1e-13)
    slopes = grad(lambda v: np.sum(np.i0(v)))(x)
    np.testing.assert_allclose(slopes, special.i1(x), rtol=1e-13)
    assert modified_bessel(np.float32(2), 1).dtype == np.float32


def test_windows_of_kaiser() -> None:
    """Also where the points are plain and only beta moves, which NumPy itself cannot see."""
    check_grads(lambda beta: cnp.kaiser(6, beta), 3.0)
    assert grad(lambda beta: np.sum(cnp.kaiser(1, beta)))(3.0) == 0.0
    np.testing.assert_allclose(vjp(lambda b: cnp.kaiser(7, b), 0.0)[0], np.kaiser(7, 0.0))


# ---------------------------------------------------------------- NaN, complex numbers


def test_fmax_and_fmin_pass_over_nan() -> None:
    a, b = np.array([np.nan, 1.0, np.nan, 2.0]), np.array([3.0, np.nan, np.nan, 2.0])
    for f in (np.fmax, np.fmin):
        y, pull = vjp(f, a, b)
        np.testing.assert_array_equal(y, f(a, b))
        left, right = pull(np.ones(4))
        np.testing.assert_array_equal(left[[0, 1, 3]], [0, 1, 0.5])
        np.testing.assert_array_equal(right[[0, 1, 3]], [1, 0, 0.5])


BROKEN = np.array([np.nan, 1.5, np.inf, -2.0, -np.inf, np.nan])
FILLS: list[dict[str, Any]] = [
    {}, {"nan": 0.5}, {"nan": 1, "posinf": 2.0, "neginf": -3.0}, {"neginf": np.arange(6.0)},
]  # fmt: skip


@pytest.mark.parametrize("fills", FILLS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
def test_numbers_for_nan(fills: dict[str, Any], dtype: Any) -> None:
    x = BROKEN.astype(dtype)
    if dtype is np.complex128:
        x.imag = BROKEN[::-1]
    y, pull = vjp(lambda v: np.nan_to_num(v, **fills), x)
    np.testing.assert_array_equal(y, np.nan_to_num(x, **fills))
    assert y.dtype == dtype
    slope = pull(np.ones_like(x))[0]
    np.testing.assert_array_equal(slope.real, np.isfinite(x.real))


def test_what_is_put_for_nan_may_move() -> None:
    fill = lambda a, b: cnp.nan_to_num(BROKEN, nan=a, posinf=a * b, neginf=b)
    check_grads(fill, 0.5, 2.0)
    check_grads(lambda a: cnp.nan_to_num(BROKEN, nan=a, posinf=1.0, neginf=0.0), np.ones(6))
    assert cnp.nan_to_num(np.arange(3), nan=1.0).dtype.kind == "i"


def test_nan_to_num_in_place() -> None:
    def f(v: Any) -> Any:
        w = v * 2
        assert np.nan_to_num(w, copy=False, nan=3.0) is w
        return np.sum(w * w)

    np.testing.assert_array_equal(grad(f)(np.array([np.nan, 1.0])), [0, 8])


def test_real_if_close() -> None:
    y, pull = vjp(lambda v: np.real_if_close(v * (1 + 1e-17j)), V)
    assert y.dtype == float and pull(np.ones(4))[0].tolist() == [1] * 4
    assert vjp(np.real_if_close, C)[0].dtype == complex


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (np.emath.sqrt, -4.0), (np.emath.log, -3.0), (np.emath.arcsin, 2.0),
        (np.emath.arcsin, -2.0), (np.emath.arccos, 2.0), (np.emath.arccos, -3.0),
        (np.emath.arctanh, 2.0), (np.emath.arctanh, -2.0), (np.emath.log10, -0.5),
    ],
)  # fmt: skip
def test_on_the_cuts_of_the_complex_plane(f: Any, x: float) -> None:
    """The slope along the cut is that of the side on which the value is."""
    difference = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
    assert deriv(f)(x) == pytest.approx(difference, rel=1e-8)


@pytest.mark.parametrize("z", [-2 + 0.1j, -0.3 - 0.7j, 0.5 + 2j, -1.5 - 1e-3j, 2.0 - 1j])
@pytest.mark.parametrize(
    "f",
    [
        np.arccosh, np.arcsin, np.arccos, np.arctan, np.arctanh, np.arcsinh, np.sqrt, np.log,
        np.log1p, np.sinc, np.tanh, np.tan, np.reciprocal, np.expm1, np.log10, np.exp2,
    ],
    ids=name_of,
)  # fmt: skip
def test_in_all_quarters_of_the_complex_plane(f: Any, z: complex) -> None:
    check_grads(f, z)


def test_complex_powers() -> None:
    check_grads(np.power, C, 0.5 + 0.1 * M)
    check_grads(np.float_power, C, C * 0.3)
    check_grads(lambda z: np.sign(z) * np.abs(z), C)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_directions_of_complex_numbers_at_the_ends() -> None:
    ends = np.array([0j, complex(np.inf, 1), complex(1, -np.inf), 1e-320 + 0j, 1e308 + 1e308j])
    np.testing.assert_array_equal(vjp(np.sign, ends)[0], np.sign(ends))
    assert vjp(np.sign, ends)[1](np.ones(5) + 1j)[0][:3].tolist() == [0, 0, 0]
    size = lambda x: np.abs(x * (1 + 1j))
    assert grad(size)(0.0) == grad(grad(size))(0.0) == deriv(deriv(size))(0.0) == 0.0


ENDS = [
    0.0, -0.0, 0.5, -1.0, 2.0, -2.5, np.inf, -np.inf, np.nan, 1e300, -1e300, 1e-310, 5e-324,
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", [f for f in UFUNCS if f is not np.ldexp], ids=name_of)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
def test_values_at_the_ends_of_the_range_are_numpys(f: Any, dtype: Any) -> None:
    x = np.array(ENDS).astype(dtype)
    inputs = (x,) if f.nin == 1 else (x[:, None], x)
    try:
        plain = f(*inputs)
    except TypeError:
        with pytest.raises(TypeError):
            vjp(f, *inputs)
        return
    for found, expected in zip(outputs(vjp(f, *inputs)[0]), outputs(plain), strict=True):
        np.testing.assert_allclose(found, expected, rtol=4e-16)
        assert found.dtype == expected.dtype
        if expected.dtype.kind == "f":
            is_number = ~np.isnan(expected)
            np.testing.assert_array_equal(
                np.signbit(found)[is_number], np.signbit(expected)[is_number]
            )


def test_heights_at_a_jump() -> None:
    steps = np.array([-1.0, 0.0, 1.0])
    y, pull = vjp(np.heaviside, steps, np.array([0.2, 0.5, 0.7]))
    assert y.tolist() == [0, 0.5, 1]
    assert [v.tolist() for v in pull(np.ones(3))] == [[0, 0, 0], [0, 1, 0]]


def test_parts_of_numbers_at_the_ends_of_the_range() -> None:
    ends = np.array([5e-324, 1.7e308, -2.5, 0.0, np.inf, -np.inf])
    for f in (np.frexp, np.modf):
        for found, expected in zip(vjp(f, ends)[0], f(ends), strict=True):
            np.testing.assert_array_equal(found, expected)
            np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))
    assert grad(lambda x: np.ldexp(x, 3))(0.7) == 8.0
    assert math.isclose(grad(lambda x: np.frexp(x)[0])(5.0), 0.125)


def test_angles_that_turn() -> None:
    turns = np.array([0.0, 2.0, 4.0, 6.1, 8.3, np.nan, 1.0]) % 6.0
    y, pull = vjp(np.unwrap, turns)
    np.testing.assert_array_equal(y, np.unwrap(turns))
    assert pull(np.ones(7))[0].tolist() == [1] * 7
    period = grad(lambda p: np.sum(cnp.unwrap(np.arange(5.0) * 1.1 % 1.5, period=p)))(1.5)
    added = np.unwrap(np.arange(5.0) * 1.1 % 1.5, period=1.5) - np.arange(5.0) * 1.1 % 1.5
    assert period == pytest.approx(np.sum(added) / 1.5)
    assert vjp(np.unwrap, turns.astype(np.float32))[0].dtype == np.float32


# ---------------------------------------------------------------- peers


@pytest.mark.peers
def test_against_autograd() -> None:
    autograd = pytest.importorskip("autograd")
    anp = pytest.importorskip("autograd.numpy")
    for name, inputs in {
        "logaddexp2": (M, N), "fmax": (M, N), "arctan2": (M, N), "hypot": (M, N), "mod": (M, Q),
        "exp2": (M,), "cbrt": (M,), "sinc": (M,), "angle": (C,), "absolute": (C,),
    }.items():  # fmt: skip
        ours, theirs = getattr(np, name), getattr(anp, name, None)
        if theirs is None or name == "cbrt":
            continue
        for k in range(len(inputs)):
            found = grad(lambda *v, f=ours: np.sum(np.real(f(*v))), k)(*inputs)
            expected = autograd.grad(lambda *v, f=theirs: anp.sum(anp.real(f(*v))), k)(*inputs)
            if np.iscomplexobj(found):
                expected = np.conj(expected)
            np.testing.assert_allclose(np.abs(found), np.abs(expected), rtol=1e-12)


def test_powers_take_lists() -> None:
    y, pull = vjp(lambda x: cnp.float_power(x, [1, 2, 3]), np.array([0.5, 1.5, 2.0]))
    np.testing.assert_allclose(y, [0.5, 2.25, 8.0])
    np.testing.assert_allclose(pull(np.ones(3))[0], [1.0, 3.0, 12.0])
