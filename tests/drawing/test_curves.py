"""The picture of a slope: its window, what it shows of poles and steps, and the files it writes."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from chainrule.drawing.curves import broken, draw_curve, sampled, save_curve, view, window
from chainrule.formulas import parse


def test_the_window_holds_four_to_each_side_of_a_calm_curve() -> None:
    assert window(parse("tanh(x)"), 1.0) == (-3.0, 5.0)


def test_the_window_grows_with_the_point_and_shrinks_with_the_turns() -> None:
    assert window(parse("x**2"), 1000.0) == (500.0, 1500.0)
    left, right = window(parse("sin(100*x)"), 0.0)
    assert 2 * math.pi / 100 < right - left < 12 * math.pi / 100


def test_the_window_ends_where_the_values_end() -> None:
    left, right = window(parse("sqrt(x)"), 1.0)
    assert -0.5 < left < 0
    assert right == 5.0
    left, right = window(parse("log(x)"), -2.0)  # a point without a value stays in the window
    assert left < -2.0 < right


@pytest.mark.parametrize("text", ["1/x", "tan(x)", "1/(x-1)**3"])
def test_a_pole_is_a_gap_and_does_not_flatten_the_curve(text: str) -> None:
    at = 0.5
    s = sampled(parse(text), *window(parse(text), at))
    low, high = view(s.x, s.y, s.slope, at)
    assert high - low < 60
    shown = broken(s.x, s.y, s.slope)
    leaps = (shown[:-1] < low) & (shown[1:] > high) | (shown[:-1] > high) & (shown[1:] < low)
    assert not leaps.any()
    assert np.isnan(shown).any()


def test_a_step_is_a_gap_and_a_steep_smooth_curve_is_not() -> None:
    s = sampled(parse("floor(x)"), -2.5, 2.5)
    assert np.isnan(broken(s.x, s.y, s.slope)).sum() == 5
    s = sampled(parse("tanh(20*x)"), -4.0, 4.0)
    assert not np.isnan(broken(s.x, s.y, s.slope)).any()


def test_a_kink_makes_a_gap_in_the_slope_alone() -> None:
    s = sampled(parse("abs(x)"), -4.0, 4.1)
    assert not np.isnan(broken(s.x, s.y, s.slope)).any()
    assert np.isnan(broken(s.x, s.slope, s.bend)).any()


@pytest.mark.parametrize("text", ["exp(x)", "exp(-100*x**2)", "x**5"])
def test_a_curve_without_a_pole_is_shown_whole(text: str) -> None:
    s = sampled(parse(text), -4.0, 4.0)
    low, high = view(s.x, s.y, s.slope, 0.0)
    assert low <= s.y.min()
    assert high >= s.y.max()


def test_each_point_takes_its_own_branch() -> None:
    s = sampled(parse("where(x > 0, sqrt(x), -x)"), -1.0, 1.0)
    np.testing.assert_array_equal(s.slope[s.x < 0], -1.0)


def test_the_tangent_has_the_slope_and_touches_the_curve() -> None:
    above, below = draw_curve(parse("x**2"), 3.0).axes
    tangent = next(line for line in above.lines if "tangent" in str(line.get_label()))
    assert tangent.get_xy1() == (3.0, 9.0)
    assert tangent.get_slope() == 6.0
    assert "its slope: 6 at x = 3" in below.get_title()


@pytest.mark.parametrize(
    ("text", "at", "title", "tangents"),
    [
        ("abs(x)", 0.0, "its slope: none at x = 0", 0),
        ("1/x", 0.0, "its slope: none at x = 0", 0),
        ("log(x)", -1.0, "its slope: none at x = -1", 0),
        ("cbrt(x)", 0.0, "its slope: inf at x = 0", 1),
        ("7", 1.0, "its slope: 0 at x = 1", 1),
        ("log(-1)", 1.0, "its slope: none at x = 1", 0),
        ("t - t", 1.0, "its slope: 0 at t = 1", 1),
    ],
)
def test_hard_points_are_drawn_too(text: str, at: float, title: str, tangents: int) -> None:
    above, below = draw_curve(parse(text), at).axes
    assert below.get_title() == title
    assert sum("tangent" in str(line.get_label()) for line in above.lines) == tangents


@pytest.mark.parametrize(
    ("ending", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_the_ending_chooses_the_kind_of_picture(tmp_path: Path, ending: str, begins: bytes) -> None:
    path = tmp_path / f"curve.{ending}"
    assert save_curve(parse("tanh(x)"), 1.0, path) == []
    assert path.read_bytes().startswith(begins)
    assert list(tmp_path.iterdir()) == [path]
