"""Rprop: steps by the signs of gradients, longer while the sign stays."""

from __future__ import annotations

from typing import Any

import numpy as np

from .optimizer import number
from .stepping import Stepping, check_sizes

__all__ = ["Rprop"]


class Rprop(Stepping):
    """Steps of a size of its own for every number, by the sign of its gradient.

    The sizes begin as `lr`; while a sign stays, its size grows by `etas[1]`, when it turns it
    shrinks by `etas[0]` and this step is left out; they stay within `step_sizes`. Source:
    Riedmiller and Braun (1993), "A direct adaptive method for faster backpropagation learning".
    Raises ValueError unless 0 < etas[0] < 1 < etas[1].

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Rprop([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_sizes(lr)
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f"Invalid eta values: {etas[0]}, {etas[1]}")
        options = {
            "lr": lr,
            "etas": etas,
            "step_sizes": step_sizes,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, options)

    def begin(self, x: Any, group: dict[str, Any]) -> dict[str, Any]:
        """Return the gradient and the sizes before the first step."""
        lr = number(group["lr"])
        size = complex(lr, lr) if x.dtype.kind == "c" else lr
        return {"prev": np.zeros_like(x), "step_size": np.full_like(x, size)}

    def change(self, x: Any, g: Any, group: dict[str, Any], **held: Any) -> None:
        """Change the numbers of one parameter."""
        (shorter, longer), (least, most) = group["etas"], group["step_sizes"]
        before, sizes = held["prev"], held["step_size"]
        turned = g * before
        sizes *= np.where(turned > 0, longer, np.where(turned < 0, shorter, 1)).astype(x.dtype)
        np.minimum(np.maximum(sizes, sizes.dtype.type(least)), sizes.dtype.type(most), out=sizes)
        np.copyto(before, g)
        before[turned < 0] = 0
        x -= np.sign(before) * sizes
