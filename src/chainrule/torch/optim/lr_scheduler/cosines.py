"""Rates that fall along a cosine, once or again and again."""

from __future__ import annotations

import math
from typing import Any

from .scheduler import LRScheduler, set_rate

__all__ = ["CosineAnnealingLR", "CosineAnnealingWarmRestarts"]


class CosineAnnealingLR(LRScheduler):
    """Lets the rates fall to `eta_min` in `T_max` epochs along half a cosine, then rise again.

    Source: Loshchilov and Hutter (2017), "SGDR: stochastic gradient descent with warm restarts",
    without the restarts.
    """

    def __init__(
        self, optimizer: Any, T_max: int, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """Return the rate of each group, from its last one."""
        self._warn_unless_within_step()
        if self._is_initial:
            return self._rates()
        groups, epoch, least = self.optimizer.param_groups, self.last_epoch, self.eta_min
        if self._step_count == 1 and epoch > 0:
            return self._get_closed_form_lr()
        if (epoch - 1 - self.T_max) % (2 * self.T_max) == 0:
            # the last rate is eta_min, which has forgotten where it came from
            rise = 1 - math.cos(math.pi / self.T_max)
            return [
                group["lr"] + (first - least) * rise / 2
                for first, group in zip(self.base_lrs, groups, strict=True)
            ]
        now, before = (1 + math.cos(math.pi * e / self.T_max) for e in (epoch, epoch - 1))
        return [now / before * (group["lr"] - least) + least for group in groups]

    def _get_closed_form_lr(self) -> list[Any]:
        height = 1 + math.cos(math.pi * self.last_epoch / self.T_max)
        return [self.eta_min + (first - self.eta_min) * height / 2 for first in self.base_lrs]


class CosineAnnealingWarmRestarts(LRScheduler):
    """Lets the rates fall to `eta_min` along half a cosine, and begin anew at the first rates.

    The first fall takes `T_0` epochs, each further one `T_mult` times as long. `step` may be given
    parts of epochs. Source: Loshchilov and Hutter (2017), "SGDR: stochastic gradient descent with
    warm restarts". Raises ValueError for lengths that are no positive whole numbers.
    """

    def __init__(
        self,
        optimizer: Any,
        T_0: int,
        T_mult: int = 1,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        if T_0 <= 0 or not isinstance(T_0, int):
            raise ValueError(f"Expected positive integer T_0, but got {T_0}")
        if T_mult < 1 or not isinstance(T_mult, int):
            raise ValueError(f"Expected integer T_mult >= 1, but got {T_mult}")
        if not isinstance(eta_min, (float, int)):
            raise ValueError(
                f"Expected float or int eta_min, but got {eta_min} of type {type(eta_min)}"
            )
        self.T_0, self.T_i, self.T_mult, self.eta_min = T_0, T_0, T_mult, eta_min
        self.T_cur: float = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """Return the rate of each group."""
        self._warn_unless_within_step()
        height = 1 + math.cos(math.pi * self.T_cur / self.T_i)
        return [self.eta_min + (first - self.eta_min) * height / 2 for first in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:
        """Set the rates of the next epoch, or of the one given, which may be a part of one."""
        if epoch is None and self.last_epoch < 0:
            epoch = 0
        if epoch is None:
            epoch = self.last_epoch + 1
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur, self.T_i = self.T_cur - self.T_i, self.T_i * self.T_mult
        elif epoch < 0:
            raise ValueError(f"Expected non-negative epoch, but got {epoch}")
        elif epoch < self.T_0:
            self.T_cur, self.T_i = epoch, self.T_0
        elif self.T_mult == 1:
            self.T_cur, self.T_i = epoch % self.T_0, self.T_0
        else:
            times, ratio = self.T_mult, epoch / self.T_0
            before = int(math.log(ratio * (times - 1) + 1, times))  # a sum of powers
            self.T_cur = epoch - self.T_0 * (times**before - 1) / (times - 1)
            self.T_i = self.T_0 * times**before
        self.last_epoch = math.floor(epoch)
        self._get_lr_called_within_step = True
        try:
            rates = self.get_lr()
        finally:
            self._get_lr_called_within_step = False
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            set_rate(group, rate)
        self._last_lr = self._rates()
