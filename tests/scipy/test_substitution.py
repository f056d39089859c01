"""Programs for `autograd.scipy`, by module names: served by chainrule, unchanged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainrule.substitution import substituted

pytest.importorskip("scipy")

PROGRAM = """
import autograd.numpy as np
import autograd.scipy.stats.norm as norm
import autograd.scipy.stats.multivariate_normal as mvn
from autograd import grad, elementwise_grad
from autograd.scipy.integrate import odeint
from autograd.scipy.signal import convolve
from autograd.scipy.special import gammaln, logsumexp
from autograd.scipy.stats import beta, chi2, dirichlet, gamma, poisson, t
from autograd.scipy.stats.poisson import logpmf
import autograd.scipy.special, autograd.scipy as asp

def mixture(means):
    return np.sum(logsumexp(norm.logpdf(points[:, None], means, 0.5), axis=1))

points = np.array([0.1, 0.3, 2.0])
slopes = grad(mixture)(np.array([0.0, 2.0]))
wide = grad(lambda s: mvn.logpdf(points, np.zeros(3), s * np.eye(3)))(2.0)
end = grad(lambda r: odeint(lambda y, t, r: r * y, 1.0, np.array([0.0, 1.0]), (r,))[1, 0])(0.5)
sharp = grad(lambda k: np.sum(convolve(points, k, mode="valid") ** 2))(np.array([1.0, -1.0]))
counts = grad(lambda mu: np.sum(logpmf(np.array([1, 2]), mu)))(2.0)
also = asp.special.gammaln(3.0) == gammaln(3.0)
"""


def test_a_program_for_autograd() -> None:
    names: dict[str, Any] = {}
    with substituted("no/such/folder") as substitutes:
        exec(PROGRAM, names)  # noqa: S102
        served = dict(substitutes.served)
    assert served["autograd.scipy.stats.norm"] == "chainrule.scipy.stats.norm"
    shares = np.exp(-2 * (names["points"][:, None] - np.array([0.0, 2.0])) ** 2)
    shares /= shares.sum(1, keepdims=True)
    expected = np.sum(shares * 4 * (names["points"][:, None] - np.array([0.0, 2.0])), 0)
    np.testing.assert_allclose(names["slopes"], expected)
    assert names["wide"] == pytest.approx(np.sum(names["points"] ** 2) / 8 - 0.75)
    assert names["end"] == pytest.approx(np.exp(0.5), rel=1e-6)
    steps, points = np.diff(names["points"]), names["points"]
    np.testing.assert_allclose(names["sharp"], [2 * steps @ points[1:], 2 * steps @ points[:-1]])
    assert names["counts"] == pytest.approx(-0.5) and names["also"]
