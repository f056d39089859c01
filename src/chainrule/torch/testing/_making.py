"""Tensors of arbitrary numbers, to try things on."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._arguments import settled
from .._creation.refills import fill_uniform
from .._creation.sampling import randint
from .._kinds.device import checked_device
from .._kinds.dtypes import dtype as dtype_type
from .._kinds.limits import finfo, iinfo
from .._tensor import Tensor, made

__all__ = ["make_tensor"]


def make_tensor(
    *shape: Any,
    dtype: dtype_type,
    device: Any,
    low: float | None = None,
    high: float | None = None,
    requires_grad: bool = False,
    noncontiguous: bool = False,
    exclude_zero: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Return a tensor of random numbers of [low, high), drawn from the stream of `manual_seed`.

    Without ends they are of [-9, 9), whole numbers of [-9, 10), and those of uint8 of [0, 10).
    With `exclude_zero`, a zero becomes the smallest positive number; with `noncontiguous` the
    numbers have gaps between them in memory.

    >>> import chainrule.torch as torch
    >>> make_tensor(2, 3, dtype=torch.float32, device="cpu").shape
    torch.Size([2, 3])
    """
    checked_device(device)
    lengths = tuple(shape[0]) if len(shape) == 1 and not isinstance(shape[0], int) else shape
    kind = dtype.numpy
    exact = kind.kind in "biu"
    if requires_grad and exact:
        raise ValueError(
            "`requires_grad=True` is not supported for boolean and integral dtypes, but got "
            f"dtype={dtype}"
        )
    least, greatest = interval(dtype, low, high)
    if exact:
        whole = randint(least, greatest, lengths, dtype=dtype)
        array = whole._array
    else:
        parts = made(
            np.empty((*lengths, 2) if kind.kind == "c" else lengths, dtype.to_real().numpy)
        )
        fill_uniform(parts, least, greatest)
        array = parts._array.view(kind)[..., 0] if kind.kind == "c" else parts._array
    if noncontiguous and array.size > 1 and array.ndim:
        array = np.repeat(array, 2, axis=-1)[..., ::2]
    if exclude_zero:
        array[array == 0] = 1 if exact else finfo(dtype).tiny
    return settled("make_tensor", array, None, requires_grad)


def interval(dtype: dtype_type, low: float | None, high: float | None) -> tuple[Any, Any]:
    kind = dtype.numpy.kind
    if low is not None and high is not None and low >= high:
        raise ValueError(f"`low` must be less than `high`, but got {low} >= {high}")
    if kind == "b":
        ends, limits = (0, 2), (0, 2)
    elif kind in "iu":
        ends = (0, 10) if kind == "u" else (-9, 10)
        limits = (iinfo(dtype).min, iinfo(dtype).max)
    else:
        ends, limits = (-9, 9), (finfo(dtype).min, finfo(dtype).max)  # type: ignore[assignment]
    least = ends[0] if low is None else low
    greatest = ends[1] if high is None else high
    if least >= limits[1] or greatest <= limits[0] or (kind == "b" and greatest > 2):
        raise ValueError(
            f"The value interval specified by `low` and `high` is [{least}, {greatest}), but "
            f"{dtype} only supports [{limits[0]}, {limits[1]})"
        )
    if kind in "biu":
        return int(np.ceil(least)), int(np.ceil(greatest))
    return max(least, limits[0]), min(greatest, limits[1])
