"""Polynomials and their fits: what samples cannot say."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, jacobian, jvp, vjp
from chainrule.checking import check_grads

P, Q = np.array([2.0, -1.0, 0.5, 3.0]), np.array([1.0, 0.7, -0.4])
X, Y = np.linspace(-1.0, 1.3, 9) ** 3 + 0.1, np.cos(np.arange(9.0))
TABLE = np.stack([Y, Y[::-1] + X], 1)


def test_a_root_moves_so_that_the_equation_stays_true() -> None:
    """At double precision: p(r(p)) has no derivative."""
    slopes = jacobian(lambda p: np.polyval(p, np.roots(p)))(P.astype(complex))
    np.testing.assert_allclose(slopes, 0, atol=1e-13)


def test_roots_at_zero_and_at_infinity() -> None:
    """A last coefficient of 0 moves its root; a first one of 0 moves the others."""
    slopes = jacobian(np.roots)(np.array([1.0, -3.0, 0.0]))
    np.testing.assert_allclose(slopes, [[-3.0, -1.0, -1 / 3], [0, 0, 1 / 3]], atol=1e-14)
    near = jacobian(np.roots)(np.array([1e-9, 1.0, -3.0, 2.0]))[1:]
    exactly = jacobian(np.roots)(np.array([0.0, 1.0, -3.0, 2.0]))
    np.testing.assert_allclose(near, exactly, rtol=1e-7)
    assert np.size(vjp(np.roots, np.zeros(3))[0]) == 0


def test_a_double_root_has_no_slope() -> None:
    with np.errstate(all="ignore"):
        assert not np.isfinite(jacobian(np.roots)(np.array([1.0, 0.0, 0.0]))).any()


def test_poly_of_pairs_is_real() -> None:
    z = np.array([1 + 2j, 1 - 2j, 3.0])
    y, pull = vjp(np.poly, z)
    np.testing.assert_array_equal(y, np.poly(z))
    assert y.dtype == float and pull(np.ones(4))[0].dtype == complex
    assert vjp(np.poly, np.zeros(0))[0] == 1.0


def test_poly_of_a_matrix_with_equal_eigenvalues() -> None:
    """The last coefficient is the determinant, whose slope is the matrix of cofactors."""
    a = np.array([[2.0, 1.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]])
    slope = grad(lambda a: -np.poly(a)[3])(a)
    np.testing.assert_allclose(slope, np.linalg.det(a) * np.linalg.inv(a).T, rtol=1e-12, atol=1e-12)


def test_remainders_are_cut_as_numpy_cuts_them() -> None:
    product = np.polymul(Q, P)
    quotient, rest = vjp(np.polydiv, product, Q)[0]
    for mine, theirs in zip((quotient, rest), np.polydiv(product, Q), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    check_grads(lambda u: np.polydiv(u, Q)[0], product)


def test_leading_zeros_are_dropped_from_products() -> None:
    for p in (np.array([0.0, 0.0, 1.0, 2.0]), np.zeros(3), np.zeros(0)):
        np.testing.assert_array_equal(vjp(lambda p: np.polymul(p, Q), p)[0], np.polymul(p, Q))


@pytest.mark.parametrize("wrong", [np.polyder, np.polyint])
def test_orders_below_zero_are_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="0 or more times"):
        vjp(lambda p: wrong(p, -1), P)


def test_too_few_constants_are_refused() -> None:
    with pytest.raises(ValueError, match="3 integrations need 3 constants"):
        vjp(lambda k: cnp.polyint(P, 3, k), np.ones(2))


@pytest.mark.parametrize(
    "p",
    [
        np.array([1, np.nan, 2.0]), np.zeros(0), np.ones(1), np.zeros(3), np.float64(2),
        np.ones(3, np.float32),
    ],
    ids=repr,
)  # fmt: skip
def test_values_of_odd_input_are_numpys(p: Any) -> None:
    calls: list[Any] = [
        lambda p: np.polyval(p, np.array([1.0, 2.0])), lambda p: np.polyval([1, 2, 3], p),
        lambda p: np.polyval(p, 3), np.polyder, np.polyint, np.roots, np.poly, np.vander,
        lambda p: np.polyint(p, 3, [1.0, 2.0, 3.0]), lambda p: np.polyder(p, 2),
    ]  # fmt: skip
    for f in (np.polyadd, np.polysub, np.polymul, np.polydiv):
        for q in (np.array([1.0, 2.0]), [1, 2, 3], 2, np.zeros(2), np.zeros(0)):
            calls += [lambda p, f=f, q=q: f(p, q), lambda p, f=f, q=q: f(q, p)]
    for call in calls:
        with np.errstate(all="ignore"):
            try:
                expected = call(p)
            except (ValueError, IndexError, TypeError):
                with pytest.raises((ValueError, IndexError, TypeError)):
                    vjp(call, p)
                continue
            found = vjp(call, p)[0]
        pairs = zip(found, expected, strict=True) if type(found) is tuple else [(found, expected)]
        for a, b in pairs:
            assert np.asarray(a).dtype == np.asarray(b).dtype
            np.testing.assert_allclose(a, b, rtol=1e-13)


# ---------------------------------------------------------------- poly1d


def test_poly1d_at_recorded_points() -> None:
    p = np.poly1d(P)
    assert grad(p)(0.7) == pytest.approx(p.deriv()(0.7), rel=1e-14)
    assert grad(grad(p))(0.7) == pytest.approx(p.deriv(2)(0.7), rel=1e-14)
    assert grad(lambda x: cnp.polyval(p, x))(0.7) == grad(p)(0.7)


def test_poly1d_beside_recorded_coefficients() -> None:
    for function in (np.polyadd, np.polysub, np.polymul):
        y, pull = vjp(lambda q, f=function: f(np.poly1d(P), q)(2.0), Q)
        assert y == function(np.poly1d(P), Q)(2.0)
        np.testing.assert_allclose(
            pull(1.0)[0], grad(lambda q, f=function: np.polyval(f(P, q), 2.0))(Q)
        )
    quotient, rest = np.polydiv(np.poly1d(P), np.poly1d(Q))
    found = vjp(lambda q: [v(2.0) for v in np.polydiv(np.poly1d(P), q)], Q)[0]
    np.testing.assert_allclose(found, [quotient(2.0), rest(2.0)])
    y, pull = vjp(lambda k: cnp.polyint(np.poly1d(P), 2, k)(2.0), Q[:2])
    assert y == np.polyint(np.poly1d(P), 2, Q[:2])(2.0)
    np.testing.assert_array_equal(pull(1.0)[0], [2.0, 1.0])


def test_poly1d_of_recorded_coefficients() -> None:
    def f(p: Any) -> Any:
        a = np.poly1d(p)
        return ((a * a + 2 * a - 1).deriv() - a.integ(k=0.5) + a**2)(0.3) + a[1]

    def g(p: Any) -> Any:
        square = np.polymul(p, p)
        whole = np.polyder(np.polysub(np.polyadd(square, 2 * p), 1.0))
        return (
            np.polyval(whole, 0.3) - np.polyval(np.polyint(p, k=0.5), 0.3) + np.polyval(p, 0.3) ** 2
            + p[-2]
        )  # fmt: skip

    assert vjp(f, P)[0] == pytest.approx(f(P), rel=1e-14)
    np.testing.assert_allclose(grad(f)(P), grad(g)(P), rtol=1e-13)


# ---------------------------------------------------------------- fits


@pytest.mark.parametrize("y", [Y, TABLE, Y + 1j * X], ids=["row", "table", "complex"])
def test_all_that_a_fit_returns(y: Any) -> None:
    w = 1 + X**2

    def f(x: Any, y: Any, w: Any) -> Any:
        c, squares, rank, singular, rcond = np.polyfit(x, y, 2, full=True, w=w)
        found.append((rank, rcond))
        return c, squares, singular

    found: list[Any] = []
    c, squares, _, _, _ = np.polyfit(X, y, 2, full=True, w=w)
    for mine, theirs in zip(vjp(f, X, y, w)[0][:2], (c, squares), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)
    assert found[0] == (3, len(X) * np.finfo(float).eps)
    check_grads(f, X, y, w)


def test_a_fit_through_all_points_has_no_squares() -> None:
    found = vjp(lambda y: np.polyfit(X[:3], y, 2, full=True)[:2], Y[:3])[0]
    assert found[1].shape == (0,)


def test_what_a_fit_refuses_and_warns_of() -> None:
    for call, error in (
        (lambda y: np.polyfit(X, y[:3], 1), TypeError),
        (lambda y: np.polyfit(X, y, -1), ValueError),
        (lambda y: np.polyfit(X, y, 1, w=np.ones(2)), TypeError),
        (lambda y: np.polyfit(TABLE, y, 1), TypeError),
        (lambda y: np.polyfit(X[:3], y[:3], 2, cov=True), ValueError),
    ):
        for arguments in (lambda call=call: call(Y), lambda call=call: vjp(call, Y)):
            with pytest.raises(error):
                arguments()
    with pytest.warns(np.exceptions.RankWarning):
        vjp(lambda y: np.polyfit(np.ones(9), y, 2), Y)


def test_a_fit_of_more_powers_than_points_moves_as_the_shortest_does() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", np.exceptions.RankWarning)
        check_grads(lambda x, y: np.polyfit(x, y, 3), X[[0, 4, 8]], Y[:3])


def test_slopes_of_an_ill_conditioned_fit_keep_their_digits() -> None:
    """Against the fit in 50 digits: the slope of the sum of coefficients in the observations."""
    x = np.linspace(0.0, 1.0, 12)
    slope = grad(lambda y: np.sum(np.polyfit(x, y, 8) * np.arange(9.0)))(np.cos(5 * x))
    linear = [np.sum(np.polyfit(x, e, 8) * np.arange(9.0)) for e in np.eye(12)]
    np.testing.assert_allclose(slope, linear, rtol=1e-9)


# ---------------------------------------------------------------- peers

CALLS: list[tuple[str, tuple[Any, ...]]] = [
    ("polyval", (P, X)),
    ("polyadd", (P, Q)),
    ("polysub", (Q, P)),
    ("polymul", (P, Q)),
    ("polyder", (P,)),
    ("polyint", (P,)),
    ("poly", (Q,)),
    ("roots", (np.poly([1.0, -2.0, 3.5]),)),
    ("vander", (X,)),
]


@pytest.mark.peers
@pytest.mark.parametrize(("name", "args"), CALLS, ids=[call[0] for call in CALLS])
def test_jax_agrees(name: str, args: Any) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    function = getattr(jax.numpy, name)
    if name == "roots":
        function = lambda p: jax.numpy.sort(jax.numpy.roots(p, strip_zeros=False))
    y, pull = vjp(
        lambda *a: np.sort(np.roots(*a)) if name == "roots" else getattr(np, name)(*a), *args
    )
    theirs, their_pull = jax.vjp(function, *args)
    np.testing.assert_allclose(y, theirs, rtol=1e-11, atol=1e-12)
    g = np.cos(np.arange(float(y.size))).reshape(y.shape)
    for mine, other in zip(pull(g), their_pull(jax.numpy.asarray(g, theirs.dtype)), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-10)


@pytest.mark.peers
@pytest.mark.parametrize("y", [Y, TABLE], ids=["row", "table"])
def test_jax_agrees_on_fits(y: Any) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    w = 1 + X**2
    _, theirs = jax.vjp(lambda x, y, w: jax.numpy.polyfit(x, y, 2, w=w), X, y, w)
    c, pull = vjp(lambda x, y, w: np.polyfit(x, y, 2, w=w), X, y, w)
    g = np.cos(np.arange(float(c.size))).reshape(c.shape)
    for mine, other in zip(pull(g), theirs(g), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-8, atol=1e-9)


def test_forward_mode_of_a_fit() -> None:
    t = np.sin(np.arange(9.0))
    np.testing.assert_allclose(
        jvp(lambda y: np.polyfit(X, y, 3), (Y,), (t,))[1], np.polyfit(X, t, 3), rtol=1e-11
    )


def test_sums_of_tables_of_one_length() -> None:
    for a, b in ((np.ones(2), np.ones((2, 3, 2))), (np.ones((1, 3)), np.ones(1))):
        assert vjp(np.polyadd, a, b)[0].tolist() == np.polyadd(a, b).tolist()
        check_grads(np.polysub, a, b)
