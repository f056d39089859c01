"""Functions of Python's, called for one number after the other and written back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._arguments import want_tensor
from .._checks import expand_error
from .._kinds.dtypes import type_name
from .._tensor import Tensor

__all__: list[str] = []

WITH_GRADIENT = "Can't call {0}() on Variable that requires grad. Use var.detach().{0}() instead."


def write_each(name: str, self: Tensor, function: Callable[..., Any], *others: Tensor) -> Tensor:
    array = self._array
    arrays = []
    for place, other in enumerate(others, 1):
        label = "other" if len(others) == 1 else "xy"[place - 1]
        want_tensor(name, other, label, place)
        if other._array.dtype != array.dtype:
            raise TypeError(
                f"{name}: expected {type_name(array.dtype)} for '{label}' "
                f"(got {type_name(other._array.dtype)})"
            )
    if any(t.requires_grad for t in (self, *others)):
        raise RuntimeError(WITH_GRADIENT.format(name))
    for other in others:
        try:
            arrays.append(np.broadcast_to(other._array, array.shape))
        except ValueError:
            raise expand_error(array.shape, other._array.shape) from None
    exact = {"f": float, "c": complex, "b": bool}.get(array.dtype.kind)
    for at in np.ndindex(array.shape):
        value = function(array[at].item(), *(one[at].item() for one in arrays))
        if exact is float and not hasattr(value, "__float__"):
            raise TypeError(f"must be real number, not {type(value).__name__}")
        array[at] = value if exact is None else exact(value)
    self._writes[0] += 1
    return self


def apply_(self: Tensor, callable: Callable[[Any], Any]) -> Tensor:
    """Write `callable` of each number over it; slow, as it is called for every one."""
    return write_each("apply_", self, callable)


def map_(self: Tensor, other: Tensor, callable: Callable[[Any, Any], Any]) -> Tensor:
    """Write `callable` of each number and that of `other` over it."""
    return write_each("map_", self, callable, other)


def map2_(self: Tensor, x: Tensor, y: Tensor, callable: Callable[[Any, Any, Any], Any]) -> Tensor:
    """Write `callable` of each number and those of `x` and `y` over it."""
    return write_each("map2_", self, callable, x, y)


METHODS: dict[str, Any] = {"apply_": apply_, "map2_": map2_, "map_": map_}
