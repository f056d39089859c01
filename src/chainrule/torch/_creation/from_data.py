"""Tensors from data, and the list of all functions that make tensors.

What makes tensors of a shape stands in `_filled.py`, `_ranges.py`, `_sampling.py` and
`_distributions.py`; what shares the memory of an array in `_sharing.py`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from .._arguments import number_type, plain_number, scalar_as, settled, want_tensor
from .._checks import broadcast_error
from .._kinds.dtypes import complex64, complex128, get_default_dtype, scalar_name
from .._tensor import Tensor, made
from .._writing.out import into_out
from ..random import Generator, default_generator, initial_seed, manual_seed, seed
from . import filled as _filled
from .data import array_of
from .distributions import bernoulli, normal
from .filled import empty, empty_like, eye, full, full_like, ones, ones_like, zeros, zeros_like
from .legacy import (
    BoolTensor,
    ByteTensor,
    CharTensor,
    DoubleTensor,
    FloatTensor,
    HalfTensor,
    IntTensor,
    LongTensor,
    ShortTensor,
)
from .legacy import legacy as legacy
from .ranges import arange, linspace, logspace
from .sampling import rand, rand_like, randint, randint_like, randn, randn_like, randperm
from .sharing import as_tensor, asarray, from_numpy

__all__ = [
    "BoolTensor",
    "ByteTensor",
    "CharTensor",
    "DoubleTensor",
    "FloatTensor",
    "Generator",
    "HalfTensor",
    "IntTensor",
    "LongTensor",
    "ShortTensor",
    "arange",
    "as_tensor",
    "asarray",
    "bernoulli",
    "complex",
    "default_generator",
    "empty",
    "empty_like",
    "eye",
    "from_numpy",
    "full",
    "full_like",
    "initial_seed",
    "linspace",
    "logspace",
    "manual_seed",
    "normal",
    "ones",
    "ones_like",
    "rand",
    "rand_like",
    "randint",
    "randint_like",
    "randn",
    "randn_like",
    "randperm",
    "scalar_tensor",
    "seed",
    "tensor",
    "zeros",
    "zeros_like",
]

COPIES = (
    "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
    "sourceTensor.detach().clone().requires_grad_(True), rather than {}(sourceTensor)."
)


def tensor(
    data: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Return a new tensor of the numbers in `data`: a number, nested sequences, an array, a tensor.

    Python's floats become the default type, float32; its integers int64. NumPy's numbers and
    arrays keep their type. Sequences of unequal length raise a ValueError.

    >>> tensor([[1, 2.5], [3, 4]], requires_grad=True)
    tensor([[1.0000, 2.5000],
            [3.0000, 4.0000]], requires_grad=True)
    """
    if isinstance(data, Tensor):
        warnings.warn(COPIES.format("torch.tensor"), UserWarning, stacklevel=2)
    array = array_of(data, number_type("tensor", dtype))
    if device is None and requires_grad is False and not pin_memory:
        return made(array)  # type: ignore[no-any-return]
    return settled("tensor", array, device, requires_grad, pin_memory)


def scalar_tensor(
    s: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return the number `s` as a tensor without dimensions, of the default type.

    >>> scalar_tensor(3)
    tensor(3.)
    """
    kind = number_type("scalar_tensor", dtype) or get_default_dtype().numpy
    number = scalar_as(plain_number("scalar_tensor", s, "s", 1), kind)
    return settled("scalar_tensor", np.array(number, kind), device, requires_grad, pin_memory)


def complex(real: Tensor, imag: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Return the complex numbers with these real and imaginary parts, which broadcast.

    Both are float32, for complex64, or both float64, for complex128.

    >>> complex(tensor([1.0, 2.0]), tensor(0.5))
    tensor([1.+0.5000j, 2.+0.5000j])
    """
    want_tensor("complex", real, "real", 1)
    want_tensor("complex", imag, "imag", 2)
    a, b = real._array, imag._array
    if a.dtype.kind != "f" or b.dtype.kind != "f":
        raise RuntimeError(
            "Expected both inputs to be Half, Float or Double tensors but got "
            f"{scalar_name(a.dtype)} and {scalar_name(b.dtype)}"
        )
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"Expected object of scalar type {scalar_name(a.dtype)} but got scalar type "
            f"{scalar_name(b.dtype)} for second argument"
        )
    if real.requires_grad or imag.requires_grad:
        from .._functions.arithmetic import add, mul

        result: Any = add(real, mul(imag, 1j))
    else:
        try:
            shape = np.broadcast_shapes(a.shape, b.shape)
        except ValueError:
            raise broadcast_error(a.shape, b.shape) from None
        kind = complex128 if a.dtype.itemsize == 8 else complex64
        result = made(np.empty(shape, kind.numpy))
        result._array.real, result._array.imag = a, b
    return result if out is None else into_out("complex", result, out)


def new_tensor(
    self: Tensor,
    data: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """Return a new tensor of the numbers in `data`, of the type of this one unless another is said.

    >>> tensor(1.5).new_tensor([1, 2])
    tensor([1., 2.])
    """
    if isinstance(data, Tensor):
        warnings.warn(COPIES.format("tensor.new_tensor"), UserWarning, stacklevel=2)
    kind = number_type("new_tensor", dtype) or self._array.dtype
    return settled("new_tensor", array_of(data, kind), device, requires_grad, pin_memory)


METHODS: dict[str, Callable[..., Any]] = {"new_tensor": new_tensor, **_filled.METHODS}
