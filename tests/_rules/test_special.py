"""SciPy's special functions at the hard points of their ranges.

Exact values are by 50-digit arithmetic.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from chainrule import deriv, elementwise_grad, grad, hessian, jvp

special = pytest.importorskip("scipy.special")
face = pytest.importorskip("chainrule.scipy.special")

NEAR = 1 - 2.0**-40
EXACT: list[tuple[str, float, float]] = [
    ("erfinv", NEAR, 106817285124.65914145),
    ("erfinv", -NEAR, 106817285124.65914145),
    ("erfinv", 1e-300, 0.88622692545275801365),
    ("erfinv", 1.0, np.inf),
    ("erfcinv", 1e-30, -6.0908126387528928648e28),
    ("erfcx", 30.0, -0.00062583541050748406864),
    ("erfcx", -2.0, -436.89199672700740222),
    ("gammaln", 1e-300, -1e300),
    ("log_ndtr", -30.0, 30.033259667433677037),
    ("log_ndtr", 3.0, 0.0044378390421256637933),
    ("log_ndtr", 50.0, 0.0),
    ("logit", 1e-300, 1e300),
    ("logit", 1 - 2.0**-53, 9007199254740993.0),
    ("psi", -2.3, 14.725912160961291488),
    ("psi", 0.0, np.inf),
    ("psi", -3.0, np.inf),
    ("rgamma", 0.0, 1.0),
    ("rgamma", -1.0, -1.0),
    ("rgamma", -3.0, -6.0),
    ("rgamma", -2.5, 1.1669802856379654815),
    ("rgamma", 150.0, -1.3146232500512500291e-260),
    ("i0e", 0.0, 0.0),
]
SECOND: list[tuple[str, float, float]] = [
    ("log_ndtr", -30.0, -0.998896228488109909),
    ("log_ndtr", -5.0, -0.96730356538288777465),
    ("log_ndtr", 3.0, -0.013333211541740806209),
    ("log_ndtr", -1e12, -1.0),
    ("psi", -2.3, 68.713792529270302002),
    ("rgamma", 0.0, 1.1544313298030657212),
]


@pytest.mark.parametrize(("name", "x", "slope"), EXACT)
def test_slopes_keep_their_digits(name: str, x: float, slope: float) -> None:
    assert grad(getattr(face, name))(x) == pytest.approx(slope, rel=3e-13)
    assert deriv(getattr(special, name))(x) == pytest.approx(slope, rel=3e-13)


@pytest.mark.parametrize(("name", "x", "slope"), SECOND)
def test_second_slopes_keep_their_digits(name: str, x: float, slope: float) -> None:
    assert hessian(getattr(face, name))(x) == pytest.approx(slope, rel=1e-12)


def test_scaled_bessel_functions_on_both_sides_of_zero() -> None:
    for order, x, slope in (
        (2, -1.5, -0.043150171604102749362),
        (1, -3.0, -0.019435263567909073035),
        (2, 1.5, 0.043150171604102749362),
    ):
        assert grad(face.ive, 1)(order, x) == pytest.approx(slope, rel=1e-14)


GAMMA = [(0.5, 0.2), (0.05, 0.3), (3.0, 7.0), (2.5, 1e-3), (100.0, 90.0), (1e3, 1010.0)]
BETA = [(0.5, 2.0, 0.9), (3.0, 7.0, 0.2), (100.0, 90.0, 0.5), (50.0, 0.5, 0.9), (2.0, 3.0, 0.999)]


@pytest.mark.parametrize(("a", "x"), GAMMA)
def test_slope_of_gammainc_in_its_parameter(a: float, x: float) -> None:
    mp = pytest.importorskip("mpmath")
    with mp.workdps(40):
        exact = float(mp.diff(lambda a: mp.gammainc(a, 0, x, regularized=True), a))
    assert grad(face.gammainc)(a, x) == pytest.approx(exact, rel=1e-12)
    assert grad(face.gammaincc)(a, x) == pytest.approx(-exact, rel=1e-12)


@pytest.mark.parametrize(("a", "b", "x"), BETA)
def test_slopes_of_betainc_in_its_parameters(a: float, b: float, x: float) -> None:
    mp = pytest.importorskip("mpmath")
    with mp.workdps(40):
        by_a = float(mp.diff(lambda a: mp.betainc(a, b, 0, x, regularized=True), a))
        by_b = float(mp.diff(lambda b: mp.betainc(a, b, 0, x, regularized=True), b))
    found = grad(face.betainc, (0, 1))(a, b, x)
    assert found == pytest.approx((by_a, by_b), rel=1e-12)


@pytest.mark.parametrize("df", [0.7, 3.0, 40.0])
def test_slope_of_students_probability_in_the_degrees_of_freedom(df: float) -> None:
    mp = pytest.importorskip("mpmath")
    for x in (-40.0, -1.5, -1e-3, 0.0, 0.6, 7.0):
        with mp.workdps(40):
            below = lambda n: mp.betainc(0.5, n / 2, 0, x * x / (n + x * x), regularized=True)  # noqa: B023
            exact = float(np.sign(x) * mp.diff(below, df) / 2)
        assert grad(special.stdtr)(df, x) == pytest.approx(exact, rel=1e-11, abs=1e-18)


def test_incomplete_functions_at_the_ends_and_outside() -> None:
    for x, slope in ((0.0, 0.0), (np.inf, 0.0), (np.nan, np.nan)):
        np.testing.assert_equal(grad(face.gammainc)(2.5, x), slope)
    for x, slope in ((0.0, 0.0), (1.0, 0.0), (1.5, np.nan)):
        np.testing.assert_equal(grad(face.betainc)(2.5, 1.5, x), slope)
    with pytest.raises(NotImplementedError, match="fourth derivative in the parameters"):
        grad(grad(grad(grad(face.gammainc))))(2.5, 1.0)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("jv", (1.5, 2.0)),
        ("polygamma", (1.0, 2.0)),
        ("kv", (0.5, 2.0)),
        ("hyp1f1", (1.0, 2.0, 3.0)),
    ],
)
def test_an_order_has_no_slope_and_says_so(name: str, args: Any) -> None:
    said = re.escape(f"scipy.special.{name} has a derivative, but no formula")
    for operator in (grad, deriv):
        with pytest.raises(NotImplementedError, match=said):
            operator(getattr(face, name))(*args)
    assert np.isfinite(grad(getattr(face, name), len(args) - 1)(*args))


@pytest.mark.parametrize("module", [special, face], ids=["scipy", "chainrule.scipy"])
def test_options_that_all_ufuncs_have(module: Any) -> None:
    x, there = np.array([0.3, -1.0, 2.0]), np.array([True, False, True])
    slopes = np.where(there, special.psi(x), 0.0)
    found = grad(lambda x: np.sum(module.gammaln(x, where=there)))(x)
    np.testing.assert_allclose(found, slopes, rtol=1e-14)
    found = grad(lambda x: np.sum(module.betainc(2.0, 1.5, x, where=there)))(x / 3)
    expected = np.where(there, elementwise_grad(lambda x: face.betainc(2.0, 1.5, x))(x / 3), 0)
    np.testing.assert_allclose(found, expected)
    low = jvp(lambda x: module.erf(x, dtype=np.float32), (x,), (x,))
    assert low[0].dtype == np.float32
    with pytest.raises(TypeError, match="out="):
        grad(lambda x: np.sum(module.betainc(2.0, 1.5, x, out=np.zeros(3))))(np.abs(x) / 3)


def test_lists_of_recorded_numbers() -> None:
    assert grad(lambda v: face.softmax([v, 0.0])[0])(0.0) == 0.25
    assert grad(lambda v: np.sum(face.polygamma(0, [v, 2 * v])))(1.0) == pytest.approx(
        np.pi**2 / 6 + 2 * (np.pi**2 / 6 - 1), rel=1e-14
    )
