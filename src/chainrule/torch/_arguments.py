"""The arguments that functions which make tensors share: sizes, number types, devices.

What is wrong with one is said in PyTorch's words.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ._calls import combination_text, title_of
from ._kinds.device import checked_device, device
from ._kinds.dtypes import bool_ as torch_bool
from ._kinds.dtypes import complex128, dtype, float64, int64, scalar_name
from ._kinds.size import Size
from ._tensor import Tensor, made
from .autograd._leaves import ONLY_FLOATS, make_leaf

__all__ = [
    "into",
    "is_number",
    "lengths_of",
    "limits_of",
    "no_overload",
    "number_type",
    "plain_number",
    "scalar_as",
    "settled",
    "shape_named",
    "title_of",
    "want_tensor",
    "whole",
    "whole_as",
]

OF_PYTHON: dict[Any, np.dtype[Any]] = {
    float: float64.numpy, int: int64.numpy, bool: torch_bool.numpy, complex: complex128.numpy
}  # fmt: skip

LIMITS: dict[np.dtype[Any], tuple[Any, Any]] = {}

# What error messages call the number types of C++.
IN_C = {
    "uint8": "uint8_t", "int8": "int8_t", "int16": "int16_t", "int32": "int", "int64": "int64_t",
    "float16": "c10::Half", "float32": "float", "float64": "double",
}  # fmt: skip


def no_overload(
    name: str, given: Sequence[Any], named: Mapping[str, Any], *signatures: str
) -> TypeError:
    """Return the error for arguments that fit none of the ways to call a function."""
    return TypeError(combination_text(name, [f"({one})" for one in signatures], given, named))


def want_tensor(name: str, v: Any, argument: str = "input", position: int = 1) -> None:
    """Raise unless `v`, an argument of the function `name`, is a tensor."""
    if not isinstance(v, Tensor):
        raise TypeError(
            f"{name}(): argument '{argument}' (position {position}) must be Tensor, "
            f"not {title_of(v)}"
        )


# ---------------------------------------------------------------- sizes


def whole(v: Any) -> bool:
    """Say whether `v` serves as a length: an integer, or a tensor of one that has no dimensions."""
    if isinstance(v, Tensor):
        return v._array.ndim == 0 and v._array.dtype.kind in "iu"
    return hasattr(v, "__index__") and not isinstance(v, (bool, np.ndarray, np.bool_))


def shape_named(name: str, size: Any, place: str = " (position 1)") -> tuple[int, ...]:
    """Return the shape that one tuple or list of integers gives."""
    if type(size) is Size:
        return tuple(size)
    if not isinstance(size, (tuple, list)):
        raise TypeError(
            f"{name}(): argument 'size'{place} must be tuple of ints, not {title_of(size)}"
        )
    shape = []
    for i, n in enumerate(size):
        if type(n) is not int and not whole(n) and not (i and isinstance(n, bool)):
            if i == 0:
                raise TypeError(
                    f"{name}(): argument 'size'{place} must be tuple of ints, but found element of "
                    f"type {title_of(n)} at pos 0"
                )
            raise TypeError(
                f"{name}(): argument 'size' failed to unpack the object at pos {i + 1} with error "
                f'"type must be tuple of ints,but got {title_of(n)}"'
            )
        shape.append(operator.index(n))
    if shape and min(shape) < 0:
        if name == "zeros":
            raise RuntimeError("zeros: Dimension size must be non-negative.")
        worst = next(n for n in shape if n < 0)
        raise RuntimeError(f"Trying to create tensor with negative dimension {worst}: {shape}")
    return tuple(shape)


def lengths_of(name: str, given: tuple[Any, ...], size: Any) -> tuple[int, ...]:
    """Return the shape that is given as integers, as one tuple of them, or as `size=`."""
    if size is not None:
        if given:
            raise TypeError(f"{name}() got multiple values for argument 'size'")
        return shape_named(name, size, "")
    if not given:
        raise TypeError(f'{name}() missing 1 required positional arguments: "size"')
    first = given[0]
    if type(first) is not int and not whole(first):
        if len(given) > 1:
            raise TypeError(f"{name}() takes 1 positional argument but {len(given)} were given")
        return shape_named(name, first)
    return shape_named(name, given)


# ---------------------------------------------------------------- number types and numbers


def number_type(name: str, kind: Any) -> Any:
    """Return the NumPy dtype for the argument `dtype=`, which may be one of Python's types."""
    if kind is None:
        return None
    if type(kind) is dtype:
        return kind.numpy
    if isinstance(kind, type) and kind in OF_PYTHON:
        return OF_PYTHON[kind]
    raise TypeError(f"{name}(): argument 'dtype' must be torch.dtype, not {title_of(kind)}")


