"""Random programs: eager code, NumPy's text and machine code give the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainrule import compile, grad, jvp, value_and_grad
from chainrule._core.trees import leaves_of
from tests.compiler.programs import Recipe, data, recipes, special_recipes
from tests.compiler.table import quiet

HARD = [
    np.nan, np.inf, -np.inf, 0.0, -0.0, 1e300, -1e300, 1e-300, 5e-324, -1e-310, 1.0, -2.5, 710.0,
    -745.0, 1e-8, 1e17,
]  # fmt: skip


def of_examples(count: int) -> Any:
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


def ways(recipe: Recipe) -> dict[str, Callable[..., Any]]:
    """The values of a recipe, its loss with gradients, and Hessians times vectors."""
    gradient = grad(recipe.loss, argnum=(0, 1, 2, 3))

    def curvature(*args: Any) -> Any:
        return jvp(gradient, args, tuple(0.3 * v + 0.2 for v in args))[1]

    return {
        "values": recipe.outputs,
        "gradients": value_and_grad(recipe.loss, argnum=(0, 1, 2, 3)),
        "curvature": curvature,
    }


def assert_close(found: Any, expected: Any, single: bool) -> None:
    for u, v in zip(leaves_of(found), leaves_of(expected), strict=True):
        u, v = np.asarray(u), np.asarray(v)
        assert u.shape == v.shape and u.dtype == v.dtype
        part = 3e-4 if single else 1e-10
        size = np.abs(v[np.isfinite(v)]).max(initial=1.0)
        np.testing.assert_allclose(u, v, rtol=part, atol=part * float(size), equal_nan=True)


def compare(recipe: Recipe, backend: Any, way: str, dtype: Any, rows: Sequence[int]) -> None:
    f = ways(recipe)[way]
    compiled = compile(f, backend=backend)
    single = dtype == np.float32 or "single" in {name for name, *_ in recipe.steps}
    with quiet():
        for seed, n in enumerate(rows):
            args = data(n, dtype, seed)
            assert_close(compiled(*args), f(*args), single)


WAYS = st.sampled_from(["values", "gradients", "curvature"])
DTYPES = st.sampled_from([np.float64, np.float64, np.float32])


@given(recipes(), WAYS, DTYPES)
@of_examples(60)
def test_python(recipe: Recipe, way: str, dtype: Any) -> None:
    compare(recipe, "python", way, dtype, [8, 8, 6, 5])


def compare_numba(recipe: Recipe, way: str, dtype: Any) -> None:
    pytest.importorskip("numba")
    compare(recipe, "numba", way, dtype, [8, 8, 70, 5])


@given(recipes(6), WAYS, DTYPES)
@of_examples(4)
def test_numba(recipe: Recipe, way: str, dtype: Any) -> None:
    compare_numba(recipe, way, dtype)


@pytest.mark.slow
@given(recipes(12), WAYS, DTYPES)
@of_examples(int(os.environ.get("CHAINRULE_PROGRAMS", "150")))
def test_numba_at_length(recipe: Recipe, way: str, dtype: Any) -> None:
    compare_numba(recipe, way, dtype)


@pytest.mark.slow
@given(recipes(20), WAYS, DTYPES)
@of_examples(int(os.environ.get("CHAINRULE_PROGRAMS", "1000")))
def test_python_at_length(recipe: Recipe, way: str, dtype: Any) -> None:
    compare(recipe, "python", way, dtype, [8, 8, 6, 5])


# ---------------------------------------------------------------- numbers at the end of the range


def assert_alike(found: Any, expected: Any) -> None:
    """The same NaN and infinities, and the rest as near as functions of 2 ulp are.

    Results below the smallest normal number are that, or 0.
    """
    for u, v in zip(found, expected, strict=True):
        u, v = np.asarray(u), np.asarray(v)
        assert u.shape == v.shape and u.dtype == v.dtype
        np.testing.assert_array_equal(np.isnan(u), np.isnan(v))
        np.testing.assert_array_equal(u[np.isinf(v)], v[np.isinf(v)])
        np.testing.assert_allclose(u, v, rtol=1e-11, atol=3e-308, equal_nan=True)


def compare_special(recipe: Recipe, backend: Any) -> None:
    rng = np.random.default_rng(0)
    args = [rng.permutation(np.repeat(HARD, 4)).reshape(-1, 4) for _ in range(2)]
    with quiet():
        assert_alike(compile(recipe.outputs, backend=backend)(*args), recipe.outputs(*args))


@given(special_recipes())
@of_examples(50)
def test_hard_numbers_python(recipe: Recipe) -> None:
    compare_special(recipe, "python")


@given(special_recipes())
@of_examples(4)
def test_hard_numbers_numba(recipe: Recipe) -> None:
    pytest.importorskip("numba")
    compare_special(recipe, "numba")


@pytest.mark.slow
@given(special_recipes(6))
@of_examples(150)
def test_hard_numbers_numba_at_length(recipe: Recipe) -> None:
    pytest.importorskip("numba")
    compare_special(recipe, "numba")
