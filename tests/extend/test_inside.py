"""What rules that were written for the autograd package help themselves with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainrule import grad
from chainrule.checking import check_grads
from chainrule.extend import defvjp, primitive
from chainrule.extend.inside import (
    balanced_eq,
    match_complex,
    repeat_to_match_shape,
    unbroadcast_f,
)

M = np.array([[1.0, 4.0, 2.0], [0.5, 3.0, 6.0]])


@primitive
def mean_of(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return np.mean(x, axis=axis, keepdims=keepdims)


def _mean_pull(ans: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    def pull(g: Any) -> Any:
        stretched, times = repeat_to_match_shape(g, np.shape(x), np.float64, axis, keepdims)
        return stretched / times

    return pull


defvjp(mean_of, _mean_pull)


@primitive
def larger(x: Any, y: Any) -> Any:
    return np.maximum(x, y)


defvjp(
    larger,
    lambda ans, x, y: unbroadcast_f(x, lambda g: g * balanced_eq(x, ans, y)),
    lambda ans, x, y: unbroadcast_f(y, lambda g: g * balanced_eq(y, ans, x)),
)


@primitive
def product(x: Any, y: Any) -> Any:
    return x * y


defvjp(
    product,
    lambda ans, x, y: lambda g: match_complex(x, g * y),
    lambda ans, x, y: lambda g: match_complex(y, g * x),
)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
def test_a_rule_that_repeats(axis: Any, keepdims: bool) -> None:
    check_grads(lambda x: mean_of(x, axis=axis, keepdims=keepdims), M)


def test_a_number_is_repeated_once() -> None:
    assert repeat_to_match_shape(2.0, (), np.float64, None, False) == (2.0, 1)


def test_a_rule_that_shares_ties() -> None:
    check_grads(larger, M, 1.5)
    assert grad(larger, argnum=(0, 1))(2.0, 2.0) == (0.5, 0.5)
    assert grad(larger, argnum=(0, 1))(3.0, 2.0) == (1.0, 0.0)


def test_a_rule_of_real_and_complex() -> None:
    slope = grad(lambda x: np.real(product(x, 2.0 - 3.0j)))(1.5)
    assert slope == 2.0 and isinstance(slope, float)
    assert match_complex(1j, np.float64(2.0)).dtype == complex
    assert match_complex(1j, 2j) == 2j and match_complex(1.0, 2.0) == 2.0


@pytest.mark.peers
def test_they_answer_as_autograds() -> None:
    theirs = pytest.importorskip("autograd.numpy.numpy_vjps")
    x, y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0])
    ours = balanced_eq(x, np.minimum(x, y), y)
    np.testing.assert_array_equal(ours, theirs.balanced_eq(x, np.minimum(x, y), y))
    for axis, keepdims in ((None, False), (0, True), ((0, 1), False)):
        g = np.mean(M, axis=axis, keepdims=keepdims)
        mine = repeat_to_match_shape(g, M.shape, float, axis, keepdims)
        other = theirs.repeat_to_match_shape(g, M.shape, float, axis, keepdims)
        np.testing.assert_array_equal(mine[0], other[0])
        assert mine[1] == other[1]
