"""chainrule.scipy.stats: SciPy's values, and derivatives in every argument."""

from __future__ import annotations

import importlib
import pickle
import re
from typing import Any

import numpy as np
import pytest

from chainrule import elementwise_grad, grad, hessian, jacobian, vjp
from chainrule.checking import Call, check_grads, check_rule

scipys = pytest.importorskip("scipy.stats")
face = pytest.importorskip("chainrule.scipy.stats")

INSIDE = np.array([[0.15, 0.4], [0.55, 0.9]])
SHAPES = np.array([0.7, 2.5])
LOC, SCALE = np.array([[-0.05], [-0.3]]), np.array([1.4, 1.6])
PARAMETERS: dict[str, tuple[Any, ...]] = {
    "norm": (),
    "gamma": (SHAPES,),
    "chi2": (SHAPES,),
    "beta": (SHAPES, np.array([[1.5], [0.8]])),
    "t": (SHAPES + 0.6,),
}
METHODS = ("pdf", "logpdf", "cdf", "logcdf", "sf", "logsf")
CASES = [(name, method) for name in PARAMETERS for method in METHODS]


@pytest.mark.parametrize(("name", "method"), CASES)
def test_slopes_in_every_argument(name: str, method: str) -> None:
    """Both directions, two orders, float32, broadcasting; values are SciPy's."""
    function, parameters = getattr(getattr(face, name), method), PARAMETERS[name]
    numbers = [float(np.ravel(v)[-1]) for v in parameters]
    check_rule(
        function,
        [
            Call(INSIDE, *parameters, LOC, SCALE),
            Call(INSIDE, *parameters),
            Call(0.4, *numbers, scale=1.5),
            Call(np.array([0.4, 0.6]), *numbers, 0.1),
        ],
    )


@pytest.mark.parametrize(("name", "method"), CASES)
def test_values_are_scipys_everywhere(name: str, method: str) -> None:
    """Outside the support, at its ends, far out, not a number, and without any width."""
    x = np.array([-np.inf, -40.0, -3.0, 0.0, 1e-300, 0.3, 1.0, 1.5, 40.0, np.inf, np.nan])
    parameters = [float(np.ravel(v)[1]) for v in PARAMETERS[name]]
    own, ours = getattr(getattr(scipys, name), method), getattr(getattr(face, name), method)
    for scale in (1.0, 1.3, 0.0, -1.0):
        with np.errstate(all="ignore"):
            expected = own(x, *parameters, 0.0, scale)
            found = vjp(lambda x, s: ours(x, *parameters, 0.0, s), x, scale)[0]
        atol = 2e-16 if method in ("logcdf", "logsf") else 1e-300  # older SciPy: log(1 - rest)
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=atol)


@pytest.mark.parametrize("name", ["gamma", "beta", "chi2"])
def test_outside_the_support_nothing_moves(name: str) -> None:
    parameters = [float(np.ravel(v)[1]) for v in PARAMETERS[name]]
    for method in METHODS:
        function = getattr(getattr(face, name), method)
        assert grad(lambda x: function(x, *parameters))(-0.5) == 0.0  # noqa: B023
        assert grad(lambda a: function(-0.5, a, *parameters[1:]))(parameters[0]) == 0.0  # noqa: B023


def test_chi2_with_degrees_of_freedom_that_are_not_whole() -> None:
    """Where autograd divides df by 2 without the fraction."""
    x = np.array([0.5, 2.0, 7.0])
    for df in (0.5, 1.3, 2.7, 7.5):
        expected = (df / 2 - 1) / x - 0.5
        np.testing.assert_allclose(elementwise_grad(face.chi2.logpdf)(x, df), expected, rtol=1e-13)
        slopes = scipys.chi2.pdf(x, df)
        np.testing.assert_allclose(elementwise_grad(face.chi2.cdf)(x, df), slopes, rtol=1e-12)
        ahead, behind = scipys.chi2.logpdf(x, df + 1e-5), scipys.chi2.logpdf(x, df - 1e-5)
        found = elementwise_grad(lambda d: face.chi2.logpdf(x, d))(np.full(3, df))
        np.testing.assert_allclose(found, (ahead - behind) / 2e-5, rtol=1e-8, atol=1e-9)


def test_far_tails_of_the_normal_distribution_have_slopes() -> None:
    """d log Phi at -30 is 30 + 1/30 - ...: by 50 digits."""
    assert grad(face.norm.logcdf)(-30.0) == pytest.approx(30.033259667433677, rel=1e-14)
    assert grad(face.norm.logsf)(30.0) == pytest.approx(-30.033259667433677, rel=1e-14)
    assert hessian(face.norm.logcdf)(-1e9) == pytest.approx(-1.0, rel=1e-12)
    assert grad(face.norm.logcdf)(40.0) == 0.0


