"""Tensors that share the memory of NumPy's arrays and of other tensors."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .._arguments import number_type, settled, title_of
from .._conversions.casts import cast_tensor
from .._kinds.dtypes import scalar_name
from .._tensor import Tensor, made
from .data import array_of, cast_array, checked_array

__all__ = ["as_tensor", "asarray", "from_numpy"]

KEEPS_GRADIENT = (
    "torch.asarray: unspecified requires_grad now defaults to obj.requires_grad instead of False. "
    "Pass requires_grad=False explicitly to get the old behavior and silence this warning."
)
READ_ONLY = (
    "The given NumPy array is not writable, and PyTorch does not support non-writable tensors. "
    "This means writing to this tensor will result in undefined behavior. You may want to copy "
    "the array to protect its data or make it writable before converting it to a tensor. This "
    "type of warning will be suppressed for the rest of this program."
)


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """Return `data` as a tensor, which shares the memory of an array or tensor if it can.

    >>> a = np.zeros(2)
    >>> t = as_tensor(a)
    >>> a[0] = 7
    >>> t
    tensor([7., 0.], dtype=torch.float64)
    """
    kind = number_type("as_tensor", dtype)
    if isinstance(data, Tensor):
        if device is not None:
            settled("as_tensor", data._array, device, False)
        return data if kind is None or kind == data._array.dtype else cast_tensor(data, kind)
    if isinstance(data, np.ndarray):
        array = shared(data)
        if kind is not None:
            array = cast_array(array, kind, copy=False)
    else:
        array = array_of(data, kind)
    return settled("as_tensor", array, device, False)


def asarray(
    obj: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    copy: bool | None = None,
    requires_grad: bool | None = None,
) -> Tensor:
    """Return `obj` as a tensor that shares its memory, unless `copy` or another type forbid it.

    With copy=False, what cannot share its memory raises a ValueError.

    >>> asarray(np.ones(2), dtype=float, copy=True)
    tensor([1., 1.], dtype=torch.float64)
    """
    kind = number_type("asarray", dtype)
    if not isinstance(obj, (Tensor, np.ndarray)):
        if copy is False:
            raise ValueError("can't alias arbitrary sequence into a tensor.")
        return settled("asarray", array_of(obj, kind), device, bool(requires_grad))
    wanted = bool(requires_grad)
    if requires_grad is None and isinstance(obj, Tensor) and obj.requires_grad:
        warnings.warn(KEEPS_GRADIENT, UserWarning, stacklevel=2)
        wanted = True
    array = obj._array if isinstance(obj, Tensor) else shared(obj)
    same = kind is None or kind == array.dtype
    if not same and copy is False:
        raise ValueError(
            f"can't alias tensor with dtype '{scalar_name(array.dtype)}' into dtype "
            f"'{scalar_name(kind)}'."
        )
    if isinstance(obj, Tensor) and same and not copy:
        if wanted == obj.requires_grad:
            return obj
        if obj.is_leaf and not wanted:
            obj.requires_grad = False
            return obj
    if copy or not same:
        array = cast_array(array, kind or array.dtype)
    return settled("asarray", array, device, wanted)


def shared(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if not array.flags.writeable:
        warnings.warn(READ_ONLY, UserWarning, stacklevel=3)
    checked = checked_array(array)
    return np.asarray(Whole(checked)) if isinstance(checked.base, np.ndarray) else checked


class Whole:
    """Hands NumPy a part of an array as a whole: to tensors their memory begins where it does."""

    def __init__(self, part: np.ndarray[Any, Any]) -> None:
        self.part = part
        self.__array_interface__ = part.__array_interface__


def from_numpy(ndarray: np.ndarray[Any, Any], /) -> Tensor:
    """Return a tensor that shares the memory, and has the number type, of a NumPy array.

    >>> from_numpy(np.array([1, 2], np.int32))
    tensor([1, 2], dtype=torch.int32)
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {title_of(ndarray)})")
    return made(shared(ndarray))  # type: ignore[no-any-return]
