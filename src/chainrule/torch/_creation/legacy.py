"""The old ways to make a tensor: `torch.Tensor(2, 3)`, `torch.FloatTensor([1, 2])`."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .._arguments import lengths_of, no_overload, title_of, whole
from .._kinds import dtypes as _types
from .._kinds.c_names import c_name
from .._kinds.device import device as device_type
from .._kinds.dtypes import dtype, get_default_dtype, set_default_dtype
from .._kinds.size import Size
from .._tensor import Tensor, made
from .data import array_of

__all__ = [
    "BoolTensor",
    "ByteTensor",
    "CharTensor",
    "DoubleTensor",
    "FloatTensor",
    "HalfTensor",
    "IntTensor",
    "LongTensor",
    "ShortTensor",
    "legacy",
    "set_default_tensor_type",
    "tensortype",
]

WAYS = (
    "*, torch.device device = None",
    "torch.Storage storage",
    "Tensor other",
    "tuple of ints size, *, torch.device device = None",
    "object data, *, torch.device device = None",
)
OPTIONS = (
    "TensorOptions(dtype={}, device=cpu, layout=Strided, requires_grad=false (default), "
    "pinned_memory=false (default), memory_format=(nullopt))"
)


def legacy(
    cls: type[Tensor],
    inputs: tuple[Any, ...],
    kind: np.dtype[Any] | None = None,
    *,
    data: Any = None,
    device: Any = None,
) -> Any:
    """Return the tensor that a tensor class makes of its arguments.

    Integers are the lengths of the dimensions, and the numbers then arbitrary; a sequence or an
    array is the numbers; a tensor is shared.
    """
    if device is not None and (where := device_type(device)).type != "cpu":
        raise RuntimeError(
            f"legacy constructor expects device type: cpu but device type: {where.type} was passed"
        )
    given = inputs if data is None else (*inputs, data)
    to = get_default_dtype().numpy if kind is None else kind
    if not given:
        return made(np.empty(0, to), cls)
    first = given[0]
    if type(first) is Size or (whole(first) and not isinstance(first, Tensor)):
        return made(np.empty(lengths_of("new", given, None), to), cls)
    if len(given) > 1:
        raise no_overload("new", given, {}, *WAYS)
    if isinstance(first, Tensor):
        if kind is not None and first._array.dtype != kind:
            options = [OPTIONS.format(c_name(one)) for one in (kind, first._array.dtype)]
            raise TypeError(f"expected {options[0]} (got {options[1]})")
        return made(first._array, cls)
    if isinstance(first, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{title_of(first)}'")
    if isinstance(first, (dict, np.generic)) or not hasattr(type(first), "__getitem__"):
        raise TypeError(f"new(): data must be a sequence (got {title_of(first)})")
    return made(array_of(first, to), cls)


class tensortype(type):
    """The class of `torch.FloatTensor` and its relatives: all tensors of its type are instances.

    >>> isinstance(FloatTensor([1, 2]), FloatTensor), isinstance(LongTensor(2), FloatTensor)
    (True, False)
    """

    dtype: dtype

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, Tensor) and one._array.dtype == cls.dtype.numpy

    def __call__(cls, *inputs: Any, **options: Any) -> Any:
        return legacy(Tensor, inputs, cls.dtype.numpy, **options)


tensortype.__module__ = "torch"


def kind_of_tensor(kind: dtype) -> Any:
    said = f"Return a tensor of {kind}, of lengths or of a sequence of numbers."
    names = {"__doc__": said, "__module__": "torch", "dtype": kind, "is_cuda": False}
    return tensortype(f"{kind._scalar}Tensor", (), names)


BoolTensor = kind_of_tensor(_types.bool_)
ByteTensor = kind_of_tensor(_types.uint8)
CharTensor = kind_of_tensor(_types.int8)
DoubleTensor = kind_of_tensor(_types.float64)
FloatTensor = kind_of_tensor(_types.float32)
HalfTensor = kind_of_tensor(_types.float16)
IntTensor = kind_of_tensor(_types.int32)
LongTensor = kind_of_tensor(_types.int64)
ShortTensor = kind_of_tensor(_types.int16)


OLD = (
    "torch.set_default_tensor_type() is deprecated as of PyTorch 2.1, please use "
    "torch.set_default_dtype() and torch.set_default_device() as alternatives."
)


def set_default_tensor_type(t: Any, /) -> None:
    """Make the type of a tensor class, or of one that is named, the one that floats become.

    >>> with warnings.catch_warnings(action="ignore"):
    ...     set_default_tensor_type(FloatTensor)
    """
    if isinstance(t, str):
        found = {f"torch.{one.__name__}": one for one in (DoubleTensor, FloatTensor, HalfTensor)}
        if t not in found:
            home, _, name = t.rpartition(".")
            if home != "torch":
                raise ModuleNotFoundError(f"No module named {home or name!r}", name=home or name)
            raise TypeError(WRONG_TYPE)
        t = found[t]
    if not isinstance(t, tensortype):
        raise TypeError(WRONG_TYPE.replace("only", "invalid type object: only"))
    if not t.dtype.is_floating_point:
        raise TypeError(WRONG_TYPE)
    warnings.warn(OLD, UserWarning, stacklevel=2)
    set_default_dtype(t.dtype)


WRONG_TYPE = "only floating-point types are supported as the default type"


def new(self: Tensor, *inputs: Any, device: Any = None) -> Any:
    """Return what the tensor class of this tensor's type makes of the arguments."""
    return legacy(Tensor, inputs, self._array.dtype, device=device)


METHODS: dict[str, Any] = {"new": new}
