"""Bags of rows of a table, beside PyTorch's and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule.torch as mine

CASES: list[tuple[str, dict[str, Any]]] = [
    ("sum", {}),
    ("mean", {}),
    ("max", {}),
    ("sum", {"per_sample_weights": True}),
    ("mean", {"padding_idx": 4}),
    ("sum", {"padding_idx": -1}),
    ("max", {"padding_idx": 4}),
    ("mean", {"scale_grad_by_freq": True}),
    ("mean", {"include_last_offset": True}),
    ("sum", {"max_norm": 0.5}),
]


def run(torch: Any, mode: str, options: dict[str, Any]) -> list[Any]:
    table = torch.arange(10.0).reshape(5, 2).sin().detach().requires_grad_()
    ends = [0, 3, 5] if "include_last_offset" in options else [0, 3, 3]
    index, offsets = torch.tensor([1, 2, 4, 4, 0]), torch.tensor(ends)
    options = dict(options)
    if weights := options.pop("per_sample_weights", None):
        weights = torch.arange(5.0).requires_grad_()
    y = torch.nn.functional.embedding_bag(
        index, table, offsets, mode=mode, per_sample_weights=weights, **options
    )
    y.backward(torch.arange(float(y.numel())).reshape(y.shape) + 1)
    found = [y, table, table.grad] + ([weights.grad] if weights is not None else [])
    return [np.array(v.tolist()) for v in found]


@pytest.mark.peers
@pytest.mark.parametrize(("mode", "options"), CASES)
def test_as_in_pytorch(mode: str, options: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    for ours, theirs in zip(run(mine, mode, options), run(torch, mode, options), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-7)


def test_by_hand() -> None:
    table = mine.tensor([[1.0, 5.0], [2.0, 4.0], [7.0, 0.0]], requires_grad=True)
    bags = mine.nn.EmbeddingBag.from_pretrained(table, freeze=False, mode="max")
    y = bags(mine.tensor([0, 1, 2]), mine.tensor([0, 2, 3]))
    assert y.tolist() == [[2.0, 5.0], [7.0, 0.0], [0.0, 0.0]]  # the last is empty
    y.sum().backward()
    assert bags.weight.grad.tolist() == [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    assert repr(mine.nn.EmbeddingBag(3, 2, padding_idx=-1)) == (
        "EmbeddingBag(3, 2, mode='mean', padding_idx=2)"
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("i, w", "offsets has to be a 1D Tensor but got None"),
        ("i, w, o[None]", "offsets has to be a 1D Tensor"),
        ("i[None, None], w", "input has to be 1D or 2D Tensor, but got Tensor of dimension 3"),
        ("i, w, o, mode='foo'", "mode has to be one of sum, mean or max"),
        ("i, w, o + 1", "position 0. However, got 1"),
        ("i, w, o * 9", "input's length 4 but got offsets[-1] of 18"),
        ("i + 3, w, o", "Index 1 of input takes value 5 which is not in the valid range [0, 5)"),
        ("i, w, o, padding_idx=7", "-5 through 4, but got 7"),
        ("i, w, o, per_sample_weights=torch.ones(4)", "only supported for mode='sum' (got mode="),
        ("i, w, o, per_sample_weights=torch.ones(3)", "(torch.Size([3])) is not None"),
    ],
)
def test_mistakes(call: str, said: str) -> None:
    names = {
        "torch": mine,
        "i": mine.tensor([1, 2, 4, 4]),
        "w": mine.ones(5, 2),
        "o": mine.tensor([0, 2]),
    }
    with pytest.raises((ValueError, RuntimeError, NotImplementedError)) as caught:
        eval(f"torch.nn.functional.embedding_bag({call})", names)  # noqa: S307
    assert said in str(caught.value)
