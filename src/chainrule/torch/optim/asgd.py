"""ASGD: gradient descent, and the mean of the places it was at."""

from __future__ import annotations

from typing import Any

import numpy as np

from .optimizer import number
from .stepping import Stepping, check_sizes, scalar_type

__all__ = ["ASGD"]


class ASGD(Stepping):
    """Gradient descent with a falling rate; its state "ax" holds the mean of the parameters.

    The rate of step t is lr / (1 + lambd * lr * t) ** alpha, the parameters shrink by lambd times
    it; the mean begins after `t0` steps. Source: Polyak and Juditsky (1992), "Acceleration of
    stochastic approximation by averaging". Raises ValueError for a rate or decay below 0.

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.ASGD([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.8000], requires_grad=True)
    """

    WRITES = 2
    BEYOND_STATE = "params, mus, etas, and state_steps"

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        check_sizes(lr, weight_decay=weight_decay)
        options = {
            "lr": lr,
            "lambd": lambd,
            "alpha": alpha,
            "t0": t0,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, options)

    def begin(self, x: Any, group: dict[str, Any]) -> dict[str, Any]:
        """Return the rate, the weight of a place in the mean, and the mean."""
        kind = scalar_type()
        eta = np.array(number(group["lr"]), kind)
        return {"eta": eta, "mu": np.ones((), kind), "ax": np.zeros_like(x)}

    def change(self, x: Any, g: Any, group: dict[str, Any], **held: Any) -> None:
        """Change the numbers of one parameter."""
        lr, lambd, step = number(group["lr"]), group["lambd"], float(held["step"])
        eta, mu, mean = held["eta"], held["mu"], held["ax"]
        x *= np.array(1 - lambd * eta.item(), x.dtype)
        x += g * np.array(-eta.item(), x.dtype)
        if mu.item() == 1:
            np.copyto(mean, x)
        else:
            mean += (x - mean) * np.array(mu.item(), x.dtype)
        kind = scalar_type()  # also where a loaded state holds them in the parameter's type
        eta[...] = kind(lr / (1 + lambd * lr * step) ** group["alpha"])
        mu[...] = kind(1 / max(1, step - group["t0"]))
