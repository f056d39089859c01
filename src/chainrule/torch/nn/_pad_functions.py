"""Margins: of a value, or of the tensor's own numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.values import take
from chainrule._rules.pooling import padded

from .._checks import argument_error
from .._tape.plans import Op
from .._tape.recording import operation, recorded
from .._tensor import Tensor

__all__ = ["pad"]

CONSTANT = operation("ConstantPadNd", padded, inputs="self")
COPIES = {
    "reflect": [f"ReflectionPad{k}DBackward0" for k in (1, 2, 3)],
    "replicate": [f"ReplicationPad{k}DBackward0" for k in (1, 2, 3)],
    "circular": ["CopySlices"] * 3,
}
OPS = {name: Op(name, take, ("",), "self") for names in COPIES.values() for name in names}
UNFIT = """\
Padding size {} is not supported for {}D input tensor.
Supported combinations for non-constant padding:
  - 2D or 3D input: padding size = 2 (pads last dimension)
  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)
  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"""
TAKE = OPS["CopySlices"].stated().call


def pad(input: Tensor, pad: Any, mode: str = "constant", value: float | None = None) -> Tensor:
    """Return `input` with margins: `pad` has the widths before and after, last dimension first.

    `mode` is "constant" for margins of `value` (0), "reflect" for a mirror image without the edge,
    "replicate" for the edge itself, "circular" for the other end. A negative width cuts off; only
    "constant" takes any number of dimensions. Raises RuntimeError for widths that do not fit.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.pad(torch.tensor([1.0, 2.0]), (1, 2))
    tensor([0., 1., 2., 0., 0.])
    """
    if not isinstance(input, Tensor):
        raise argument_error("pad", "input", 1, input)
    if not isinstance(pad, (tuple, list)):
        raise argument_error("pad", "pad", 2, pad, "tuple of ints")
    x = input._array
    if len(pad) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(pad) > 2 * x.ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got "
            f"padding length {len(pad)} and input of dimension {x.ndim}"
        )
    ends = [(int(pad[k]), int(pad[k + 1])) for k in range(0, len(pad), 2)][::-1]
    widths = (*((0, 0),) * (x.ndim - len(ends)), *ends)
    if mode == "constant":
        if any(n + before + after < 0 for n, (before, after) in zip(x.shape, widths, strict=True)):
            raise RuntimeError("narrow(): length must be non-negative.")
        return CONSTANT(input, widths=widths, value=0 if value is None else value)  # type: ignore[no-any-return]
    if value is not None:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    if mode not in COPIES:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    k = len(ends)
    if not (1 <= k <= 3 and x.ndim in (k + 1, k + 2)):
        raise NotImplementedError(UNFIT.format(2 * k, x.ndim))
    at = tuple(
        places(x, axis, width, mode) for axis, width in enumerate(widths) if axis >= x.ndim - k
    )
    index = (Ellipsis, *np.ix_(*at))
    return recorded(OPS[COPIES[mode][k - 1]], (input,), {"at": index}, TAKE, None)  # type: ignore[no-any-return]


def places(x: Any, axis: int, width: tuple[int, int], mode: str) -> Any:
    """Return the places along an axis from which the numbers of the result come."""
    n, (before, after) = x.shape[axis], width
    if mode == "reflect" and max(width) >= n:
        k = x.ndim - axis
        raise RuntimeError(
            f"Argument #{2 + 2 * k}: Padding size should be less than the corresponding input "
            f"dimension, but got: padding ({before}, {after}) at dimension {axis} of input "
            f"{list(x.shape)}"
        )
    if mode == "circular" and max(width) > n:
        raise RuntimeError("Padding value causes wrapping around more than once.")
    wanted = np.arange(-before, n + after)
    if mode == "replicate":
        return np.clip(wanted, 0, n - 1)
    if mode == "circular":
        return wanted % n
    return n - 1 - np.abs(n - 1 - np.abs(wanted))


def windows(
    length: int, size: int, stride: int, padding: int, dilation: int, ceil: bool
) -> tuple[Any, Any]:
    """Return the places that each window covers, and which of them are of the signal itself."""
    reach = dilation * (size - 1) + 1
    room = length + 2 * padding - reach
    count = (math.ceil if ceil else math.floor)(room / stride) + 1
    if ceil and (count - 1) * stride >= length + padding:
        count -= 1  # a window that begins in the margin behind
    starts = np.arange(max(count, 0)) * stride - padding
    at = starts[:, None] + np.arange(size) * dilation
    return at, (at >= 0) & (at < length)
