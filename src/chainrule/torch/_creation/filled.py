"""Tensors of one number, of the diagonal's ones, of a shape or of another tensor's shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._arguments import (
    into,
    lengths_of,
    no_overload,
    number_type,
    plain_number,
    scalar_as,
    settled,
    shape_named,
    title_of,
    want_tensor,
    whole,
)
from .._kinds.dtypes import bool_ as torch_bool
from .._kinds.dtypes import complex64, complex128, float64, get_default_dtype, int64
from .._tensor import Tensor

__all__ = [
    "empty",
    "empty_like",
    "eye",
    "full",
    "full_like",
    "ones",
    "ones_like",
    "zeros",
    "zeros_like",
]

OPTIONS = (
    "torch.dtype dtype = None, torch.layout layout = None, torch.device device = None, "
    "bool pin_memory = False, bool requires_grad = False"
)
EYE = (f"int n, *, Tensor out = None, {OPTIONS}", f"int n, int m, *, Tensor out = None, {OPTIONS}")

SHAPED = """Return a tensor {of}, of a shape given as integers or as one tuple of them.

    >>> {name}(2, 3{option}){show}
    {result}
    """
LIKE = """Return a tensor {of}, of the shape of `input`, and of its number type unless one is said.

    >>> {name}(ones(2, dtype=int)){show}
    {result}
    """


def delivered(
    name: str,
    array: np.ndarray[Any, Any],
    kind: Any,
    out: Any,
    device: Any,
    pin_memory: Any,
    requires_grad: Any,
) -> Tensor:
    """Return the tensor of a new array, or `out`, which takes its numbers."""
    if out is None:
        return settled(name, array, device, requires_grad, pin_memory)
    return into(name, array, out, kind)


def shaped(name: str, make: Any, of: str, result: str, show: str = "") -> Callable[..., Tensor]:
    """Return the function that makes a tensor of a shape, by NumPy's function `make`."""

    def function(
        *lengths: Any,
        size: Any = None,
        out: Tensor | None = None,
        dtype: Any = None,
        layout: Any = None,
        device: Any = None,
        pin_memory: bool = False,
        requires_grad: bool = False,
        memory_format: Any = None,
    ) -> Tensor:
        kind = number_type(name, dtype)
        array = make(lengths_of(name, lengths, size), kind or get_default_dtype().numpy)
        return delivered(name, array, kind, out, device, pin_memory, requires_grad)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = SHAPED.format(of=of, name=name, option="", show=show, result=result)
    return function


def shaped_like(
    name: str, make: Any, of: str, result: str, show: str = ""
) -> Callable[..., Tensor]:
    """Return the function that makes a tensor of the shape of another."""

    def function(
        input: Tensor,
        *,
        dtype: Any = None,
        layout: Any = None,
        device: Any = None,
        pin_memory: bool = False,
        requires_grad: bool = False,
        memory_format: Any = None,
    ) -> Tensor:
        want_tensor(name, input)
        kind = number_type(name, dtype) or input._array.dtype
        array = make(input._array, kind, order=order_of(input._array))
        return settled(name, array, device, requires_grad, pin_memory)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = LIKE.format(of=of, name=name, show=show, result=result)
    return function


def order_of(array: np.ndarray[Any, Any]) -> Any:
    """Return the order in memory of a new array like this one: its own, if it has one."""
    return "C" if 0 in array.strides else "K"


zeros = shaped("zeros", np.zeros, "of zeros", "tensor([[0., 0., 0.],\n            [0., 0., 0.]])")
ones = shaped("ones", np.ones, "of ones", "tensor([[1., 1., 1.],\n            [1., 1., 1.]])")
empty = shaped("empty", np.empty, "of arbitrary numbers", "torch.Size([2, 3])", ".shape")
zeros_like = shaped_like("zeros_like", np.zeros_like, "of zeros", "tensor([0, 0])")
ones_like = shaped_like("ones_like", np.ones_like, "of ones", "tensor([1, 1])")
empty_like = shaped_like(
    "empty_like", np.empty_like, "of arbitrary numbers", "torch.Size([2])", ".shape"
)


