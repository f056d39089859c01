"""The fused multiply-add against exact fractions, rounded once."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chainrule.torch.random._fused import fused

double = st.floats(-(2.0**200), 2.0**200).filter(lambda x: x == 0 or abs(x) > 2.0**-200)
single = st.floats(-(2.0**40), 2.0**40, width=32)
short = st.integers(-(2**12), 2**12).map(float)  # products and sums of such end in ties


def exact(x: float, a: float, c: float) -> Fraction:
    return Fraction(x) * Fraction(a) + Fraction(c)


def single_of(value: Fraction) -> np.float32:
    """The nearest float32, of two equally near the one with an even last bit."""
    near = np.float32(float(value))
    around = [near, np.nextafter(near, np.float32(np.inf)), np.nextafter(near, -np.float32(np.inf))]
    return min(around, key=lambda y: (abs(Fraction(float(y)) - value), y.view(np.int32) & 1))


@settings(max_examples=500)
@given(double | short, double | short, double | short)
@example(1 + 2**-52, 1 - 2**-53, -1.0)
@example(1 + 2.0**-27, 1 + 2.0**-26, 2.0**-120)  # a tie, but for the last summand
@example(1 + 2.0**-27, 1 + 2.0**-26, -(2.0**-120))
def test_a_double_is_rounded_once(x: float, a: float, c: float) -> None:
    assert fused(np.array([x, x]), a, c).tolist() == [float(exact(x, a, c))] * 2


@settings(max_examples=500)
@given(single | short, single | short, single | short)
@example(1 + 2.0**-12, 1 + 2.0**-12, 2.0**-100)  # rounds to a tie in float64
@example(1 + 2.0**-12, 1 + 2.0**-12, -(2.0**-100))
@example(2.0**-100, 2.0**-40, 3 * 2.0**-149)  # below the normal numbers
def test_a_single_is_rounded_once(x: float, a: float, c: float) -> None:
    assert fused(np.float32([x]), a, c) == single_of(exact(x, a, c))


def test_a_rounding_too_many_would_be_seen() -> None:
    x, c = 1 + 2.0**-12, 2.0**-100
    assert np.float32(x * x + c) != fused(np.float32([x]), x, c)


@pytest.mark.parametrize(("a", "c"), [(1.6e308, -8e307), (2e-300, -1e-300), (1e-300, 1.0)])
def test_very_large_and_very_small_scales(a: float, c: float) -> None:
    x = np.random.default_rng(0).random(100)
    assert fused(x, a, c).tolist() == [float(exact(v, a, c)) for v in x.tolist()]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_what_is_not_finite_passes_without_a_warning(kind: Any) -> None:
    x = kind([0, 1, -2])
    assert fused(x, 1e400, 1.0).tolist()[1:] == [np.inf, -np.inf]
    assert fused(x, 2.0, -np.inf).tolist() == [-np.inf] * 3
    assert np.isnan(fused(x, np.nan, 1.0)).all()


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_the_result_is_a_new_array_of_the_same_type_and_shape(kind: Any) -> None:
    x = np.arange(20000, dtype=kind).reshape(2, 100, 100)[:, ::2]
    for scale, shift in ((2.0, 0.0), (2.0, 1.0)):
        y = fused(x, scale, shift)
        assert (y.dtype, y.shape) == (x.dtype, x.shape)
        assert (y == x * 2 + kind(shift)).all()
        assert not np.shares_memory(x, y)
