"""What programs drawn at random found to differ from PyTorch once, each in a line or two."""

from __future__ import annotations

import pytest

import chainrule.torch as torch

F = torch.nn.functional


def test_gradients_of_a_norms_parameters_are_recorded_together() -> None:
    x = torch.rand(2, 3, requires_grad=True)
    layer = torch.nn.LayerNorm(3)
    y = layer(x * 2).sum()
    weight, bias = torch.autograd.grad(y, (layer.weight, layer.bias), create_graph=True)
    assert weight.requires_grad and bias.requires_grad
    assert bias.tolist() == [2.0, 2.0, 2.0]
    assert not torch.autograd.grad(bias.sum(), x)[0].any()

    groups = torch.nn.GroupNorm(1, 3)
    y = groups(x * 2).sum()
    (bias,) = torch.autograd.grad(y, groups.bias, create_graph=True)
    assert not bias.requires_grad


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("of_input", [torch.float16, torch.float32, torch.float64])
@pytest.mark.parametrize("of_target", [torch.float16, torch.float32, torch.float64])
def test_cross_entropy_from_logits_has_the_targets_type(
    reduction: str, of_input: torch.dtype, of_target: torch.dtype
) -> None:
    x = torch.zeros(2, dtype=of_input, requires_grad=True)
    target = torch.ones(2, dtype=of_target, requires_grad=True)
    loss = F.binary_cross_entropy_with_logits(x, target, reduction=reduction)
    loss.sum().backward()
    assert (loss.dtype, x.grad.dtype, target.grad.dtype) == (of_target, of_input, of_target)


@pytest.mark.parametrize(
    ("dtype", "name"), [(torch.int64, "Long"), (torch.uint8, "Byte"), (torch.bool, "Bool")]
)
def test_whole_numbers_are_not_mixed(dtype: torch.dtype, name: str) -> None:
    x = torch.ones(2, dtype=dtype)
    for weight, kernel in ((0.5, "scalar"), (x, "tensor")):
        with pytest.raises(NotImplementedError) as error:
            torch.lerp(x, x, weight)
        assert str(error.value) == f"\"lerp_kernel_{kernel}\" not implemented for '{name}'"
    with pytest.raises(NotImplementedError, match="lerp_kernel_scalar"):
        x.lerp_(x, 0.5)


def test_margins_of_no_rows_ask_for_no_type() -> None:
    loss = F.multi_margin_loss(torch.zeros(0, 2), torch.tensor([]), reduction="none")
    assert (loss.shape, loss.dtype) == ((0,), torch.float32)
    with pytest.raises(RuntimeError, match="expected scalar type Long but found Float"):
        F.multi_margin_loss(torch.zeros(1, 2), torch.tensor([0.0]))


@pytest.mark.parametrize("count", [0, 3])
def test_the_result_that_copysign_keeps_is_freed(count: int) -> None:
    signs = torch.ones(count, requires_grad=True)
    y = torch.ones(count).copysign(signs).sum()
    y.backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        y.backward()


def test_a_result_without_derivative_among_the_inputs_of_backward() -> None:
    x = torch.ones(2, requires_grad=True)
    y = torch.floor_divide(x, x)
    with pytest.raises(RuntimeError) as error:
        (y + y).sum().backward(inputs=y)
    assert str(error.value) == "derivative for aten::floor_divide is not implemented"
    assert torch.autograd.grad((y + y).sum(), y)[0].tolist() == [2.0, 2.0]
