"""Normalising the channels of each example by themselves, in groups or one by one."""

from __future__ import annotations

import math
from typing import Any

from chainrule._rules.normalizing import normalized

from .._checks import not_implemented
from .._tape.recording import operation
from .._tensor import Tensor
from ._norm_functions import AFFINE, SAVES, batch_norm, by_moments, check_parameters

__all__ = ["group_norm", "instance_norm"]

GROUP = operation("NativeGroupNorm", normalized, saves=SAVES, inputs=AFFINE)


def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Return `input`, of shape (N, C, …), normalised over groups of channels of each example.

    `weight` and `bias` have a number for each channel. Raises RuntimeError for a number of groups
    that does not divide that of channels. Wu and He, Group Normalization (2018).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.group_norm(torch.tensor([[1.0, 3.0]]), 1)
    tensor([[-1.0000,  1.0000]])
    """
    if input.dim() < 2:  # type: ignore[attr-defined]
        raise RuntimeError(
            f"Expected at least 2 dimensions for input tensor but received {input.dim()}"  # type: ignore[attr-defined]
        )
    x = input._array
    n, channels, *rest = x.shape
    each = channels // num_groups
    if n * each * math.prod(rest) == 1:
        raise ValueError(
            "Expected more than 1 value per channel when training, got input size "
            f"{[n * each, num_groups, *rest]}"
        )
    if channels % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of "
            f"shape {list(x.shape)} and num_groups={num_groups}"
        )
    for name, v in (("weight", weight), ("bias", bias)):
        if v is not None and v._array.shape != (channels,):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, "
                f"but got {name} of shape {list(v._array.shape)} and input of shape {list(x.shape)}"
            )
    check_parameters(x, weight, bias)
    if x.dtype.kind != "f":
        not_implemented("GroupNormKernelImpl", x.dtype)
    parted = (n, num_groups, each, *rest)
    laid = (1, num_groups, each, *(1,) * len(rest))
    axes = tuple(range(2, len(parted)))
    return by_moments(GROUP, input, weight, bias, axes, laid, eps, parted)[0]  # type: ignore[no-any-return]


def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Return `input`, of shape (N, C, …), normalised over each channel of each example.

    With `use_input_stats` by its own moments, by which the running ones are moved on; else by the
    running ones. Ulyanov, Vedaldi and Lempitsky, Instance Normalization (2016).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.instance_norm(torch.tensor([[[1.0, 3.0]]]))
    tensor([[[-1.0000,  1.0000]]])
    """
    x: Any = input
    size = x.size()
    if use_input_stats and math.prod(size[2:]) == 1:
        raise ValueError(
            f"Expected more than 1 spatial element when training, got input size {size}"
        )
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError(
            "Expected running_mean and running_var to be defined when use_input_stats is false"
        )
    n, channels = size[0], size[1]
    given: Any = (running_mean, running_var, weight, bias)
    mean, var, w, b = (None if v is None else v.repeat(n) for v in given)
    flat = x.contiguous().view(1, n * channels, *size[2:])
    y = batch_norm(flat, mean, var, w, b, use_input_stats, momentum, eps)
    if use_input_stats:
        pairs: Any = ((running_mean, mean), (running_var, var))
        for v, all_of_it in pairs:
            if v is not None:
                v._array[...] = all_of_it._array.reshape(n, -1).mean(0)
    return y.view(size)  # type: ignore[attr-defined, no-any-return]
