"""The mean, or the largest number, of each window that is moved along a signal."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules.indexing import gathered
from chainrule._rules.pooling import window_sums

from .._tape.recording import operation
from .._tensor import Tensor, made
from ._pad_functions import windows

__all__ = ["avg_pool1d", "max_pool1d"]

MEANS = operation("AvgPool2D", window_sums, inputs="self")
LARGEST = operation("MaxPool2DWithIndices", gathered, saves="self", inputs="self")


def one(v: Any) -> int:
    return int(v[0]) if isinstance(v, (tuple, list)) else int(v)


def check_padding(padding: int, size: int, dilation: int = 1) -> None:
    if padding > ((size - 1) * dilation + 1) // 2:
        raise RuntimeError(
            "pad should be at most half of effective kernel size, but got "
            f"pad={padding}, kernel_size={size} and dilation={dilation}"
        )


def avg_pool1d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Return the means of windows of `kernel_size` numbers along the last of 2 or 3 dimensions.

    They begin `stride` apart, by default as far as they are long; `padding` zeros on each side
    count unless `count_include_pad` is False. With `ceil_mode` a last window may hang over.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.avg_pool1d(torch.tensor([[1.0, 3.0, 5.0, 7.0]]), 2)
    tensor([[2., 6.]])
    """
    x: Any = input
    if x.dim() not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {x.dim()}-dimensional tensor for argument #1 "
            "'self' (while checking arguments for avg_pool1d)"
        )
    size, pad = one(kernel_size), one(padding)
    step = size if stride is None or stride == () else one(stride)
    if step == 0:
        raise RuntimeError("stride should not be zero")
    check_padding(pad, size)
    n = x._array.shape[-1]
    at, inside = windows(n, size, step, pad, 1, ceil_mode)
    if len(at) < 1:
        rows = x._array.shape[-2]
        raise RuntimeError(
            f"Given input size: ({rows}x1x{n}). Calculated output size: ({rows}x1x0). Output size "
            "is too small"
        )
    counted = at < n + pad if count_include_pad else inside
    weights = (inside / counted.sum(-1, keepdims=True)).astype(x._array.dtype)
    y = MEANS(x.unsqueeze(-2), np.where(inside, at, 0), weights)
    return y.squeeze(-2)  # type: ignore[no-any-return]


def max_pool1d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Return the largest of windows of `kernel_size` numbers along the last of 2 or 3 dimensions.

    They begin `stride` apart, by default as far as they are long, and their numbers are `dilation`
    apart. With `return_indices` also the places of the largest, the first of equal ones, to which
    alone a gradient goes.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.max_pool1d(torch.tensor([[1.0, 3.0, 7.0, 5.0]]), 2)
    tensor([[3., 7.]])
    """
    x: Any = input
    if x.dim() not in (2, 3):
        raise RuntimeError(
            "max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for "
            f"input, but got:{list(x.size())}"
        )
    size, pad, apart = one(kernel_size), one(padding), one(dilation)
    step = size if stride is None or stride == () else one(stride)
    check_padding(pad, size, apart)
    at, inside = windows(x._array.shape[-1], size, step, pad, apart, ceil_mode)
    if len(at) < 1:
        raise RuntimeError("max_pool1d() Invalid computed output size: 0")
    wide = x.unsqueeze(-2)
    seen = wide._array[..., np.where(inside, at, 0)]
    least = -np.inf if seen.dtype.kind == "f" else np.iinfo(seen.dtype).min
    largest = np.argmax(np.where(inside, seen, least), -1)
    index = np.take_along_axis(np.broadcast_to(at, seen.shape), largest[..., None], -1)[..., 0]
    y = LARGEST(wide, index, axis=wide._array.ndim - 1).squeeze(-2)
    return (y, made(np.squeeze(index, -2))) if return_indices else y