def filling(name: str, value: Any) -> tuple[Any, np.dtype[Any]]:
    """Return a number to fill with, as Python's, and the number type that it has by itself."""
    number = plain_number(name, value, "fill_value", 2)
    default = get_default_dtype()
    if isinstance(number, bool) and not isinstance(value, np.bool_):
        return number, torch_bool.numpy
    if isinstance(number, complex):
        return number, (complex128 if default is float64 else complex64).numpy
    whole_number = isinstance(number, int) and not isinstance(value, np.bool_)
    return number, (int64 if whole_number else default).numpy


NEEDED: Any = object()  # PyTorch says in its own words that it is missing


def full(
    size: Any,
    fill_value: Any = NEEDED,
    *,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return a tensor of the shape `size`, a tuple, with one number everywhere.

    Its number type is that which the number has by itself, unless one is said.

    >>> full((2, 2), 7)
    tensor([[7, 7],
            [7, 7]])
    """
    if fill_value is NEEDED:
        raise TypeError('full() missing 1 required positional arguments: "fill_value"')
    kind = number_type("full", dtype)
    shape = shape_named("full", size)
    number, own = filling("full", fill_value)
    to = kind or (own if out is None else out._array.dtype)
    array = np.full(shape, scalar_as(number, to), to)
    return delivered("full", array, kind, out, device, pin_memory, requires_grad)


def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Return a tensor of the shape and number type of `input` with one number everywhere.

    >>> full_like(ones(2), 7)
    tensor([7., 7.])
    """
    want_tensor("full_like", input)
    kind = number_type("full_like", dtype) or input._array.dtype
    number = scalar_as(filling("full_like", fill_value)[0], kind)
    array = np.full_like(input._array, number, kind, order=order_of(input._array))
    return settled("full_like", array, device, requires_grad, pin_memory)


def eye(
    *lengths: Any,
    n: Any = None,
    m: Any = None,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return a matrix of `n` rows and `m` columns, or as many as rows, with ones on its diagonal.

    >>> eye(2, 3)
    tensor([[1., 0., 0.],
            [0., 1., 0.]])
    """
    named = {key: v for key, v in (("n", n), ("m", m)) if v is not None}
    given = lengths + tuple(named.values())
    if len(given) == 1 and not whole(given[0]):
        raise TypeError(f"eye(): argument 'n' (position 1) must be int, not {title_of(given[0])}")
    if not 0 < len(given) < 3 or not all(whole(v) for v in given):
        raise no_overload("eye", lengths, named, *EYE)
    for key, v in zip("nm", given, strict=False):
        if int(v) < 0:
            raise RuntimeError(f"{key} must be greater or equal to 0, got {int(v)}")
    kind = number_type("eye", dtype)
    array = np.eye(int(given[0]), int(given[-1]), dtype=kind or get_default_dtype().numpy)
    return delivered("eye", array, kind, out, device, pin_memory, requires_grad)


# ---------------------------------------------------------------- methods


def new_shaped(name: str, make: Any, of: str) -> Callable[..., Tensor]:
    def method(
        self: Tensor,
        *lengths: Any,
        size: Any = None,
        dtype: Any = None,
        layout: Any = None,
        device: Any = None,
        pin_memory: bool = False,
        requires_grad: bool = False,
    ) -> Tensor:
        kind = number_type(name, dtype) or self._array.dtype
        array = make(lengths_of(name, lengths, size), kind)
        return settled(name, array, device, requires_grad, pin_memory)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"Return a tensor {of}, of this tensor's number type unless one is said."
    return method


def new_full(
    self: Tensor,
    size: Any,
    fill_value: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return a tensor of one number, of this tensor's number type unless one is said."""
    shape = shape_named("new_full", size)
    kind = number_type("new_full", dtype) or self._array.dtype
    array = np.full(shape, scalar_as(filling("new_full", fill_value)[0], kind), kind)
    return settled("new_full", array, device, requires_grad, pin_memory)


METHODS: dict[str, Callable[..., Any]] = {
    "new_empty": new_shaped("new_empty", np.empty, "of arbitrary numbers"),
    "new_full": new_full,
    "new_ones": new_shaped("new_ones", np.ones, "of ones"),
    "new_zeros": new_shaped("new_zeros", np.zeros, "of zeros"),
}
