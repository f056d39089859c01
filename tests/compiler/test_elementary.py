"""Elementary functions of printed Numba sources: their digits, and their special values."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba", reason="the functions are compiled by Numba")

from numba import njit, types

from chainrule.compiler.kernels import elementary

long = np.longdouble
extended = pytest.mark.skipif(
    np.finfo(long).nmant <= 52, reason="numpy.longdouble has no more digits than float64 here"
)
both = pytest.mark.parametrize("dtype", [np.float64, np.float32])

SPECIALS = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1e-310, 1e-40, -1e-40, 0.5]
SPECIALS += [1.0, -1.0, 1.5, -1.5, 1e17, -1e17, 1e308, -1e308, 710.0, -710.0, -746.0, 89.0, -104.0]

# The largest error for float64 and for float32, in ulp, and from where to where it was looked for.
ERRORS: dict[str, tuple[float, float, list[tuple[float, float]]]] = {
    "exp": (1.1, 1.1, [(-1, 1), (-708.3, 709.7), (-87.3, 88.7)]),
    "expm1": (2.1, 1.6, [(-1, 1), (-40, 40), (-700, 709.7)]),
    "log": (1.0, 1.0, [(0, 2), (0.9, 1.1)]),
    "log1p": (1.5, 1.6, [(-1, 1), (-0.1, 0.1), (0, 8)]),
    "sinh": (2.6, 2.2, [(-1, 1), (-5, 5), (-710, 710), (-89, 89)]),
    "cosh": (1.5, 1.5, [(-1, 1), (-5, 5), (-710, 710), (-89, 89)]),
    "tanh": (2.2, 2.2, [(-1, 1), (0.1, 0.4), (-20, 20)]),
    "sech2": (5.2, 5.2, [(-1, 1), (-20, 20), (-350, 350), (-40, 40)]),
    "expit": (2.4, 2.6, [(-1, 1), (-40, 40), (-706, 0), (-86, 0)]),
}


@functools.cache
def compiled(name: str) -> Callable[..., np.ndarray]:
    """Return the function for arrays, compiled in a loop as kernels have it."""
    function = getattr(elementary, name)

    @njit(**elementary.SUMS)
    def one(x, y):
        for i in range(x.size):
            y[i] = function(x[i])
        return y

    @njit(**elementary.SUMS)
    def two(a, b, y):
        for i in range(a.size):
            y[i] = function(a[i], b[i])
        return y

    return lambda *arrays: (one, two)[len(arrays) - 1](*arrays, np.empty_like(arrays[0]))


def exact(name: str, x: np.ndarray) -> np.ndarray:
    if name == "expit":
        e = np.exp(-abs(x))
        return np.where(x < 0, e, 1) / (1 + e)
    if name == "sech2":
        e = np.exp(-abs(x))
        return (2 * e / (1 + e * e)) ** 2
    return getattr(np, name)(x)


def arguments(ranges: list[tuple[float, float]], dtype: Any) -> np.ndarray:
    """Return numbers dense in the ranges, and of all sizes, both signs."""
    rng, limits = np.random.default_rng(0), np.finfo(dtype)
    lines = [rng.uniform(low, high, 20_000) for low, high in ranges]
    sizes = np.exp(rng.uniform(np.log(limits.tiny) - 20, np.log(limits.max), 20_000))
    x = np.concatenate([*lines, sizes, -sizes]).astype(dtype)
    return x[np.isfinite(x)]


@extended
@both
@pytest.mark.parametrize("name", ERRORS)
@np.errstate(all="ignore")
def test_digits_are_right(name: str, dtype: Any) -> None:
    float64, float32, ranges = ERRORS[name]
    x = arguments(ranges, dtype)
    y, right = compiled(name)(x), exact(name, x.astype(long))
    assert y.dtype == dtype
    normal = np.isfinite(right.astype(dtype)) & (abs(right) >= 4 * np.finfo(dtype).tiny)
    x, y, right = x[normal], y[normal], right[normal]
    errors = abs(y - right) / np.spacing(abs(right).astype(dtype))
    assert errors.max() < (float64 if dtype == np.float64 else float32), x[errors.argmax()]


@both
@pytest.mark.parametrize("name", [*ERRORS, "sign"])
@np.errstate(all="ignore")
def test_special_values_are_those_of_numpy(name: str, dtype: Any) -> None:
    x = np.array(SPECIALS).astype(dtype)
    y, right = compiled(name)(x), exact(name, x)
    flushed = (y == 0) & (name == "expit") & (abs(right) < 4 * np.finfo(dtype).tiny)
    same = np.isclose(y, right, rtol=4 * np.finfo(dtype).eps, atol=0, equal_nan=True)
    same &= np.isnan(right) | (np.signbit(y) == np.signbit(right))
    assert np.all(same | flushed), x[~(same | flushed)]


@both
@pytest.mark.parametrize("name", ["logaddexp", "maximum", "minimum"])
@np.errstate(all="ignore")
def test_functions_of_two_arguments_are_those_of_numpy(name: str, dtype: Any) -> None:
    values = np.array([*SPECIALS, *np.random.default_rng(0).normal(0, 5, 50)]).astype(dtype)
    a, b = (array.ravel().copy() for array in np.meshgrid(values, values))
    y, right = compiled(name)(a, b), getattr(np, name)(a, b)
    # Where the result is near zero, the digits are those of the larger argument.
    room = (
        2 * np.finfo(dtype).eps * np.fmax(1, np.fmin(np.maximum(abs(a), abs(b)), abs(right) + 50))
    )
    with np.errstate(invalid="ignore"):
        same = (y == right) | (np.isnan(y) & np.isnan(right)) | (abs(y - right) <= room)
    assert np.all(same), (a[~same], b[~same])


@both
@np.errstate(all="ignore")
def test_subnormal_numbers(dtype: Any) -> None:
    tiny = np.finfo(dtype).tiny
    x = (tiny * np.random.default_rng(0).uniform(0, 1, 1000)).astype(dtype)
    x = x[x > tiny / 1000]
    np.testing.assert_allclose(compiled("log")(x), np.log(x), rtol=4 * np.finfo(dtype).eps)
    steps = np.finfo(dtype).smallest_subnormal
    np.testing.assert_allclose(compiled("exp")(np.log(x)), np.exp(np.log(x)), rtol=0, atol=steps)


def test_a_sum_in_any_order_leaves_the_formulas_alone() -> None:
    @njit(**elementary.SUMS)
    def loss(z):
        s = 0.0
        for i in range(z.size):
            s += elementary.logaddexp(0.0, z[i]) + elementary.exp(-z[i] * z[i])
        return s

    z = np.random.default_rng(0).normal(0, 9, 1001)
    np.testing.assert_allclose(loss(z), np.sum(np.logaddexp(0, z) + np.exp(-z * z)), rtol=1e-13)


def test_the_types_of_results() -> None:
    @njit
    def results(x):
        return (
            *(elementary.exp(x), elementary.log(x), elementary.log1p(x), elementary.expit(x)),
            *(elementary.sinh(x), elementary.log_ndtr(x)),
        )

    for x, kind in [(np.float32(0.5), types.float32), (1, types.float64)]:
        results(x)
        assert set(results.nopython_signatures[-1].return_type.types) == {kind}


def test_float32_beside_float64_is_taken_as_float64() -> None:
    @njit
    def larger(x):
        return elementary.maximum(x, 0.1)

    assert larger(np.float32(0.0)) == 0.1
