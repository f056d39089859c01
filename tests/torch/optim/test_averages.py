"""Averaged models and their schedule, beside PyTorch's."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule.torch as mine

KINDS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "equal": lambda s: {},
    "buffers": lambda s: {"use_buffers": True},
    "own": lambda s: {"avg_fn": lambda a, b, n: 0.5 * a + 0.5 * b},
    "decaying": lambda s: {"avg_fn": s.get_ema_avg_fn(0.9)},
    "decaying at once": lambda s: {"multi_avg_fn": s.get_ema_multi_avg_fn(0.9)},
    "equal at once": lambda s: {"multi_avg_fn": s.get_swa_multi_avg_fn()},
}


def parts(torch: Any) -> Any:
    return importlib.import_module(f"{torch.__name__}.optim.swa_utils")


def averaged(torch: Any, options: Callable[[Any], dict[str, Any]]) -> Any:
    """Train a small network, its means beside it; return these, with statistics made anew."""
    nn = torch.nn
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    means = parts(torch).AveragedModel(model, **options(parts(torch)))
    for _ in range(4):
        optimizer.zero_grad()
        model(torch.randn(5, 2)).pow(2).sum().backward()
        optimizer.step()
        means.update_parameters(model)
    found = [{name: v.numpy().copy() for name, v in means.state_dict().items()}]
    parts(torch).update_bn([torch.randn(5, 2), (torch.randn(4, 2), 1)], means)
    return [*found, {name: v.numpy() for name, v in means.state_dict().items()}]


@pytest.mark.peers
@pytest.mark.parametrize("kind", KINDS)
def test_means_are_pytorchs(kind: str) -> None:
    torch = pytest.importorskip("torch")
    ours, theirs = (averaged(t, KINDS[kind]) for t in (mine, torch))
    for a, b in zip(ours, theirs, strict=True):
        assert list(a) == list(b)
        for name in a:
            np.testing.assert_allclose(a[name], b[name], rtol=1e-4, atol=1e-6, err_msg=name)


@pytest.mark.peers
@pytest.mark.parametrize("strategy", ["cos", "linear"])
@pytest.mark.parametrize("epochs", [0, 1, 4])
def test_the_schedule_is_pytorchs(epochs: int, strategy: str) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for t in (mine, torch):
        params = [{"params": [t.nn.Parameter(t.ones(1))], "lr": lr} for lr in (0.1, 0.2)]
        optimizer = t.optim.SGD(params)
        schedule = parts(t).SWALR(optimizer, [0.05, 0.3], epochs, strategy)
        rates = []
        optimizer.step()
        for _ in range(6):
            schedule.step()
            rates.append(schedule.get_last_lr())
        found.append((rates, schedule.state_dict()))
    assert found[0] == found[1]


def test_what_is_refused() -> None:
    swa = parts(mine)
    optimizer = mine.optim.SGD([mine.nn.Parameter(mine.ones(1))])
    with pytest.raises(ValueError, match=r"^anneal_strategy must be one of 'cos' or 'linear'"):
        swa.SWALR(optimizer, 0.1, anneal_strategy="x")
    with pytest.raises(ValueError, match=r"^anneal_epochs must be equal or greater than 0, got"):
        swa.SWALR(optimizer, 0.1, anneal_epochs=-1)
    with pytest.raises(ValueError, match=r"^Invalid decay value 2 provided\. Please"):
        swa.get_ema_avg_fn(2)
    with pytest.raises(AssertionError, match=r"^Only one of avg_fn and multi_avg_fn should be"):
        swa.AveragedModel(mine.nn.Linear(1, 1), avg_fn=max, multi_avg_fn=max)
