"""Threads that train models of their own give the digits that one thread gives alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import chainrule.torch as torch
from chainrule.torch import nn

STEPS = 60


def trained(seed: int, barrier: threading.Barrier | None = None) -> list[Any]:
    """Train a small network; return its losses, parameters and statistics."""
    own = torch.Generator().manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.BatchNorm1d(8), nn.Linear(8, 1))
    with torch.no_grad():
        for p in model.parameters():
            p.normal_(generator=own)
    x, y = torch.randn(32, 4, generator=own), torch.randn(32, 1, generator=own)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.99)
    losses = []
    for step in range(STEPS):
        if barrier is not None and step % 10 == 0:
            barrier.wait(30)  # so that they do run side by side
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % 20 == 0:
            model.eval()
            with torch.no_grad():
                losses.append(nn.functional.mse_loss(model(x), y).item())
            model.train()
    return [losses, [v.tolist() for v in model.state_dict().values()]]


@pytest.mark.parametrize("count", [2, 4])
def test_models_in_threads_are_trained_as_alone(count: int) -> None:
    alone = [trained(seed) for seed in range(count)]
    for _ in range(3):
        barrier = threading.Barrier(count)
        with ThreadPoolExecutor(count) as pool:
            runs = [pool.submit(trained, seed, barrier) for seed in range(count)]
            assert [run.result(60) for run in runs] == alone


def side_by_side(*jobs: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [run.result(60) for run in [pool.submit(job) for job in jobs]]


def test_grad_modes_belong_to_threads() -> None:
    inside, done = threading.Event(), threading.Event()

    def without() -> tuple[bool, bool]:
        with torch.no_grad():
            inside.set()
            done.wait(30)
            return torch.is_grad_enabled(), (torch.ones(1, requires_grad=True) * 2).requires_grad

    def within() -> tuple[bool, bool]:
        inside.wait(30)
        found = torch.is_grad_enabled(), (torch.ones(1, requires_grad=True) * 2).requires_grad
        done.set()
        return found

    assert side_by_side(without, within) == [(False, False), (True, True)]


def test_one_graph_walked_by_two_threads_adds_up() -> None:
    """Each thread's backward adds the same gradient to a leaf of its own, over a shared input."""
    w = torch.randn(64, 64, generator=torch.Generator().manual_seed(0))

    def job() -> Any:
        leaf = w.clone().requires_grad_()
        for _ in range(50):
            (leaf @ w).tanh().sum().backward()
        return leaf.grad.tolist()

    alone = job()
    assert side_by_side(job, job, job) == [alone] * 3


def test_models_share_data_and_keep_their_gradients() -> None:
    x = torch.randn(16, 3, generator=torch.Generator().manual_seed(1))

    def job(scale: float) -> Callable[[], Any]:
        def run() -> Any:
            layer = nn.Linear(3, 1)
            with torch.no_grad():
                layer.weight.fill_(scale)
                layer.bias.fill_(0.0)
            for _ in range(100):
                layer.zero_grad()
                layer(x).pow(2).mean().backward()
            return layer.weight.grad.tolist()

        return run

    jobs = [job(scale) for scale in (1.0, 2.0, 3.0)]
    assert side_by_side(*jobs) == [one() for one in jobs]
