"""Ranges between recorded ends: NumPy's numbers, also at the ends of the floats."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule.numpy as cnp
from chainrule import deriv, grad, vjp

ends = st.floats(-5, 5, width=32).map(float)


@given(ends, ends, st.integers(0, 6), st.booleans(), st.sampled_from([None, np.float32, int]))
def test_linspace_is_numpys(a: float, b: float, num: int, endpoint: bool, dtype: Any) -> None:
    own, step = np.linspace(a, b, num, endpoint, True, dtype)
    call = lambda *v: (*np.linspace(*v, num, endpoint, True, dtype), v[0])
    y, found, _ = vjp(call, np.float64(a), np.float64(b))[0]
    assert y.dtype == own.dtype and y.shape == own.shape
    assert (y == own).all() or (dtype is not int and np.allclose(y, own, rtol=1e-6, atol=1e-12))
    np.testing.assert_allclose(found, step, rtol=1e-12)


sizes = st.floats(1e-3, 100.0)


@given(sizes, sizes, st.sampled_from([1.0, -1.0]), st.integers(1, 5), st.booleans())
def test_geomspace_is_numpys(a: float, b: float, sign: float, num: int, endpoint: bool) -> None:
    a, b = sign * a, sign * b
    own = np.geomspace(a, b, num, endpoint)
    y = vjp(lambda *v: np.geomspace(*v, num, endpoint), np.float64(a), np.float64(b))[0]
    np.testing.assert_allclose(y, own, rtol=1e-12)


def test_the_last_number_is_the_end_itself() -> None:
    y, pull = vjp(lambda a, b: np.linspace(a, b, 7), 0.1, 0.7)
    assert y[0] == 0.1 and y[-1] == 0.7
    assert pull(np.eye(7)[-1]) == (0.0, 1.0)
    y, pull = vjp(lambda a, b: np.geomspace(a, b, 4), 1e-200, 1e200)
    assert y[0] == 1e-200 and y[-1] == 1e200 and np.isfinite(y).all()
    assert pull(np.eye(4)[-1]) == (0.0, 1.0)


def test_types_are_numpys() -> None:
    half = np.ones(2, np.float32)
    for name in ("linspace", "logspace", "geomspace"):
        own = getattr(np, name)(half, 2, 3)
        assert vjp(lambda v, name=name: getattr(np, name)(v, 2, 3), half)[0].dtype == own.dtype


def test_refusals_are_numpys() -> None:
    with pytest.raises(ValueError, match="must be non-negative"):
        vjp(lambda v: np.linspace(v, 1.0, -1), 0.5)
    with pytest.raises(ValueError, match="cannot include zero"):
        vjp(lambda v: np.geomspace(v, 1.0, 3), 0.0)
    with pytest.raises(TypeError):
        vjp(lambda v: np.linspace(v, 1.0, 2.5), 0.5)


def test_arange_between_values() -> None:
    """Start and step move the numbers; where it stops is a matter of how many there are."""
    assert grad(lambda x: cnp.sum(cnp.arange(x, 5.0, 1.5)))(1.0) == 3.0
    assert grad(lambda x: cnp.sum(cnp.arange(0, 5.0, x)))(1.0) == 0 + 1 + 2 + 3 + 4
    assert grad(lambda x: cnp.sum(cnp.arange(x)) + x)(3.0) == 1.0
    assert deriv(lambda x: cnp.sum(cnp.arange(x, stop=x + 2, step=x / 4)))(4.0) == 2 + 1 / 4
    y = vjp(lambda x: cnp.arange(x, 3, dtype=np.float32), 0.5)[0]
    assert y.dtype == np.float32 and y.tolist() == [0.5, 1.5, 2.5]
    assert (cnp.arange(4) == np.arange(4)).all() and cnp.arange(1, 4, 2).tolist() == [1, 3]
