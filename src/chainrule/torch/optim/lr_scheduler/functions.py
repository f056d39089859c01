"""Rates by the functions that users give."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from .scheduler import LRScheduler

__all__ = ["LambdaLR", "MultiplicativeLR"]


class Functions(LRScheduler):
    """A schedule by one function of the epoch for all groups, or a list of one for each."""

    def __init__(self, optimizer: Any, lr_lambda: Any, last_epoch: int = -1) -> None:
        count = len(optimizer.param_groups)
        if not isinstance(lr_lambda, (list, tuple)):
            lr_lambda = [lr_lambda] * count
        elif len(lr_lambda) != count:
            raise ValueError(f"Expected {count} lr_lambdas, but got {len(lr_lambda)}")
        self.lr_lambdas: list[Callable[[int], float]] = list(lr_lambda)
        super().__init__(optimizer, last_epoch)

    def state_dict(self) -> dict[str, Any]:
        """Return all that it remembers: of functions nothing, of other callables what they hold."""
        state = super().state_dict()
        del state["lr_lambdas"]
        state["lr_lambdas"] = [held_by(f) for f in self.lr_lambdas]
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up what another one remembered."""
        held = state_dict["lr_lambdas"]
        super().load_state_dict({k: v for k, v in state_dict.items() if k != "lr_lambdas"})
        for f, values in zip(self.lr_lambdas, held, strict=False):
            if values is not None:
                vars(f).update(values)


class LambdaLR(Functions):
    """Multiplies the first rates by a function of the epoch.

    >>> import chainrule.torch as torch
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch))
    >>> optimizer.step()
    >>> schedule.step()
    >>> schedule.get_last_lr()
    [0.25]
    """

    def get_lr(self) -> list[Any]:
        """Return the rate of each group."""
        self._warn_unless_within_step()
        pairs = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [rate * f(self.last_epoch) for rate, f in pairs]


class MultiplicativeLR(Functions):
    """Multiplies the last rates by a function of the epoch."""

    def get_lr(self) -> list[Any]:
        """Return the rate of each group, from its last one."""
        self._warn_unless_within_step()
        if self._is_initial:
            return self._rates()
        pairs = zip(self.optimizer.param_groups, self.lr_lambdas, strict=True)
        return [group["lr"] * f(self.last_epoch) for group, f in pairs]


def held_by(f: Any) -> Any:
    """Return what an object that is called holds; a function is code, and is not kept."""
    return None if isinstance(f, types.FunctionType) else dict(vars(f))
