"""np.pad in every mode, against NumPy's own margins, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule.numpy as cnp
from chainrule import elementwise_grad, grad, vjp
from chainrule.checking import check_grads

V = np.array([1.5, -2.0, 3.0])
M = np.array([[1.5, 2.0, -1.0], [0.5, 4.0, 2.5]])
MODES = [
    "constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect",
    "symmetric", "wrap",
]  # fmt: skip


@given(
    st.sampled_from(MODES),
    st.lists(st.integers(1, 4), min_size=1, max_size=2),
    st.lists(st.integers(0, 9), min_size=4, max_size=4),
    st.sampled_from(["even", "odd"]),
    st.none() | st.integers(1, 5),
)
def test_margins_are_numpys(mode: Any, shape: Any, widths: Any, how: str, length: Any) -> None:
    x = np.random.default_rng(sum(widths)).normal(size=shape)
    pairs = np.reshape(widths, (2, 2))[: x.ndim]
    options: dict[str, Any] = {}
    if mode in ("reflect", "symmetric"):
        options["reflect_type"] = how
    if mode in ("maximum", "mean", "median", "minimum"):
        options["stat_length"] = length
    y = vjp(lambda v: np.pad(v, pairs, mode, **options), x)[0]
    np.testing.assert_allclose(y, np.pad(x, pairs, mode, **options), rtol=1e-12, atol=1e-12)


def margins_of_ten(vector: Any, width: Any, axis: int, options: Any) -> None:
    vector[: width[0]] = vector[width[0]] * options.get("times", 10)
    vector[len(vector) - width[1] :] = axis


def test_a_function_of_the_user_writes_the_margins() -> None:
    for x, width in ((V, (2, 1)), (M, ((1, 2), (0, 2)))):
        for options in ({}, {"times": 3.0}):
            f = lambda v, w=width, o=options: np.pad(v, w, margins_of_ten, **o)
            np.testing.assert_array_equal(vjp(f, x)[0], f(x))
            check_grads(f, x)
    assert grad(lambda v: np.sum(np.pad(v, (2, 1), margins_of_ten)))(V).tolist() == [21.0, 1.0, 1.0]


def test_what_margins_are_filled_with_may_be_recorded() -> None:
    fill = lambda c: cnp.sum(cnp.pad(np.ones(2), (1, 2), constant_values=c))
    assert grad(fill)(2.0) == 3.0
    corners = lambda c: cnp.pad(np.ones((2, 2)), 1, constant_values=((c, 0), (0, 2 * c)))
    assert grad(lambda c: cnp.sum(corners(c)))(2.0) == 2 + 2 * 4
    ramp = lambda c: cnp.sum(cnp.pad(np.zeros(2), (4, 0), "linear_ramp", end_values=c))
    assert grad(ramp)(1.0) == 1 + 0.75 + 0.5 + 0.25


def test_margins_that_are_left_empty_have_the_shape_only() -> None:
    y, pull = vjp(lambda v: np.pad(v, (1, 2), "empty"), V)
    assert y.shape == (6,) and y[1:4].tolist() == V.tolist()
    assert pull(np.ones(6))[0].tolist() == [1.0] * 3


def test_no_margin_and_nothing_to_pad() -> None:
    assert elementwise_grad(lambda v: np.pad(v, 0, "reflect"))(V).tolist() == [1.0] * 3
    assert vjp(lambda v: np.pad(v, 1), np.zeros((0, 2)))[0].shape == (2, 4)
    assert vjp(lambda v: np.pad(v, ((0, 0), (1, 1)), "edge"), np.zeros((0, 2)))[0].shape == (0, 4)


def test_widths_by_axis() -> None:
    if np.lib.NumpyVersion(np.__version__) < "2.4.0":
        pytest.skip("this NumPy takes no dict of widths")
    for widths in ({-1: (1, 2)}, {0: 1, 1: (0, 2)}, {}):
        y = vjp(lambda v, widths=widths: np.pad(v, widths), M)[0]
        np.testing.assert_array_equal(y, np.pad(M, widths))


@pytest.mark.parametrize(
    ("width", "mode", "options"),
    [
        (1, "nonsense", {}),
        (1, "edge", {"stat_length": 2}),
        (1, "maximum", {"stat_length": 0}),
        (-1, "constant", {}),
        (1.5, "constant", {}),
        ((1, 2, 3), "constant", {}),
    ],
)
def test_refusals_are_numpys(width: Any, mode: Any, options: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)) as own:
        np.pad(V, width, mode, **options)
    with pytest.raises(own.type) as found:
        vjp(lambda v: np.pad(v, width, mode, **options), V)
    assert str(found.value) == str(own.value)


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "constant"])
def test_nothing_cannot_be_continued(mode: Any) -> None:
    with pytest.raises(ValueError, match="can't extend empty axis 0"):
        vjp(lambda v: np.pad(v, 1, mode), np.zeros(0))


def test_an_option_of_no_mode() -> None:
    with pytest.raises(TypeError, match=r"numpy\.pad does not understand colour"):
        vjp(lambda v: np.pad(v, 1, colour=3), V)
