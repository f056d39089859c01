"""Losses that are minus the logarithm of a likelihood, or compare two distributions."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from .._checks import argument_error, check_tensors
from .._functions.mixing import xlogy
from .._functions.operations import log
from .._tensor import Tensor, made
from ._reduction import checked, finished, reduction_of
from ._scalars import plus

__all__ = ["gaussian_nll_loss", "kl_div", "poisson_nll_loss"]


def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """Return the divergence of `input`, log-probabilities, from `target`: target * log(target / p).

    `target` are probabilities, or with `log_target` their logarithms. `reduction` may also be
    "batchmean", the sum divided by the number of rows: the divergence of the distributions, where
    "mean" divides by all elements. Kullback and Leibler (1951).

    >>> import chainrule.torch as torch
    >>> p = torch.tensor([[0.5, 0.5]])
    >>> torch.nn.functional.kl_div(p.log(), p, reduction="batchmean")
    tensor(0.)
    """
    if size_average is not None or reduce is not None:
        reduction = reduction_of(reduction, size_average, reduce)
    elif reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math "
            "definition.'mean' will be changed to behave the same as 'batchmean' in the next major "
            "release.",
            UserWarning,
            stacklevel=2,
        )
    per_row = reduction == "batchmean"
    reduction = "sum" if per_row else checked(reduction, None, None)
    for position, (name, v) in enumerate((("input", input), ("target", target)), 1):
        if not isinstance(v, Tensor):
            raise argument_error("kl_div", name, position, v)
    x: Any = input
    t: Any = target
    if x._array.dtype.kind not in "fc" or t._array.dtype.kind not in "fc":
        raise RuntimeError("kl_div: Integral inputs not supported.")
    each = t.exp() * (t - x) if log_target else xlogy(t, t) - t * x
    loss = finished(each, reduction)
    return loss / x.size(0) if per_row and x.dim() else loss  # type: ignore[no-any-return]


def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Return minus the log-likelihood of counts `target`, whose expectation is exp(input).

    Without `log_input` it is `input`. What does not depend on `input` is left out; with `full`
    Stirling's approximation of log(target!) is added, where the target is above 1.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.poisson_nll_loss(torch.tensor([0.0]), torch.tensor([2.0]))
    tensor(1.)
    """
    if size_average is not None or reduce is not None:
        reduction = reduction_of(reduction, size_average, reduce)
    checked(reduction, None, None)
    check_tensors("poisson_nll_loss", input=input, target=target)
    x: Any = input
    t: Any = target
    each = x.exp() - t * x if log_input else x - t * log(plus(x, eps))
    if full:
        stirling = t * t.log() - t + 0.5 * (2 * math.pi * t).log()
        each = each + stirling.masked_fill(t <= 1, 0)
    return finished(each, reduction)  # type: ignore[no-any-return]


def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | float,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Tensor:
    """Return minus the log-likelihood of `target`, of mean `input` and variance `var`.

    `var` is a number, or a tensor of the shape of `input`, or with one number for each row; it
    counts as `eps` at least, which its gradient does not see. The constant log(2 pi) / 2 is left
    out unless `full`. Raises ValueError for other shapes and for negative variances. Nix and
    Weigend (1994).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.gaussian_nll_loss(torch.zeros(2), torch.ones(2), torch.ones(2))
    tensor(0.5000)
    """
    x: Any = input
    if not isinstance(var, Tensor):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = made(np.full(x._array.shape, var, x._array.dtype))
    spread: Any = var
    if spread.size() != x.size():
        rows = tuple(x.size())[:-1]
        if tuple(spread.size()) == rows:
            spread = spread.unsqueeze(-1)
        elif tuple(spread.size()) != (*rows, 1):
            raise ValueError("var is of incorrect size")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not valid")
    if (spread._array < 0).any():
        raise ValueError("var has negative entry/entries")
    spread = spread.clone()
    np.maximum(spread._array, eps, out=spread._array)
    each = 0.5 * (spread.log() + (x - target) ** 2 / spread)
    if full:
        each = each + 0.5 * math.log(2 * math.pi)
    return finished(each, reduction)  # type: ignore[no-any-return]
