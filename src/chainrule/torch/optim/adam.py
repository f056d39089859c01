"""Adam, and AdamW: steps of about one size in every parameter."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._tape.quiet import QUIET, hush, unhush
from .._tensor import Tensor, made
from .optimizer import Optimizer, as_array, check_rate, check_ways, number
from .stepping import ALL_DEVICES, FEWER_DEVICES, as_reals, no_capture, scalar_type

__all__ = ["Adam", "AdamW"]

NO_TENSOR = "{} as a Tensor is not supported for capturable=False and foreach=True"


class Adam(Optimizer):
    """Steps by a mean of gradients over the root of a mean of their squares, both decaying.

    `betas` say how slowly the means forget, `eps` is added to the root; `weight_decay` adds that
    part of a parameter to its gradient or, with `decoupled_weight_decay`, shrinks the parameter
    itself; `amsgrad` divides by the largest mean of squares so far; `maximize` climbs. Source:
    Kingma and Ba (2015), "Adam: a method for stochastic optimization". The order of operations is
    PyTorch's. Raises ValueError for options out of their range.

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Adam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        betas: tuple[Any, Any] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        refuse_tensors = foreach and not capturable
        if refuse_tensors and isinstance(lr, Tensor):
            raise ValueError(NO_TENSOR.format("lr"))
        check_rate(lr)
        if not 0.0 <= lr <= math.inf:
            raise ValueError(f"Invalid learning rate: {lr}")
        if not 0.0 <= eps <= math.inf:
            raise ValueError(f"Invalid epsilon value: {eps}")
        for k in range(2):
            if not 0.0 <= betas[k] < 1.0:
                raise ValueError(f"Invalid beta parameter at index {k}: {betas[k]}")
        if not 0.0 <= weight_decay <= math.inf:
            raise ValueError(f"Invalid weight_decay value: {weight_decay}")
        if not any(all(isinstance(beta, kind) for beta in betas[:2]) for kind in (float, Tensor)):
            raise ValueError("betas must be either both floats or both Tensors")
        if refuse_tensors and isinstance(betas[0], Tensor):
            raise ValueError(NO_TENSOR.format("betas[0]"))
        options = {
            "lr": lr,
            "betas": tuple(
                made(b._array.reshape(())) if isinstance(b, Tensor) else b for b in betas
            ),
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, options)
        check_ways(foreach, fused, differentiable)

    def update(self, group: dict[str, Any]) -> None:
        """Change the parameters of one group."""
        token = hush(QUIET)
        try:
            for p in group["params"]:
                gradient = p.grad
                if gradient is not None:
                    self._change(p, gradient._array, group)
        finally:
            unhush(token)

    def _change(self, p: Any, g: Any, group: dict[str, Any]) -> None:
        lr, decay = number(group["lr"]), number(group["weight_decay"])
        beta1, beta2 = (number(beta) for beta in group["betas"])
        held = self.state[p]
        if not held:
            held["step"] = made(np.zeros((), scalar_type()))
            held["exp_avg"] = made(np.zeros_like(p._array))
            held["exp_avg_sq"] = made(np.zeros_like(p._array))
            if group["amsgrad"]:
                held["max_exp_avg_sq"] = made(np.zeros_like(p._array))
        if group["capturable"] and not group["fused"]:
            raise no_capture(FEWER_DEVICES if group["foreach"] else ALL_DEVICES)
        x, mean, squares = p._array, held["exp_avg"]._array, held["exp_avg_sq"]._array
        held["step"]._array += 1
        step = int(held["step"]._array)
        if group["maximize"]:
            g = -g
        if decay and group["decoupled_weight_decay"]:
            x *= 1 - lr * decay
            p._writes[0] += 1
        elif decay:
            g = g + x * as_array(decay, x.dtype)
        if x.dtype.kind == "c":  # a complex number is two real ones
            x, mean, squares, g = map(as_reals, (x, mean, squares, g))
        work = np.empty_like(x)  # for all that comes between: large parameters cost by their passes
        towards(mean, g, 1 - beta1, work)
        squares *= as_array(beta2, squares.dtype)
        np.multiply(g, as_array(1 - beta2, g.dtype), work)
        work *= g
        squares += work
        if group["amsgrad"]:
            largest = as_reals(held["max_exp_avg_sq"]._array)
            np.maximum(largest, squares, out=largest)
            squares = largest
        root = np.sqrt(squares, work)
        root /= np.array(math.sqrt(1 - beta2**step), root.dtype)
        root += as_array(group["eps"], root.dtype)
        size = lr / (1 - beta1**step)
        change = np.multiply(mean, np.array(-size, x.dtype), np.empty_like(x))
        change /= root
        x += change
        for name in ("step", "exp_avg", "exp_avg_sq"):
            held[name]._writes[0] += 1
        p._writes[0] += 1


def towards(mean: Any, g: Any, part: float, work: Any) -> None:
    """Move a mean a part of the way to `g`, from the nearer end, as PyTorch's lerp does."""
    np.subtract(g, mean, work)
    if part < 0.5:
        work *= as_array(part, mean.dtype)
        mean += work
    else:
        work *= as_array(1 - part, mean.dtype)
        np.subtract(g, work, mean)


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameters themselves, by lr * weight_decay a step.

    Source: Loshchilov and Hutter (2019), "Decoupled weight decay regularization".
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        betas: tuple[Any, Any] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )
