"""Whole trainings beside PyTorch: the same seed prints the same lines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule.torch as mine
import chainrule.torch.nn
import chainrule.torch.optim
import chainrule.torch.utils.data  # noqa: F401

peers = pytest.mark.peers


@peers
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("inputs", "outputs"), [(2, 1), (1, 1), (7, 5), (784, 128)])
def test_first_weights_to_the_last_bit(inputs: int, outputs: int, dtype: str) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for t in (mine, torch):
        t.manual_seed(10)
        layer = t.nn.Linear(inputs, outputs, dtype=getattr(t, dtype))
        found.append([p.detach().numpy() for p in layer.parameters()] + [t.rand(1).numpy()])
    for a, b in zip(*found, strict=True):
        np.testing.assert_array_equal(a, b)


RECORDED = [
    "0 0.3947 -0.0506 -0.4553 0.1335",
    "20 0.2071 -0.4860 -0.7755 0.2441",
    "40 0.1486 -0.7700 -0.9661 0.4284",
]


def two_clouds(torch: Any, clear: bool) -> list[str]:
    """Logistic regression in five steps, as the lesson trains it."""
    torch.manual_seed(10)
    ones = torch.ones(100, 2)
    x0, x1 = torch.normal(1.7 * ones, 1) + 1, torch.normal(-1.7 * ones, 1) + 1
    x, y = torch.cat((x0, x1)), torch.cat((torch.zeros(100), torch.ones(100)))
    net = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Sigmoid())
    loss_of, sgd = torch.nn.BCELoss(), torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    said = []
    for k in range(400 if clear else 60):
        loss = loss_of(net(x).squeeze(), y)
        if clear:
            sgd.zero_grad()
        loss.backward()
        sgd.step()
        if k % 20 == 0:
            w, b = net[0].weight[0], net[0].bias
            said.append(f"{k} {loss.item():.4f} {w[0].item():.4f} {w[1].item():.4f} {b.item():.4f}")
    return said


@peers
@pytest.mark.parametrize("clear", [True, False], ids=["cleared", "gradients pile up"])
def test_logistic_regression(clear: bool) -> None:
    torch = pytest.importorskip("torch")
    assert two_clouds(mine, clear) == two_clouds(torch, clear)


def ring(torch: Any) -> list[str]:
    """A small network that learns a disc, from batches in random order, by Adam."""
    torch.manual_seed(0)
    x = torch.rand(256, 2) * 2 - 1
    y = torch.from_numpy((x.numpy() ** 2).sum(1) > 0.5).long()
    rows = torch.utils.data.TensorDataset(x, y)
    batches = torch.utils.data.DataLoader(rows, batch_size=32, shuffle=True)
    net = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.ReLU(), torch.nn.Linear(16, 2))
    adam, said = torch.optim.Adam(net.parameters(), lr=0.01), []
    for _ in range(5):
        total = 0.0
        for xb, yb in batches:
            loss = torch.nn.functional.cross_entropy(net(xb), yb)
            adam.zero_grad()
            loss.backward()
            adam.step()
            total += loss.item() * len(xb)
        said.append(f"{total / 256:.4f}")
    return said


@peers
def test_a_network_in_batches() -> None:
    torch = pytest.importorskip("torch")
    assert ring(mine) == ring(torch)


def test_a_training_as_recorded() -> None:
    """PyTorch 2.13 printed this (case N01 of the recorded ones has the lesson in full)."""
    assert two_clouds(mine, True)[:3] == RECORDED
