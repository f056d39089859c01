"""Expressions answer NumPy's protocols, and leave out what nobody writes."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule.derivation import DerivationError
from chainrule.derivation.expressions import (
    COUNT,
    EULER,
    ONE,
    PI,
    ZERO,
    Expr,
    Name,
    Slope,
    Typed,
    build,
    num,
    rowed,
)  # fmt: skip

X, W = Expr(Name("x")), Expr(Name("w"))
ROW = Expr(Name("t", row=True))


def test_operators_and_numpy_record_calls() -> None:
    assert Expr(np.multiply, (X, W)) == X * W
    assert np.exp(-X) == Expr(np.exp, (Expr(np.negative, (X,)),))
    assert np.where(X > 0, X, W) == Expr(np.where, (Expr(np.greater, (X, ZERO)), X, W))
    assert abs(X) == np.abs(X) == Expr(np.absolute, (X,))
    assert cnp.tanh(X) == np.tanh(X)
    assert np.mean(ROW) == (1 / COUNT) * np.sum(ROW)


@pytest.mark.parametrize(
    ("built", "read"),
    [
        (X + 0, X), (0 + X, X), (X - 0, X), (0 - X, -X), (X * 1, X), (1 * X, X), (X * 0, ZERO),
        (np.negative(-X), X), (X + -W, X - W), (X - -W, X + W),
        ((-X) * (-W), X * W), (X / -W, -(X / W)),
        (X**1, X), (X / 1, X), (0 / X, ZERO), (num(2) * (3 * X), 6 * X), (-num(2), num(-2)),
        (num(6) / 4, num(Fraction(3, 2))), (EULER**X, np.exp(X)), (np.log(EULER), ONE),
        (np.exp(num(0)), ONE), (np.where(X > 0, W, W), W),
    ],
)  # fmt: skip
def test_what_nobody_writes_is_left_out(built: Expr, read: Expr) -> None:
    assert built == read


def test_an_expression_made_by_hand_stays_as_it_is() -> None:
    kept = Expr(np.multiply, (W, ONE))
    assert kept != W
    assert kept.put({W: X}) == Expr(np.multiply, (X, ONE))


@pytest.mark.parametrize(
    ("built", "kept"),
    [
        (num(1) / 0, np.divide),
        (num(2) ** 1000, np.power),
        (num(0) ** -1, np.power),
        (num(10) ** 60, np.power),
        (num(2) ** 0.5, np.power),
    ],
)
def test_numbers_that_are_none_or_very_long_are_not_worked_out(built: Expr, kept: object) -> None:
    assert built.head is kept


def test_decimals_stay_decimals() -> None:
    half = num(0.5)
    assert type(half.head) is Typed
    assert half != num(Fraction(1, 2))  # they read differently
    assert type((half / 5).head) is Typed
    assert type((half * 2).head) is Fraction
    assert (half / 3).head == Fraction(1, 6)
    assert type((half / 3).head) is Fraction  # 0.1666… does not end


def test_leaves_from_left_to_right() -> None:
    slope = Expr(Slope(Name("y"), Name("x")))
    assert list((X * slope + W / X).leaves()) == [X, slope, W, X]


def test_values() -> None:
    e = np.sin(X) * W**2 - PI
    assert e.at({X: 0.3, W: 1.5}) == math.sin(0.3) * 1.5**2 - math.pi
    xs = np.array([0.1, 0.2])
    np.testing.assert_array_equal(e.at({X: xs, W: 2.0}), np.sin(xs) * 4 - np.pi)


def test_sums_over_rows() -> None:
    values = {ROW: np.array([1.0, 2.0, 4.0]), X: 10.0, COUNT: 3.0}
    assert np.sum(ROW * X).at(values) == 70
    assert np.sum(X).at(values) == 30  # the same for each of three data points
    assert np.sum(ROW - np.sum(ROW)).at(values) == 7 - 3 * 7
    table = {ROW: np.array([[1.0, 2.0], [3.0, 4.0]]), X: np.array([[1.0], [10.0]]), COUNT: 2.0}
    assert np.sum(ROW * X).at(table).tolist() == [[3.0], [70.0]]


def test_what_has_rows() -> None:
    assert rowed(ROW * X)
    assert not rowed(np.sum(ROW) * X)
    assert rowed(Expr(Slope(Name("p", True), Name("w"))))
    assert not rowed(Expr(Slope(Name("a"), Name("w"))))


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (lambda: X if X > 0 else W, "instead of if"),
        (lambda: math.sin(X), "functions instead of those of math"),
        (lambda: list(X), "single numbers"),
        (lambda: np.linalg.norm(X), "numpy.linalg.norm"),
        (lambda: np.heaviside(X, 1), "numpy.heaviside"),
        (lambda: np.add.accumulate(X), "numpy.add.accumulate"),
        (lambda: num(math.inf), "too large"),
    ],
)
def test_what_cannot_be_read_is_refused(use: object, said: str) -> None:
    with pytest.raises(DerivationError, match=said):
        use()  # type: ignore[operator]


def test_spelled_functions_are_those_they_say() -> None:
    values = {X: 0.7, W: -0.4}
    pairs = [
        (np.exp2, (X,)), (np.expm1, (X,)), (np.log1p, (X,)), (np.square, (X,)),
        (np.reciprocal, (X,)), (np.fabs, (W,)), (np.hypot, (X, W)), (np.logaddexp, (X, W)),
        (np.fmax, (X, W)), (np.fmin, (X, W)), (np.float_power, (X, W)),
    ]  # fmt: skip
    for f, args in pairs:
        found = build(np.positive, f(*args)).at(values)
        np.testing.assert_allclose(found, f(*[values[a] for a in args]), rtol=1e-14)
