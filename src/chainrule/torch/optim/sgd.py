"""Stochastic gradient descent, with momentum."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._tape.nodes import EXTRA
from .._tape.quiet import QUIET, hush, unhush
from .._tensor import made
from .optimizer import Optimizer, as_array, check_rate, check_ways, number

__all__ = ["SGD"]

add, multiply = np.add, np.multiply


class SGD(Optimizer):
    """Gradient descent: p - lr * g, where g is the gradient or a momentum of gradients.

    With `momentum` the step follows b = momentum * b + (1 - dampening) * g, which begins as the
    first gradient; `nesterov` follows g + momentum * b. `weight_decay` adds that part of p to g,
    `maximize` climbs. The order of operations is PyTorch's, in the parameters' number type.
    Raises ValueError for options below 0 and for `nesterov` without momentum.

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.SGD([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.8000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: Any = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_rate(lr)
        for name, v in (("learning rate", lr), ("momentum value", momentum)):
            if v < 0.0:
                raise ValueError(f"Invalid {name}: {v}")
        if weight_decay < 0.0:
            raise ValueError(f"Invalid weight_decay value: {weight_decay}")
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        options = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, options)
        check_ways(foreach, fused, differentiable)

    def update(self, group: dict[str, Any]) -> None:
        """Change the parameters of one group."""
        lr, momentum = group["lr"], group["momentum"]
        decay, maximize, nesterov = group["weight_decay"], group["maximize"], group["nesterov"]
        kept_part = 1 - group["dampening"]
        if type(lr) is not float:
            lr = number(lr)
        state = self.state
        token = hush(QUIET)
        try:
            for p in group["params"]:
                node = p._node
                gradient = p.grad if node is None or node[1] is not None else node[EXTRA].grad
                if gradient is None:
                    continue
                x, g = p._array, gradient._array
                if maximize:
                    g = -g
                if decay:
                    g = g + x * as_array(number(decay), x.dtype)
                if momentum:
                    held = state[p]
                    b = held.get("momentum_buffer")
                    if b is None:
                        b = held["momentum_buffer"] = made(np.array(g))
                    else:
                        array = b._array
                        multiply(array, as_array(momentum, array.dtype), array)
                        part = g if kept_part == 1 else g * as_array(kept_part, array.dtype)
                        add(array, part, array)
                        b._writes[0] += 1
                    g = g + b._array * as_array(momentum, x.dtype) if nesterov else b._array
                add(x, g * as_array(-lr, x.dtype), x)
                p._writes[0] += 1
        finally:
            unhush(token)
