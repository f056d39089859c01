"""The type of a tensor's numbers, and the type that several have together.

Device, shape and layout are handed on from here: one place to import all four from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, overload

import numpy as np

from .device import checked_device, device
from .layout import (
    channels_last,
    contiguous_format,
    layout,
    memory_format,
    preserve_format,
    strided,
)
from .size import Size, size_of

# By the alphabet, as the test of all lists wants it.
__all__ = [
    "ALIASES",
    "Kind",
    "Size",
    "as_numpy",
    "bfloat16",
    "bool_",
    "can_cast",
    "channels_last",
    "checked_device",
    "complex64",
    "complex128",
    "contiguous_format",
    "device",
    "dtype",
    "float16",
    "float32",
    "float64",
    "get_default_dtype",
    "int8",
    "int16",
    "int32",
    "int64",
    "layout",
    "memory_format",
    "of_numpy",
    "preserve_format",
    "promote_types",
    "promoted",
    "scalar_name",
    "set_default_dtype",
    "size_of",
    "strided",
    "type_name",
    "uint8",
]

# An operand as promotion sees it: its number type, and whether it is a tensor with dimensions,
# a tensor without any, or a Python number.
Kind = tuple[np.dtype[Any], Literal["dim", "zero", "number"]]


class dtype:
    """The type of a tensor's numbers, such as `torch.float32`; there is one object of each.

    >>> float64, float64.itemsize, float64.is_floating_point
    (torch.float64, 8, True)
    """

    __slots__ = ("_home", "_name", "_scalar", "is_complex", "is_floating_point", "is_signed",
                 "itemsize", "numpy")  # fmt: skip

    numpy: np.dtype[Any]
    is_floating_point: bool
    is_complex: bool
    is_signed: bool
    itemsize: int
    _name: str
    _scalar: str
    _home: str

    def __init__(self) -> None:
        raise TypeError("cannot create 'torch.dtype' instances")

    def __repr__(self) -> str:
        return f"torch.{self._name}"

    def __reduce__(self) -> str:
        return self._home  # by name, so that copies and pickles are this very object

    def __getattr__(self, name: str) -> Any:  # bfloat16 alone lacks its `numpy`
        if name == "numpy":
            raise NotImplementedError(NO_BFLOAT16)
        raise AttributeError(f"'torch.dtype' object has no attribute '{name}'")

    def to_complex(self) -> dtype:
        """Return the complex type whose parts are of this type."""
        if self is bfloat16:
            return complex64
        if not (self.is_floating_point or self.is_complex):
            raise RuntimeError(f"Unknown Complex ScalarType for {self._scalar}")
        return _OF_NUMPY[_complex(self.numpy)]

    def to_real(self) -> dtype:
        """Return the type of the real and imaginary parts; a real type is its own."""
        return _OF_NUMPY[self.numpy.type(0).real.dtype] if self.is_complex else self


NO_BFLOAT16 = (
    "torch.bfloat16 can be named but not computed in: NumPy has no such numbers; use torch.float32."
)


def _made(name: str, scalar: str) -> dtype:
    self = dtype.__new__(dtype)
    self.numpy = np.dtype(name)
    self._name, self._scalar = name, scalar
    self._home = "bool_" if name == "bool" else name  # the builtin keeps its name in this file
    self.is_floating_point = self.numpy.kind == "f"
    self.is_complex = self.numpy.kind == "c"
    self.is_signed = self.numpy.kind in "ifc"
    self.itemsize = self.numpy.itemsize
    return self


float16 = _made("float16", "Half")
float32 = _made("float32", "Float")
float64 = _made("float64", "Double")
complex64 = _made("complex64", "ComplexFloat")
complex128 = _made("complex128", "ComplexDouble")
bfloat16 = dtype.__new__(dtype)
bfloat16._name, bfloat16._scalar, bfloat16._home = "bfloat16", "BFloat16", "bfloat16"
bfloat16.is_floating_point = bfloat16.is_signed = True
bfloat16.is_complex, bfloat16.itemsize = False, 2
uint8 = _made("uint8", "Byte")
int8 = _made("int8", "Char")
int16 = _made("int16", "Short")
int32 = _made("int32", "Int")
int64 = _made("int64", "Long")
bool_ = _made("bool", "Bool")

# What the package calls them besides; here the names would hide Python's own.
ALIASES = {
    "bool": bool_, "cdouble": complex128, "cfloat": complex64, "double": float64, "float": float32,
    "half": float16, "int": int32, "long": int64, "short": int16,
}  # fmt: skip

_OF_NUMPY: dict[np.dtype[Any], dtype] = {
    one.numpy: one
    for one in (float16, float32, float64, complex64, complex128,
                uint8, int8, int16, int32, int64, bool_)
}  # fmt: skip


def of_numpy(kind: np.dtype[Any]) -> dtype:
    """Return the type of this face for a NumPy dtype; a KeyError for one it does not have."""
    return _OF_NUMPY[kind]


@overload
def as_numpy(kind: dtype) -> np.dtype[Any]: ...
@overload
def as_numpy(kind: None) -> None: ...
@overload
def as_numpy(kind: dtype | None) -> np.dtype[Any] | None: ...
def as_numpy(kind: dtype | None) -> np.dtype[Any] | None:
    """Return the NumPy dtype, or None for None."""
    return None if kind is None else kind.numpy


def scalar_name(kind: np.dtype[Any]) -> str:
    """Return what error messages call the number type: "Float", "Long", "Bool"."""
    return _OF_NUMPY[kind]._scalar


def type_name(kind: np.dtype[Any]) -> str:
    """Return what `Tensor.type()` and error messages call it: "torch.FloatTensor"."""
    return f"torch.{_OF_NUMPY[kind]._scalar}Tensor"


# --- the default, and promotion -------------------------------------------------------------

_default = float32
_seen: dict[tuple[Kind, ...], np.dtype[Any]] = {}


def get_default_dtype() -> dtype:
    """Return the type that Python floats become: `torch.float32` unless it was set."""
    return _default


def set_default_dtype(d: dtype, /) -> None:
    """Make `d`, a floating-point type, the one that Python floats become."""
    global _default
    only = "only floating-point types are supported as the default type"
    if not isinstance(d, dtype):
        raise TypeError(f"invalid dtype object: {only}")
    if not d.is_floating_point:
        raise TypeError(only)
    as_numpy(d)  # raises for bfloat16
    _default = d
    _seen.clear()


def promoted(kinds: Sequence[Kind]) -> np.dtype[Any]:
    """Return the NumPy dtype that operands of these kinds have together.

    A tensor without dimensions counts only where it brings a higher category of number (bool,
    integer, floating, complex) than the tensors with dimensions; a Python number only where it
    brings a higher one than all tensors, and then it has the default type of that category.

    >>> promoted([(np.dtype("int64"), "dim"), (np.dtype("float64"), "number")])
    dtype('float32')
    """
    key = tuple(kinds)
    known = _seen.get(key)
    if known is None:
        known = _seen[key] = _promoted(key)
    return known


def _promoted(kinds: Iterable[Kind]) -> np.dtype[Any]:
    parts: dict[str, np.dtype[Any]] = {}
    for kind, category in kinds:
        if category == "number" and kind.kind in "fc":
            kind = _default.numpy if kind.kind == "f" else _complex(_default.numpy)
        parts[category] = _pair(parts[category], kind) if category in parts else kind
    result: np.dtype[Any] | None = None
    for category in ("number", "zero", "dim"):
        if category in parts:
            result = parts[category] if result is None else _over(parts[category], result)
    if result is None:
        raise ValueError("promotion needs at least one operand; pass their kinds.")
    return result


def _over(high: np.dtype[Any], low: np.dtype[Any]) -> np.dtype[Any]:
    """Return the type of `high`, unless `low` brings a higher category of number."""
    if high.kind == "f" and low.kind == "c":
        return _complex(high)
    if high.kind in "cf" or (high.kind != "b" and low.kind in "biu"):
        return high
    return _pair(high, low)


def _pair(a: np.dtype[Any], b: np.dtype[Any]) -> np.dtype[Any]:
    # Integers never widen floats: NumPy makes float64 of int64 and float32.
    if a.kind in "fc" and b.kind in "biu":
        return a
    if b.kind in "fc" and a.kind in "biu":
        return b
    return np.promote_types(a, b)


def _complex(kind: np.dtype[Any]) -> np.dtype[Any]:
    return np.result_type(kind, np.complex64)  # there is no complex of half's width


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """Return the smallest type that operands of both types are computed in.

    >>> promote_types(int64, float16)
    torch.float16
    """
    for place, one in enumerate((type1, type2), 1):
        if not isinstance(one, dtype):
            raise TypeError(
                f"promote_types(): argument 'type{place}' (position {place}) must be torch.dtype, "
                f"not {type(one).__name__}"
            )
    if type1 is bfloat16 or type2 is bfloat16:
        other = type2 if type1 is bfloat16 else type1
        if other is float16:  # neither holds the numbers of the other
            return float32
        return other if other.is_floating_point or other.is_complex else bfloat16
    return _OF_NUMPY[_pair(type1.numpy, type2.numpy)]


def can_cast(from_: dtype, to: dtype) -> bool:
    """Return whether a result of one type may be written into another: never to a lower kind.

    >>> can_cast(float64, float32), can_cast(float32, int64)
    (True, False)
    """
    for place, (name, one) in enumerate((("from_", from_), ("to", to)), 1):
        if not isinstance(one, dtype):
            raise TypeError(
                f"can_cast(): argument '{name}' (position {place}) must be torch.dtype, "
                f"not {type(one).__name__}"
            )
    if from_.is_complex and not to.is_complex:
        return False
    if from_.is_floating_point and not (to.is_floating_point or to.is_complex):
        return False
    return to is not bool_ or from_ is bool_
