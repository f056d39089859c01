"""Dropout: numbers, or whole channels, left out by chance while a network is trained."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from .._checks import argument_error, not_implemented
from .._creation.draws import drawn_into
from .._functions.arithmetic import mul
from .._kinds.dtypes import scalar_name
from .._tensor import Tensor, made
from ..random import default_generator
from ._applied import over

__all__ = [
    "alpha_dropout",
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "feature_alpha_dropout",
]

# The limit of SELU far below 0, with which `alpha_dropout` replaces what it leaves out: scale *
# alpha of Klambauer and others, Self-Normalizing Neural Networks (2017).
ALPHA = 1.7580993408473766


def check_probability(p: float) -> None:
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def kept(name: str, input: Any, p: float, shape: tuple[int, ...] | None) -> Any:
    """Draw which numbers are kept: ones and zeros like `input`, or of `shape`."""
    x = input._array
    if x.dtype.kind == "c":
        not_implemented("bernoulli_scalar_cpu_", x.dtype)
    mask = np.empty_like(x) if shape is None else np.empty(shape, x.dtype)
    mask = drawn_into(mask, lambda lengths, _: default_generator.bernoulli(1 - p, lengths))
    if x.dtype.kind != "f":
        raise RuntimeError(
            f"result type Float can't be cast to the desired output type {scalar_name(x.dtype)}"
        )
    return mask


def dropped(
    name: str, input: Any, p: float, training: bool, inplace: bool, by_channel: bool = False
) -> Any:
    """Multiply by noise: 0 with probability p, else 1 / (1 - p)."""
    check_probability(p)
    if not isinstance(input, Tensor):
        raise argument_error(name, "input", 1, input)
    if not training or p == 0 or input._array.size == 0:
        return input
    x = input._array
    if p == 1:
        return times(input, np.zeros((), x.dtype), inplace)
    noise = kept(name, input, p, (*x.shape[:2], *(1,) * (x.ndim - 2)) if by_channel else None)
    noise /= x.dtype.type(1 - p)
    return times(input, noise, inplace)


def times(input: Any, noise: Any, inplace: bool) -> Any:
    if inplace:
        return over(input, lambda before: mul(before, made(noise)))
    return mul(input, made(noise))


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Return `input`, of which each number is 0 with probability `p`, and divided by 1 - p else.

    So the mean stays what it is. Without `training` it is `input` itself. Raises ValueError for a
    `p` beyond 0 and 1. Hinton and others, Improving neural networks by preventing co-adaptation of
    feature detectors (2012).

    >>> import chainrule.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.functional.dropout(torch.ones(8))
    tensor([0., 0., 2., 0., 0., 0., 2., 2.])
    """
    return dropped("dropout", input, p, training, inplace)  # type: ignore[no-any-return]


# ---------------------------------------------------------------- whole channels


def by_channels(name: str, input: Any, p: float, training: bool, inplace: bool) -> Any:
    if p < 0.0 or p > 1.0 or not training or input._array.size == 0:
        return dropped(name, input, p, training, inplace)
    if input.dim() < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    return dropped(name, input, p, training, inplace, by_channel=True)


def of_one(name: str, input: Any, p: float, training: bool, inplace: bool) -> Any:
    """Treat an example without a batch: as a batch of one."""
    batch = input.unsqueeze_(0) if inplace else input.unsqueeze(0)
    y = by_channels(name, batch, p, training, inplace)
    return y.squeeze_(0) if inplace else y.squeeze(0)


def dropout1d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """Return `input`, of shape (C, L) or (N, C, L), with whole channels left out by chance."""
    check_probability(p)
    n = input.dim()  # type: ignore[attr-defined]
    if n not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {n}D input. Note that dropout1d "
            "exists to provide channel-wise dropout on inputs with 1 spatial dimension, a channel "
            "dimension, and an optional batch dimension (i.e. 2D or 3D inputs)."
        )
    call = of_one if n == 2 else by_channels
    return call("feature_dropout", input, p, training, inplace)  # type: ignore[no-any-return]


def warn_of_rank(name: str, n: int, spatial: int) -> None:
    warnings.warn(
        f"{name}: Received a {n}-D input to {name}, which is deprecated and will result in an "
        "error in a future release. To retain the behavior and silence this warning, please use "
        f"dropout instead. Note that {name} exists to provide channel-wise dropout on inputs with "
        f"{spatial} spatial dimensions, a channel dimension, and an optional batch dimension (i.e. "
        f"{spatial + 1}D or {spatial + 2}D inputs).",
        UserWarning,
        stacklevel=3,
    )


def dropout2d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """Return `input`, of shape (N, C, H, W), with whole channels left out by chance.

    Tompson and others, Efficient Object Localization Using Convolutional Networks (2015).
    """
    check_probability(p)
    n = input.dim()  # type: ignore[attr-defined]
    if n not in (3, 4):
        warn_of_rank("dropout2d", n, 2)
    if n == 3:
        warnings.warn(
            "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout "
            "behavior is desired - input is interpreted as shape (N, C, L), where C is the channel "
            "dim. This behavior will change in a future release to interpret the input as one "
            "without a batch dimension, i.e. shape (C, H, W). To maintain the 1D channel-wise "
            "dropout behavior, please switch to using dropout1d instead.",
            UserWarning,
            stacklevel=2,
        )
    return by_channels("feature_dropout", input, p, training, inplace)  # type: ignore[no-any-return]


def dropout3d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """Return `input`, of shape (C, D, H, W) or (N, C, D, H, W), with channels left out."""
    check_probability(p)
    n = input.dim()  # type: ignore[attr-defined]
    if n not in (4, 5):
        warn_of_rank("dropout3d", n, 3)
    call = by_channels if n == 5 else of_one
    return call("feature_dropout", input, p, training, inplace)  # type: ignore[no-any-return]


# ---------------------------------------------------------------- beside SELU


def moved(name: str, input: Any, p: float, training: bool, inplace: bool, by_channel: bool) -> Any:
    """Put what is left out at the floor of SELU, and keep the mean 0 and the variance 1."""
    check_probability(p)
    if not isinstance(input, Tensor):
        raise argument_error(name, "input", 1, input)
    if not training or p == 0 or input._array.size == 0:
        return input
    x = input._array
    if by_channel and x.ndim < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    if p == 1:
        return times(input, np.zeros((), x.dtype), inplace)
    mask = kept(name, input, p, (*x.shape[:2], *(1,) * (x.ndim - 2)) if by_channel else None)
    a = 1 / math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p))
    number = x.dtype.type
    floor = (mask - number(1)) * number(ALPHA * a) + number(ALPHA * a * p)
    make: Any = lambda before: mul(before, made(mask * number(a))) + made(floor)
    return over(input, make) if inplace else make(input)


def alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """Return `input` with numbers at SELU's floor by chance, scaled to keep mean and variance.

    Klambauer and others, Self-Normalizing Neural Networks (2017).

    >>> import chainrule.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.functional.alpha_dropout(torch.ones(4), training=True)
    tensor([-0.7792, -0.7792,  1.6656, -0.7792])
    """
    return moved("alpha_dropout", input, p, training, inplace, False)  # type: ignore[no-any-return]


def feature_alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """Return `input` as of `alpha_dropout`, whole channels at a time."""
    return moved("feature_alpha_dropout", input, p, training, inplace, True)  # type: ignore[no-any-return]
