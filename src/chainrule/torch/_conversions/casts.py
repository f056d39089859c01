"""The same numbers as another type, and on the device that they are on."""

from __future__ import annotations

import builtins
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.values import cast

from .._arguments import OF_PYTHON, no_overload, number_type, want_tensor
from .._creation.data import cast_array
from .._kinds import dtypes as _types
from .._kinds.device import checked_device
from .._kinds.device import device as device_type
from .._kinds.dtypes import dtype as dtype_type
from .._kinds.dtypes import get_default_dtype, type_name
from .._kinds.layout import memory_format as format_type
from .._tape.recording import operation
from .._tensor import Tensor, made

__all__ = ["cast_tensor"]

DISCARDS = "Casting complex values to real discards the imaginary part"
END = "bool non_blocking = False, bool copy = False, *, torch.memory_format memory_format = None"
WAYS = (
    f"torch.device device = None, torch.dtype dtype = None, {END}",
    f"torch.dtype dtype, {END}",
    f"Tensor tensor, {END}",
)
NAMES = {
    device_type: ("device", "dtype", "non_blocking", "copy"),
    dtype_type: ("dtype", "non_blocking", "copy"),
    Tensor: ("tensor", "non_blocking", "copy"),
}

to_copy = operation("ToCopy", cast, inputs="self", call=lambda x, dtype: cast_array(x, dtype))


def cast_tensor(t: Tensor, kind: np.dtype[Any]) -> Tensor:
    """Return a copy of `t` with its numbers as `kind`; gradients pass between real and complex."""
    if t._array.dtype.kind == "c" and kind.kind in "fiu":
        warnings.warn(DISCARDS, UserWarning, stacklevel=3)
    if t._node is None or kind.kind not in "fc":
        return made(cast_array(t._array, kind))  # type: ignore[no-any-return]
    return to_copy(t, dtype=kind)  # type: ignore[no-any-return]


def as_kind(t: Tensor, kind: np.dtype[Any]) -> Tensor:
    return t if t._array.dtype == kind else cast_tensor(t, kind)


def to(self: Tensor, *given: Any, **named: Any) -> Tensor:
    """Return this tensor as another type, or on another device: itself, if it is so already.

    The type is that of a `dtype`, or of another tensor; copy=True makes a copy in any case.
    """
    if len(given) == 1 and not named and given[0].__class__ is dtype_type:
        return as_kind(self, given[0].numpy)
    asked = asked_for(given, named)
    if asked is None:
        raise no_overload("to", given, named, *WAYS)
    if asked.get("device") is not None:
        checked_device(asked["device"])
    kind = self._array.dtype
    if asked.get("tensor") is not None:
        kind = asked["tensor"]._array.dtype
    elif asked.get("dtype") is not None:
        kind = number_type("to", asked["dtype"])
    return cast_tensor(self, kind) if asked.get("copy") else as_kind(self, kind)


def asked_for(given: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any] | None:
    """Return the arguments of `to` by their names; None if they fit no way to call it."""
    first = given[0] if given else None
    if is_dtype(first):
        names = NAMES[dtype_type]
    elif isinstance(first, Tensor) or "tensor" in named:
        names = NAMES[Tensor]
    elif first is None or isinstance(first, (str, int, device_type)):
        names = NAMES[device_type]
    else:
        return None
    asked = dict(zip(names, given, strict=False))
    allowed = {*names, "memory_format"}
    if len(given) > len(names) or asked.keys() & named.keys() or not named.keys() <= allowed:
        return None
    asked |= named
    fits = {
        "device": lambda v: v is None or isinstance(v, (str, int, device_type)),
        "dtype": lambda v: v is None or is_dtype(v),
        "tensor": lambda v: isinstance(v, Tensor),
        "non_blocking": lambda v: isinstance(v, bool),
        "copy": lambda v: isinstance(v, bool),
        "memory_format": lambda v: v is None or isinstance(v, format_type),
    }
    return asked if all(fits[key](v) for key, v in asked.items()) else None


def is_dtype(v: Any) -> bool:
    return v.__class__ is dtype_type or (isinstance(v, builtins.type) and v in OF_PYTHON)


def type(self: Tensor, dtype: Any = None, non_blocking: bool = False) -> Any:
    """Return the name of this tensor's type, or the tensor as the type that is given or named."""
    if dtype is None:
        return type_name(self._array.dtype)
    if dtype_type is dtype.__class__:
        return as_kind(self, dtype.numpy)
    name = dtype
    if isinstance(dtype, builtins.type):
        name = dtype.__name__
        if dtype.__module__ == "torch":
            name = f"torch.{name}"
    if not isinstance(name, str):
        raise TypeError("dtype must be a type, str, or dtype object")
    if name.startswith("torch.cuda."):
        checked_device("cuda")
    if name == "torch.Tensor":
        return as_kind(self, get_default_dtype().numpy)
    if name not in BY_NAME:
        raise ValueError(f"invalid type: '{name}'")
    return as_kind(self, BY_NAME[name])


BY_NAME = {type_name(one.numpy): one.numpy for one in set(_types.ALIASES.values())}
BY_NAME |= {type_name(one.numpy): one.numpy for one in (_types.int8, _types.uint8)}


def type_as(self: Tensor, other: Tensor) -> Tensor:
    """Return this tensor as the type of another."""
    want_tensor("type_as", other, "other", 1)
    return as_kind(self, other._array.dtype)


def cpu(self: Tensor, *, memory_format: Any = None) -> Tensor:
    """Return this tensor, whose numbers are on the CPU."""
    return self


def cuda(
    self: Tensor, device: Any = None, non_blocking: bool = False, *, memory_format: Any = None
) -> Tensor:
    """Raise an AssertionError: there is no CUDA here."""
    checked_device("cuda" if device is None else device)
    return self


def caster(name: str, kind: dtype_type) -> Callable[..., Tensor]:
    to_kind = kind.numpy

    def method(self: Tensor, *, memory_format: Any = None) -> Tensor:
        return as_kind(self, to_kind)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"Return this tensor as {kind}: itself, if it is of that type already."
    return method


def bfloat16(self: Tensor, *, memory_format: Any = None) -> Tensor:
    """Raise NotImplementedError: NumPy has no such numbers."""
    return as_kind(self, _types.bfloat16.numpy)


METHODS: dict[str, Callable[..., Any]] = {
    "bfloat16": bfloat16,
    "cpu": cpu,
    "cuda": cuda,
    "to": to,
    "type": type,
    "type_as": type_as,
    **{name: caster(name, kind) for name, kind in _types.ALIASES.items()},
    "byte": caster("byte", _types.uint8),
    "char": caster("char", _types.int8),
}
