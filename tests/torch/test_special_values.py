"""Special functions at points whose values are known, and what they ask for; without PyTorch.

Values: Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), tables 6.1, 7.1, 9.8,
and 40-digit arithmetic.
"""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest

import chainrule.torch as torch

EULER = 0.57721566490153286
VALUES = [
    ("torch.lgamma", 5.0, math.log(24)),
    ("torch.lgamma", 0.5, math.log(math.pi) / 2),
    ("torch.digamma", 1.0, -EULER),
    ("torch.digamma", 0.5, -EULER - 2 * math.log(2)),
    ("torch.erfinv", 0.5, 0.47693627620446987),
    ("torch.erfinv", 1e-300, 8.862269254527581e-301),
    ("torch.erfinv", 1 - 2.0**-50, 5.686128441310391),
    ("torch.i0", 1.0, 1.2660658777520084),
    ("torch.special.i1", 1.0, 0.5651591039924851),
    ("torch.special.ndtr", 1.0, 0.8413447460685429),
    ("torch.special.ndtri", 0.975, 1.959963984540054),
    ("torch.special.log_ndtr", -40.0, -804.608442013754),
    ("torch.special.erfcx", 10.0, 0.05614099274382259),
    ("torch.special.entr", 0.5, math.log(2) / 2),
    ("torch.special.expit", 2.0, 0.8807970779778823),
]


@pytest.mark.parametrize(("name", "x", "y"), VALUES)
def test_known_values(name: str, x: float, y: float) -> None:
    if name not in ("torch.erfinv", "torch.special.ndtr", "torch.special.expit"):
        pytest.importorskip("scipy")
    function = torch
    for part in name.split(".")[1:]:
        function = getattr(function, part)
    found = function(torch.tensor([x], dtype=torch.float64)).item()
    assert found == pytest.approx(y, rel=4e-15 if "ndtr" not in name else 1e-13)


def test_derivatives_of_digamma() -> None:
    pytest.importorskip("scipy")
    x = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(x.digamma().sum(), x, create_graph=True)
    assert slope.item() == pytest.approx(math.pi**2 / 6, rel=1e-14)
    (second,) = torch.autograd.grad(slope.sum(), x)
    assert second.item() == pytest.approx(-2 * 1.2020569031595942, rel=1e-14)
    assert torch.polygamma(1, x).item() == pytest.approx(math.pi**2 / 6, rel=1e-14)


def test_erfinv_is_the_inverse_everywhere() -> None:
    rng = np.random.default_rng(1)
    sizes = np.concatenate([rng.uniform(0, 1, 500), 10.0 ** rng.uniform(-12, 0, 500)])
    x = np.concatenate([sizes, -sizes, 1 - 2.0 ** -np.arange(1, 50)])
    y = torch.erfinv(torch.from_numpy(x))
    slope = 2 / math.sqrt(math.pi) * np.exp(-(y.numpy() ** 2))
    off = np.array([math.erf(v) for v in y.tolist()]) - x
    near = np.abs(x) < 0.9
    assert np.abs(off[near] / slope[near] / y.numpy()[near]).max() < 1e-15
    assert np.abs(off).max() < 2.3e-16


WITHOUT_SCIPY = """
import sys
sys.modules["scipy"] = sys.modules["scipy.special"] = None
import chainrule.torch as torch
assert torch.erfinv(torch.tensor([0.5])).item() > 0.47
for call in (lambda: torch.lgamma(torch.ones(1)), lambda: torch.special.ndtri(torch.ones(1))):
    try:
        call()
    except ImportError as error:
        print(error)
"""


def test_what_scipy_computes_says_so_without_it() -> None:
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_SCIPY], capture_output=True, text=True, check=True
    )
    said = "is computed by SciPy, which is not installed: pip install 'chainrule[scipy]'."
    assert run.stdout.splitlines() == [f"torch.lgamma {said}", f"torch.ndtri {said}"]


def test_scipy_is_loaded_when_it_is_needed() -> None:
    lines = "import sys, chainrule.torch as torch; torch.erfinv(torch.ones(1)); torch.special.expit"
    run = subprocess.run(
        [sys.executable, "-c", f"{lines}; print('scipy' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout == "False\n"


# ------------------------------------------------------------------------ others, by hand


def test_running_logsumexp_does_not_overflow() -> None:
    x = torch.tensor([1000.0, 1000.0, -1000.0], dtype=torch.float64, requires_grad=True)
    y = torch.logcumsumexp(x, 0)
    y[-1].backward()
    assert y.tolist() == [1000.0, 1000 + math.log(2), 1000 + math.log(2)]
    assert x.grad.tolist() == pytest.approx([0.5, 0.5, 0.0], rel=1e-15)


def test_extremes_so_far_share_nothing() -> None:
    x = torch.tensor([1.0, 3.0, 2.0, 3.0], requires_grad=True)
    values, indices = torch.cummax(x, 0)
    values.sum().backward()
    assert indices.tolist() == [0, 1, 1, 3]
    assert x.grad.tolist() == [1.0, 2.0, 0.0, 1.0]


def test_quantiles_between_two_numbers() -> None:
    x = torch.tensor([8.0, 1.0, 4.0, 2.0], requires_grad=True)
    y = torch.quantile(x, 0.75)
    y.backward()
    assert y.item() == 5.0
    assert x.grad.tolist() == [0.25, 0.0, 0.75, 0.0]
    x = torch.tensor([1.0, math.nan, 3.0])
    assert math.isnan(x.quantile(0.5).item()) and x.nanquantile(0.5).item() == 2.0


def test_sums_of_what_is_there() -> None:
    x = torch.tensor([1.0, math.nan, 3.0], requires_grad=True)
    y = x.nanmean()
    y.backward()
    assert y.item() == 2.0
    assert x.grad.tolist() == [0.5, 0.0, 0.5]


def test_what_occurs() -> None:
    x = torch.tensor([[3, 1], [1, 3], [3, 1]])
    values, inverse, counts = x.unique(return_inverse=True, return_counts=True)
    assert values[inverse].equal(x) and counts.tolist() == [3, 3]
    rows, inverse = x.unique(dim=0, return_inverse=True)
    assert rows[inverse].equal(x) and len(rows) == 2
    assert x.unique_consecutive().tolist() == [3, 1, 3, 1]


def test_parts_of_complex_numbers_share_their_memory() -> None:
    z = torch.tensor([1 + 2j, 3 - 1j])
    z.real.fill_(7)
    torch.view_as_real(z)[0, 1] = 5
    z.imag[1] = -2
    assert z.tolist() == [7 + 5j, 7 - 2j]
    z.real = torch.tensor([1.0, 2.0])
    assert z.tolist() == [1 + 5j, 2 - 2j]
    pairs = torch.zeros(2, 2)
    torch.view_as_complex(pairs)[0] = 1 + 2j
    assert pairs.tolist() == [[1.0, 2.0], [0.0, 0.0]]


def test_covariances_are_numpys() -> None:
    x = np.random.default_rng(2).normal(size=(3, 8))
    often, weight = np.arange(1, 9), np.linspace(0.5, 2, 8)
    t = torch.from_numpy
    found = t(x).cov(fweights=t(often), aweights=t(weight), correction=0)
    np.testing.assert_allclose(found, np.cov(x, ddof=0, fweights=often, aweights=weight))
    np.testing.assert_allclose(t(x).corrcoef(), np.corrcoef(x))
