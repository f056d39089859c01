"""Checks of derivatives by `autograd`'s names: they pass what is right, and fail what is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainrule.extend import defjvp, defvjp, primitive
from chainrule.test_util import (
    check_equivalent,
    check_grads,
    check_jvp,
    check_vjp,
    combo_check,
    make_numerical_jvp,
    scalar_close,
)

V = np.array([0.3, -0.4, 0.9])


def stated(pull: float, push: float) -> Any:
    """The sine, with derivatives that are so many times too large."""
    f = primitive(np.sin)
    defvjp(f, lambda ans, x: lambda g: pull * g * np.cos(x))
    defjvp(f, lambda g, ans, x: push * g * np.cos(x))
    return f


def test_what_is_right_passes() -> None:
    check_grads(stated(1.0, 1.0))(V)
    check_grads(lambda a, b: {"y": [a * b]}, (0, 1))(V, 2.0)
    check_vjp(np.sin, V)
    check_jvp(np.sin, V)
    combo_check(np.sum)([V, V[:1]], axis=[None, 0], keepdims=[False, True])


@pytest.mark.parametrize("order", [1, 2])
def test_what_is_wrong_fails(order: int) -> None:
    with pytest.raises(AssertionError):
        check_grads(stated(1.01, 1.0), modes=["rev"], order=order)(V)
    with pytest.raises(AssertionError):
        check_grads(stated(1.0, 1.01), modes=["fwd"], order=order)(V)
    with pytest.raises(AssertionError):
        check_vjp(stated(1.01, 1.0), V)
    with pytest.raises(AssertionError):
        check_jvp(stated(1.0, 1.01), V)
    with pytest.raises(AssertionError):
        combo_check(stated(1.01, 1.0))([V])
    with pytest.raises(ValueError, match="modes are 'fwd' and 'rev'"):
        check_grads(np.sin, modes=["backward"])(V)


def test_values_are_compared_with_their_shapes() -> None:
    check_equivalent({"a": [V, 1.0]}, {"a": [V + 1e-9, 1.0]})
    for other in (V[:2], V.astype(np.float32), [V], V + 1e-3):
        with pytest.raises(AssertionError, match="the values"):
            check_equivalent(V, other)
    assert scalar_close(0.0, 1e-7) and not scalar_close(0.0, 1e-5)


def test_differences() -> None:
    push = make_numerical_jvp(lambda p: {"y": p["x"] ** 2}, {"x": V})
    np.testing.assert_allclose(push({"x": np.ones(3)})["y"], 2 * V, atol=1e-7)
