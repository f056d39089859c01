"""NAdam: Adam that looks one step ahead, as Nesterov's momentum does."""

from __future__ import annotations

from typing import Any

import numpy as np

from .optimizer import as_array, number
from .stepping import Stepping, check_betas, check_sizes, mixed, mixed_squares, scalar_type

__all__ = ["NAdam"]

WARM = 0.96  # of Dozat's schedule of the momentum


class NAdam(Stepping):
    """Adam with Nesterov's momentum, which grows from half of `betas[0]` to the whole.

    `momentum_decay` says how fast it grows; the other options are those of Adam. Source: Dozat
    (2016), "Incorporating Nesterov momentum into Adam". Raises ValueError for options out of their
    range.

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.NAdam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.8944], requires_grad=True)
    """

    WRITES = 2
    BEYOND_STATE = "params, mu_products and state_steps"

    def __init__(
        self,
        params: Any,
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_sizes(lr, eps=eps)
        check_betas(betas)
        check_sizes(lr, weight_decay=weight_decay, momentum_decay=momentum_decay)
        options = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
        }
        super().__init__(params, options)

    def begin(self, x: Any, group: dict[str, Any]) -> dict[str, Any]:
        """Return the means, and the product of all momenta, before the first step."""
        product = np.ones((), scalar_type())
        return {"mu_product": product, "exp_avg": np.zeros_like(x), "exp_avg_sq": np.zeros_like(x)}

    def change(self, x: Any, g: Any, group: dict[str, Any], **held: Any) -> None:
        """Change the numbers of one parameter."""
        beta1, beta2 = group["betas"]
        lr, step, slow = number(group["lr"]), float(held["step"]), group["momentum_decay"]
        mean, squares, product = held["exp_avg"], held["exp_avg_sq"], held["mu_product"]
        now = beta1 * (1.0 - 0.5 * WARM ** (step * slow))
        then = beta1 * (1.0 - 0.5 * WARM ** ((step + 1) * slow))
        product *= product.dtype.type(now)
        so_far = float(product)
        mixed(mean, g, 1 - beta1)
        mixed_squares(squares, g, beta2)
        root = np.sqrt(squares / np.array(1 - beta2**step, squares.dtype))
        root += as_array(group["eps"], root.dtype)
        x += g * np.array(-lr * (1.0 - now) / (1.0 - so_far), x.dtype) / root
        x += mean * np.array(-lr * then / (1.0 - so_far * then), x.dtype) / root
