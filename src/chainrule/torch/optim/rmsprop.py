"""RMSprop: steps divided by the root of a mean of squared gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from .optimizer import as_array, number
from .stepping import Stepping, check_sizes, mixed, mixed_squares

__all__ = ["RMSprop"]


class RMSprop(Stepping):
    """Steps by the gradient over the root of a decaying mean of its squares.

    `alpha` is the part of the mean that is kept; `centered` takes the square of the mean gradient
    off it; `momentum` adds the steps up. `weight_decay` adds that part of a parameter to its
    gradient, `maximize` climbs. Source: Tieleman and Hinton (2012), lecture 6.5 of "Neural networks
    for machine learning"; centred as in Graves (2013), arXiv:1308.0850. Raises ValueError for
    options below 0.

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.RMSprop([w], lr=0.01)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_sizes(lr, eps=eps, momentum=momentum, weight_decay=weight_decay, alpha=alpha)
        options = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "capturable": capturable,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, options)

    def begin(self, x: Any, group: dict[str, Any]) -> dict[str, Any]:
        """Return the means before the first step."""
        names = ["square_avg"]
        names += ["momentum_buffer"] * (group["momentum"] > 0) + ["grad_avg"] * group["centered"]
        return {name: np.zeros_like(x) for name in names}

    def change(self, x: Any, g: Any, group: dict[str, Any], **held: Any) -> None:
        """Change the numbers of one parameter."""
        alpha, momentum = group["alpha"], group["momentum"]
        squares = held["square_avg"]
        mixed_squares(squares, g, alpha)
        if group["centered"]:
            mean = held["grad_avg"]
            mixed(mean, g, 1 - alpha)
            squares = squares - mean * mean
        root = np.sqrt(squares)
        root += as_array(group["eps"], root.dtype)
        minus = as_array(-number(group["lr"]), x.dtype)
        if momentum > 0:
            moved = held["momentum_buffer"]
            moved *= as_array(momentum, moved.dtype)
            moved += g / root
            x += moved * minus
        else:
            x += g * minus / root
