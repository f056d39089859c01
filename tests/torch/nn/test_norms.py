"""Normalising layers where they are asked less often: evaluated, in half precision, of nothing."""

from __future__ import annotations

import pytest

import chainrule.torch as torch
from chainrule.torch import nn


def test_an_evaluated_batch_norm_gives_gradients() -> None:
    net = nn.BatchNorm1d(2, eps=0.0).eval()
    net.running_mean.copy_(torch.tensor([1.0, 2.0]))
    net.running_var.copy_(torch.tensor([4.0, 16.0]))
    x = torch.tensor([[3.0, 2.0], [5.0, 10.0]], requires_grad=True)
    net(x).sum().backward()
    assert x.grad.tolist() == [[0.5, 0.25], [0.5, 0.25]]
    assert net.weight.grad.tolist() == [3.0, 2.0]  # (1 + 2, 0 + 2)
    assert net.bias.grad.tolist() == [2.0, 2.0]


@pytest.mark.parametrize("norm", [nn.LayerNorm(4), nn.BatchNorm1d(4), nn.GroupNorm(2, 4)])
def test_half_precision_beside_single(norm: nn.Module) -> None:
    x = torch.tensor([[1.0, 2.0, 3.0, 5.0], [0.5, -2.0, 1.0, 300.0]])
    y = norm(x.half().requires_grad_())
    assert y.dtype is torch.float16
    torch.testing.assert_close(y.float(), norm(x), rtol=2e-3, atol=2e-3)
    y.sum().backward()
    assert norm.weight.grad.dtype is torch.float32
    norm.zero_grad()


def test_a_batch_norm_of_nothing() -> None:
    assert type(nn.BatchNorm1d(4)(torch.zeros(0, 4)).grad_fn).__name__ == "AddBackward0"
    assert nn.BatchNorm1d(4, affine=False)(torch.zeros(0, 4)).shape == (0, 4)


def test_what_is_saved_is_not_written_to() -> None:
    x = torch.tensor([[1.0, 2.0, 4.0]], requires_grad=True)
    y = nn.functional.layer_norm(x, (3,))
    y.relu_()
    y.sum().backward()
    expected = torch.tensor([[0.1145376, -0.1718109, 0.0572732]])  # PyTorch's
    torch.testing.assert_close(x.grad, expected, rtol=1e-5, atol=1e-6)
