"""What nodes show besides tensors, `_saved_dim` and the like; the chain of an index of parts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.torch.autograd.saying import leaf

ALL = 2**63 - 1  # the end of a slice without one

SAVED = {
    "x + 1": {"alpha": 1},
    "torch.add(x, x, alpha=3)": {"alpha": 3},
    "x.sum()": {"self_sym_sizes": (2, 3)},
    "x.sum(0)": {"dim": (0,), "keepdim": False, "self_sym_sizes": (2, 3)},
    "x.mean((0, 1), keepdim=True)": {"dim": (0, 1), "keepdim": True, "self_sym_numel": 6},
    "x.var()": {"dim": None, "correction": None},
    "x.std(0, unbiased=False)": {"dim": (0,), "correction": 0, "keepdim": False},
    "x.max(0)[0]": {"dim": 0, "keepdim": False, "self_sym_sizes": (2, 3)},
    "x.softmax(1)": {"dim": 1},
    "x.cumsum(0)": {"dim": 0},
    "x.norm(dim=1)": {"dim": (1,), "ord": 2},
    "x.view(3, 2)": {"self_sym_sizes": (2, 3)},
    "x.permute(1, 0)": {"dims": (1, 0)},
    "x.transpose(0, 1)": {"dim0": 0, "dim1": 1},
    "x.unsqueeze(1)": {"dim": 1},
    "torch.cat([x, x], 1)": {"dim": 1},
    "torch.stack([x, x], 1)": {"dim": 1},
    "x.repeat(2, 1)": {"repeats": (2, 1), "self_sym_sizes": (2, 3)},
    "x[0]": {"dim": 0, "index": 0, "self_sym_sizes": (2, 3)},
    "x[:, -1]": {"dim": 1, "index": 2**64 - 1},
    "x[1:]": {"dim": 0, "start": 1, "end": ALL, "step": 1},
    "x[:, ::2]": {"dim": 1, "start": 0, "end": ALL, "step": 2},
    "x**2": {"exponent": 2},
    "x.square()": {"exponent": 2},
    "x.clamp(min=0)": {"min": 0, "max": None},
    "torch.nn.functional.mse_loss(x, x.detach())": {"reduction": 1},
    "torch.nn.functional.leaky_relu(x, 0.5)": {"negative_slope": 0.5},
    "torch.nn.functional.softplus(x)": {"beta": 1, "threshold": 20},
    "x.tril(1)": {"diagonal": 1},
    "x.flip(0)": {"dims": (0,)},
    "x.roll(1, 0)": {"dims": (0,), "shifts": (1,)},
}


@pytest.mark.parametrize("text", SAVED)
def test_options_of_a_call_are_shown(torch: Any, text: str) -> None:
    x = torch.arange(6.0).reshape(2, 3).requires_grad_()
    node = eval(text, {"torch": torch, "x": x}).grad_fn  # noqa: S307
    for name, value in SAVED[text].items():
        found = getattr(node, f"_saved_{name}")
        assert (found, type(found)) == (value, type(value)), name
        assert f"_saved_{name}" in dir(node)


def test_masks_and_conditions_are_shown(torch: Any) -> None:
    x = leaf(torch, 1, 2, 3)
    assert x.masked_fill(x > 1, 0.0).grad_fn._saved_mask.tolist() == [False, True, True]
    assert torch.where(x > 2, x, 0.0).grad_fn._saved_condition.tolist() == [False, False, True]
    assert x.gather(0, torch.tensor([2])).grad_fn._saved_index.tolist() == [2]
    (indices,) = x[[0, 2]].grad_fn._saved_indices
    assert indices.tolist() == [0, 2]


def chain(node: Any) -> list[str]:
    found = []
    while node.next_functions:
        found.append(node.name().removesuffix("Backward0"))
        ((node, _),) = node.next_functions
    return found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x[1:, 0]", "Select Slice"),
        ("x[:, 0]", "Select"),
        ("x[None, 1:, 0]", "Select Slice Unsqueeze"),
        ("x[..., 0, 1]", "Select Select"),
        ("x[0, ..., 1:3]", "Slice Select"),
        ("x[:, None, 1]", "Select Unsqueeze"),
        ("x[[0, 1], 0]", "Index Select"),
        ("x[1:, ::2, -1]", "Select Slice Slice"),
    ],
)
def test_an_index_of_parts_is_a_chain(torch: Any, text: str, names: str) -> None:
    x = torch.arange(24.0).reshape(2, 3, 4).requires_grad_()
    y = eval(text, {"x": x})  # noqa: S307
    (unseen,) = torch.autograd.grad(eval(text, {"x": x}).sum(), x)  # noqa: S307
    assert chain(y.grad_fn) == names.split()
    assert torch.equal(torch.autograd.grad(y.sum(), x)[0], unseen)


def test_the_links_of_the_chain_take_hooks(torch: Any) -> None:
    x = torch.arange(24.0).reshape(2, 3, 4).requires_grad_()
    y = x[1:, 0]
    shapes: list[Any] = []
    link = y.grad_fn.next_functions[0][0]
    link.register_hook(lambda g, h: shapes.append((tuple(g[0].shape), tuple(h[0].shape))))
    assert (link._saved_start, link._saved_self_sym_sizes) == (1, (2, 3, 4))
    y.sum().backward()
    assert shapes == [((2, 3, 4), (1, 3, 4))]
    assert x.grad.sum() == 4
