"""Adadelta: steps as large as the last ones were, beside the gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from .optimizer import as_array, number
from .stepping import FEWER_DEVICES, Stepping, check_sizes, mixed_squares

__all__ = ["Adadelta"]


class Adadelta(Stepping):
    """Steps by the gradient times the root of a mean of squared steps over that of gradients.

    `rho` is the part of the means that is kept, `eps` is added under the roots. `weight_decay` adds
    that part of a parameter to its gradient, `maximize` climbs. Source: Zeiler (2012), "ADADELTA:
    an adaptive learning rate method". Raises ValueError for options out of their range.

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Adadelta([w])
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9968], requires_grad=True)
    """

    DEVICES = FEWER_DEVICES

    def __init__(
        self,
        params: Any,
        lr: Any = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_sizes(lr)
        if not 0.0 <= rho <= 1.0:
            raise ValueError(f"Invalid rho value: {rho}")
        check_sizes(lr, eps=eps, weight_decay=weight_decay)
        options = {
            "lr": lr,
            "rho": rho,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "capturable": capturable,
            "foreach": foreach,
            "differentiable": differentiable,
        }
        super().__init__(params, options)

    def begin(self, x: Any, group: dict[str, Any]) -> dict[str, Any]:
        """Return the means before the first step."""
        return {"square_avg": np.zeros_like(x), "acc_delta": np.zeros_like(x)}

    def change(self, x: Any, g: Any, group: dict[str, Any], **held: Any) -> None:
        """Change the numbers of one parameter."""
        rho, eps = group["rho"], as_array(group["eps"], x.dtype)
        squares, steps = held["square_avg"], held["acc_delta"]
        mixed_squares(squares, g, rho)
        move = np.sqrt(steps + eps)
        move /= np.sqrt(squares + eps)
        move *= g
        mixed_squares(steps, move, rho)
        x += move * as_array(-number(group["lr"]), x.dtype)
