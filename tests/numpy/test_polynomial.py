"""chainrule.numpy.polynomial: every name of NumPy's, its answers, a name in every refusal."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import numpy.polynomial as own_package
import pytest

import chainrule.numpy.polynomial as package
from chainrule import grad, vjp
from chainrule.checking import check_grads
from chainrule.numpy.polynomial import (
    chebyshev,
    hermite,
    hermite_e,
    laguerre,
    legendre,
    polynomial,
)

FACES = [
    (polynomial, "poly"), (chebyshev, "cheb"), (legendre, "leg"), (hermite, "herm"),
    (hermite_e, "herme"), (laguerre, "lag"),
]  # fmt: skip
C, X = np.array([0.3, -1.2, 0.8, 0.5]), np.linspace(-0.9, 0.8, 5)
every_family = pytest.mark.parametrize(("face", "prefix"), FACES, ids=[p for _, p in FACES])


def numpys(face: ModuleType) -> Any:
    return getattr(own_package, face.__name__.rpartition(".")[2])


@every_family
def test_every_name_is_there(face: ModuleType, prefix: str) -> None:
    assert list(face.__all__) == list(numpys(face).__all__)
    assert [name for name in face.__all__ if not hasattr(face, name)] == []
    assert set(face.__all__) <= set(dir(face))


def test_the_package_has_the_classes_and_the_families() -> None:
    assert issubclass(package.Chebyshev, np.polynomial.Chebyshev)
    assert list(package.__all__) == list(own_package.__all__)
    assert package.chebyshev is chebyshev
    assert {"chebyshev", "Polynomial"} <= set(dir(package))


@every_family
def test_plain_arrays_give_what_numpy_gives(face: ModuleType, prefix: str) -> None:
    for name, arguments in (("val", (X, C)), ("vander", (X, 3)), ("der", (C,)), ("int", (C,))):
        found = getattr(face, prefix + name)(*arguments)
        np.testing.assert_array_equal(found, getattr(numpys(face), prefix + name)(*arguments))


@every_family
def test_the_roots_are_those_of_the_companion(face: ModuleType, prefix: str) -> None:
    """Their sum is the matrix's trace, and so are the slopes."""
    companion, roots = getattr(face, prefix + "companion"), getattr(face, prefix + "roots")
    np.testing.assert_allclose(
        grad(lambda c: np.trace(companion(c)))(C),
        grad(lambda c: np.sum(np.real(roots(c))))(C),
        atol=1e-9,
    )
    with pytest.raises(ValueError, match="tol is 0 or more"):
        vjp(lambda c: getattr(face, prefix + "trim")(c, -1.0), C)
    for short in (C[:1], C[:2]):
        y = getattr(numpys(face), prefix + "trim")(short, 9.0)
        np.testing.assert_array_equal(vjp(getattr(face, prefix + "trim"), short, 9.0)[0], y)


@every_family
def test_higher_slopes_are_series_of_derivatives(face: ModuleType, prefix: str) -> None:
    value, derivative = getattr(face, prefix + "val"), getattr(face, prefix + "der")
    slope: Any = lambda x: value(x, C)
    for order in (1, 2, 3, 4):
        slope = grad(slope)
        assert slope(0.4) == pytest.approx(value(0.4, derivative(C, order)), rel=1e-12, abs=1e-12)


@every_family
def test_an_integral_depends_on_its_bound_and_its_constants(face: ModuleType, prefix: str) -> None:
    """By its lower bound with minus the integrand there."""
    value, integral = getattr(face, prefix + "val"), getattr(face, prefix + "int")
    slope = grad(lambda a: value(0.7, integral(C, lbnd=a)))(-0.3)
    assert slope == pytest.approx(-value(-0.3, C), rel=1e-12)
    check_grads(lambda c, k, a, s: integral(c, 2, k, a, s), C, X[:2], 0.3, 1.5)
    for wrong in ({"m": -1}, {"k": [1.0, 2.0]}, {"lbnd": X}, {"scl": X}, {"axis": 3}):
        with pytest.raises(ValueError):
            vjp(lambda c, wrong=wrong: integral(c, **wrong), C)


