"""Kronecker products, choices, blocks, distances, and sums that an equation writes."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import chainrule.torch as torch
from tests.torch.against import differences

rng = np.random.default_rng(31)
ARRAYS = {
    "m": rng.normal(size=(2, 3)), "n": rng.normal(size=(2, 3)), "s": rng.normal(size=(3, 3)),
    "v": rng.normal(size=3), "u": rng.normal(size=2), "k": rng.normal(size=(2, 3, 3)),
    "z": np.array(2.5), "i": np.array([1, 2]), "f": np.float32([1.5, 2.5]),
    "w": rng.normal(size=(4, 2)),
}  # fmt: skip
PRODUCTS = [
    "torch.kron(v, u)", "torch.kron(m, s)", "u.kron(m)", "torch.kron(k, m)", "torch.kron(i, v)",
    "torch.cartesian_prod(v, u)", "torch.cartesian_prod(v, u, v)", "torch.cartesian_prod(v)",
    "torch.combinations(v)", "torch.combinations(v, 3)", "torch.combinations(v, 4)",
    "torch.combinations(v, with_replacement=True)", "torch.combinations(v, r=0)",
    "torch.block_diag(m, s)", "torch.block_diag(v, z, m)", "torch.block_diag(i, m)",
    "torch.vander(v)", "torch.vander(v, 2)", "torch.vander(i)", "torch.vander(v, 0)",
    "torch.addr(s, v, v)", "torch.addr(v, v, v, beta=2, alpha=3)", "s.addr(v, v, alpha=2)",
    "(s * 1).addr_(v, v)", "torch.addbmm(s, k, k)", "torch.addbmm(v, k, k, beta=0.5, alpha=2)",
    "(s * 1).addbmm_(k, k)", "(s * 1).addmm_(s, s, beta=2)", "(v * 1).addmv_(s, v)",
    "(k * 1).baddbmm_(k, k)", "torch.addmv(v, s, v, alpha=3)",
    "torch.cross(k, k.flip(0), 1)", "torch.cross(m, n, dim=1)", "v.cross(v + 1)",
]  # fmt: skip
DISTANCES = [
    f"torch.cdist({pair}, p={p})"
    for pair in ("m, s", "k, m", "k, k.flip(0)", "w, w")
    for p in (1.0, 2.0, 3, 0, math.inf)
] + ["torch.pdist(s)", "torch.pdist(w, 1.0)", "torch.pdist(m[:1])"]
EQUATIONS = [
    "'ij,ij->i', m, n", "'ij,jk->ik', m, s", "'ij,j->i', m, v", "'ij->ji', m", "'ij->', m",
    "'ii->i', s", "'ii', s", "'i,j->ij', v, u", "'bij,bjk->bik', k, k", "'bij,bij->b', k, k",
    "'i,i->', v, v", "'ij->i', m", "'...ij->...ji', k", "'ij,ij->ij', m, n", "'i->i', v",
    "'ij,kj->ik', m, s", "'bij,jk->bik', k, s", "'bi,bj->bij', m, n", "'ij,j', m, v",
    "'i,ij,j', u, m, v", "'ij,ij', m, n", "'ij,k->k', s, v", "'ij,k->', s, v", "'i,i', v, v",
    "'bii->ib', k", "m, [0, 1], [1, 0]", "m, [0, 1], v, [1], [0]", "m, [0, 1], v, [1]",
    "'ba', m", "'AB,BC->AC', m, s", "'i...->...', m", "'b...,c...->cb...', m, n",
]  # fmt: skip
MISTAKES = [
    "torch.cartesian_prod(s)", "torch.cartesian_prod()", "torch.cartesian_prod(v, f)",
    "torch.combinations(s)", "torch.combinations(v, -1)", "torch.block_diag(k)",
    "torch.block_diag(3)", "torch.vander(s)", "torch.vander(v, -1)", "torch.addr(s, v, u)",
    "torch.addbmm(s, s, k)", "torch.addbmm(s, k, k[:1])", "torch.cdist(m, w)",
    "torch.cdist(v, m)", "torch.cdist(m, s.float())", "torch.cdist(m, s, p=-1)",
    "torch.cdist(m, s, compute_mode='x')", "torch.cdist(m, 3)", "torch.pdist(v)",
    "torch.cross(m, n, dim=0)", "torch.cross(s, v)", "torch.kron(v, 2)", "v.kron()",
    "torch.einsum('ij,jk->ii', m, s)", "torch.einsum('i1,jk->i', m, s)",
    "torch.einsum('ij,kk->i', m, n)", "torch.einsum('ijk', m)", "torch.einsum(3, m)",
    "torch.einsum('i.j', m)", "torch.einsum('i->i->i', v)", "torch.einsum('ij,jk->iz', m, s)",
    "torch.einsum('ij,jk->ik', m)", "torch.einsum('ij,jk->ik', m, v)", "torch.einsum('i')",
    "torch.einsum('ij,jk->ik', m, w)", "torch.einsum('i->i', 3)",
]  # fmt: skip


@pytest.mark.peers
@pytest.mark.parametrize("text", PRODUCTS + [f"torch.einsum({one})" for one in EQUATIONS])
def test_as_pytorch_has_it(text: str) -> None:
    pytest.importorskip("torch")
    order = 0 if "vander" in text else 2  # PyTorch's own backward pass raises there
    assert differences(text, ARRAYS, order) == []


@pytest.mark.peers
@pytest.mark.parametrize("text", DISTANCES)
def test_distances(text: str) -> None:  # PyTorch has no second derivative there
    pytest.importorskip("torch")
    assert differences(text, ARRAYS, 1) == []


@pytest.mark.peers
@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes(text: str) -> None:
    pytest.importorskip("torch")
    assert differences(text, ARRAYS, order=0) == []


# ---------------------------------------------------------------- without PyTorch


def test_kronecker_products_multiply_as_the_matrices_do() -> None:
    a, b, c, d = (torch.tensor(rng.normal(size=(2, 2))) for _ in range(4))
    assert torch.allclose(torch.kron(a, b) @ torch.kron(c, d), torch.kron(a @ c, b @ d))


def test_choices_are_those_of_itertools() -> None:
    row = torch.arange(5)
    for r, again in itertools.product((1, 2, 3), (False, True)):
        choose = itertools.combinations_with_replacement if again else itertools.combinations
        found = torch.combinations(row, r, again).tolist()
        assert found == [list(one) for one in choose(range(5), r)]
    pairs = torch.cartesian_prod(row, row[:2]).tolist()
    assert pairs == [list(one) for one in itertools.product(range(5), range(2))]


def test_the_determinant_of_powers_is_the_product_of_differences() -> None:
    x = torch.tensor([1.0, 2.0, 4.0, 7.0], dtype=torch.float64)
    product = math.prod(b - a for a, b in itertools.combinations(x.tolist(), 2))
    assert torch.vander(x, increasing=True).det().item() == pytest.approx(product)


def test_the_slope_of_a_distance_of_nothing_is_zero() -> None:
    x = torch.ones(2, 3, requires_grad=True)
    torch.cdist(x, x).sum().backward()
    assert x.grad.tolist() == [[0, 0, 0], [0, 0, 0]]
    assert torch.cdist(torch.ones(2, 0), torch.ones(3, 0)).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_an_equation_that_only_turns_returns_a_view() -> None:
    x = torch.ones(2, 2)
    assert torch.einsum("ij->ji", x)._base is x
    torch.einsum("ii->i", x).zero_()
    assert x.tolist() == [[0, 1], [1, 0]]
