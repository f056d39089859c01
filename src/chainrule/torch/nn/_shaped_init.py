"""Filling matrices with a structure, and with normal numbers cut off at two ends."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from .._tensor import Tensor, made
from ..autograd._modes import no_grad

__all__ = ["dirac_", "eye_", "orthogonal_", "sparse_", "trunc_normal_"]

ENOUGH = 0.3  # with less of the normal distribution between the ends, even draws are cheaper


def written(tensor: Any, array: Any) -> Any:
    """Write an array over `tensor` without recording; return the tensor."""
    with no_grad():
        return tensor.copy_(made(array))


def eye_(tensor: Tensor) -> Tensor:
    """Fill a matrix with the identity."""
    if tensor.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    return written(tensor, np.eye(*tensor._array.shape))  # type: ignore[no-any-return]


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Fill the weight of a convolution so that it passes on as many channels as it can.

    `tensor` has shape (out, in, …) with one to three further dimensions; the channels of each of
    the `groups` are passed on alike.
    """
    if tensor.ndim not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    shape = tensor._array.shape
    if shape[0] % groups:
        raise ValueError("dim 0 must be divisible by groups")
    array, rows = np.zeros(shape), shape[0] // groups
    middle = tuple(n // 2 for n in shape[2:])
    for group in range(groups):
        for k in range(min(rows, shape[1])):
            array[(group * rows + k, k, *middle)] = 1
    return written(tensor, array)  # type: ignore[no-any-return]


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Any = None) -> Tensor:
    """Fill `tensor`, seen as a matrix of shape (first dimension, all others), orthogonally.

    Its rows, or its columns where these are fewer, are orthonormal, times `gain`. Source: Saxe,
    McClelland and Ganguli (2013), "Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks". Raises ValueError for fewer than two dimensions.

    >>> import chainrule.torch as torch
    >>> w = torch.nn.init.orthogonal_(torch.empty(2, 3))
    >>> torch.allclose(w @ w.T, torch.eye(2), atol=1e-6)
    True
    """
    if tensor.ndim < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    array = tensor._array
    if array.size == 0:
        return tensor
    flat: Any = made(np.empty((len(array), array.size // len(array)), array.dtype))
    numbers = flat.normal_(0, 1, generator=generator)._array
    wide = numbers.shape[0] < numbers.shape[1]
    q, r = np.linalg.qr(numbers.T if wide else numbers)
    q = q * np.sign(np.diagonal(r))  # so that each matrix is equally likely
    return written(tensor, ((q.T if wide else q) * gain).reshape(array.shape))  # type: ignore[no-any-return]


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Any = None) -> Tensor:
    """Fill a matrix normally, but for the part `sparsity` of each column, which is 0.

    Source: Martens (2010), "Deep learning via Hessian-free optimization".
    """
    from .._creation.sampling import randperm

    if tensor.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = tensor._array.shape
    with no_grad():
        tensor.normal_(0, std, generator=generator)  # type: ignore[attr-defined]
        for column in range(columns):
            gone = randperm(rows)._array[: math.ceil(sparsity * rows)]
            tensor._array[gone, column] = 0
    return tensor


# ---------------------------------------------------------------- normal between two ends


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Any = None,
) -> Tensor:
    """Fill `tensor` with normally distributed numbers of [a, b], by rejection.

    Numbers are drawn for all places again and again, and kept where they are the first to be
    accepted: normal ones that lie between the ends, or, if few would, even ones, by their density
    relative to the highest there.

    >>> import chainrule.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.init.trunc_normal_(torch.empty(3))
    tensor([ 1.5410, -0.2934, -1.3986])
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
            "The distribution of values may be incorrect.",
            UserWarning,
            stacklevel=2,
        )
    if tensor._array.size == 0:
        return tensor
    below, above = ((1 + math.erf((end - mean) / std / math.sqrt(2))) / 2 for end in (a, b))
    new: Any = made(np.empty(tensor._array.shape, tensor._array.dtype))
    other: Any = made(np.empty_like(new._array))
    found, waiting = new._array.copy(), np.ones(new._array.shape, bool)
    highest = ((min(max(mean, a), b) - mean) / std) ** 2
    while waiting.any():
        if above - below > ENOUGH:
            drawn = new.normal_(mean, std, generator=generator)._array
            good = (drawn >= a) & (drawn <= b)
        else:
            drawn = new.uniform_(a, b, generator=generator)._array
            height = np.exp((highest - ((drawn - mean) / std) ** 2) / 2)
            good = other.uniform_(0, 1, generator=generator)._array <= height
        found[good & waiting] = drawn[good & waiting]
        waiting &= ~good
    return written(tensor, found)  # type: ignore[no-any-return]
