"""Diagonals, slices and places written into copies; windows; searches in sorted rows."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule.torch as torch
from tests.torch.against import differences

rng = np.random.default_rng(29)
ARRAYS = {
    "m": rng.normal(size=(3, 4)), "v": rng.normal(size=4), "w": rng.normal(size=3),
    "s": rng.normal(size=(3, 3)), "k": rng.normal(size=(2, 3, 4)), "n": np.array(2.5),
    "i": np.array([0, 5]), "b": np.array([[True], [False], [True]]), "p": rng.normal(size=(3, 2)),
    "o": np.array([1.0, 3.0, 5.0, 7.0]), "q": np.array([[1.0, 3.0], [4.0, 8.0], [-1.0, 7.0]]),
    "r": np.array([[1.0, 3.0, 5.0]] * 3), "e": rng.normal(size=8),
}  # fmt: skip
TEXTS = [
    "torch.diag_embed(m)", "torch.diag_embed(m, 1)", "torch.diag_embed(m, -2, 0, 2)",
    "torch.diagflat(m)", "w.diagflat(-1)", "torch.select_scatter(m, v, 0, 1)",
    "m.select_scatter(w, 1, -1)", "torch.slice_scatter(m, p, 1, 1, 3)",
    "torch.slice_scatter(m, p, 1, 0, None, 2)", "torch.diagonal_scatter(m, w)",
    "s.diagonal_scatter(w[:2], -1)", "torch.put(m, i, w[:2])", "m.put(i, w[:2], accumulate=True)",
    "torch.put(m, i - 2, w[:2])", "torch.masked_scatter(m, b, e)", "torch.masked_scatter(v, b, m)",
    "m.unfold(1, 2, 1)", "m.unfold(0, 2, 1)", "k.unfold(-1, 3, 2)", "v.unfold(0, 4, 1)",
    "n.unfold(0, 1, 1)", "m.t().unfold(0, 2, 2)", "(m * 1).fill_diagonal_(5)",
    "(k[:, :2, :2] * 1).fill_diagonal_(2.0)", "(p.t().t() * 1).fill_diagonal_(2, wrap=True)",
    "(m * 1).put_(i, w[:2])", "(m * 1).masked_scatter_(b, e)", "m.sum_to_size(3, 1)",
    "m.sum_to_size(4)", "k.sum_to_size(1, 4)", "torch.atleast_3d(v)", "torch.atleast_3d(n, m)",
    "torch.dsplit(k, 2)", "torch.split_with_sizes(m, [1, 3], 1)", "m.split_with_sizes([2, 1])",
    "torch.searchsorted(o, q)", "torch.searchsorted(o, q, right=True)", "torch.bucketize(q, o)",
    "torch.searchsorted(o, 4)", "torch.searchsorted(r, q, out_int32=True)",
    "torch.searchsorted(o.flip(0), q, sorter=torch.tensor([3, 2, 1, 0]), side='right')",
    "torch.unravel_index(i, (2, 3))", "torch.unravel_index(i, 7)",
    "torch.broadcast_shapes(3, (2, 1))",
    "torch.tril_indices(3, 4, -1)", "torch.triu_indices(3, 2, 1)", "torch.triu_indices(0, 2)",
    "torch.range(1, 2, 0.5)", "torch.range(0, 3)", "torch.empty_strided((2, 3), (1, 2)).stride()",
    "torch.empty_permuted((2, 3), (1, 0)).stride()", "m.new_empty_strided((2,), (3,)).stride()",
]  # fmt: skip
MISTAKES = [
    "torch.diag_embed(m, 0, 1, 1)", "torch.diag_embed(m, 0, 0, 5)", "m.select_scatter(w, 0, 1)",
    "m.select_scatter(v, 0, 3)", "torch.slice_scatter(m, p)", "s.diagonal_scatter(w, 1)",
    "torch.put(m, i + 9, w[:2])", "torch.put(m, i, w)", "torch.put(m, w, w)",
    "torch.masked_scatter(m, b, w)", "torch.masked_scatter(m, m, w)", "m.unfold(0, 4, 1)",
    "m.unfold(0, 1, 0)", "m.unfold(0, -1, 1)", "m.unfold(2, 1, 1)", "m.unfold(0, 1.5, 1)",
    "v.fill_diagonal_(1)", "k.fill_diagonal_(1)", "m.sum_to_size(2)", "torch.dsplit(m, 2)",
    "torch.dsplit(k, 3)", "torch.searchsorted(r, o)", "torch.searchsorted(o, q, side='x')",
    "torch.searchsorted(o, q, side='left', right=True)", "torch.bucketize(q, r)",
    "torch.broadcast_shapes((2,), (3,))", "torch.broadcast_shapes((-1,), (2,))",
    "torch.tril_indices(-1, 2)", "torch.tril_indices(2.5, 2)", "torch.range(4, 1)",
    "torch.triu_indices(2, 2, dtype=torch.float32)", "torch.range(1, 4, 0)", "torch.range(3)",
    "torch.empty_strided((2, 3), (1,))", "m.unfold(0, 1)", "m.put(i)", "m.select_scatter(w, 0)",
]  # fmt: skip


@pytest.mark.peers
@pytest.mark.parametrize("text", TEXTS)
def test_as_pytorch_has_it(text: str) -> None:
    pytest.importorskip("torch")
    said = differences(text, ARRAYS, 2)
    if "n.unfold" in text or "fill_diagonal_" in text:  # PyTorch says "torch::autograd::" there
        said = [one for one in said if ": name: " not in one]
    assert said == []


@pytest.mark.peers
@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes(text: str) -> None:
    pytest.importorskip("torch")
    assert differences(text, ARRAYS, order=0) == []


# ---------------------------------------------------------------- without PyTorch


def test_windows_are_views() -> None:
    x = torch.arange(6.0).requires_grad_()
    windows = x.unfold(0, 3, 1)
    assert windows._base is x
    assert windows.grad_fn is not None and windows.grad_fn.name() == "UnfoldBackward0"
    windows.sum().backward()
    assert x.grad.tolist() == [1, 2, 3, 3, 2, 1]  # in how many windows each number stands


def test_a_write_to_a_window_is_a_write_to_the_base() -> None:
    x = torch.arange(6.0, requires_grad=True)
    y = x * 1
    y.unfold(0, 2, 2)[1] *= 10.0
    assert y.tolist() == [0, 1, 20, 30, 4, 5]
    y.sum().backward()
    assert x.grad.tolist() == [1, 1, 10, 10, 1, 1]


def test_an_empty_range_of_windows() -> None:
    assert torch.ones(3).unfold(0, 0, 2).shape == (2, 0)


def test_the_diagonal_of_a_tall_matrix_begins_anew() -> None:
    x = torch.zeros(5, 2).fill_diagonal_(1, wrap=True)
    assert x.tolist() == [[1, 0], [0, 1], [0, 0], [1, 0], [0, 1]]
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        torch.zeros(2, 2, requires_grad=True).fill_diagonal_(1)


def test_places_in_a_sorted_row() -> None:
    row = torch.tensor([1.0, 3.0, 3.0, 5.0])
    assert torch.searchsorted(row, torch.tensor([3.0, float("nan")])).tolist() == [1, 4]
    assert torch.searchsorted(row, 3.0, right=True).item() == 3
    assert torch.bucketize(torch.tensor([0, 3, 9]), row).tolist() == [0, 1, 4]


def test_triangles_are_those_of_the_matrices() -> None:
    rows, columns = torch.tril_indices(4, 4, -1)
    found = torch.zeros(4, 4)
    found[rows, columns] = 1
    assert torch.equal(found, torch.ones(4, 4).tril(-1))
