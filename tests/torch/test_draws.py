"""Draws of other distributions, choices, and the state of a generator, as PyTorch has them."""

from __future__ import annotations

import math
import zlib

import numpy as np
import pytest

import chainrule.torch as torch
from chainrule.torch.random import Generator
from tests.torch.both import check_same

SAME = [
    f"{start}.{call}"
    for start in (
        "torch.zeros(7)", "torch.zeros(3, 20)", "torch.zeros(40, dtype=torch.float64)",
        "torch.zeros(4, 5).t()",
    )
    for call in (
        "exponential_()", "exponential_(0.3)", "cauchy_()", "cauchy_(1, 2)", "log_normal_()",
        "log_normal_(0.5, 0.1)", "geometric_(0.3)", "geometric_(0.99)",
    )
] + [
    "torch.zeros(20, dtype=torch.int64).geometric_(0.2)", "torch.poisson(torch.full((50,), 0.7))",
    "torch.poisson(torch.linspace(0, 60, 100))", "torch.poisson(torch.full((9,), 1e4).double())",
    "torch.multinomial(torch.arange(30.0), 30 - 1)", "torch.multinomial(torch.rand(5, 30), 7)",
    "torch.multinomial(torch.rand(30).double(), 1, True)",
    "torch.multinomial(torch.rand(5, 30), 50, True)", "torch.rand(9).multinomial(3)",
    "torch.multinomial(torch.rand(30).double(), 500, replacement=True)",
    "[torch.randn(3), torch.get_rng_state(), torch.rand(700), torch.get_rng_state()]",
    "torch.manual_seed(2**40 + 5).get_state()", "torch.get_rng_state()",
]  # fmt: skip
MISTAKES = [
    "torch.zeros(3).exponential_(-1)", "torch.zeros(3).long().exponential_()",
    "torch.zeros(3).cauchy_(1, -2)", "torch.zeros(3).long().cauchy_()",
    "torch.zeros(3).log_normal_(1, -2)", "torch.zeros(3).long().log_normal_()",
    "torch.zeros(5).geometric_(1.3)", "torch.zeros(5).geometric_(0)",
    "torch.zeros(5).bool().geometric_(0.5)", "torch.poisson(torch.tensor([-1.0]))",
    "torch.poisson(torch.tensor([1]))", "torch.poisson(2)", "torch.multinomial(torch.rand(3), 4)",
    "torch.multinomial(-torch.rand(3), 1)", "torch.multinomial(torch.rand(3) / 0, 1)",
    "torch.multinomial(torch.zeros(3), 1)", "torch.multinomial(torch.zeros(3), 2, True)",
    "torch.multinomial(torch.tensor([1, 2]), 1)", "torch.multinomial(torch.rand(3), 0)",
    "torch.multinomial(torch.rand(1, 2, 3), 1)", "torch.multinomial(torch.tensor(1.0), 1)",
    "torch.multinomial(torch.rand(3), 1.5)", "torch.set_rng_state(3)",
    "torch.set_rng_state(torch.zeros(3))", "torch.set_rng_state(torch.zeros(3).byte())",
    "torch.set_rng_state(torch.zeros(5056).byte())", "torch.Generator().get_offset()",
]  # fmt: skip


@pytest.mark.peers
@pytest.mark.parametrize("expression", SAME + MISTAKES)
def test_as_pytorch_has_it(expression: str) -> None:
    check_same(pytest.importorskip("torch"), expression)


@pytest.mark.peers
@pytest.mark.parametrize("seed", range(20))
def test_states_are_exchanged(seed: int) -> None:
    theirs = pytest.importorskip("torch")
    g, h = Generator().manual_seed(seed), theirs.Generator().manual_seed(seed + 1)
    for k in range(seed):
        g.uniform(100 * k)
        g.normal(2 * k + 1)
    h.set_state(theirs.from_numpy(g.get_state().numpy()))
    assert h.initial_seed() == seed
    assert np.array_equal(g.normal(5), theirs.randn(5, generator=h).numpy())
    theirs.rand(77, generator=h)
    g.set_state(torch.from_numpy(h.get_state().numpy()))
    assert np.array_equal(g.uniform(800), theirs.rand(800, generator=h).numpy())


