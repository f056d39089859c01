"""The number type of a result: PyTorch's promotion, applied to arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.values import Batched

from .._kinds.dtypes import get_default_dtype, promoted

__all__ = ["cast_to", "common", "floating", "kind_of"]

ARRAYS = {np.ndarray, Batched}

NUMBER_TYPES = {kind: np.dtype(kind) for kind in (bool, int, float, complex)}

NUMBER_TYPES[int] = np.dtype(np.int64)  # on every platform


def kind_of(v: Any) -> Any:
    """Return an operand as promotion sees it."""
    if type(v) in ARRAYS:
        return v.dtype, "dim" if v.ndim else "zero"
    kind = NUMBER_TYPES.get(type(v)) or v.dtype
    return NUMBER_TYPES[int] if kind.kind in "iu" else kind, "number"


def floating(values: list[Any]) -> list[Any]:
    """Whole numbers and truth values become floating-point numbers."""
    return [
        v.astype(get_default_dtype().numpy) if type(v) in ARRAYS and v.dtype.kind in "biu" else v
        for v in values
    ]


def common(values: list[Any]) -> list[Any]:
    """Return the arrays in the dtype that PyTorch's promotion gives them together."""
    dtype = promoted([kind_of(v) for v in values])
    return [cast_to(v, dtype) for v in values]


def cast_to(v: Any, dtype: Any) -> Any:
    if type(v) in ARRAYS:
        return v if v.dtype is dtype or v.dtype == dtype else v.astype(dtype)
    if type(v) is complex or dtype.kind in "biu" or isinstance(v, np.generic):
        return np.asarray(v).astype(dtype)  # not np.array(v, dtype), which refuses uint8(-1)
    return v
