"""Writing over all of a tensor: one number, zeros, or the numbers of another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.indexing import overwritten

from .._arguments import scalar_as
from .._checks import argument_error, combination_error, write_error
from .._tape.plans import Op
from .._tensor import Tensor
from .in_place import check_history, overwrite, wanted
from .overlap import check_copy, check_distinct

__all__ = ["COPY", "FILL", "FILL_TENSOR", "as_number"]

FILL = Op("FillBackward2", overwritten, ("", ""), "self value")
FILL_TENSOR = Op("FillBackward3", overwritten, ("", ""), "self value")
ZERO = Op("ZeroBackward0", overwritten, ("", ""), "self value")
COPY = Op("CopyBackwards", overwritten, ("", ""), "self src")
NUMBERS = (bool, int, float, complex, np.number, np.bool_)


def fill_(self: Tensor, value: Any) -> Tensor:
    """Write one number over all of this tensor; return it.

    >>> import chainrule.torch as torch
    >>> torch.zeros(2).fill_(3)
    tensor([3., 3.])
    """
    if isinstance(value, Tensor):
        if value._array.ndim:
            raise RuntimeError(
                "fill_ only supports 0-dimension value tensor but got tensor with "
                f"{value._array.ndim} dimensions."
            )
        check_distinct(self._array)
        return overwrite(self, value, (), FILL_TENSOR)  # type: ignore[no-any-return]
    if not isinstance(value, NUMBERS):
        raise combination_error("fill_", [value], ["Tensor value", "Number value"])
    return overwrite(self, as_number(value, self), (), FILL)  # type: ignore[no-any-return]


def as_number(value: Any, t: Tensor) -> Any:
    """Return a number as one of the dtype of `t`, or raise that it is too large."""
    if isinstance(value, np.generic):
        value = value.item()
    if type(value) is int and not -(2**63) <= value < 2**64:
        raise OverflowError("int too big to convert")
    return scalar_as(value, t._array.dtype)


def zero_(self: Tensor) -> Tensor:
    """Write zeros over this tensor; return it.

    >>> import chainrule.torch as torch
    >>> torch.ones(2).zero_()
    tensor([0., 0.])
    """
    if self._node is None and len(self._writes) == 1 and type(self._writes) is list:
        self._array.fill(0)
        self._writes[0] += 1
        return self
    return overwrite(self, 0, (), ZERO)  # type: ignore[no-any-return]


def copy_(self: Tensor, other: Any, non_blocking: bool = False) -> Tensor:
    """Write the numbers of `other`, which broadcasts and is cast, over this tensor; return it.

    >>> import chainrule.torch as torch
    >>> torch.zeros(2, 2).copy_(torch.tensor([1, 2]))
    tensor([[1., 2.],
            [1., 2.]])
    """
    if isinstance(other, NUMBERS):
        return fill_(self, other)
    if not isinstance(other, Tensor):
        raise argument_error("copy_", "other", 1, other)
    if wanted(self, (other,)):
        check_history(self)
    check_copy(self._array, other._array)
    shape, given = self._array.shape, other._array.shape
    if shape != given:
        try:
            fits = np.broadcast_shapes(shape, given) == shape
        except ValueError:
            fits = False
        if not fits:
            raise write_error(shape, given)
    return overwrite(self, other, (), COPY)  # type: ignore[no-any-return]


METHODS: dict[str, Callable[..., Any]] = {"copy_": copy_, "fill_": fill_, "zero_": zero_}