# ---------------------------------------------------------------- without PyTorch


def test_recorded_draws() -> None:
    torch.manual_seed(0)
    assert torch.zeros(3).exponential_().tolist() == pytest.approx(
        [3.5083, 1.2304, 0.6150], abs=1e-4
    )
    torch.manual_seed(0)
    assert torch.zeros(3).cauchy_().tolist() == pytest.approx([10.5977, 0.7648, -0.1283], abs=1e-4)
    torch.manual_seed(0)
    assert torch.zeros(5).geometric_(0.3).tolist() == [1, 1, 3, 1, 2]
    torch.manual_seed(0)
    assert torch.poisson(torch.tensor([1.0, 2.0, 30.0])).tolist() == [2, 3, 27]
    torch.manual_seed(0)
    assert torch.multinomial(torch.tensor([[0.1, 0.2, 0.7], [1, 1, 1]]), 2).tolist() == [
        [2, 1],
        [1, 2],
    ]
    torch.manual_seed(0)
    assert torch.multinomial(torch.ones(2, 3), 4, True).shape == (2, 4)


def test_the_draws_have_their_means() -> None:
    torch.manual_seed(1)
    n = 40_000
    assert float(torch.zeros(n).exponential_(4.0).mean()) == pytest.approx(1 / 4, rel=0.03)
    assert float(torch.zeros(n).geometric_(0.2).mean()) == pytest.approx(5, rel=0.03)
    assert float(torch.zeros(n).cauchy_(3.0, 2.0).median()) == pytest.approx(3, rel=0.03)
    assert float(torch.zeros(n).log_normal_(0.5, 0.3).log().std()) == pytest.approx(0.3, rel=0.03)
    for rate in (0.5, 9.0, 25.0):  # the variance is the mean
        drawn = torch.poisson(torch.full((n // 4,), rate))
        assert float(drawn.mean()) == pytest.approx(rate, rel=0.05)
        assert float(drawn.var()) == pytest.approx(rate, rel=0.06)
    chosen = torch.multinomial(torch.tensor([1.0, 0.0, 3.0]), n, True)
    assert torch.bincount(chosen).tolist() == pytest.approx([n / 4, 0, 3 * n / 4], rel=0.03)


def test_no_gradient_passes_a_draw() -> None:
    rates = torch.tensor([2.0, 3.0], requires_grad=True)
    drawn = torch.poisson(rates)
    assert drawn.grad_fn is not None and drawn.grad_fn.name() == "PoissonBackward0"
    drawn.sum().backward()
    assert rates.grad.tolist() == [0, 0]


def test_states() -> None:
    torch.manual_seed(0)
    state = torch.get_rng_state()
    assert state.dtype is torch.uint8 and zlib.crc32(state.numpy().tobytes()) == CHECKSUM
    first = torch.randn(3)
    torch.set_rng_state(state)
    assert torch.equal(first, torch.randn(3))
    copy = torch.default_generator.clone_state()
    assert torch.equal(torch.randn(2), torch.randn(2, generator=copy))


def test_a_normal_that_waits_is_part_of_the_state() -> None:
    g = Generator().manual_seed(3)
    g.normal(1)
    state = g.get_state()
    waited = g.normal(1)
    assert g.set_state(state).normal(1) == waited
    assert not math.isclose(float(g.normal(1)[0]), float(waited[0]))


def test_fork_rng() -> None:
    torch.manual_seed(5)
    expected = torch.rand(2)
    torch.manual_seed(5)
    with pytest.raises(KeyError), torch.random.fork_rng():
        torch.manual_seed(6)
        raise KeyError
    assert torch.initial_seed() == 5
    with torch.random.fork_rng(enabled=False):
        assert torch.equal(torch.rand(2), expected)
    assert not torch.equal(torch.rand(2), expected)
    with pytest.raises(AssertionError, match="CUDA"), torch.random.fork_rng(devices=[0]):
        pass


CHECKSUM = 1831558866  # of PyTorch's state after manual_seed(0)
