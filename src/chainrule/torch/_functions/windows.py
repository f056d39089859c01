"""Windows: views of consecutive slices, which may overlap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.rearranging import windows_of

from .._arguments import whole
from .._checks import argument_error
from .._tape.plans import Op
from .._tensor import Tensor
from .._writing.views import maker_of, plan_of
from .shape_arguments import dim_named

__all__ = ["unfold"]

UNFOLD = Op("UnfoldBackward0", windows_of, ("",), "self")
window_view = maker_of(windows_of)


def unfold(self: Tensor, dimension: int, size: int, step: int) -> Any:
    """Return a view of all windows of `size` along a dimension, each `step` behind the one before.

    The numbers of a window are a further dimension, the last.

    >>> import chainrule.torch as torch
    >>> torch.tensor([1, 2, 3, 4]).unfold(0, 2, 1)
    tensor([[1, 2],
            [2, 3],
            [3, 4]])
    """
    x = self._array
    at = dim_named("unfold", "dimension", 1, dimension, x.ndim)
    for position, (name, v) in enumerate((("size", size), ("step", step)), 2):
        if not whole(v):
            raise argument_error("unfold", name, position, v, "int")
    n = x.shape[at] if x.ndim else 1
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if size > n:
        raise RuntimeError(f"maximum size for tensor at dimension {at} is {n} but size is {size}")
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    if not x.ndim:
        return unfold(self.reshape(1), 0, size, 1).reshape(size)  # type: ignore[attr-defined]
    shape = (*x.shape[:at], (n - size) // step + 1, *x.shape[at + 1 :], size)
    strides = (*x.strides[:at], x.strides[at] * step, *x.strides[at + 1 :], x.strides[at])
    seen = np.lib.stride_tricks.as_strided(x, shape, strides)  # to write to, unlike the rule's
    return window_view(self, seen, (at, int(size), int(step)), plan_of(UNFOLD))


METHODS: dict[str, Callable[..., Any]] = {"unfold": unfold}
