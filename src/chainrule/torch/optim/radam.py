"""RAdam: Adam whose first steps are without the root, while it is uncertain."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .optimizer import as_array, number
from .stepping import Stepping, check_betas, check_sizes, mixed, mixed_squares

__all__ = ["RAdam"]

LONG_ENOUGH = 5  # of the approximated average's length: below, its variance is not known


class RAdam(Stepping):
    """Adam whose step is rectified by what is known of the variance of its root.

    The first steps are those of momentum alone; the options are those of Adam. Source: Liu and
    others (2020), "On the variance of the adaptive learning rate and beyond". Raises ValueError for
    options out of their range.

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.RAdam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.8000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_sizes(lr, eps=eps)
        check_betas(betas)
        check_sizes(lr, weight_decay=weight_decay)
        options = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "decoupled_weight_decay": decoupled_weight_decay,
            "differentiable": differentiable,
        }
        super().__init__(params, options)

    def begin(self, x: Any, group: dict[str, Any]) -> dict[str, Any]:
        """Return the means before the first step."""
        return {"exp_avg": np.zeros_like(x), "exp_avg_sq": np.zeros_like(x)}

    def change(self, x: Any, g: Any, group: dict[str, Any], **held: Any) -> None:
        """Change the numbers of one parameter."""
        beta1, beta2 = group["betas"]
        step, mean, squares = float(held["step"]), held["exp_avg"], held["exp_avg_sq"]
        mixed(mean, g, 1 - beta1)
        mixed_squares(squares, g, beta2)
        move = mean / np.array(1 - beta1**step, x.dtype)
        move *= as_array(number(group["lr"]), x.dtype)
        bias = 1 - beta2**step
        most = 2 / (1 - beta2) - 1
        length = most - 2 * step * beta2**step / bias
        if length > LONG_ENOUGH:
            root = np.sqrt(squares)
            root += as_array(group["eps"], root.dtype)
            move *= np.array(math.sqrt(bias), x.dtype) / root
            up, down = (length - 4) * (length - 2) * most, (most - 4) * (most - 2) * length
            move *= np.array(math.sqrt(up / down), x.dtype)
        x -= move
