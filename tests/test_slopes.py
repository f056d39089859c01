"""Where a slope exists, where it is a convention, and where there is none."""

from __future__ import annotations

import math

import pytest

from chainrule.formulas import parse
from chainrule.slopes import at_point, value_and_slope


@pytest.mark.parametrize(
    ("text", "at", "slope"),
    [
        ("x/2", 3.0, 0.5),
        ("tanh(x)", 1.0, 1 / math.cosh(1) ** 2),
        ("x**2", -3.0, -6.0),
        ("x**0", 0.0, 0.0),
        ("7", 2.0, 0.0),
        ("x**3", 1e10, 3e20),
        ("log(x)", 1e-300, 1e300),
        ("sin(1e6*x)", 0.0, 1e6),
        ("abs(x)**1.5", 0.0, 0.0),
        ("x*abs(x)", 0.0, 0.0),
        ("abs(x)", 1e-17, 1.0),
        ("exp(-100*(x-1)**2)", 1.0, 0.0),
    ],
)
def test_a_smooth_place_has_its_slope_and_no_remark(text: str, at: float, slope: float) -> None:
    point = at_point(parse(text), at)
    assert point.slope == pytest.approx(slope, rel=1e-14)
    assert point.exists
    assert point.remark == ""


@pytest.mark.parametrize(
    ("text", "at", "remark"),
    [
        ("log(x)", -1.0, "log(x) has no value here, and so no slope"),
        ("sin(x)/x", 0.0, "sin(x)/x has no value here, and so no slope"),
        ("1/x", 0.0, "1/x is not finite here, and so has no slope"),
        ("exp(x)", 1000.0, "exp(x) is not finite here, and so has no slope"),
        ("tan(x)", math.pi / 2, "tan(x) grows without end on the way here, and so has no slope"),
        ("floor(x)", 1.0, "floor(x) jumps here, from 0 to 1, and has no slope; 0 is a convention"),
        (
            "abs(x)",
            0.0,
            "abs(x) has a kink here, and no slope: it is -1 to the left and 1 to the right; "
            "0 is a convention",
        ),
        (
            "1e6*x**2 + maximum(x, 0)",
            0.0,
            "1e6*x**2 + maximum(x, 0) has a kink here, and no slope: it is 0 to the left "
            "and 1 to the right; 0.5 is a convention",
        ),
        ("sqrt(abs(x))", 0.0, "the slope of sqrt(abs(x)) grows without end on the way here"),
        (
            "where(x < 0, -1, 1)*sqrt(abs(x))",
            0.0,
            "the slope of where(x < 0, -1, 1)*sqrt(abs(x)) grows without end on the way here",
        ),
        (
            "sqrt(x**4)",
            0.0,
            "the rules give no slope here (0 times infinity); on both sides it is near 0",
        ),
        (
            "sqrt(x)**2",
            0.0,
            "sqrt(x)**2 goes on to the right only, with slopes near 1",
        ),
        (
            "maximum(x, 0) + x**2.5",
            0.0,
            "maximum(x, 0) + x**2.5 goes on to the right only, with slopes near 1; "
            "0.5 is a convention",
        ),
        (
            "x**x",
            0.0,
            "the slope of x**x grows without end on the way here; 0 is a convention",
        ),
        (
            "where(x <= 0, 0, 1/x**2)",
            0.0,
            "where(x <= 0, 0, 1/x**2) grows without end on the way here, and so has no slope",
        ),
        (
            "where(x <= 0, 0, sqrt(x))",
            0.0,
            "the slope of where(x <= 0, 0, sqrt(x)) grows without end on the way here; "
            "0 is a convention",
        ),
        ("sqrt(-x**2)", 0.0, "sqrt(-x**2) has no value on either side, and so no slope"),
    ],
)
def test_where_there_is_no_slope_the_reason_is_told(text: str, at: float, remark: str) -> None:
    point = at_point(parse(text), at)
    assert not point.exists
    assert point.remark == remark


@pytest.mark.parametrize(
    ("text", "at", "slope", "remark"),
    [
        ("x**1.5", 0.0, 0.0, "x**1.5 goes on to the right only, so the slope is that of one side"),
        ("asin(x)", 1.0, math.inf, "asin(x) goes on to the left only, so the slope is that of "
            "one side"),
        ("cbrt(x)", 0.0, math.inf, "the slope of cbrt(x) is not finite here: the tangent is "
            "upright"),
    ],
)  # fmt: skip
def test_slopes_of_one_side_and_upright_ones(
    text: str, at: float, slope: float, remark: str
) -> None:
    point = at_point(parse(text), at)
    assert (point.slope, point.exists, point.remark) == (slope, True, remark)


@pytest.mark.parametrize(
    ("text", "at", "left", "right"),
    [
        ("abs(cos(x))", math.pi / 2, -1, 1),
        ("abs(sin(x))", math.pi, -1, 1),
        ("abs(x**2-2)", math.sqrt(2), -2.82843, 2.82843),
        ("abs(exp(x)-2)", math.log(2), -2, 2),
        ("abs(x-0.3)", 0.1 + 0.2, -1, 1),
    ],
)
def test_a_kink_at_a_rounded_point_is_no_jump(
    text: str, at: float, left: float, right: float
) -> None:
    point = at_point(parse(text), at)
    assert not point.exists
    assert f"has a kink here, and no slope: it is {left} to the left and {right} to the" in (
        point.remark
    )


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("(x**2-1)/(x-1)", 1.001),
        ("log(1+x)/x", 1e-3),
        ("sin(x)**2 + cos(x)**2 - 1", 0.7),
        ("cos(x)**2 + sin(x)**2 - 1", 0.4),
        ("(exp(x)-1)/x", 1e-4),
    ],
)
def test_rounding_errors_are_no_jumps_and_kinks(text: str, at: float) -> None:
    point = at_point(parse(text), at)
    assert (point.exists, point.remark) == (True, "")


def test_minus_zero_is_zero() -> None:
    assert math.copysign(1, at_point(parse("where(x>0,x,-x)"), 0.0).value) == 1


def test_no_value_means_no_slope_though_the_rule_has_one() -> None:
    value, slope = value_and_slope(parse("log(x)"), -1.0)
    assert math.isnan(value)
    assert math.isnan(slope)
