"""The error function of many numbers at once, against `math.erf` and published digits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from chainrule._rules.fractions_of_erf import erf_in_double, erf_in_single
from chainrule._rules.normal import MANY, erf

# DLMF, table 7.23 and Abramowitz and Stegun, table 7.1
PUBLISHED = {
    0.0: 0.0, 0.1: 0.1124629160, 0.5: 0.5204998778, 1.0: 0.8427007929, 1.5: 0.9661051465,
    2.0: 0.9953222650,
}  # fmt: skip


def test_published_digits() -> None:
    x, y = np.array(list(PUBLISHED)), list(PUBLISHED.values())
    np.testing.assert_allclose(erf_in_double(x), y, atol=6e-11)
    np.testing.assert_allclose(erf_in_single(x.astype(np.float32)), y, rtol=1.2e-7)


def hard_points() -> np.ndarray:
    rng = np.random.default_rng(0)
    beside = [v for b in (1.0, 4.0, 6.0) for v in (np.nextafter(b, 0), b, np.nextafter(b, 9))]
    tiny = 10.0 ** rng.uniform(-300, 0, 500)
    x = np.concatenate([rng.normal(size=4000) * 2, np.linspace(-7, 7, 2001), tiny, beside])
    return np.concatenate([x, -x])


def test_double_precision_to_three_units() -> None:
    x = hard_points()
    expected = np.array([math.erf(v) for v in x])
    assert np.all(np.abs(erf_in_double(x) - expected) <= 3 * np.spacing(np.abs(expected)))


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_lower_precision_is_rounded(kind: type) -> None:
    with np.errstate(under="ignore"):
        x = hard_points().astype(kind)
    expected = np.array([math.erf(v) for v in x.tolist()]).astype(kind)
    found = erf_in_single(x)
    assert found.dtype == kind
    assert np.all(np.abs(found - expected) <= np.spacing(np.abs(expected)))
    assert np.mean(found == expected) > 0.98


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_ends_and_what_is_no_number(kind: type) -> None:
    x = np.resize(np.array([6, 40, np.inf, -np.inf, np.nan, 0.0, -0.0], kind), MANY)
    y = erf(x)[:7]
    np.testing.assert_array_equal(y, [1, 1, 1, -1, np.nan, 0, 0])
    assert np.signbit(y[6]) and not np.signbit(y[5])


def test_few_and_many_agree() -> None:
    x = np.linspace(-3, 3, MANY)
    parts = np.concatenate([erf(part) for part in np.split(x, 4)])
    np.testing.assert_allclose(erf(x), parts, rtol=5e-16)
