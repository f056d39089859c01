"""Schedules: the same digits, states, texts and warnings as PyTorch's."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from typing import Any

import pytest

import chainrule.torch as mine

Build = Callable[[Any, Any], Any]


def optimizer_of(torch: Any, kind: str = "SGD", groups: int = 1, **options: Any) -> Any:
    """Return an optimiser of so many groups, at rates 0.1, 0.2 and so on."""
    params = [torch.nn.Parameter(torch.ones(1)) for _ in range(groups)]
    given = [{"params": [p], "lr": 0.1 * (k + 1)} for k, p in enumerate(params)]
    return getattr(torch.optim, kind)(given, **options)


def parts_of(torch: Any, one: Any) -> list[Any]:
    return [torch.LinearLR(one, 0.1, total_iters=3), torch.CosineAnnealingLR(one, 5)]


SCHEDULES: dict[str, Build] = {
    "StepLR": lambda t, o: t.StepLR(o, 3, gamma=0.7),
    "MultiStepLR": lambda t, o: t.MultiStepLR(o, [7, 2, 2, 11], gamma=0.3),
    "ConstantLR": lambda t, o: t.ConstantLR(o, 0.3, 4),
    "LinearLR": lambda t, o: t.LinearLR(o, 0.3, 0.9, 7),
    "ExponentialLR": lambda t, o: t.ExponentialLR(o, 0.93),
    "PolynomialLR": lambda t, o: t.PolynomialLR(o, 9, 1.7),
    "CosineAnnealingLR": lambda t, o: t.CosineAnnealingLR(o, 7, 0.003),
    "CosineAnnealingWarmRestarts": lambda t, o: t.CosineAnnealingWarmRestarts(o, 3, 2, 0.01),
    "LambdaLR": lambda t, o: t.LambdaLR(o, lambda e: 0.9**e),
    "LambdaLR of each": lambda t, o: t.LambdaLR(o, [lambda e: 0.9**e, lambda e: 1 / (1 + e)]),
    "MultiplicativeLR": lambda t, o: t.MultiplicativeLR(o, lambda e: 0.97),
    "CyclicLR": lambda t, o: t.CyclicLR(o, 0.01, [0.1, 0.3], 4, 3),
    "CyclicLR halved": lambda t, o: t.CyclicLR(o, 0.01, 0.1, 3, mode="triangular2"),
    "CyclicLR in time": lambda t, o: t.CyclicLR(o, 0.01, 0.1, 3, mode="exp_range", gamma=0.9),
    "CyclicLR of one's own": lambda t, o: t.CyclicLR(
        o, 0.01, 0.1, 3, scale_fn=lambda x: 1 / x if x else 1, scale_mode="iterations"
    ),
    "OneCycleLR": lambda t, o: t.OneCycleLR(o, [0.5, 1.0], total_steps=21),
    "OneCycleLR in lines": lambda t, o: t.OneCycleLR(
        o, 1.0, epochs=3, steps_per_epoch=7, anneal_strategy="linear", three_phase=True
    ),
    "SequentialLR": lambda t, o: t.SequentialLR(o, [*parts_of(t, o), t.StepLR(o, 2)], [4, 9]),
    "ChainedScheduler": lambda t, o: t.ChainedScheduler([*parts_of(t, o), t.StepLR(o, 4)], o),
}
STEPS = 20


def walked(torch: Any, build: Build, kind: str) -> list[Any]:
    """Return rates, momenta and states over the epochs."""
    options = {"momentum": 0.5} if kind == "SGD" else {}
    optimizer = optimizer_of(torch, kind, groups=2, **options)
    schedule = build(torch.optim.lr_scheduler, optimizer)
    found = []
    for _ in range(STEPS):
        groups = [
            {name: v for name, v in group.items() if name != "params"}
            for group in optimizer.param_groups
        ]
        found.append((schedule.get_last_lr(), groups, repr(schedule.state_dict())))
        optimizer.step()
        schedule.step()
    return found


@pytest.mark.peers
@pytest.mark.parametrize("kind", ["SGD", "Adam"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_digits_and_states_are_pytorchs(name: str, kind: str) -> None:
    torch = pytest.importorskip("torch")
    assert walked(mine, SCHEDULES[name], kind) == walked(torch, SCHEDULES[name], kind)


@pytest.mark.peers
@pytest.mark.parametrize(
    "name", [n for n in SCHEDULES if n not in ("SequentialLR", "ChainedScheduler")]
)
def test_given_epochs_and_later_starts(name: str) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for t in (mine, torch):
        optimizer = optimizer_of(t, groups=2, momentum=0.5)
        schedule = SCHEDULES[name](t.optim.lr_scheduler, optimizer)
        optimizer.step()
        rates = []
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for epoch in (3, 1, 0, 12, 7):
                schedule.step(epoch)
                rates.append((schedule.get_last_lr(), schedule.last_epoch))
                schedule.step()
                rates.append((schedule.get_last_lr(), schedule.last_epoch))
        found.append((rates, [str(one.message) for one in caught]))
    assert found[0] == found[1]


@pytest.mark.peers
@pytest.mark.parametrize("name", [n for n in SCHEDULES if n != "OneCycleLR"])
def test_a_state_taken_up_goes_on_the_same(name: str) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for t in (mine, torch):
        rates = []
        first = optimizer_of(t, groups=2, momentum=0.5)
        one = SCHEDULES[name](t.optim.lr_scheduler, first)
        first.step()
        for _ in range(5):
            one.step()
        second = optimizer_of(t, groups=2, momentum=0.5)
        other = SCHEDULES[name](t.optim.lr_scheduler, second)
        second.load_state_dict(first.state_dict())
        other.load_state_dict(one.state_dict())
        second.step()
        for _ in range(5):
            other.step()
            rates.append(other.get_last_lr())
        found.append((rates, repr(other.state_dict())))
    assert found[0] == found[1]


PLATEAUS: list[dict[str, Any]] = [
    {"patience": 1},
    {"patience": 0, "cooldown": 2, "factor": 0.5},
    {"mode": "max", "threshold": 0.2, "patience": 0},
    {"threshold_mode": "abs", "threshold": 0.3, "patience": 1, "min_lr": [0.01, 0.15]},
    {"mode": "max", "threshold_mode": "abs", "patience": 0, "eps": 0.05},
]
LOSSES = [3.0, 2.5, 2.4, 2.4, 2.4, 2.3, 2.5, 2.0, 2.0, 2.0, 1.9, 1.9, 1.9, 1.9]


@pytest.mark.peers
@pytest.mark.parametrize("options", PLATEAUS, ids=str)
def test_plateaus_are_pytorchs(options: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for t in (mine, torch):
        optimizer = optimizer_of(t, groups=2)
        schedule = t.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **options)
        states = []
        for loss in LOSSES:
            schedule.step(t.tensor(loss))
            states.append((schedule.state_dict(), schedule.in_cooldown))
        found.append(states)
    assert found[0] == found[1]


def test_by_hand() -> None:
    """A cosine is half way down after half the epochs, a line after as many parts."""
    optimizer = optimizer_of(mine)
    schedule = mine.optim.lr_scheduler.CosineAnnealingLR(optimizer, 4)
    rates = []
    for _ in range(4):
        optimizer.step()
        schedule.step()
        rates.append(schedule.get_last_lr()[0])
    assert rates[1] == pytest.approx(0.05)
    assert rates[3] == pytest.approx(0.0)
    optimizer = optimizer_of(mine)
    schedule = mine.optim.lr_scheduler.LinearLR(optimizer, 0.5, total_iters=5)
    optimizer.step()
    schedule.step()
    assert schedule.get_last_lr() == [pytest.approx(0.06)]


def test_a_rate_that_is_a_tensor_stays_the_same_tensor() -> None:
    rate = mine.tensor(0.5)
    optimizer = mine.optim.SGD([mine.nn.Parameter(mine.ones(1))], lr=rate)
    schedule = mine.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    optimizer.step()
    schedule.step()
    assert optimizer.param_groups[0]["lr"] is rate
    assert rate.item() == 0.25
    assert schedule.base_lrs == [mine.tensor(0.5)]


TEXTS: list[Build] = [
    lambda t, o: t.StepLR(3, 2),
    lambda t, o: t.StepLR(o, 2, last_epoch=3),
    lambda t, o: t.LRScheduler(o),
    lambda t, o: t.LambdaLR(o, [len] * 3),
    lambda t, o: t.MultiplicativeLR(o, [len] * 3),
    lambda t, o: t.ConstantLR(o, 2),
    lambda t, o: t.LinearLR(o, 0),
    lambda t, o: t.LinearLR(o, end_factor=2),
    lambda t, o: t.CosineAnnealingWarmRestarts(o, 0),
    lambda t, o: t.CosineAnnealingWarmRestarts(o, 2, 1.5),
    lambda t, o: t.CosineAnnealingWarmRestarts(o, 2, eta_min="a"),
    lambda t, o: t.CosineAnnealingWarmRestarts(o, 2).step(-1),
    lambda t, o: t.ReduceLROnPlateau(o, factor=1),
    lambda t, o: t.ReduceLROnPlateau(o, mode="a"),
    lambda t, o: t.ReduceLROnPlateau(o, threshold_mode="a"),
    lambda t, o: t.ReduceLROnPlateau(o, min_lr=[1, 2]),
    lambda t, o: t.ReduceLROnPlateau(o).step(),
    lambda t, o: t.ReduceLROnPlateau(o).step(1.0, 2),
    lambda t, o: t.OneCycleLR(o, 1),
    lambda t, o: t.OneCycleLR(o, 1, epochs=2, steps_per_epoch=0),
    lambda t, o: t.OneCycleLR(o, 1, total_steps=0),
    lambda t, o: t.OneCycleLR(o, 1, total_steps=5, pct_start=1),
    lambda t, o: t.OneCycleLR(o, 1, total_steps=5, anneal_strategy="x"),
    lambda t, o: t.OneCycleLR(o, [1, 2], total_steps=5),
    lambda t, o: [t.OneCycleLR(o, 1.0, total_steps=1).step() for _ in range(1)],
    lambda t, o: t.CyclicLR(o, 0.1, 1, mode="q"),
    lambda t, o: t.CyclicLR(o, [0.1, 0.1], 1),
    lambda t, o: t.StepLR(o, 1).get_lr(),
    lambda t, o: t.StepLR(o, 1).step(),
    lambda t, o: t.StepLR(o, 1).step(2),
    lambda t, o: t.SequentialLR(o, [], []),
    lambda t, o: t.SequentialLR(o, [t.StepLR(o, 1)], [3]),
    lambda t, o: t.SequentialLR(o, [t.StepLR(o, 1), 3], [3]),
    lambda t, o: t.SequentialLR(o, [t.StepLR(o, 1), t.ReduceLROnPlateau(o)], [3]),
    lambda t, o: t.SequentialLR(None, [t.StepLR(o, 1)], []),
    lambda t, o: t.ChainedScheduler([]),
    lambda t, o: t.ChainedScheduler([t.StepLR(o, 1), 3]),
    lambda t, o: t.ChainedScheduler([t.StepLR(o, 1)], 3),
]


@pytest.mark.peers
@pytest.mark.parametrize("k", range(len(TEXTS)))
def test_texts_are_pytorchs(k: int) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for t in (mine, torch):
        schedules = importlib.import_module(f"{t.__name__}.optim.lr_scheduler")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                said = repr(type(TEXTS[k](schedules, optimizer_of(t))))
            except Exception as error:
                said = f"{type(error).__name__}: {error}"
        found.append([said.replace("chainrule.", ""), *(str(one.message) for one in caught)])
    assert found[0] == found[1]
    assert found[0] != ["<class 'NoneType'>"]  # each says something


def test_a_step_of_another_kind_is_noticed() -> None:
    optimizer = optimizer_of(mine)
    schedule = mine.optim.lr_scheduler.StepLR(optimizer, 2)
    optimizer.step = lambda: None
    with pytest.warns(UserWarning, match=r"^Seems like `optimizer.step\(\)` has been overridden"):
        schedule.step()
