"""chainrule.scipy.special: every name of scipy.special, and derivatives where there is a rule."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from chainrule import elementwise_grad, grad, hessian

special = pytest.importorskip("scipy.special")
face = pytest.importorskip("chainrule.scipy.special")

X = np.array([-1.7, -0.3, 0.2, 0.9])


def test_every_name_is_there() -> None:
    assert [n for n in special.__all__ if n not in face.__all__] == []
    assert [n for n in special.__all__ if not hasattr(face, n)] == []
    assert set(special.__all__) <= set(dir(face))


def test_a_name_that_scipy_lacks() -> None:
    with pytest.raises(
        AttributeError, match=re.escape("scipy.special has no name 'sigmoid', and so")
    ):
        face.sigmoid  # noqa: B018


@pytest.mark.parametrize(
    "name", ["expit", "logit", "log_expit", "erf", "gamma", "gammaln", "softmax"]
)
def test_plain_arrays_give_what_scipy_gives(name: str) -> None:
    x = 1 / (1 + np.exp(-X))
    for v in (x, x.astype(np.float32), 0.5, [0.25, 0.75]):
        found, own = getattr(face, name)(v), getattr(special, name)(v)
        np.testing.assert_array_equal(found, own)
        assert np.asarray(found).dtype == np.asarray(own).dtype


@pytest.mark.parametrize("module", [special, face], ids=["scipy", "chainrule.scipy"])
def test_slopes_of_the_ufuncs(module: Any) -> None:
    p = 1 / (1 + np.exp(-X))
    np.testing.assert_allclose(elementwise_grad(module.expit)(X), p * (1 - p), rtol=1e-13)
    np.testing.assert_allclose(elementwise_grad(module.log_expit)(X), 1 - p, rtol=1e-13)
    np.testing.assert_allclose(elementwise_grad(module.logit)(p), 1 / (p * (1 - p)), rtol=1e-13)
    np.testing.assert_allclose(
        elementwise_grad(module.erf)(X), 2 / np.sqrt(np.pi) * np.exp(-(X**2)), rtol=1e-13
    )


def test_logsumexp() -> None:
    weights = np.exp(X) / np.sum(np.exp(X))
    np.testing.assert_allclose(grad(face.logsumexp)(X), weights, rtol=1e-13)
    np.testing.assert_allclose(
        hessian(face.logsumexp)(X), np.diag(weights) - np.outer(weights, weights), atol=1e-13
    )
    np.testing.assert_allclose(grad(face.logsumexp)(X + 1000.0), weights, rtol=1e-12)
    np.testing.assert_allclose(grad(face.logsumexp)(X - 1000.0), weights, rtol=1e-12)
    m = X.reshape(2, 2)
    np.testing.assert_allclose(
        grad(lambda m: np.sum(face.logsumexp(m, axis=1) ** 2))(m),
        2 * special.logsumexp(m, axis=1, keepdims=True) * special.softmax(m, axis=1),
        rtol=1e-13,
    )
    b = np.array([1.0, 2.0, 0.5, 0.0])
    np.testing.assert_allclose(
        grad(lambda v: face.logsumexp(v, b=b))(X), b * np.exp(X) / np.sum(b * np.exp(X)), rtol=1e-13
    )


def test_far_out_the_slope_of_expit_keeps_its_digits() -> None:
    """The slope at 40 is exp(-40) to 17 digits; p * (1 - p) is 0 there."""
    assert grad(face.expit)(40.0) == pytest.approx(np.exp(-40.0), rel=1e-15)
    assert grad(face.expit)(-40.0) == pytest.approx(np.exp(-40.0), rel=1e-15)
    assert grad(face.expit)(800.0) == 0.0
    assert grad(face.log_expit)(-800.0) == 1.0


def test_float32_and_floats_are_kept() -> None:
    assert type(grad(face.expit)(0.5)) is float
    assert elementwise_grad(face.erf)(X.astype(np.float32)).dtype == np.float32
    assert grad(face.logsumexp)(X.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("module", [special, face], ids=["scipy", "chainrule.scipy"])
def test_a_ufunc_without_a_rule_is_named(module: Any) -> None:
    with pytest.raises(
        NotImplementedError, match=re.escape("scipy.special.struve has no derivative rule")
    ):
        grad(lambda x: module.struve(0.0, x))(1.0)


def test_a_function_without_a_rule_is_named() -> None:
    expected = re.escape("scipy.special.lambertw has no derivative rule")
    with pytest.raises(NotImplementedError, match=expected):
        grad(face.lambertw)(3.0)


def test_scipys_plain_function_says_what_to_use() -> None:
    """SciPy's functions that are no ufuncs cannot see values: they ask for a plain array."""
    with pytest.raises(TypeError, match=re.escape("chainrule.scipy")):
        grad(special.logsumexp)(X)


def test_chainrule_alone_does_not_import_scipy() -> None:
    program = "import sys, chainrule, chainrule.numpy; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_without_scipy_the_extra_is_named() -> None:
    script = "import sys; sys.modules['scipy'] = None; import chainrule.scipy.special"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert b'python -m pip install "chainrule[scipy]"' in done.stderr