def test_normal_quantiles() -> None:
    check_rule(face.norm.ppf, [Call(np.array([0.1, 0.6]), 0.5, 1.5)])
    check_rule(face.norm.isf, [Call(np.array([0.1, 0.6]), 0.5, 1.5)])


def test_poisson() -> None:
    k = np.array([0, 1, 5])
    for method in ("pmf", "logpmf", "cdf", "logcdf", "sf", "logsf"):
        function = getattr(face.poisson, method)
        check_rule(function, [Call(k, np.array([0.5, 2.0, 6.5])), Call(3, 2.5, 1)])
        k_all = np.array([-1.0, 0.0, 0.5, 3.0, 900.0, np.nan])
        with np.errstate(all="ignore"):
            expected = getattr(scipys.poisson, method)(k_all, 2.5)
            np.testing.assert_allclose(vjp(lambda mu: function(k_all, mu), 2.5)[0], expected)  # noqa: B023
    assert grad(lambda k: face.poisson.logpmf(k, 2.5))(3.0) == 0.0
    assert grad(face.poisson.pmf, 1)(0, 0.0) == -1.0


# ---------------------------------------------------------------- of many numbers

SHARES = np.array([[0.2, 0.5, 0.1], [0.3, 0.3, 0.2], [0.5, 0.2, 0.7]])
ALPHA = np.array([0.7, 2.0, 3.5])


def softmax(x: Any) -> Any:
    return np.exp(x) / np.sum(np.exp(x), axis=0)


@pytest.mark.parametrize("method", ["pdf", "logpdf"])
def test_dirichlet(method: str) -> None:
    own, ours = getattr(scipys.dirichlet, method), getattr(face.dirichlet, method)
    for x in (SHARES, SHARES[:, 0], SHARES[:2], SHARES[:2, :1]):
        np.testing.assert_allclose(vjp(ours, x, ALPHA)[0], own(x, ALPHA), rtol=1e-13)
    check_grads(lambda x, alpha: ours(softmax(x), alpha), np.log(SHARES), ALPHA)
    check_grads(lambda x, alpha: ours(softmax(x), alpha), np.log(SHARES[:, 0]), ALPHA)
    check_grads(ours, SHARES[:2], ALPHA)
    with pytest.raises(ValueError, match="simplex"):
        grad(ours)(SHARES[:, 0] * 2, ALPHA)


MEAN = np.array([0.3, -0.4, 1.0])
ROOT = np.array([[1.0, 0.3, 0.0], [0.2, 1.5, 0.4], [-0.3, 0.1, 0.8]])
POINTS = np.arange(12.0).reshape(2, 2, 3) / 5


@pytest.mark.parametrize("method", ["pdf", "logpdf"])
def test_multivariate_normal(method: str) -> None:
    own, ours = (getattr(s.multivariate_normal, method) for s in (scipys, face))
    for x in (POINTS, POINTS[0], POINTS[0, 0], POINTS[:1, :1]):
        np.testing.assert_allclose(
            vjp(ours, x, MEAN, ROOT @ ROOT.T)[0], own(x, MEAN, ROOT @ ROOT.T), rtol=1e-13
        )
        check_grads(lambda x, m, a: ours(x, m, a @ np.transpose(a)), x, MEAN, ROOT)
    check_rule(ours, [Call(POINTS[0], MEAN, 1.7), Call(POINTS[0], MEAN, np.array([1.0, 2.0, 0.7]))])
    check_rule(ours, [Call(0.5), Call(np.array([0.5, 1.0]), 0.2, 1.3), Call(POINTS, mean=MEAN)])
    low = grad(lambda x: np.sum(ours(x, MEAN)))(POINTS.astype(np.float32))
    assert low.dtype == np.float32


def test_multivariate_normal_without_width_in_one_direction() -> None:
    """On the line that has width it is a normal distribution of one number; off it, -inf."""
    logpdf = face.multivariate_normal.logpdf
    line = np.array([0.6, 0.8])
    cov = 2.0 * np.outer(line, line)
    for function in (logpdf, face.multivariate_normal.pdf):
        value = vjp(lambda x: function(x, None, cov, allow_singular=True), 1.5 * line)[0]  # noqa: B023
        own = getattr(scipys.multivariate_normal, function.__name__)
        assert value == pytest.approx(own(1.5 * line, None, cov, True), rel=1e-13)
    along = grad(lambda s: logpdf(1.5 * line, None, s * np.outer(line, line), allow_singular=True))
    assert along(2.0) == pytest.approx(grad(lambda s: face.norm.logpdf(1.5, 0, np.sqrt(s)))(2.0))
    off = grad(lambda x: logpdf(x, None, cov, allow_singular=True))(np.array([0.8, -0.6]))
    np.testing.assert_array_equal(off, 0.0)
    with pytest.raises(np.linalg.LinAlgError):
        grad(lambda x: logpdf(x, None, cov))(line)


