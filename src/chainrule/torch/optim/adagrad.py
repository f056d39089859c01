"""Adagrad: steps divided by the root of the sum of all squared gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from .optimizer import as_array, number
from .stepping import Stepping, check_sizes

__all__ = ["Adagrad"]


class Adagrad(Stepping):
    """Steps by the gradient over the root of the sum of its squares so far.

    The sum begins with `initial_accumulator_value`; the rate of step t is lr / (1 + (t - 1) *
    lr_decay). `weight_decay` adds that part of a parameter to its gradient, `maximize` climbs.
    Source: Duchi, Hazan and Singer (2011), "Adaptive subgradient methods for online learning and
    stochastic optimization". Raises ValueError for options below 0.

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Adagrad([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_sizes(
            lr,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
        )
        options = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, options)
        for group in self.param_groups:
            for p in group["params"]:
                self.remembered(p, group)

    def begin(self, x: Any, group: dict[str, Any]) -> dict[str, Any]:
        """Return the sum before the first step."""
        start = group["initial_accumulator_value"]
        return {"sum": np.full_like(x, complex(start, start) if x.dtype.kind == "c" else start)}

    def change(self, x: Any, g: Any, group: dict[str, Any], **held: Any) -> None:
        """Change the numbers of one parameter."""
        lr = number(group["lr"]) / (1 + (float(held["step"]) - 1) * group["lr_decay"])
        squares = held["sum"]
        squares += g * g
        root = np.sqrt(squares)
        root += as_array(group["eps"], root.dtype)
        x += g * as_array(-lr, x.dtype) / root

    def share_memory(self) -> None:
        """Do nothing: threads share the sums as they are."""
