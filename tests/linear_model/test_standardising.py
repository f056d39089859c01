"""Means and deviations of columns at the ends of what a number can hold."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.linear_model.standardising import center_and_scale


def test_is_numpy_s_mean_and_standard_deviation() -> None:
    features = np.random.default_rng(0).normal(3.0, 2.0, size=(50, 4))
    center, scale = center_and_scale(features)
    np.testing.assert_allclose(center, features.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(scale, features.std(axis=0), rtol=1e-14)


@pytest.mark.parametrize("size", [1e-320, 1e-200, 1e200, 1.7e308])
def test_extreme_columns_neither_overflow_nor_vanish(size: float) -> None:
    center, scale = center_and_scale(np.array([[size], [-size], [size], [-size]]))
    assert center[0] == 0
    assert scale[0] == pytest.approx(size)