@every_family
def test_the_classes_at_recorded_points(face: ModuleType, prefix: str) -> None:
    (name,) = set(face.__all__) & set(package.__all__)
    series, own = getattr(face, name), getattr(numpys(face), name)
    p = series(C, domain=[-2, 2])
    assert isinstance(p, own) and series is getattr(package, name)
    assert grad(p)(0.4) == pytest.approx(own(C, domain=[-2, 2]).deriv()(0.4), rel=1e-13)
    np.testing.assert_array_equal(vjp(lambda x: (p * p)([x, 0.5]), 0.4)[0], (p * p)([0.4, 0.5]))


@every_family
def test_points_of_other_shapes_are_refused(face: ModuleType, prefix: str) -> None:
    with pytest.raises(ValueError, match="one shape"):
        vjp(lambda x: getattr(face, prefix + "val2d")(x, x[:2], np.outer(C, C)), X)


# ---------------------------------------------------------------- what NumPy makes of odd input

ODD = [
    np.array([1, np.nan, 2.0]), np.zeros(0), np.ones(1), np.zeros(3), np.float64(2),
    np.ones(3, np.float32), np.ones((2, 3)), np.ones(3, np.complex64),
]  # fmt: skip
OTHER = [np.array([1.0, 2.0]), [1, 2, 3], 2, np.zeros(2), np.zeros(0), np.ones(3, np.float32)]


def answer(f: Any, *args: Any) -> Any:
    with np.errstate(all="ignore"):
        try:
            return f(*args)
        except Exception:
            return None


@every_family
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_values_of_odd_input_are_numpys(face: ModuleType, prefix: str, odd: Any) -> None:
    """NaN stays where it was, dtypes and refusals are the same."""
    calls: list[tuple[str, Any]] = [
        (name, lambda f, p, q=q, flip=flip: f(q, p) if flip else f(p, q))
        for name in ("add", "sub", "mul", "div", "val")
        for q in OTHER
        for flip in (False, True)
    ]
    calls += [(name, lambda f, p: f(p)) for name in ("der", "int", "roots", "mulx", "fromroots")]
    calls += [
        ("int", lambda f, p: f(p, 2, [1, 2], 0.5, 2, -1)), ("der", lambda f, p: f(p, 2, 2, -1)),
        ("vander", lambda f, p: f(p, 2)), ("pow", lambda f, p: f(p, 2)),
        ("pow", lambda f, p: f(p, 0)),
    ]  # fmt: skip
    for name, call in calls:
        own, mine = getattr(numpys(face), prefix + name), getattr(face, prefix + name)
        expected = answer(lambda p, own=own, call=call: call(own, p), odd)
        found = answer(lambda p, f=mine, call=call: vjp(lambda p: call(f, p), p)[0], odd)
        assert (found is None) == (expected is None), (name, odd, found, expected)
        if expected is not None:
            pairs = zip(found, expected, strict=True) if name == "div" else [(found, expected)]
            for a, b in pairs:
                assert np.asarray(a).dtype == np.asarray(b).dtype, (name, a, b)
                close = 1e-12 if np.real(b).dtype == float else 1e-5
                np.testing.assert_allclose(a, b, rtol=close, atol=1e-14, err_msg=name)


# ---------------------------------------------------------------- arithmetic


@every_family
def test_zeros_at_the_end_are_trimmed_as_numpy_trims_them(face: ModuleType, prefix: str) -> None:
    long, zero = np.append(C, [0.0, 0.0]), np.zeros(3)
    for name in ("add", "sub", "mul", "div"):
        for a, b in ((long, C[:2]), (C[:2], long), (C, C), (zero, C), (long, long)):
            own = getattr(numpys(face), prefix + name)(a, b)
            found = vjp(lambda a, b, name=name: getattr(face, prefix + name)(a, b), a, b)[0]
            pairs = zip(found, own, strict=True) if name == "div" else [(found, own)]
            for mine, theirs in pairs:
                assert mine.shape == theirs.shape
                np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-14)


@every_family
def test_a_quotient_times_its_divisor_moves_as_the_dividend(face: ModuleType, prefix: str) -> None:
    def back(a: Any, b: Any) -> Any:
        quotient, rest = getattr(face, prefix + "div")(a, b)
        return getattr(face, prefix + "add")(getattr(face, prefix + "mul")(quotient, b), rest)

    y, pull = vjp(back, np.append(C, 1.7), C[:3])
    np.testing.assert_allclose(y, np.append(C, 1.7), rtol=1e-12)
    of_dividend, of_divisor = pull(np.cos(np.arange(5.0)))
    np.testing.assert_allclose(of_dividend, np.cos(np.arange(5.0)), rtol=1e-11)
    np.testing.assert_allclose(of_divisor, 0, atol=1e-10)


