"""Gradients of gradients at the edge: which ones there are, and what they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.torch.autograd.saying import leaf, raises

IN_TURN: list[tuple[Callable[[Any, Any], Any], bool]] = [
    (lambda torch, x: torch.fmod(x, x), True),
    (lambda torch, x: torch.remainder(x, x), True),
    (lambda torch, x: torch.fmod(x, 2), False),
    (lambda torch, x: x**0, False),
    (lambda torch, x: x.exp() ** 0, True),
    (lambda torch, x: x**2, True),
    (lambda torch, x: torch.nn.functional.prelu(torch.ones(2), x[:1]), True),
]


@pytest.mark.parametrize(("function", "wanted"), IN_TURN, ids=range(len(IN_TURN)))
def test_a_gradient_requires_one_in_turn(
    torch: Any, function: Callable[[Any, Any], Any], wanted: bool
) -> None:
    x = leaf(torch, 1.5, 3)
    (g,) = torch.autograd.grad(function(torch, x).sum(), x, create_graph=True)
    assert g.requires_grad is wanted


def test_remainders_by_nothing(torch: Any) -> None:
    a, b = leaf(torch, 7, 7), leaf(torch, 0, 2)
    grads = torch.autograd.grad(torch.fmod(a, b).sum(), (a, b), create_graph=True)
    assert [g.tolist() for g in grads] == [[1, 1], [-float("inf"), -3]]
    second = torch.autograd.grad(grads[1].sum(), (a, b))
    assert [g.tolist() for g in second] == [[0, 0], [0, 0]]


@pytest.mark.filterwarnings("ignore:var().*degrees of freedom")
def test_the_variance_of_too_few(torch: Any) -> None:
    x = leaf(torch, 1.5, 2, 1.75)
    (g,) = torch.autograd.grad(x.var(correction=3), x, create_graph=True)
    assert repr(g) == "tensor([inf, inf, nan])"


def test_losses_of_nothing(torch: Any) -> None:
    x = leaf(torch)
    y = torch.nn.functional.mse_loss(x, x)
    y.backward()
    assert (repr(y), x.grad.shape) == ("tensor(nan, grad_fn=<MseLossBackward0>)", (0,))


def test_no_change_of_a_logarithm_that_is_nan(torch: Any) -> None:
    x = leaf(torch, 1.25, -2.75)
    torch.nn.functional.kl_div(x, x, reduction="none").backward(torch.zeros(2))
    assert x.grad.tolist() == [0, 0]


def test_what_has_no_derivative_says_so_for_each_input(torch: Any) -> None:
    a, b = leaf(torch, 1, 2), leaf(torch, 3, 4)
    y = torch.heaviside(a * 2, b)
    for x in (a, b):
        with raises(RuntimeError, "derivative for aten::heaviside is not implemented"):
            torch.autograd.grad(y.sum(), x, retain_graph=True)


def test_a_gradient_stays_when_its_tensor_becomes_a_result(torch: Any) -> None:
    a, b = torch.ones(2), leaf(torch, 3, 4)
    a.grad = torch.tensor([5.0, 6.0])
    a += b
    assert not a.is_leaf
    assert a.grad.tolist() == [5, 6]
    a.sum().backward()
    assert a.grad.tolist() == [5, 6]
    assert b.grad.tolist() == [1, 1]
