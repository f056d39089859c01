"""Rates that rise and fall, with the momentum the other way round."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .functions import held_by
from .scheduler import LRScheduler, number_of_groups, rate_kept, set_rate, watched

__all__ = ["CyclicLR", "OneCycleLR"]


class Cycles(LRScheduler):
    """A schedule that may move the momentum too, or the first of `betas`."""

    cycle_momentum: bool
    use_beta1: bool

    def _begin_momentum(self, optimizer: Any, base: Any, highest: Any, last_epoch: int) -> Any:
        """Write the highest momentum into the groups; return both for each group."""
        if "momentum" not in optimizer.defaults and "betas" not in optimizer.defaults:
            raise ValueError(
                "optimizer must support momentum or beta1 with `cycle_momentum` option enabled"
            )
        self.use_beta1 = "betas" in optimizer.defaults
        lows = number_of_groups("base_momentum", base, optimizer)
        highs = number_of_groups("max_momentum", highest, optimizer)
        if last_epoch == -1:
            for group, low, high in zip(optimizer.param_groups, lows, highs, strict=True):
                self._set_momentum(group, high)
                group["max_momentum"], group["base_momentum"] = high, low
        return lows, highs

    def _set_momentum(self, group: dict[str, Any], momentum: float) -> None:
        if self.use_beta1:
            group["betas"] = (momentum, *group["betas"][1:])
        else:
            group["momentum"] = momentum


class CyclicLR(Cycles):
    """Lets the rates go from `base_lr` to `max_lr` and back, again and again, step by step.

    The way up takes `step_size_up` steps, the way down `step_size_down` (default: as many). `mode`
    "triangular" keeps the height, "triangular2" halves it with every cycle, "exp_range" takes
    gamma ** step of it; `scale_fn` says another part, of the cycle or, with `scale_mode`
    "iterations", of the step. With `cycle_momentum` the momentum falls from `max_momentum` to
    `base_momentum` meanwhile. Source: Smith (2017), "Cyclical learning rates for training neural
    networks". Raises ValueError for an unknown mode and for optimisers without momentum.
    """

    def __init__(
        self,
        optimizer: Any,
        base_lr: Any,
        max_lr: Any,
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: Any = 0.8,
        max_momentum: Any = 0.9,
        last_epoch: int = -1,
    ) -> None:
        watched(optimizer)
        lowest = number_of_groups("base_lr", base_lr, optimizer)
        if last_epoch == -1:
            for group, rate in zip(optimizer.param_groups, lowest, strict=True):
                set_rate(group, rate)
        self.max_lrs = number_of_groups("max_lr", max_lr, optimizer)
        up = float(step_size_up)
        self.total_size = up + (up if step_size_down is None else float(step_size_down))
        self.step_ratio = up / self.total_size
        if mode not in SCALES and scale_fn is None:
            raise ValueError("mode is invalid and scale_fn is None")
        self.mode, self.gamma, self._scale_fn_custom = mode, gamma, scale_fn
        self.scale_mode = "iterations" if scale_fn is None and mode == "exp_range" else scale_mode
        if scale_fn is None and mode != "exp_range":
            self.scale_mode = "cycle"
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            found = self._begin_momentum(optimizer, base_momentum, max_momentum, last_epoch)
            self.base_momentums, self.max_momentums = found
        super().__init__(optimizer, last_epoch)
        self.base_lrs = lowest

    def scale_fn(self, x: float) -> float:
        """Return the part of the height in cycle or step x."""
        if self._scale_fn_custom is not None:
            return self._scale_fn_custom(x)
        return SCALES[self.mode](self.gamma, x)

    def get_lr(self) -> list[Any]:
        """Return the rate of each group, and set its momentum."""
        self._warn_unless_within_step()
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        x = 1.0 + self.last_epoch / self.total_size - cycle
        rising = x <= self.step_ratio
        scale = x / self.step_ratio if rising else (x - 1) / (self.step_ratio - 1)
        part = self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.cycle_momentum:
            for group, low, high in zip(
                self.optimizer.param_groups, self.base_momentums, self.max_momentums, strict=True
            ):
                self._set_momentum(group, high - (high - low) * scale * part)
        bounds = zip(self.base_lrs, self.max_lrs, strict=True)
        return [low + (high - low) * scale * part for low, high in bounds]

    def state_dict(self) -> dict[str, Any]:
        """Return all that it remembers; of a function of the user's nothing."""
        state = super().state_dict()
        own = state.pop("_scale_fn_custom")
        state["_scale_fn_custom"] = None if own is None else held_by(own)
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up what another one remembered."""
        held = state_dict.get("_scale_fn_custom")
        super().load_state_dict({k: v for k, v in state_dict.items() if k != "_scale_fn_custom"})
        if held is not None:
            vars(self._scale_fn_custom).update(held)


SCALES: dict[str, Callable[[float, float], float]] = {
    "triangular": lambda gamma, x: 1.0,
    "triangular2": lambda gamma, x: 1 / (2.0 ** (x - 1)),
    "exp_range": lambda gamma, x: gamma**x,
}


class OneCycleLR(Cycles):
    """Lets the rates rise to `max_lr` and fall far below the start, once in a whole training.

    There are `total_steps` steps, or `epochs` times `steps_per_epoch`; `pct_start` of them rise.
    The first rate is max_lr / div_factor, the last one that over `final_div_factor`; with
    `three_phase` it falls to the first rate as long as it rose. `anneal_strategy` is "cos" or
    "linear". With `cycle_momentum` the momentum falls from `max_momentum` to `base_momentum` and
    rises again.
    Source: Smith and Topin (2018), "Super-convergence: very fast training of neural networks using
    large learning rates". Raises ValueError for options out of their range and for too many steps.
    """

    def __init__(
        self,
        optimizer: Any,
        max_lr: Any,
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: Any = 0.85,
        max_momentum: Any = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        watched(optimizer)
        self.total_steps = steps_in_all(total_steps, epochs, steps_per_epoch)
        self._schedule_phases = phases(pct_start, self.total_steps, three_phase)
        if pct_start < 0 or pct_start > 1 or not isinstance(pct_start, float):
            raise ValueError(f"Expected float between 0 and 1 pct_start, but got {pct_start}")
        if anneal_strategy not in ANNEALED:
            raise ValueError(
                f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"
            )
        self._anneal_func_type = anneal_strategy
        highest = number_of_groups("max_lr", max_lr, optimizer)
        if last_epoch == -1:
            for group, high in zip(optimizer.param_groups, highest, strict=True):
                group["initial_lr"] = rate_kept(high / div_factor)
                group["max_lr"] = high
                group["min_lr"] = group["initial_lr"] / final_div_factor
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self._begin_momentum(optimizer, base_momentum, max_momentum, last_epoch)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """Return the rate of each group, and set its momentum."""
        self._warn_unless_within_step()
        step, annealed = self.last_epoch, ANNEALED[self._anneal_func_type]
        if step > self.total_steps:
            raise ValueError(
                f"Tried to step {step} times. The specified number of total steps is "
                f"{self.total_steps}"
            )
        begin = 0.0
        for phase in self._schedule_phases:
            if step <= phase["end_step"]:
                break
            if phase is not self._schedule_phases[-1]:
                begin = phase["end_step"]
        part = (step - begin) / (phase["end_step"] - begin)
        rates = []
        for group in self.optimizer.param_groups:
            rates.append(annealed(group[phase["start_lr"]], group[phase["end_lr"]], part))
            if self.cycle_momentum:
                ends = group[phase["start_momentum"]], group[phase["end_momentum"]]
                self._set_momentum(group, annealed(*ends, part))
        return rates


def steps_in_all(total: Any, epochs: Any, per_epoch: Any) -> int:
    """Return the number of steps; raise unless it was given in one of the two ways."""
    if total is not None:
        return positive("total_steps", total)
    if epochs is None or per_epoch is None:
        raise ValueError("You must define either total_steps OR (epochs AND steps_per_epoch)")
    return positive("epochs", epochs) * positive("steps_per_epoch", per_epoch)


def positive(name: str, v: Any) -> int:
    if v <= 0 or not isinstance(v, int):
        raise ValueError(f"Expected positive integer {name}, but got {v}")
    return v


def phases(rising: float, total: int, three: bool) -> list[dict[str, Any]]:
    """Return the parts of the training: their last steps, and what they go from and to."""
    up, down = ("initial_lr", "max_lr"), ("max_momentum", "base_momentum")
    rise = phase(float(rising * total) - 1, *up, *down)
    if not three:
        return [rise, phase(total - 1, "max_lr", "min_lr", *down[::-1])]
    return [
        rise,
        phase(float(2 * rising * total) - 2, *up[::-1], *down[::-1]),
        phase(total - 1, "initial_lr", "min_lr", "max_momentum", "max_momentum"),
    ]


def phase(last: float, lr: str, lr_after: str, momentum: str, momentum_after: str) -> Any:
    return {
        "end_step": last,
        "start_lr": lr,
        "end_lr": lr_after,
        "start_momentum": momentum,
        "end_momentum": momentum_after,
    }


ANNEALED: dict[str, Callable[[Any, Any, float], Any]] = {
    "cos": lambda start, end, part: end + (start - end) / 2.0 * (math.cos(math.pi * part) + 1),
    "linear": lambda start, end, part: (end - start) * part + start,
}
