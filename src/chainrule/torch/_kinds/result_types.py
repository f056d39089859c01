"""The type that an operation of two operands computes in, as a question of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._tensor import Tensor
from .dtypes import Kind, dtype, of_numpy, promoted

__all__ = ["result_type"]

BOTH = ("Tensor tensor, Tensor other", "Number scalar, Tensor tensor",
        "Tensor tensor, Number other", "Number scalar1, Number scalar2")  # fmt: skip


def result_type(tensor1: Any, tensor2: Any, /) -> dtype:
    """Return the type of a sum or product of two tensors or numbers.

    Tensors without dimensions, and numbers, count only where they bring a higher category (bool,
    integer, floating, complex). Anything else raises a TypeError.

    >>> import chainrule.torch as torch
    >>> result_type(torch.ones(2, dtype=torch.int32), 1.5)
    torch.float32
    """
    kinds = kind_of(tensor1), kind_of(tensor2)
    if None in kinds:
        from .._arguments import no_overload

        raise no_overload("result_type", (tensor1, tensor2), {}, *BOTH)
    return of_numpy(promoted(kinds))  # type: ignore[arg-type]


def kind_of(v: Any) -> Kind | None:
    if isinstance(v, Tensor):
        return v._array.dtype, "dim" if v._array.ndim else "zero"
    if isinstance(v, bool | np.bool_):
        return np.dtype(bool), "number"
    if isinstance(v, int | np.integer):
        return np.dtype(np.int64), "number"
    if isinstance(v, float | complex | np.floating):
        return np.dtype(complex if isinstance(v, complex) else float), "number"
    return None
