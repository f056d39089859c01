"""Scaled losses: gradients that half precision would round to zero are made larger on the way."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from ._functions.arithmetic import mul
from ._kinds.device import device as device_type
from ._tensor import Tensor
from .autograd._modes import no_grad

__all__ = ["GradScaler"]

NO_CUDA = "torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling."
NOT_SCALED = (
    "Attempted {} but _scale is None.  This may indicate your script did not use "
    "scaler.scale(loss or outputs) earlier in the iteration."
)
EMPTY = (
    "The source state dict is empty, possibly because it was saved from a disabled instance of "
    "GradScaler."
)
STATE = {"scale": "_value", "growth_factor": "_growth", "backoff_factor": "_backoff",
         "growth_interval": "_interval", "_growth_tracker": "_steps"}  # fmt: skip


class GradScaler:
    """Multiplies losses, divides gradients again, and skips steps whose gradients are not finite.

    The factor shrinks after such a step, and grows after `growth_interval` others. For "cuda",
    which is not here, it warns and does nothing.

    >>> import chainrule.torch as torch
    >>> scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
    >>> scaler.scale(torch.tensor(2.0))
    tensor(16.)
    """

    def __init__(
        self,
        device: str = "cuda",
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        self._enabled = enabled
        if enabled and device_type(device).type == "cuda":
            warnings.warn(NO_CUDA, UserWarning, stacklevel=2)
            self._enabled = False
        if growth_factor <= 1.0:
            raise AssertionError("The growth factor must be > 1.0.")
        if backoff_factor >= 1.0:
            raise AssertionError("The backoff factor must be < 1.0.")
        self._value, self._growth, self._backoff = init_scale, growth_factor, backoff_factor
        self._interval, self._steps = growth_interval, 0
        self._scaled = False  # since the scale was last looked for, has a loss been scaled
        self._stages: dict[int, str] = {}  # of each optimizer: "unscaled" or "stepped"
        self._finite: dict[int, bool] = {}

    def is_enabled(self) -> bool:
        """Return whether losses are scaled."""
        return self._enabled

    def scale(self, outputs: Any) -> Any:
        """Return a tensor, or each of several, times the scale."""
        if not self._enabled:
            return outputs
        self._scaled = True
        if isinstance(outputs, Tensor):
            return mul(outputs, self._value)
        if not isinstance(outputs, Iterable):
            raise ValueError("outputs must be a Tensor or an iterable of Tensors")
        found = map(self.scale, outputs)
        return type(outputs)(found) if isinstance(outputs, (list, tuple)) else found

    def unscale_(self, optimizer: Any) -> None:
        """Divide the gradients of an optimizer's parameters by the scale, in place."""
        if not self._enabled:
            return
        self._check_scaled("unscale_")
        stage = self._stages.get(id(optimizer))
        if stage == "unscaled":
            raise RuntimeError(
                "unscale_() has already been called on this optimizer since the last update()."
            )
        if stage == "stepped":
            raise RuntimeError("unscale_() is being called after step().")
        gradients = [
            p.grad
            for group in optimizer.param_groups
            for p in group["params"]
            if p.grad is not None
        ]
        with no_grad():
            for g in gradients:
                g.mul_(1 / self._value)
        self._stages[id(optimizer)] = "unscaled"
        if gradients:
            self._finite[id(optimizer)] = all(np.isfinite(g._array).all() for g in gradients)

    def step(self, optimizer: Any, *inputs: Any, **options: Any) -> Any:
        """Take a step of the optimizer, unless a gradient is infinite or nan; return its result."""
        if not self._enabled:
            return optimizer.step(*inputs, **options)
        if "closure" in options:
            raise RuntimeError("Closure use is not currently supported if GradScaler is enabled.")
        self._check_scaled("step")
        if self._stages.get(id(optimizer)) == "stepped":
            raise RuntimeError("step() has already been called since the last update().")
        if id(optimizer) not in self._stages:
            self.unscale_(optimizer)
        if id(optimizer) not in self._finite:
            raise AssertionError("No inf checks were recorded for this optimizer.")
        result = optimizer.step(*inputs, **options) if self._finite[id(optimizer)] else None
        self._stages[id(optimizer)] = "stepped"
        return result

    def update(self, new_scale: float | Tensor | None = None) -> None:
        """Shrink the scale if a step was skipped; let it grow after enough that were not."""
        if not self._enabled:
            return
        self._check_scaled("update")
        if new_scale is not None:
            self._value = float(new_scale)  # type: ignore[arg-type]
        elif not self._finite:
            raise AssertionError("No inf checks were recorded prior to update.")
        elif not all(self._finite.values()):
            self._value, self._steps = self._value * self._backoff, 0
        else:
            self._steps += 1
            if self._steps == self._interval:
                grown = self._value * self._growth
                self._value = grown if math.isfinite(grown) else self._value
                self._steps = 0
        self._stages, self._finite = {}, {}

    def _check_scaled(self, function: str) -> None:
        if not self._scaled:
            raise AssertionError(NOT_SCALED.format(function))

    def get_scale(self) -> float:
        """Return the scale; 1.0 if nothing is scaled."""
        return self._value if self._enabled else 1.0

    def get_growth_factor(self) -> float:
        """Return by how much the scale grows."""
        return self._growth

    def get_backoff_factor(self) -> float:
        """Return by how much the scale shrinks."""
        return self._backoff

    def get_growth_interval(self) -> int:
        """Return after how many steps the scale grows."""
        return self._interval

    def state_dict(self) -> dict[str, Any]:
        """Return what is to be kept; nothing if losses are not scaled."""
        return {key: getattr(self, name) for key, name in STATE.items()} if self._enabled else {}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` returned."""
        if not self._enabled:
            return
        if not state_dict:
            raise RuntimeError(EMPTY)
        for key, name in STATE.items():
            setattr(self, name, state_dict[key])
