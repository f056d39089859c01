"""What schedules share: they count epochs, ask for the rates, and write them into the groups."""

from __future__ import annotations

import warnings
from typing import Any

from ..._tensor import Tensor, made
from ..optimizer import Optimizer, number

__all__ = ["DEPRECATED", "LRScheduler", "number_of_groups", "rate_kept", "set_rate", "watched"]

DEPRECATED = (
    "The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where "
    "possible. Please use `scheduler.step()` to step the scheduler. During the deprecation, if "
    "epoch is different from None, the closed form is used instead of the new chainable form, "
    "where available. Please open an issue if you are unable to replicate your use case: "
    "https://github.com/pytorch/pytorch/issues/new/choose."
)
SEE = "See more details at https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"
REPLACED = (
    "Seems like `optimizer.step()` has been overridden after learning rate scheduler "
    "initialization. Please, make sure to call `optimizer.step()` before `lr_scheduler.step()`. "
    f"{SEE}"
)
TOO_EARLY = (
    "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, "
    "you should call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  "
    "Failure to do this will result in PyTorch skipping the first value of the learning rate "
    f"schedule. {SEE}"
)
NOT_INITIAL = (
    "param 'initial_lr' is not specified in param_groups[{}] when resuming scheduler with "
    "last_epoch >= 0.\nThis typically happens when:\n1. You're trying to resume training from a "
    "checkpoint but haven't properly loaded the optimizer state\n2. You're using last_epoch >= 0 "
    "for a fresh training run (not recommended)"
)


class LRScheduler:
    """Sets the rate of every group anew with each `step`: a subclass says `get_lr`.

    The first rates are set at once. `last_epoch` is -1 for a new training; other numbers go on
    after that epoch, and then the groups need their "initial_lr". A subclass may say
    `_get_closed_form_lr` too, for steps to a given epoch. Raises TypeError unless `optimizer` is
    one.

    >>> import chainrule.torch as torch
    >>> class Halved(torch.optim.lr_scheduler.LRScheduler):
    ...     def get_lr(self):
    ...         return [rate / 2**self.last_epoch for rate in self.base_lrs]
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> schedule = Halved(optimizer)
    >>> optimizer.step()
    >>> schedule.step()
    >>> schedule.get_last_lr()
    [0.25]
    """

    optimizer: Any
    base_lrs: list[Any]
    last_epoch: int
    _step_count: int
    _is_initial = False
    _get_lr_called_within_step = False

    def __init__(self, optimizer: Any, last_epoch: int = -1) -> None:
        self.optimizer = watched(optimizer)
        for k, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", rate_kept(group["lr"]))
            elif "initial_lr" not in group:
                raise KeyError(NOT_INITIAL.format(k))
        self.base_lrs = [rate_kept(group["initial_lr"]) for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self._initial_step()

    def _initial_step(self) -> None:
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def get_lr(self) -> list[Any]:
        """Return the rate of each group at `last_epoch`: a subclass says which."""
        raise NotImplementedError

    def get_last_lr(self) -> list[Any]:
        """Return the rates that were set last."""
        return self._last_lr

    def step(self, epoch: int | None = None) -> None:
        """Set the rates of the next epoch; to give its number is deprecated."""
        if self._step_count == 1:
            if vars(self.optimizer).get("step") is not getattr(self.optimizer, "_own_step", False):
                warnings.warn(REPLACED, UserWarning, stacklevel=2)
            elif not self.optimizer._opt_called:
                warnings.warn(TOO_EARLY, UserWarning, stacklevel=2)
        self._step_count += 1
        if epoch is not None:
            warnings.warn(DEPRECATED, UserWarning, stacklevel=2)
        self._update_lr(epoch)

    def _update_lr(self, epoch: int | None = None) -> None:
        self._get_lr_called_within_step = True
        try:
            if epoch is None:
                self.last_epoch += 1
                rates = self.get_lr()
            else:
                self.last_epoch = epoch
                rates = getattr(self, "_get_closed_form_lr", self.get_lr)()
        finally:
            self._get_lr_called_within_step = False
        for group, rate in zip(self.optimizer.param_groups, rates, strict=False):
            set_rate(group, rate)
        self._last_lr = self._rates()

    def _rates(self) -> list[Any]:
        return [rate_kept(group["lr"]) for group in self.optimizer.param_groups]

    def _warn_unless_within_step(self) -> None:
        if not self._get_lr_called_within_step:
            warnings.warn(
                "To get the last learning rate computed by the scheduler, please use "
                "`get_last_lr()`.",
                UserWarning,
                stacklevel=3,
            )

    # ---- its state, to be kept and taken up again

    def state_dict(self) -> dict[str, Any]:
        """Return all that it remembers, but for the optimiser."""
        return {name: v for name, v in vars(self).items() if name != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up what another one remembered."""
        vars(self).update(state_dict)


class _LRScheduler(LRScheduler):
    """The old name of `LRScheduler`."""


def watched(optimizer: Any) -> Any:
    """Return the optimiser; from now on it can be told whether it has made a step."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")
    if "_own_step" not in vars(optimizer):
        own = vars(optimizer).get("step")
        optimizer._own_step = own
        optimizer._opt_called = own is not None  # of a step of its own nothing can be told
    return optimizer


def rate_kept(rate: Any) -> Any:
    """Return a rate that does not change with the group's."""
    return made(rate._array.copy()) if isinstance(rate, Tensor) else rate


def set_rate(group: dict[str, Any], rate: Any) -> None:
    """Set the rate of a group; a tensor stays the same tensor."""
    if isinstance(group["lr"], Tensor):
        group["lr"]._array[...] = number(rate)
        group["lr"]._writes[0] += 1
    else:
        group["lr"] = rate


def number_of_groups(name: str, given: Any, optimizer: Any) -> list[Any]:
    """Return a number for each group: those given, or the one given for all."""
    count = len(optimizer.param_groups)
    if not isinstance(given, (list, tuple)):
        return [given] * count
    if len(given) != count:
        raise ValueError(
            f"{name} must have the same length as optimizer.param_groups. {name} has {len(given)} "
            f"values, param_groups has {count}."
        )
    return list(given)
