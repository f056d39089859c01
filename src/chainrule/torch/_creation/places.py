"""Indices of triangles, `range`, and tensors whose memory is laid out as one says."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .._arguments import number_type, plain_number, settled, shape_named, title_of, whole
from .._checks import not_implemented
from .._kinds.device import checked_device
from .._kinds.dtypes import get_default_dtype, int64
from .._tensor import Tensor
from .filled import delivered

__all__ = [
    "empty_permuted",
    "empty_strided",
    "range",
    "tril_indices",
    "triu_indices",
]

RANGE = (
    "torch.range is deprecated and will be removed in a future release because its behavior is "
    "inconsistent with Python's range builtin. Instead, use torch.arange, which produces values in "
    "[start, end)."
)
# ---------------------------------------------------------------- triangles


def triangle(name: str, indices: Callable[..., Any], of: str, show: str) -> Callable[..., Tensor]:
    def function(
        row: int,
        col: int,
        offset: int = 0,
        *,
        dtype: Any = None,
        layout: Any = None,
        device: Any = None,
        pin_memory: bool = False,
    ) -> Tensor:
        for position, (argument, v) in enumerate((("row", row), ("col", col)), 1):
            if not whole(v):
                raise TypeError(
                    f"{name}(): argument '{argument}' (position {position}) must be int, not "
                    f"{title_of(v)}"
                )
        for argument, v in (("row", row), ("col", col)):
            if v < 0:
                raise RuntimeError(f"{argument} must be non-negative, got{v}")
        kind = number_type(name, dtype) or int64.numpy
        if kind.kind not in "iu":
            not_implemented(name, kind)
        found = np.array(indices(int(row), int(offset), int(col)), kind)
        return settled(name, found.reshape(2, -1), device, False, pin_memory)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""Return the places on and {of} the diagonal `offset`: rows, and columns.

    The diagonals are counted from the main one, of a matrix of `row` rows and `col` columns.

    >>> import chainrule.torch as torch
    >>> torch.{name}(2, 2).tolist()
    {show}
    """
    return function


tril_indices = triangle("tril_indices", np.tril_indices, "below", "[[0, 1, 1], [0, 0, 1]]")
triu_indices = triangle("triu_indices", np.triu_indices, "above", "[[0, 0, 1], [0, 1, 1]]")

# ---------------------------------------------------------------- ranges


def range(
    start: Any = 0,
    end: Any = None,
    step: Any = 1,
    *,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return the numbers from `start` to `end`, which is one of them, `step` apart.

    PyTorch warns that `arange`, which ends before `end`, has taken its place.
    """
    if end is None:
        raise TypeError('range() missing 1 required positional arguments: "end"')
    warnings.warn(RANGE, UserWarning, stacklevel=2)
    ends = [plain_number("range", v, n, k) for k, (n, v) in enumerate((("start", start), ("end", end), ("step", step)), 1)]  # noqa: E501  # fmt: skip
    first, last, by = ends
    kind = number_type("range", dtype)
    if by == 0:
        raise RuntimeError("step must be nonzero")
    if (by > 0) != (last >= first) and last != first:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    count = math.floor((last - first) / by) + 1
    own = get_default_dtype().numpy if out is None else out._array.dtype
    array = (first + np.arange(count) * by).astype(kind or own)
    return delivered("range", array, kind, out, device, pin_memory, requires_grad)


# ---------------------------------------------------------------- memory


def empty_strided(
    size: Sequence[int],
    stride: Sequence[int],
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Return a tensor of any numbers, which lie in memory at these strides, counted in numbers.

    >>> import chainrule.torch as torch
    >>> torch.empty_strided((2, 3), (1, 2)).stride()
    (1, 2)
    """
    shape = shape_named("empty_strided", size)
    steps = shape_named("empty_strided", stride, " (position 2)")
    if len(shape) != len(steps):
        raise RuntimeError(
            f"dimensionality of sizes ({len(shape)}) must match dimensionality of strides "
            f"({len(steps)})"
        )
    kind = number_type("empty_strided", dtype) or get_default_dtype().numpy
    needed = sum((n - 1) * s for n, s in zip(shape, steps, strict=True)) + 1 if all(shape) else 0
    memory = np.empty(needed, kind)
    strides = [s * kind.itemsize for s in steps]
    array: Any = np.ndarray(shape, kind, memory, 0, strides) if needed else np.empty(shape, kind)
    return settled("empty_strided", array, device, requires_grad, pin_memory)


def empty_permuted(
    size: Sequence[int],
    physical_layout: Sequence[int],
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Return a tensor of any numbers, whose dimensions lie in memory in this order.

    >>> import chainrule.torch as torch
    >>> torch.empty_permuted((2, 3), (1, 0)).stride()
    (1, 2)
    """
    shape = shape_named("empty_permuted", size)
    order = [int(d) for d in physical_layout]
    if len(order) != len(shape):
        raise RuntimeError(
            "Number of dimensions in size does not match the length of the physical_layout; i.e. "
            f"len(size) = {len(shape)} is not equal to len(physical_layout) = {len(order)}"
        )
    kind = number_type("empty_permuted", dtype) or get_default_dtype().numpy
    array = np.empty([shape[d] for d in order], kind).transpose(np.argsort(order))
    return settled("empty_permuted", array, device, requires_grad, pin_memory)


def new_empty_strided(
    self: Tensor,
    size: Sequence[int],
    stride: Sequence[int],
    dtype: Any = None,
    *,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Return a tensor of any numbers, of the type of this one, that lie at these strides."""
    checked_device(device)
    kind = self.dtype if dtype is None else dtype
    return empty_strided(size, stride, dtype=kind, requires_grad=requires_grad)


METHODS: dict[str, Callable[..., Any]] = {"new_empty_strided": new_empty_strided}
