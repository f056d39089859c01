"""Adamax: Adam with the largest gradient, decaying, in the place of the mean of squares."""

from __future__ import annotations

from typing import Any

import numpy as np

from .optimizer import as_array, number
from .stepping import Stepping, check_betas, check_sizes, mixed

__all__ = ["Adamax"]


class Adamax(Stepping):
    """Steps by a mean of gradients over the largest of them, which decays.

    `betas` say how slowly both forget. `weight_decay` adds that part of a parameter to its
    gradient, `maximize` climbs. Source: Kingma and Ba (2015), "Adam: a method for stochastic
    optimization", section 7.1. Raises ValueError for options out of their range.

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Adamax([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        check_sizes(lr, eps=eps)
        check_betas(betas)
        check_sizes(lr, weight_decay=weight_decay)
        options = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, options)

    def begin(self, x: Any, group: dict[str, Any]) -> dict[str, Any]:
        """Return the means before the first step."""
        return {"exp_avg": np.zeros_like(x), "exp_inf": np.zeros_like(x)}

    def change(self, x: Any, g: Any, group: dict[str, Any], **held: Any) -> None:
        """Change the numbers of one parameter."""
        beta1, beta2 = group["betas"]
        mean, largest = held["exp_avg"], held["exp_inf"]
        mixed(mean, g, 1 - beta1)
        largest *= as_array(beta2, largest.dtype)
        size = np.abs(g)
        size += as_array(group["eps"], size.dtype)
        np.maximum(largest, size, out=largest)
        lr = number(group["lr"]) / (1 - beta1 ** float(held["step"]))
        x += mean * np.array(-lr, x.dtype) / largest
