"""Special functions, quantiles, running extremes, uniques, histograms: as PyTorch has them.

Each expression is evaluated by both: values, number types, names of nodes, first and second
gradients, errors and their texts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.torch.against import differences

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

rng = np.random.default_rng(7)
X = np.array([[0.3, -0.6, 0.8], [0.5, 0.2, -0.1]])
Y = np.array([[0.4, 0.6, 1.8], [-0.5, 0.7, -0.9]])
P, Q = rng.uniform(0.3, 2.5, (2, 3)), rng.uniform(0.4, 1.9, (2, 3))
WITH_NAN = np.array([[1.0, np.nan, 3.0, -2.0], [np.nan, np.nan, 0.5, 0.25]])
I = np.array([[1, 2, 3], [3, 2, 1]])  # noqa: E741
B = np.array([True, False, True])
Z = np.array([1 + 2j, 0.5 - 1j, -0.3 + 0.1j])
ARRAYS = {"x": X, "y": Y, "p": P, "q": Q, "n": WITH_NAN, "i": I, "b": B, "z": Z}
ARRAYS |= {"v": X[0], "e": np.zeros(0), "o": np.zeros((0, 3)), "s": np.array(0.7)}

SPECIAL = """
x.erfinv()
x.lgamma()
x.digamma()
p.polygamma(2)
torch.polygamma(3, p)
x.i0()
torch.igamma(p.detach(), q)
torch.igammac(p.detach(), q)
torch.special.expit(x)
torch.special.logit(p / 3)
torch.special.logit(p / 3, 0.2)
torch.special.xlogy(x, p)
torch.special.xlogy(2, p)
torch.special.xlog1py(x, p)
torch.special.xlog1py(x, 3)
torch.special.xlog1py(2, p)
torch.special.erf(x)
torch.special.erfc(x)
torch.special.erfinv(x)
torch.special.erfcx(x)
torch.special.log1p(p)
torch.special.expm1(x)
torch.special.exp2(x)
torch.special.logsumexp(x, 1)
torch.special.softmax(x, 1)
torch.special.log_softmax(x, 1)
torch.special.entr(p)
torch.special.ndtr(x)
torch.special.ndtri(p / 3)
torch.special.log_ndtr(x)
torch.special.i0(x)
torch.special.i0e(p)
torch.special.i1(x)
torch.special.i1e(p)
torch.special.sinc(x)
torch.special.round(x, decimals=1)
torch.special.zeta(torch.tensor([2.5]).double(), q)
torch.special.gammainc(p.detach(), q)
torch.special.gammaincc(p.detach(), q)
torch.special.bessel_j0(x)
torch.special.bessel_j1(x)
torch.special.bessel_y0(p)
torch.special.bessel_y1(p)
torch.special.modified_bessel_i0(x)
torch.special.modified_bessel_k1(p)
torch.special.scaled_modified_bessel_k0(p)
torch.special.spherical_bessel_j0(x)
torch.special.airy_ai(x)
"""

# PyTorch's trigamma function has nine digits: these are compared in single precision
GAMMA = """
p.lgamma()
p.digamma()
p.polygamma(0)
p.polygamma(1)
(p + 1).mvlgamma(2)
torch.mvlgamma(p, 1)
torch.special.gammaln(p)
torch.special.digamma(p)
torch.special.psi(p)
torch.special.multigammaln(p + 1, 2)
torch.special.polygamma(1, p)
"""

OF_TWO = """
x.fmax(y)
x.fmin(y)
x.fmax(x)
n.fmax(torch.ones(4).double())
n.fmin(torch.ones(4).double())
x.copysign(y)
x.copysign(-2.0)
i.copysign(-2)
i.copysign(i)
b.copysign(b)
torch.nextafter(x, y)
torch.nextafter(x, x)
x.ldexp(y)
i.ldexp(i)
x.ldexp(i)
x.float_power(2)
x.float().float_power(2)
p.float_power(y)
torch.float_power(2, x)
i.float_power(2)
i.float_power(-2)
z.float_power(2)
torch.logaddexp2(x, y)
i.gcd(i * 2)
i.lcm(torch.tensor(4))
x.heaviside(y)
(x * 0).heaviside(y)
i.heaviside(i)
x.frexp()
x.sgn()
i.sgn()
b.sgn()
torch.isin(x, y)
torch.isin(x, 0.5)
torch.isin(0.5, x)
torch.isin(i, torch.tensor([1, 3]), invert=True)
torch.isin(e, x)
x.isreal()
z.isreal()
n.isposinf()
i.isneginf()
"""

OF_MANY = """
n.nan_to_num()
n.nan_to_num(2.0)
(n / 0).nan_to_num(1, 2, 3)
i.nan_to_num()
n.nansum()
n.nansum(1)
n.nansum(0, keepdim=True)
n.nansum(dtype=torch.float32)
i.nansum()
b.nansum()
n.nanmean()
n.nanmean(1)
n.nanmean(0)
n.nanmean((0, 1), True)
e.nanmean()
n.nanmedian()
n.nanmedian(1)
n.nanmedian(1, True)
i.nanmedian()
e.nanmedian()
n.nanmedian(0).values
x.cummax(1)
x.cummin(1)
x.cummax(0)
n.cummax(1)
n.cummin(-1)
i.cummax(0)
i.cummin(1)
b.cummax(0)
o.detach().cummax(0)
o.detach().cummin(1)
s.cummax(0)
x.logcumsumexp(1)
x.logcumsumexp(0)
s.logcumsumexp(0)
e.logcumsumexp(0)
(x * 20).logcumsumexp(1)
x.quantile(0.3)
x.quantile(0.3, dim=1)
x.quantile(0.3, 0, True)
x.quantile(torch.tensor([0.1, 0.5, 1.0]).double())
x.quantile(torch.tensor([0.1, 0.5, 1.0]).double(), dim=1)
x.quantile(torch.tensor([0.1, 0.5, 1.0]).double(), dim=0, keepdim=True)
x.quantile(0.3, interpolation="lower")
x.quantile(0.3, interpolation="higher")
x.quantile(0.3, interpolation="midpoint")
x.quantile(0.5, interpolation="nearest")
x.quantile(0.4, keepdim=True)
n.quantile(0.4)
n.quantile(0.4, 1)
n.nanquantile(0.4)
n.nanquantile(0.4, 1)
n.nanquantile(0.4, 0, interpolation="higher")
s.quantile(0.2)
s.quantile(0.2, 0, True)
i.mode()
i.mode(0)
i.mode(0, True)
x.mode(1)
s.mode()
o.mode(1)
b.mode()
x.kthvalue(2)
x.kthvalue(1, 0, True)
x.aminmax()
x.aminmax(dim=0)
x.aminmax(dim=1, keepdim=True)
s.aminmax(dim=0)
i.aminmax()
b.aminmax()
x.unique()
x.unique(return_inverse=True)
x.unique(return_counts=True)
x.unique(True, True, True)
i.unique(True, True, True)
i.unique(dim=1, return_inverse=True, return_counts=True)
i.unique(dim=0)
n.unique(return_counts=True)
b.unique()
s.unique(return_inverse=True)
e.unique(return_inverse=True, return_counts=True)
o.unique(dim=0)
i.unique_consecutive()
i.unique_consecutive(True, True)
i.unique_consecutive(dim=0, return_counts=True)
e.unique_consecutive(return_counts=True)
i[0].bincount()
i[0].bincount(v)
i[0].bincount(v.float())
i[0].bincount(i[0], 6)
i[0].bincount(minlength=6)
e.long().bincount(minlength=2)
x.histc(4)
x.histc(4, 0, 1)
x.histc(bins=3, min=0.5, max=0.5)
(x * 0).histc(2)
e.histc(2)
x.histogram(3)
x.histogram(3, range=(0.0, 1.0))
x.histogram(torch.tensor([0.0, 0.5, 2.0]).double())
x.histogram(3, density=True)
x.histogram(3, weight=p.detach())
"""

COMPOSED = """
x.diff()
x.diff(2)
x.diff(0)
x.diff(5)
i.diff()
b.diff()
z.diff()
x.diff(dim=0, prepend=y)
x.diff(append=y, n=2)
torch.trapezoid(x)
torch.trapezoid(x, dx=2)
torch.trapezoid(x, dim=0)
torch.trapezoid(x, y)
torch.trapezoid(x, v)
torch.trapz(x, dx=0.5)
torch.trapezoid(i)
torch.trapezoid(e)
torch.trapezoid(i, i)
torch.cumulative_trapezoid(x)
torch.cumulative_trapezoid(x, y)
torch.cumulative_trapezoid(x, dx=2.0, dim=0)
torch.cumulative_trapezoid(x, v)
torch.cumulative_trapezoid(i)
x.dist(y)
x.dist(y, 1)
x.dist(y, 3)
x.dist(y, inf)
x.dist(v)
x.renorm(2, 0, 1)
x.renorm(2, 1, 0.5)
x.renorm(1, 0, 0.3)
x.renorm(3, 0, 9)
x.cov()
v.cov()
i.cov()
x.cov(correction=0)
x.cov(fweights=i[0])
x.cov(aweights=p[0].detach())
x.cov(fweights=i[0], aweights=p[0].detach())
x.corrcoef()
i.corrcoef()
v.corrcoef()
"""

COMPLEX = """
z.real
z.imag
x.real
z.angle()
x.angle()
i.angle()
b.angle()
z.abs()
z.sgn()
torch.polar(p, y)
torch.view_as_real(z)
torch.view_as_complex(x[:, :2].contiguous())
z.conj_physical()
x.conj()
x.conj_physical()
z.conj().resolve_conj() * 1
x.H
x.mH
x.adjoint()
z.nan_to_num()
"""

ERRORS = """
torch.lgamma(3)
torch.erfinv(3)
torch.lgamma(z)
torch.erfinv(z)
z.digamma()
z.i0()
torch.polygamma(1.5, x)
torch.polygamma(-1, x)
torch.polygamma(1, z)
torch.mvlgamma(x, 0)
torch.special.erfinv(3)
torch.special.entr(3)
torch.special.expit(3)
torch.nan_to_num(3)
z.nansum()
i.nanmean()
z.nanmean()
n.nansum(3)
b.nanmedian()
z.fmax(z)
x.fmax(2.0)
z.copysign(z)
torch.copysign(2, x)
i.nextafter(i)
x.nextafter(2.0)
x.ldexp(2)
torch.float_power(2, 3)
x.float().float_power_(2)
x.gcd(x)
b.gcd(b)
i.gcd(4)
x.heaviside(i)
x.heaviside(2.0)
z.heaviside(z)
torch.logaddexp2(i, i)
i.frexp()
z[:2].cummax(0)
x.cummax()
x.cummax(5)
i.logcumsumexp(1)
b.logcumsumexp(0)
x.logcumsumexp(4)
e.mode()
o.mode(0)
z.mode()
x.quantile([0.1])
x.quantile(0.3, interpolation="foo")
x.quantile(1.3)
x.quantile(torch.tensor([1.3]).double())
x.quantile(torch.tensor([0.3]))
x.quantile(torch.tensor([[0.3]]).double())
i.quantile(0.3)
e.quantile(0.3)
x.quantile(0.3, dim=4)
i.bincount()
i[0].bincount(minlength=-6)
(-i[0]).bincount()
v.bincount()
i[0].bincount(v[:2])
b.bincount()
x.histc(4, 2, 0)
x.histc(0)
i.histc(4)
(x / 0).histc(2)
i.histogram(3)
x.histogram(0)
x.histogram(3, range=(2.0, 1.0))
x.histogram(3, weight=v)
x.aminmax(0)
e.aminmax()
o.aminmax(dim=0)
z.aminmax()
x.diff(-1)
x.diff(append=v)
s.diff()
x.diff(dim=4)
torch.trapezoid(x, 2)
torch.trapezoid(x, v[:2])
torch.trapezoid(b)
torch.trapezoid(s)
i.dist(i)
x.dist(2)
b.cov()
x.cov(fweights=v)
x.cov(aweights=i[0])
x.cov(fweights=-i[0])
x.cov(aweights=-p[0])
x.cov(fweights=i)
x.cov(fweights=i[0, :2])
x[None].cov()
x[None].corrcoef()
x.renorm(2, 0, -1)
x.renorm(-2, 0, 1)
x.renorm(2, 5, 1)
v.renorm(2, 0, 1)
i.renorm(2, 0, 1)
x.unique(dim=3)
s.unique(dim=0)
o.unique(dim=1)
z.unique()
torch.unique(3)
torch.unique_consecutive(3)
torch.isin(2, 3)
torch.isin(x, [1, 2])
torch.isin(b, b)
torch.isin(z, z)
z.isposinf()
x.imag
torch.polar(x, i)
torch.polar(x, x.float())
torch.view_as_real(x)
torch.view_as_complex(x)
torch.view_as_complex(x[:, :2])
torch.view_as_complex(i)
torch.view_as_complex(s)
z.H
x[None].H
v.mH
z.adjoint()
"""

EDGES = {"x": np.array([0.0, -0.0, 1.0, -1.0, 2.0, -0.5, np.inf, -np.inf, np.nan])}
AT_EDGES = """
x.erfinv()
x.nan_to_num()
x.nan_to_num(3, 2, 1)
x.nansum()
x[:6].copysign(torch.tensor(-1.0))
x.dist(x)
x.fmax(torch.tensor(0.0))
x.fmin(torch.tensor(float("nan")))
x.sgn()
x.angle()
x.ldexp(torch.tensor(2.0))
torch.special.entr(x)
torch.special.ndtr(x)
torch.special.xlog1py(x, x)
torch.special.xlogy(x, x)
torch.special.i1e(x[:6])
torch.special.logit(x)
x.cummax(0)
x.cummin(0)
x.unique(return_counts=True)
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def needed(expression: str, arrays: dict[str, Any]) -> dict[str, Any]:
    """Return the arrays that an expression reads."""
    code = compile(expression, "", "eval")
    return {name: array for name, array in arrays.items() if name in code.co_names}


