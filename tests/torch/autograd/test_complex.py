"""Gradients of complex numbers are PyTorch's: a step against them goes downhill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule.torch as torch

Case = Callable[[Any], Any]
Z = [1 + 1j, 2 - 0.5j]


def leaf(t: Any) -> Any:
    return t.tensor(Z, requires_grad=True)


def by_backward(t: Any) -> Any:
    z = leaf(t)
    (z.abs() ** 2).sum().backward()
    return z.grad


def weighted(t: Any) -> Any:
    z = leaf(t)
    (z * 1j).backward(t.tensor([1 + 2j, 3 + 0j]))
    return z.grad


def twice(t: Any) -> Any:
    z = leaf(t)
    (g,) = t.autograd.grad(((z * z).abs() ** 2).sum(), z, create_graph=True)
    (h,) = t.autograd.grad((g.abs() ** 2).sum(), z)
    return h


def through_a_hook(t: Any) -> Any:
    z = leaf(t)
    seen = []
    y = z * (2 - 1j)
    y.retain_grad()
    y.register_hook(lambda g: seen.append(g) or g * 1j)
    (y.abs() ** 2).sum().backward()
    return t.stack([z.grad, y.grad, seen[0]])


def through_a_function(t: Any) -> Any:
    class Turned(t.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 1j

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * -1j

    z = leaf(t)
    (Turned.apply(z * z).abs() ** 2).sum().backward()
    return z.grad


CASES = [by_backward, weighted, twice, through_a_hook, through_a_function]


def test_a_step_against_the_gradient_goes_downhill() -> None:
    z = leaf(torch)
    loss = (z.abs() ** 2).sum()
    loss.backward()
    with torch.no_grad():
        z -= 0.1 * z.grad
    assert (z.abs() ** 2).sum() < loss
    np.testing.assert_allclose(z.grad.numpy(), 2 * np.array(Z))


@pytest.mark.peers
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_gradients_are_pytorch_s(case: Case) -> None:
    real = pytest.importorskip("torch")
    ours, theirs = case(torch), case(real)
    np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().numpy(), rtol=1e-5)