def is_number(v: Any) -> bool:
    """Say whether `v` serves as a number: Python's, NumPy's, or a tensor's only one."""
    if isinstance(v, Tensor):
        return v._array.ndim == 0 and v._node is None
    return isinstance(v, (int, float, complex, np.number, np.bool_))


def plain_number(name: str, v: Any, argument: str, position: int) -> Any:
    """Return the Python number that `v`, an argument of the function `name`, is."""
    if type(v) is float or type(v) is int:
        return v
    if not is_number(v):
        raise TypeError(
            f"{name}(): argument '{argument}' (position {position}) must be Number, "
            f"not {title_of(v)}"
        )
    if isinstance(v, Tensor):
        return v._array.item()
    return v.item() if isinstance(v, np.generic) else v


def limits_of(kind: np.dtype[Any]) -> tuple[Any, Any]:
    """Return the least and the greatest number of a type, as Python's."""
    found = LIMITS.get(kind)
    if found is None:
        info: Any = np.iinfo(kind) if kind.kind in "iu" else np.finfo(kind)
        whole_ones = kind.kind in "iu"
        low, high = (
            (int(info.min), int(info.max)) if whole_ones else (float(info.min), float(info.max))
        )
        found = LIMITS[kind] = low, high
    return found


def whole_as(v: Any, kind: np.dtype[Any]) -> int | None:
    """Return a Python number as one that an integer type has; None if it is too large."""
    low, high = limits_of(kind)
    if isinstance(v, float):
        # 2.0**63 slips through: the bound it is compared with is itself rounded to 2.0**63
        if not float(low) <= v <= float(high):
            return None
        return int(v) if int(v) <= high else low
    # an unsigned number takes a negative one that is one of its own with the sign changed
    if not (low or -high) <= v <= high:
        return None
    return int(v if low else v % (high + 1))


def scalar_as(v: Any, kind: np.dtype[Any]) -> Any:
    """Return the Python number `v` as one that NumPy turns into `kind` without losing its size."""
    found: Any = v
    if kind.kind == "c":
        return v
    if kind.kind == "b":
        return bool(v)
    if isinstance(v, complex):
        found = None if v.imag else v.real
    if found is not None and kind.kind in "iu":
        found = whole_as(found, kind)
    elif found is not None:
        found = float(found)
        if abs(found) > limits_of(kind)[1] and not math.isinf(found):
            found = None
    if found is None:
        name = IN_C.get(kind.name, kind.name)
        raise RuntimeError(f"value cannot be converted to type {name} without overflow")
    return found


# ---------------------------------------------------------------- the rest


def settled(
    name: str, array: Any, where: Any, requires_grad: Any, pin_memory: Any = False
) -> Tensor:
    """Return the tensor around `array`, with what the shared arguments ask of it."""
    if where is not None:
        if not isinstance(where, (str, int, device)):
            raise TypeError(
                f"{name}(): argument 'device' must be torch.device, not {title_of(where)}"
            )
        checked_device(where)
    if pin_memory:
        raise RuntimeError(
            "pin_memory=True requires a CUDA or other accelerator backend; no pinned memory "
            "allocator is available on this system."
        )
    out: Tensor = made(array)
    if requires_grad is not False:
        if requires_grad is not True:
            raise TypeError(
                f"{name}(): argument 'requires_grad' must be bool, not {title_of(requires_grad)}"
            )
        if array.dtype.kind not in "fc":
            raise RuntimeError(ONLY_FLOATS)
        make_leaf(out)
    return out


def into(name: str, array: np.ndarray[Any, Any], out: Any, kind: Any) -> Tensor:
    """Write `array` into the tensor given as `out=`, which takes its shape; return `out`."""
    if not isinstance(out, Tensor):
        raise TypeError(f"{name}(): argument 'out' must be Tensor, not {title_of(out)}")
    if kind is not None and kind != out._array.dtype:
        raise RuntimeError(
            f"dtype {scalar_name(kind)} does not match dtype of out parameter "
            f"({scalar_name(out._array.dtype)})"
        )
    if out._node is not None:
        raise RuntimeError(
            f"aten::{name}(): functions with out=... arguments don't support automatic "
            "differentiation, but one of the arguments requires grad."
        )
    if out._array.shape != array.shape:
        out._array = np.empty(array.shape, out._array.dtype)
    out._array[...] = array
    out._writes[0] += 1
    return out
