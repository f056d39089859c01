"""`out=`: a tensor that a result is written to."""

from __future__ import annotations

import warnings

import numpy as np

from .._kinds.dtypes import can_cast, of_numpy, scalar_name
from .._tape.inference import check_inference
from .._tensor import Tensor

__all__ = ["into_out"]


def into_out(name: str, result: Tensor, out: Tensor) -> Tensor:
    """Write `result` into `out`, which takes its shape, and return `out`."""
    if result.requires_grad or out.requires_grad:
        raise RuntimeError(
            f"{name}(): functions with out=... arguments don't support automatic differentiation, "
            "but one of the arguments requires grad."
        )
    check_inference(out)
    y = result._array
    if not can_cast(of_numpy(y.dtype), out.dtype):
        raise RuntimeError(
            f"result type {scalar_name(y.dtype)} can't be cast to the desired output type "
            f"{scalar_name(out._array.dtype)}"
        )
    if out._array.shape != y.shape:
        if out._array.size:
            warnings.warn(
                "An output with one or more elements was resized since it had shape "
                f"{list(out._array.shape)}, which does not match the required output shape "
                f"{list(y.shape)}. This behavior is deprecated, and in a future PyTorch release "
                "outputs will not be resized unless they have zero elements. You can explicitly "
                "reuse an out tensor t by resizing it, inplace, to zero elements with "
                "t.resize_(0).",
                UserWarning,
                stacklevel=3,
            )
        out._array = np.empty(y.shape, out._array.dtype)
    out._array[...] = y
    out._writes[0] += 1
    return out