WITH_SECOND = lines(SPECIAL) + lines(OF_TWO) + lines(OF_MANY) + lines(COMPOSED)


@pytest.mark.parametrize("expression", WITH_SECOND)
def test_same_as_pytorch(expression: str) -> None:
    assert differences(expression, needed(expression, ARRAYS)) == []


@pytest.mark.parametrize("expression", lines(SPECIAL) + lines(GAMMA) + lines(COMPOSED))
def test_in_single_precision(expression: str) -> None:
    single = {
        name: array.astype("f4") if array.dtype == float else array
        for name, array in needed(expression, ARRAYS).items()
    }
    assert differences(expression, single, rtol=1e-5) == []


@pytest.mark.parametrize("expression", lines(COMPLEX))
def test_complex_parts(expression: str) -> None:
    assert differences(expression, needed(expression, ARRAYS)) == []


@pytest.mark.parametrize("expression", lines(ERRORS))
def test_errors(expression: str) -> None:
    assert differences(expression, needed(expression, ARRAYS), order=0) == []


@pytest.mark.parametrize("expression", lines(AT_EDGES))
def test_at_the_edges(expression: str) -> None:
    assert differences(expression, EDGES, order=1) == []


IN_PLACE = """
x.lgamma_()
x.digamma_()
x.erfinv_()
x.i0_()
x.nan_to_num_()
x.copysign_(y)
x.nextafter_(y)
x.ldexp_(y)
x.float_power_(2)
x.sgn_()
x.lt_(0.3)
x.renorm_(2, 0, 0.5)
x.clamp_min_(0.1)
x.clamp_max_(y)
x.arctan_()
x.fix_()
i.gcd_(i * 2)
i.lcm_(i)
i.bitwise_and_(2)
i.bitwise_not_()
i.eq_(2)
i.lgamma_()
i.bitwise_left_shift_(1)
b.logical_xor_(~b)
z.sgn_()
x.mvlgamma_(1)
"""


