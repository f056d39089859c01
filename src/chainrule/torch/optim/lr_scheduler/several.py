"""Several schedules of one optimiser: one after the other, or all at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from .plateau import ReduceLROnPlateau
from .scheduler import LRScheduler

__all__ = ["ChainedScheduler", "SequentialLR"]


class Several(LRScheduler):
    """Holds schedules; they are kept and taken up with it."""

    _schedulers: list[Any]

    def state_dict(self) -> dict[str, Any]:
        """Return all that it and its schedules remember."""
        state = super().state_dict()
        del state["_schedulers"]
        state["_schedulers"] = [one.state_dict() for one in self._schedulers]
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up what another one remembered, and its schedules."""
        super().load_state_dict({k: v for k, v in state_dict.items() if k != "_schedulers"})
        for one, state in zip(self._schedulers, state_dict["_schedulers"], strict=True):
            one.load_state_dict(state)


class SequentialLR(Several):
    """Runs schedules one after the other: the next one begins at each of the `milestones`.

    Raises ValueError unless there is one schedule more than milestones and all are of `optimizer`.

    >>> import chainrule.torch as torch
    >>> from chainrule.torch.optim.lr_scheduler import ConstantLR, ExponentialLR, SequentialLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    >>> parts = [ConstantLR(optimizer, factor=0.5), ExponentialLR(optimizer, gamma=0.5)]
    >>> schedule = SequentialLR(optimizer, parts, milestones=[2])
    >>> for _ in range(4):
    ...     print(schedule.get_last_lr())
    ...     optimizer.step()
    ...     schedule.step()
    [0.5]
    [0.5]
    [1.0]
    [0.5]
    """

    def __init__(
        self,
        optimizer: Any,
        schedulers: list[Any],
        milestones: list[int],
        last_epoch: int = -1,
    ) -> None:
        check_all("SequentialLR expects at least one scheduler", schedulers, optimizer, self)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                "Sequential Schedulers expects number of schedulers provided to be one more than "
                "the number of milestone points, but got number of schedulers "
                f"{len(schedulers)} and the number of milestones to be equal to {len(milestones)}"
            )
        self._schedulers, self._milestones = schedulers, milestones
        self.last_epoch = last_epoch + 1
        self.optimizer = optimizer
        for group in optimizer.param_groups:
            group["lr"] = group["initial_lr"]  # as it was before the schedules began
        self.recursive_undo()
        schedulers[0]._initial_step()
        self._last_lr = schedulers[0].get_last_lr()

    def recursive_undo(self, sched: Any = None) -> None:
        """Take back the first step that every schedule made when it was built."""
        held = self if sched is None else sched
        if hasattr(held, "_schedulers"):
            for one in held._schedulers:
                self.recursive_undo(one)
        elif hasattr(held, "last_epoch"):
            held.last_epoch -= 1

    def step(self) -> None:  # type: ignore[override]
        """Set the rates of the next epoch."""
        self.last_epoch += 1
        k = bisect_right(self._milestones, self.last_epoch)
        current = self._schedulers[k]
        if k > 0 and self._milestones[k - 1] == self.last_epoch:
            current._update_lr(0)
        else:
            current.step()
        self._last_lr = current.get_last_lr()


class ChainedScheduler(Several):
    """Runs schedules all at once: each changes the rates that the last one left.

    Raises ValueError unless all are of one optimiser.
    """

    def __init__(self, schedulers: Sequence[Any], optimizer: Any = None) -> None:
        told = "ChainedScheduler expects at least one scheduler to be chained"
        if not schedulers:
            raise ValueError(f"{told}, but got no scheduler.")
        optimizer = schedulers[0].optimizer if optimizer is None else optimizer
        check_all(told, schedulers, optimizer, self)
        self._schedulers, self.optimizer = list(schedulers), optimizer
        self._last_lr = self._rates()

    def step(self) -> None:  # type: ignore[override]
        """Let every schedule make its step."""
        for one in self._schedulers:
            one.step()
        self._last_lr = self._rates()


def check_all(told: str, schedulers: Sequence[Any], optimizer: Any, home: Any) -> None:
    """Raise unless there are schedules, and all are of this optimiser and need no metrics."""
    name = type(home).__name__
    if len(schedulers) < 1:
        raise ValueError(f"{told}, but got no scheduler.")
    for k, one in enumerate(schedulers):
        if not hasattr(one, "optimizer"):
            raise TypeError(f"{name} at index {k} should have `optimizer` as its attribute.")
        if isinstance(one, ReduceLROnPlateau):
            raise ValueError(
                f"{name} does not support `ReduceLROnPlateau` scheduler as it requires additional "
                "kwargs to be specified when calling `step`, but got one at index "
                f"{k} in the given schedulers sequence."
            )
        if optimizer != one.optimizer:
            raise ValueError(
                f"{name} expects all schedulers to belong to the same optimizer, but got scheduler "
                f"{type(one).__name__} at index {k} has {one.optimizer}, which is different from "
                f"{type(optimizer).__name__}."
            )