def test_entropy_of_the_multivariate_normal_distribution() -> None:
    entropy = face.multivariate_normal.entropy
    own = scipys.multivariate_normal.entropy(MEAN, ROOT @ ROOT.T)
    assert vjp(lambda c: entropy(MEAN, c), ROOT @ ROOT.T)[0] == pytest.approx(own, rel=1e-13)
    check_grads(lambda a: entropy(cov=a @ np.transpose(a)), ROOT)


# ---------------------------------------------------------------- the names


def test_distributions_are_modules_and_can_be_called() -> None:
    """`import chainrule.scipy.stats.norm as norm`, as autograd's users write, and norm(0, 1)."""
    norm = importlib.import_module("chainrule.scipy.stats.norm")
    assert norm is face.norm and pickle.loads(pickle.dumps(norm.logpdf)) is norm.logpdf
    assert norm(1.0, scale=2.0).pdf(0.5) == scipys.norm(1.0, 2.0).pdf(0.5)
    assert norm(1.0, 2.0).mean() == 1.0 and norm(1.0, 2.0).entropy() == norm.entropy(1.0, 2.0)
    slope = grad(lambda mean: norm(mean, 2.0).logpdf(3.0))
    assert slope(1.0) == 0.5
    assert norm.rvs(size=3, random_state=1).shape == (3,)


def test_every_name_of_scipy_is_there() -> None:
    assert [n for n in scipys.__all__ if n not in face.__all__ or not hasattr(face, n)] == []
    for name in face.DISTRIBUTIONS:
        own, ours = getattr(scipys, name), getattr(face, name)
        assert [n for n in dir(own) if not n.startswith("_") and not hasattr(ours, n)] == []


def test_methods_without_a_rule_say_so() -> None:
    said = re.escape("scipy.stats.gamma.ppf has no derivative rule in chainrule")
    with pytest.raises(NotImplementedError, match=said):
        grad(lambda a: face.gamma.ppf(0.5, a))(2.0)
    with pytest.raises(NotImplementedError, match="has rules for cdf, logcdf"):
        grad(lambda a: face.gamma(a).ppf(0.5))(2.0)


def test_a_list_of_recorded_numbers() -> None:
    found = grad(lambda m: face.norm.logpdf([m, 2 * m], 0.0, 1.0).sum())(1.0)
    assert found == -5.0
    assert jacobian(lambda m: face.norm.pdf(np.array([0.0, 1.0]), m))(0.0).shape == (2,)


# ---------------------------------------------------------------- against others


@pytest.mark.peers
@pytest.mark.parametrize("name", [*PARAMETERS, "poisson"])
def test_as_autograd_has_them(name: str) -> None:
    autograd = pytest.importorskip("autograd")
    theirs = importlib.import_module(f"autograd.scipy.stats.{name}")
    parameters = [float(np.ravel(v)[1]) for v in PARAMETERS.get(name, ([1.5, 2.5],))]
    if name == "chi2":
        parameters = [4.0]  # whole and even, where autograd is right
    x = np.array([1.0, 3.0]) if name == "poisson" else INSIDE[0]
    for method in ("pdf", "logpdf", "pmf", "logpmf", "cdf", "logcdf"):
        if not hasattr(theirs, method):
            continue
        for k in range(len(parameters) + 1):
            args = [x, *parameters]
            if k:
                args[k] = np.full(2, args[k])
            try:
                expected = autograd.elementwise_grad(getattr(theirs, method), k)(*args)
            except NotImplementedError:
                continue
            found = elementwise_grad(getattr(getattr(face, name), method), k)(*args)
            np.testing.assert_allclose(found, expected, rtol=1e-9, err_msg=f"{method} {k}")


@pytest.mark.peers
@pytest.mark.parametrize("name", [*PARAMETERS, "poisson"])
def test_as_jax_has_them(name: str) -> None:
    jax = pytest.importorskip("jax")
    theirs = importlib.import_module(f"jax.scipy.stats.{name}")
    parameters = [float(np.ravel(v)[1]) for v in PARAMETERS.get(name, ([1.5, 2.5],))]
    x = np.array([1.0, 3.0]) if name == "poisson" else INSIDE[0]
    with jax.enable_x64(True):
        for method in ("pdf", "logpdf", "pmf", "logpmf", "cdf", "logcdf", "sf", "logsf"):
            if not hasattr(theirs, method):
                continue
            for k in range(name == "poisson", len(parameters) + 1):
                args = [x, *parameters]
                args[k] = args[k] + np.zeros(2)

                call = getattr(theirs, method)
                try:
                    expected = jax.grad(lambda *args: call(*args).sum(), k)(*args)  # noqa: B023
                except (ValueError, NotImplementedError):
                    continue
                found = elementwise_grad(getattr(getattr(face, name), method), k)(*args)
                np.testing.assert_allclose(found, expected, rtol=1e-7, err_msg=f"{method} {k}")
