"""The checks must find what is wrong: each rule here is broken on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from chainrule._core.stating import elementwise, linear, pulled
from chainrule._core.table import RECORD, RULES
from chainrule._core.values import recordable
from chainrule.checking import Call, check_grads, check_rule

X = np.array([0.3, -0.8, 1.4])


@recordable
def cube(x: Any) -> Any:
    return x * x * x


@recordable
def total(x: Any, axis: Any = None, scale: int = 1) -> Any:
    return np.sum(x, axis) * scale


@recordable
def scaled_rows(x: Any) -> Any:
    return x / np.sqrt(np.sum(x * x))


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    for function in (cube, total, scaled_rows):
        RULES.pop(function, None)
        RECORD.pop(function, None)


def test_a_right_rule_passes() -> None:
    elementwise(cube, lambda g, x: 3 * g * x * x)
    check_rule(cube, [X, 0.5, (X[::2],)])


def test_a_wrong_slope_is_found() -> None:
    elementwise(cube, lambda g, x: 3 * g * x)
    with pytest.raises(
        AssertionError, match=r"cube at .*forward mode and differences of the f disagree"
    ):
        check_rule(cube, [X])


def test_a_wrong_second_order_is_found() -> None:
    """The slope is right at first order, but hides where it came from."""
    elementwise(cube, lambda g, x, y: 3 * g * np.asarray(plain(x)) ** 2)
    with pytest.raises(AssertionError, match=r"derivative \((forward|reverse)\)"):
        check_rule(cube, [X])


def plain(x: Any) -> Any:
    while hasattr(x, "value"):
        x = x.value
    return x


def test_a_push_that_is_no_transpose_is_found() -> None:
    linear(total, lambda g, into, axis=None: 2 * np.broadcast_to(g, into))
    with pytest.raises(AssertionError, match="reverse mode and the slopes of the f disagree"):
        check_rule(total, [X])


def test_a_wrong_pull_is_found() -> None:
    pulled(scaled_rows, lambda g, x: g / np.sqrt(np.sum(x * x)))
    with pytest.raises(AssertionError, match="disagree"):
        check_rule(scaled_rows, [X])


def test_a_dtype_that_is_not_kept_is_found() -> None:
    elementwise(
        cube,
        lambda g, x: (
            3 * g * x * np.asarray(x, np.float64) if type(x) is np.ndarray else 3 * g * x * x
        ),
    )
    with pytest.raises(AssertionError, match="float32 the gradients are"):
        check_rule(cube, [X], order=1)


def test_an_option_that_is_ignored_is_found() -> None:
    elementwise(cube, lambda g, x: 3 * g * x * x)
    with pytest.raises(AssertionError, match="unheard_of was ignored"):
        check_rule(lambda x, **anything: cube(x), [X])


def test_options_of_calls() -> None:
    linear(total, lambda g, into, axis=None, scale=1: np.broadcast_to(g * scale, into))
    check_rule(total, [Call(X, None, 2), Call(X, axis=0)])


def test_check_grads_takes_containers_and_modes() -> None:
    f = lambda d, s: {"a": np.sin(d["x"]) * s, "n": 3}
    check_grads(f, {"x": X}, 0.7)
    check_grads(f, {"x": X}, 0.7, modes=("fwd",), order=3)
    check_grads(f, {"x": X}, 0.7, modes=("rev",), order=3)


def test_check_grads_in_reverse_alone_finds_a_wrong_rule() -> None:
    elementwise(cube, lambda g, x: 3.001 * g * x * x)
    with pytest.raises(AssertionError, match="reverse mode"):
        check_grads(cube, X, modes=("rev",), order=1)


@pytest.mark.parametrize(
    ("modes", "order", "says"),
    [(("back",), 1, "modes are"), ((), 1, "modes are"), (("fwd",), 0, "order is 1")],
)
def test_mistakes_are_named(modes: Any, order: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_grads(np.sin, 0.5, modes=modes, order=order)


@recordable
def faint(x: Any) -> Any:
    return 1e-8 * x * x


def test_a_small_slope_that_is_missing_is_found() -> None:
    elementwise(faint, lambda g, x: 0 * g * x)
    try:
        with pytest.raises(AssertionError, match="disagree"):
            check_grads(faint, X)
    finally:
        RULES.pop(faint)
