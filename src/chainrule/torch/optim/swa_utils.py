"""Means of a model over its training, and the schedule that goes with them."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable
from typing import Any

from ..autograd._modes import no_grad
from ..nn.modules.module import Module
from .lr_scheduler import LRScheduler
from .lr_scheduler.scheduler import number_of_groups

__all__ = [
    "SWALR",
    "AveragedModel",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]


def get_swa_avg_fn() -> Callable[[Any, Any, Any], Any]:
    """Return the function (mean, new, count) that takes a new value into an equal mean."""

    def averaged(mean: Any, new: Any, count: Any) -> Any:
        with no_grad():
            return mean + (new - mean) / (count + 1)

    return averaged


def get_ema_avg_fn(decay: float = 0.999) -> Callable[[Any, Any, Any], Any]:
    """Return the function (mean, new, count) that keeps the part `decay` of the mean."""
    if decay < 0.0 or decay > 1.0:
        raise ValueError(
            f"Invalid decay value {decay} provided. Please provide a value in [0,1] range."
        )

    def averaged(mean: Any, new: Any, count: Any) -> Any:
        with no_grad():
            return decay * mean + (1 - decay) * new

    return averaged


def get_swa_multi_avg_fn() -> Callable[[Any, Any, Any], None]:
    """Return the function (means, new ones, count) that writes equal means."""
    return for_each(get_swa_avg_fn())


def get_ema_multi_avg_fn(decay: float = 0.999) -> Callable[[Any, Any, Any], None]:
    """Return the function (means, new ones, count) that writes decaying means."""
    return for_each(get_ema_avg_fn(decay))


def for_each(averaged: Callable[[Any, Any, Any], Any]) -> Callable[[Any, Any, Any], None]:
    def write(means: Any, news: Any, count: Any) -> None:
        with no_grad():
            for mean, new in zip(means, news, strict=True):
                mean.copy_(averaged(mean, new, count))

    return write


class AveragedModel(Module):
    """A copy of a model whose parameters are the means of those it is shown.

    The means are equal ones, or what `avg_fn` (or `multi_avg_fn`, for all at once) makes of a
    mean, a new value and the count. `use_buffers` takes the means of buffers, too; they are copied
    otherwise. Source: Izmailov and others (2018), "Averaging weights leads to wider optima and
    better generalization". Raises AssertionError if both functions are given.

    >>> import chainrule.torch as torch
    >>> model = torch.nn.Linear(1, 1, bias=False)
    >>> averaged = torch.optim.swa_utils.AveragedModel(model)
    >>> for value in [1.0, 2.0, 6.0]:
    ...     _ = torch.nn.init.constant_(model.weight, value)
    ...     averaged.update_parameters(model)
    >>> averaged.module.weight.item()
    3.0
    """

    n_averaged: Any

    def __init__(
        self,
        model: Any,
        device: Any = None,
        avg_fn: Callable[[Any, Any, Any], Any] | None = None,
        multi_avg_fn: Callable[[Any, Any, Any], None] | None = None,
        use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module: Any = copy.deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        from .._creation.from_data import tensor

        self.register_buffer("n_averaged", tensor(0))
        self.avg_fn, self.multi_avg_fn, self.use_buffers = avg_fn, multi_avg_fn, use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the averaged model makes of the inputs."""
        return self.module(*args, **kwargs)

    def update_parameters(self, model: Any) -> None:
        """Take the parameters of `model` into the means."""
        parts: list[list[Any]] = [list(one.parameters()) for one in (self.module, model)]
        if self.use_buffers:
            for part, one in zip(parts, (self.module, model), strict=True):
                part += one.buffers()
        means, news = ([one.detach() for one in part] for part in parts)
        if self.n_averaged == 0:
            for mean, new in zip(means, news, strict=True):
                mean.copy_(new)
        else:
            write = self.multi_avg_fn or for_each(self.avg_fn or get_swa_avg_fn())
            write(means, news, self.n_averaged)
        if not self.use_buffers:
            pairs = zip(self.module.buffers(), model.buffers(), strict=True)
            for mine, other in pairs:
                mine.detach().copy_(other.detach())
        self.n_averaged += 1


def update_bn(loader: Iterable[Any], model: Any, device: Any = None) -> None:
    """Compute the statistics of batch norms anew, from the batches of a loader."""
    norms = [one for one in model.modules() if hasattr(one, "num_batches_tracked")]
    if not norms:
        return
    trained, momenta = model.training, [one.momentum for one in norms]
    model.train()
    for one in norms:
        one.reset_running_stats()
        one.momentum = None  # all batches count the same
    with no_grad():
        for batch in loader:
            first = batch[0] if isinstance(batch, (list, tuple)) else batch
            model(first if device is None else first.to(device))
    for one, momentum in zip(norms, momenta, strict=True):
        one.momentum = momentum
    model.train(trained)


class SWALR(LRScheduler):
    """Lets the rates go to `swa_lr` in `anneal_epochs`, along a cosine or a line, to stay there.

    Raises ValueError for an unknown `anneal_strategy` and lengths below 0.
    """

    def __init__(
        self,
        optimizer: Any,
        swa_lr: Any,
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        rates = number_of_groups("swa_lr", swa_lr, optimizer)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["swa_lr"] = rate
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"
            )
        self._anneal_strategy = anneal_strategy
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _part(self, epochs: float) -> float:
        """Return how much of the way is behind after so many epochs."""
        t = max(0.0, min(1.0, epochs / max(1, self.anneal_epochs)))
        return t if self._anneal_strategy == "linear" else (1 - math.cos(math.pi * t)) / 2

    def get_lr(self) -> list[Any]:
        """Return the rate of each group, from its last one."""
        self._warn_unless_within_step()
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._part(step - 1), self._part(step)
        rates = []
        for group in self.optimizer.param_groups:
            rate, goal = group["lr"], group["swa_lr"]
            start = rate if before == 1 else (rate - before * goal) / (1 - before)
            rates.append(goal * now + start * (1 - now))
        return rates
