"""What a picture shows of a curve: its window, and what it makes of poles, steps and kinks."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from chainrule.drawing.sampling import Samples, sampled, window
from chainrule.slopes import curve_of


def samples_of(text: str, left: float, right: float) -> Samples:
    return sampled(curve_of(text), left, right)


def test_the_window_holds_four_to_each_side_of_a_calm_curve() -> None:
    assert window(curve_of("tanh(x)"), 1.0) == (-3.0, 5.0)


def test_the_window_grows_with_the_point_and_shrinks_with_the_turns() -> None:
    assert window(curve_of("x**2"), 1000.0) == (500.0, 1500.0)
    left, right = window(curve_of("sin(100*x)"), 0.0)
    assert 2 * math.pi / 100 < right - left < 12 * math.pi / 100


def test_the_window_ends_where_the_values_end() -> None:
    left, right = window(curve_of("sqrt(x)"), 1.0)
    assert -0.5 < left < 0
    assert right == 5.0
    left, right = window(curve_of("log(x)"), -2.0)  # a point without a value stays in the window
    assert left < -2.0 < right


@pytest.mark.parametrize("text", ["1/x", "tan(x)", "1/(x-1)**3"])
def test_a_pole_is_a_gap_and_does_not_flatten_the_curve(text: str) -> None:
    at = 0.5
    s = samples_of(text, *window(curve_of(text), at))
    low, high = s.view(0, at)
    assert high - low < 60
    shown = s.shown(0)
    leaps = (shown[:-1] < low) & (shown[1:] > high) | (shown[:-1] > high) & (shown[1:] < low)
    assert not leaps.any()
    assert np.isnan(shown).any()


def test_a_step_is_a_gap_and_a_steep_smooth_curve_is_not() -> None:
    s = samples_of("floor(x)", -2.5, 2.5)
    assert np.isnan(s.shown(0)).sum() == 5
    assert s.places == pytest.approx([-2, -1, 0, 1, 2], abs=1e-8)
    s = samples_of("tanh(20*x)", -4.0, 4.0)
    assert not np.isnan(s.shown(0)).any()
    assert s.places == ()


def test_what_rises_steeply_gets_more_points() -> None:
    s = samples_of("tanh(400*x)", -4.0, 4.1)
    assert not np.isnan(s.shown(0)).any()
    assert np.sum(np.abs(s.levels[0]) < 0.99) > 5
    assert s.levels[1].max() > 200
    assert s.view(1, 0.0)[1] > 200


def test_a_kink_makes_a_gap_in_the_slope_alone() -> None:
    s = samples_of("abs(x)", -4.0, 4.1)
    assert not np.isnan(s.shown(0)).any()
    assert np.isnan(s.shown(1)).any()
    assert s.places == (0.0,)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("1/x", [0.0]),
        ("1/(x-0.3)**2", [0.3]),
        ("maximum(x, 1) + abs(x+2)", [-2.0, 1.0]),
        ("abs(x**2-2)", [-math.sqrt(2), math.sqrt(2)]),
        ("where(x > 0.5, x, x - 3)", [0.5]),
        ("sin(3*x) + maximum(0, x-1)/3", [1.0]),
        ("exp(x)", []),
        ("sqrt(x)", []),
    ],
)
def test_places_without_slope_are_found(text: str, places: list[float]) -> None:
    assert samples_of(text, -4.0, 4.1).places == pytest.approx(places, abs=1e-7)


@pytest.mark.parametrize("text", ["(x**2-1)/(x-1)", "cos(x)**2+sin(x)**2", "(1-cos(x))/x**2"])
def test_rounding_errors_make_no_place_without_slope(text: str) -> None:
    assert samples_of(text, -2.0, 2.1).places == ()


def test_a_hole_is_found_where_a_point_falls_on_it() -> None:
    assert samples_of("sin(x)/x", -4.0, 4.0).places == (0.0,)


@pytest.mark.parametrize(
    ("text", "ends"),
    [("sqrt(x)", [0.0]), ("asin(x)", [-1.0, 1.0]), ("sqrt(2-x**2)", [-(2**0.5), 2**0.5])],
)
def test_curves_reach_the_ends_of_where_they_are_defined(text: str, ends: list[float]) -> None:
    s = samples_of(text, -3.0, 3.1)
    known = s.x[np.isfinite(s.levels[0])]
    assert known[0] == pytest.approx(ends[0], abs=1e-12)
    assert known[-1] == pytest.approx(ends[-1] if len(ends) > 1 else 3.1, abs=1e-12)


@pytest.mark.parametrize("text", ["exp(x)", "exp(-100*x**2)", "x**5"])
def test_a_curve_without_a_pole_is_shown_whole(text: str) -> None:
    s = samples_of(text, -4.0, 4.0)
    low, high = s.view(0, 0.0)
    assert low <= s.levels[0].min()
    assert high >= s.levels[0].max()


@pytest.mark.parametrize("text", ["log(x)", "x*log(x)", "arccosh(x)", "log(x)**2"])
def test_where_there_is_no_value_there_are_no_slopes_of_any_order(text: str) -> None:
    levels = sampled(curve_of(text), -2.0, 3.0, orders=3).levels
    for lower, higher in pairwise(levels):
        assert not np.any(np.isfinite(higher) & ~np.isfinite(lower))
    assert all(np.isfinite(level).any() for level in levels)


def test_each_point_takes_its_own_branch() -> None:
    s = samples_of("where(x > 0, sqrt(x), -x)", -1.0, 1.0)
    np.testing.assert_array_equal(s.levels[1][s.x < 0], -1.0)
