"""What most optimisers share: options that are checked, and a walk over the parameters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._kinds.dtypes import float64, get_default_dtype
from .._tape.quiet import QUIET, hush, unhush
from .._tensor import made
from .optimizer import Optimizer, as_array, check_rate, check_ways, number

__all__ = [
    "ALL_DEVICES",
    "FEWER_DEVICES",
    "Stepping",
    "as_reals",
    "check_betas",
    "check_sizes",
    "mixed",
    "mixed_squares",
    "no_capture",
    "scalar_type",
]

ALL_DEVICES = "['cuda', 'xpu', 'hpu', 'privateuseone', 'xla']"
FEWER_DEVICES = "['cuda', 'xpu', 'hpu', 'privateuseone']"  # where PyTorch takes all at once


class Stepping(Optimizer):
    """An optimiser that says what a parameter begins with and how its numbers change.

    `begin` returns the arrays that are remembered of a parameter, by name; `change` is given them
    by these names and writes the new numbers into `x`. A complex parameter comes as pairs of reals.
    """

    WRITES = 1  # how often PyTorch writes to a parameter in a step: versions count it
    DECOUPLED = False  # whether weight decay shrinks the parameters whatever the options say
    BEYOND_STATE = "params and state_steps"  # what PyTorch wants on a device of `DEVICES`
    DEVICES = ALL_DEVICES

    def __init__(self, params: Any, options: dict[str, Any]) -> None:
        super().__init__(params, options)
        check_ways(options.get("foreach"), options.get("fused"), options.get("differentiable"))

    def begin(self, x: Any, group: dict[str, Any]) -> dict[str, Any]:
        """Return what is remembered of a parameter before its first step."""
        raise NotImplementedError

    def change(self, x: Any, g: Any, group: dict[str, Any], **held: Any) -> None:
        """Change the numbers of one parameter, and what is remembered of it."""
        raise NotImplementedError

    def remembered(self, p: Any, group: dict[str, Any]) -> dict[str, Any]:
        """Return the state of a parameter; it begins here where there is none."""
        held = self.state[p]
        if not held:
            held["step"] = made(np.zeros((), scalar_type()))
            for name, array in self.begin(p._array, group).items():
                held[name] = made(array)
        return held

    def update(self, group: dict[str, Any]) -> None:
        """Change the parameters of one group."""
        decay = number(group.get("weight_decay", 0))
        if self.DECOUPLED or group.get("decoupled_weight_decay"):
            shrink, decay = 1 - number(group["lr"]) * decay, 0
        else:
            shrink = 1
        token = hush(QUIET)
        try:
            for p in group["params"]:
                gradient = p.grad
                if gradient is None:
                    continue
                held = self.remembered(p, group)
                if group.get("capturable"):
                    raise no_capture(self.DEVICES, self.BEYOND_STATE)
                x, g = p._array, gradient._array
                if group["maximize"]:
                    g = -g
                if decay:
                    g = g + x * as_array(decay, x.dtype)
                arrays = {name: v._array for name, v in held.items()}
                arrays["step"] += 1
                if x.dtype.kind == "c":
                    x, g = as_reals(x), as_reals(g)
                    arrays = {name: as_reals(array) for name, array in arrays.items()}
                if shrink != 1:
                    x *= as_array(shrink, x.dtype)
                    p._writes[0] += 1
                self.change(x, g, group, **arrays)
                p._writes[0] += self.WRITES
                for v in held.values():
                    v._writes[0] += 1
        finally:
            unhush(token)


def no_capture(devices: str, what: str = "params and state_steps") -> AssertionError:
    """Return the error of a step with capturable=True, which PyTorch makes on no processor."""
    return AssertionError(f"If capturable=True, {what} must be on supported devices: {devices}.")


def scalar_type() -> Any:
    """Return the number type of what is counted beside the parameters."""
    return np.float64 if get_default_dtype() is float64 else np.float32


def as_reals(x: Any) -> Any:
    """Return complex numbers as pairs of reals, which share their memory; others as they are."""
    return x[..., None].view(x.real.dtype) if x.dtype.kind == "c" else x


def mixed(mean: Any, g: Any, part: float) -> None:
    """Move a mean a part of the way to `g`, from the nearer end, as PyTorch's lerp does."""
    if part < 0.5:
        mean += (g - mean) * as_array(part, mean.dtype)
    else:
        np.subtract(g, (g - mean) * as_array(1 - part, mean.dtype), out=mean)


def mixed_squares(mean: Any, g: Any, kept: float) -> None:
    """Keep this part of a mean of squares; the rest comes from the squares of `g`."""
    mean *= as_array(kept, mean.dtype)
    mean += g * as_array(1 - kept, g.dtype) * g


# ---------------------------------------------------------------- options


def check_sizes(lr: Any, **sizes: Any) -> None:
    """Raise for a rate or a size below 0, or that is no number."""
    check_rate(lr)
    if not lr >= 0.0:
        raise ValueError(f"Invalid learning rate: {lr}")
    for name, v in sizes.items():
        if not 0.0 <= v <= math.inf:
            told = "epsilon" if name == "eps" else name
            raise ValueError(f"Invalid {told} value: {v}")


def check_betas(betas: Any) -> None:
    """Raise for a part of a mean that is kept and not within 0 and 1."""
    for k in range(2):
        if not 0.0 <= betas[k] < 1.0:
            raise ValueError(f"Invalid beta parameter at index {k}: {betas[k]}")