@every_family
def test_what_arithmetic_refuses(face: ModuleType, prefix: str) -> None:
    for name, arguments in (
        ("mul", (np.ones((2, 2)),)),
        ("add", (np.ones(0),)),
        ("pow", (2.5,)),
        ("pow", (-1,)),
        ("pow", (3, 2)),
    ):
        with pytest.raises(ValueError):
            vjp(lambda c, name=name, more=arguments: getattr(face, prefix + name)(c, *more), C)
    with pytest.raises(ZeroDivisionError):
        vjp(lambda c: getattr(face, prefix + "div")(c, np.zeros(2)), C)


@every_family
def test_roots_and_their_series_undo_each_other(face: ModuleType, prefix: str) -> None:
    apart = np.array([-1.1, 0.3, 1.9])

    def back(r: Any) -> Any:
        return getattr(face, prefix + "roots")(getattr(face, prefix + "fromroots")(r))

    y, pull = vjp(back, apart)
    np.testing.assert_allclose(y, apart, rtol=1e-12)
    np.testing.assert_allclose(pull(C[:3])[0], C[:3], rtol=1e-10)


@every_family
def test_all_that_a_fit_returns(face: ModuleType, prefix: str) -> None:
    y, w = np.cos(3 * X), 1 + X**2
    whole = getattr(numpys(face), prefix + "fit")(X, y, 2, full=True, w=w)

    def f(x: Any, y: Any, w: Any) -> Any:
        c, (squares, rank, singular, rcond) = getattr(face, prefix + "fit")(x, y, 2, None, True, w)
        assert (rank, rcond) == (3, whole[1][3])
        return c, squares, singular

    found = vjp(f, X, y, w)[0]
    for mine, theirs in zip(found, (whole[0], whole[1][0], whole[1][2]), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-11)
    check_grads(f, X, y, w)


def test_lists_of_values_in_single_precision_and_in_wholes() -> None:
    assert grad(lambda a: chebyshev.chebval(0.5, [a, 2 * a, 1]))(3.0) == 2.0
    assert grad(lambda a: chebyshev.chebval([a, 0.5], np.array([1, 2, 3]))[0])(0.5) == 8.0
    assert grad(lambda a: polynomial.polyval(2, [a, 2 * a, 1]))(3.0) == 5.0
    single = grad(lambda x: legendre.legval(x, np.ones(3, np.float32)).sum())(
        np.ones(2, np.float32)
    )
    assert single.dtype == np.float32


@pytest.mark.parametrize(
    "f",
    [
        lambda c, P: P(c)(0.5),
        lambda c, P: P([c[0], 2.0, c[1] * c[2]])(0.5),
        lambda c, P: P(c, True)(0.5) + P(P(c))(0.3),
        lambda c, P: (P(c) * P([1.0, 2.0]) - 3 + P(c) ** 2)(0.5),
        lambda c, P: P(c).deriv()(0.5) + P(c).integ(k=c[0])(0.7),
        lambda c, P: np.sum(np.real(P(c).roots ** 2)),
        lambda c, P: (P(c) / P([1.0, 2.0]))[0](0.5) + (P(c) / P([1.0, 2.0]))[1](0.5),
        lambda c, P: ([1.0, 2.0, 0.5, 1.0] / P(c))[1](0.5),
        lambda c, P: (P(c) / 2.0)(0.5),
        lambda c, P: (P([1.0, 2.0]) / c[0])(0.5),
        lambda c, P: P(c)[0] * P(c)[2] + P(c).order,
    ],
)
def test_the_older_class_takes_values_as_coefficients(f: Any) -> None:
    from chainrule.numpy import poly1d

    c = np.array([1.5, 2.0, -3.0])
    np.testing.assert_allclose(f(c, poly1d), f(c, np.poly1d))
    check_grads(lambda c: f(c, poly1d), c)
    assert str(poly1d(c)) == str(np.poly1d(c)) and poly1d(c) == np.poly1d(c)
