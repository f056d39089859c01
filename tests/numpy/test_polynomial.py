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
def test_what_has_no_rule_is_refused_by_name(face: ModuleType, prefix: str) -> None:
    with pytest.raises(NotImplementedError, match=rf"{prefix}companion has no derivative rule"):
        vjp(getattr(face, prefix + "companion"), C)


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
