"""What a tensor is made of: its number type, its shape and its device."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any, Literal, SupportsIndex, overload

import numpy as np

__all__ = [
    "ALIASES",
    "Kind",
    "Size",
    "as_numpy",
    "bool_",
    "can_cast",
    "checked_device",
    "complex64",
    "complex128",
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
    "of_numpy",
    "promote_types",
    "promoted",
    "scalar_name",
    "set_default_dtype",
    "size_of",
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

    def to_complex(self) -> dtype:
        """Return the complex type whose parts are of this type."""
        if not (self.is_floating_point or self.is_complex):
            raise RuntimeError(f"Unknown Complex ScalarType for {self._scalar}")
        return _OF_NUMPY[_complex(self.numpy)]

    def to_real(self) -> dtype:
        """Return the type of the real and imaginary parts; a real type is its own."""
        return _OF_NUMPY[self.numpy.type(0).real.dtype] if self.is_complex else self


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
    return _OF_NUMPY[_pair(type1.numpy, type2.numpy)]


def can_cast(from_: dtype, to: dtype) -> bool:
    """Return whether a result of one type may be written into another: never to a lower kind.

    >>> can_cast(float64, float32), can_cast(float32, int64)
    (True, False)
    """
    if from_.is_complex and not to.is_complex:
        return False
    if from_.is_floating_point and not (to.is_floating_point or to.is_complex):
        return False
    return to is not bool_ or from_ is bool_


# --- shape ----------------------------------------------------------------------------------


class Size(tuple[int, ...]):
    """The shape of a tensor: a tuple that stays one of its kind when sliced and joined.

    >>> Size([2, 3])[:1] + (4,), Size([2, 3]).numel()
    (torch.Size([2, 4]), 6)
    """

    __slots__ = ()

    def __new__(cls, items: Iterable[SupportsIndex] = ()) -> Size:
        lengths = []
        for place, one in enumerate(items):
            try:
                lengths.append(operator.index(one))
            except TypeError:
                raise TypeError(
                    f"torch.Size() takes an iterable of 'int' "
                    f"(item {place} is '{type(one).__name__}')"
                ) from None
        return tuple.__new__(cls, lengths)

    def numel(self) -> int:
        """Return how many numbers a tensor of this shape has."""
        return math.prod(self)

    def __repr__(self) -> str:
        return f"torch.Size([{', '.join(map(str, self))}])"

    @overload
    def __getitem__(self, at: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Size: ...
    def __getitem__(self, at: Any) -> Any:
        found = tuple.__getitem__(self, at)
        return tuple.__new__(Size, found) if type(found) is tuple else found

    def __add__(self, other: Any) -> Size:
        if not isinstance(other, tuple):
            raise TypeError(
                f"can only concatenate tuple (not {type(other).__name__}) to torch.Size"
            )
        return Size(tuple.__add__(self, other))

    def __radd__(self, other: Any) -> Size:
        if not isinstance(other, tuple):
            return NotImplemented
        return Size(tuple.__add__(other, tuple(self)))

    def __mul__(self, times: SupportsIndex) -> Size:
        return tuple.__new__(Size, tuple.__mul__(self, times))

    __rmul__ = __mul__


def size_of(array: np.ndarray[Any, Any]) -> Size:
    """Return the shape of an array, which needs no checks, as a `Size`."""
    return tuple.__new__(Size, array.shape)


# --- device ---------------------------------------------------------------------------------

_DEVICES = (
    "cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga", "maia",
    "xla", "lazy", "vulkan", "mps", "meta", "hpu", "mtia", "privateuseone",
)  # fmt: skip


class device:
    """Where a tensor's numbers are; all can be named, but only "cpu" holds any.

    >>> device("cuda", 1), str(device("cpu"))
    (device(type='cuda', index=1), 'cpu')
    """

    __slots__ = ("index", "type")

    type: str
    index: int | None

    def __init__(self, type: Any, index: Any = None) -> None:
        if isinstance(type, device):
            self.type, self.index = type.type, type.index
        elif isinstance(type, str):
            self.type, self.index = _read(type)
            if index is not None:
                self._at(index)
        elif isinstance(type, int):
            if type < 0:
                raise RuntimeError("Device index must not be negative")
            raise RuntimeError("Cannot access accelerator device when none is available.")
        else:
            name = "NoneType" if type is None else type.__class__.__name__
            raise TypeError(
                "device() received an invalid combination of arguments - got "
                f"({name}), but expected one of:\n * (torch.device device)\n"
                f"      didn't match because some of the arguments have invalid types: (!{name}!)\n"
                " * (str type, int index = -1)\n"
            )

    def _at(self, index: int) -> None:
        if self.index is not None:
            raise RuntimeError(
                "type (string) must not include an index because index was passed explicitly: "
                f"{self}"
            )
        if not isinstance(index, int):
            raise TypeError(
                "device(): argument 'index' (position 2) must be int, not "
                f"{index.__class__.__name__}"
            )
        if index < 0:
            raise RuntimeError("Device index must not be negative")
        self.index = index

    def __repr__(self) -> str:
        where = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{where})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, device):
            return NotImplemented
        return self.type == other.type and self.index == other.index

    def __hash__(self) -> int:
        return hash((self.type, self.index))


def _read(text: str) -> tuple[str, int | None]:
    if not text:
        raise RuntimeError("Device string must not be empty")
    name, colon, digits = text.partition(":")
    plain = digits.isascii() and digits.isdigit() and (digits == "0" or digits[0] != "0")
    if colon and not plain:
        raise RuntimeError(f"Invalid device string: '{text}'")
    if name not in _DEVICES:
        raise RuntimeError(
            f"Expected one of {', '.join(_DEVICES)} device type at start of device string: {name}"
        )
    return name, int(digits) if colon else None


def checked_device(where: device | str | int | None) -> device:
    """Return the device that was asked for (None asks for the CPU), if it can hold numbers."""
    if where is None:
        return device("cpu")
    found = where if isinstance(where, device) else device(where)
    if found.type == "cuda":
        raise AssertionError("Torch not compiled with CUDA enabled")
    if found.type != "cpu":
        raise NotImplementedError(
            "Could not run 'aten::empty.memory_format' with arguments from the "
            f"'{found.type.upper()}' backend."
        )
    return found
