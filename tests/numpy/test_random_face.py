"""numpy.random by its face: NumPy's own numbers, and a sentence where a derivative is asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import deriv, grad


def test_the_numbers_are_numpy_s() -> None:
    cnp.random.seed(3)
    found = [cnp.random.rand(2), cnp.random.normal(1.0, [1.0, 2.0]), cnp.random.permutation(4)]
    np.random.seed(3)
    expected = [np.random.rand(2), np.random.normal(1.0, [1.0, 2.0]), np.random.permutation(4)]
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)
    assert cnp.random.default_rng(0).random() == np.random.default_rng(0).random()
    assert cnp.random.RandomState is np.random.RandomState
    assert set(cnp.random.__all__) == set(np.random.__all__) <= set(dir(cnp.random))


@pytest.mark.parametrize("operator", [grad, deriv])
@pytest.mark.parametrize(
    "draw",
    [
        lambda x: cnp.random.normal(x),
        lambda x: cnp.random.normal(scale=x),
        lambda x: cnp.random.normal([x, 1.0]),
    ],
)
def test_a_draw_has_no_derivative(operator: Any, draw: Any) -> None:
    with pytest.raises(TypeError, match=r"numpy\.random\.normal was given .* mean \+ scale \* n"):
        operator(draw)(1.0)


def test_arrays_made_while_recording_are_plain_to_it() -> None:
    def f(x: Any) -> Any:
        cnp.random.seed(0)
        return np.sum(x * cnp.random.normal(cnp.zeros(3), cnp.ones(3)))

    found = grad(f)(1.0)
    np.random.seed(0)
    assert found == pytest.approx(np.sum(np.random.normal(size=3)))


def test_a_name_that_numpy_has_not() -> None:
    with pytest.raises(AttributeError, match=r"numpy\.random has no name 'gauss'"):
        _ = cnp.random.gauss