# In place PyTorch has other nodes for these than out of place, or none at all; here they are one.
IN_PLACE_UNTRACKED = """
x.heaviside_(y)
x.eq_(y)
x.ge_(y)
x.logical_and_(y)
x.logical_not_()
z.conj_physical_()
p.igamma_(q)
p.float().polygamma_(1)
"""


@pytest.mark.parametrize("expression", lines(IN_PLACE_UNTRACKED))
def test_in_place_without_a_gradient(expression: str) -> None:
    assert differences(expression, needed(expression, ARRAYS), order=0) == []


@pytest.mark.parametrize("expression", lines(IN_PLACE))
def test_in_place(expression: str) -> None:
    """Of tensors that want no gradient, of results that do, and of leaves, where it is refused."""
    arrays = needed(expression, ARRAYS)
    name, _, call = expression.partition(".")
    assert differences(expression, arrays, order=0) == []
    assert differences(f"{name}.clone().{call}", arrays, order=1) == []
    assert differences(expression, arrays, order=1) == []


INTO = """
torch.cummax(x, 1, out=two)
torch.sort(x, out=two)
torch.topk(x, 2, out=two)
torch.kthvalue(x, 1, out=two)
torch.median(x, 1, out=two)
torch.nanmedian(x, 1, out=two)
torch.mode(x, 1, out=two)
torch.max(x, 1, out=list(two))
torch.aminmax(x, out=floats)
torch.frexp(x, out=(floats[0], torch.empty(0, dtype=torch.int32)))
torch.histogram(x, 2, out=floats)
torch.max(x, 1, out=floats)
torch.max(x, 1, out=floats)
torch.sort(x.clone().requires_grad_(), out=two)
torch.nansum(x, 1, out=floats[0])
torch.quantile(x, 0.3, out=floats[0])
torch.lgamma(x, out=floats[0])
torch.special.entr(x, out=floats[0])
torch.special.ndtr(x, out=floats[0])
torch.fmax(x, y, out=floats[0])
torch.isin(x, y, out=torch.empty(0, dtype=bool))
torch.diff(x, out=floats[0])
torch.logcumsumexp(x, 0, out=floats[0])
torch.lgamma(i, out=torch.empty(0, dtype=torch.int64))
torch.msort(x)
x.msort()
"""


@pytest.mark.parametrize("expression", lines(INTO))
def test_written_into_others(expression: str) -> None:
    filled = expression.replace(
        "two", "(torch.empty(0).double(), torch.empty(0, dtype=torch.int64))"
    ).replace("floats", "(torch.empty(0).double(), torch.empty(0).double())")
    assert differences(filled, needed(expression, ARRAYS), order=0) == []
