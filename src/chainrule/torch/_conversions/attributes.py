"""What a tensor is: its lengths, how its numbers lie in memory, their kind."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._arguments import title_of, want_tensor, whole
from .._kinds.dtypes import dtype, of_numpy, type_name
from .._kinds.layout import memory_format as format_type
from .._kinds.size import size_of
from .._tensor import Tensor
from ..storage import root_of

__all__ = [
    "get_device",
    "is_complex",
    "is_conj",
    "is_floating_point",
    "is_neg",
    "is_same_size",
    "is_signed",
    "is_tensor",
    "numel",
    "typename",
]

NO_ACCELERATOR = "Cannot access accelerator device when none is available."


def dimension_of(name: str, dim: Any, ndim: int) -> int:
    """Return the number of a dimension that there is."""
    if type(dim) is not int and not whole(dim):
        raise TypeError(f"{name}(): argument 'dim' (position 1) must be int, not {title_of(dim)}")
    at = int(dim)
    if not ndim:
        raise IndexError(f"Dimension specified as {at} but tensor has no dimensions")
    if not -ndim <= at < ndim:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], "
            f"but got {at})"
        )
    return at


def size(self: Tensor, dim: Any = None) -> Any:
    """Return the lengths of the dimensions, or that of one."""
    if dim is None:
        return size_of(self._array)
    return self._array.shape[dimension_of("size", dim, self._array.ndim)]


def dim(self: Tensor) -> int:
    """Return the number of dimensions."""
    return self._array.ndim


def numel(input: Tensor) -> int:
    """Return how many numbers `input` has.

    >>> import chainrule.torch as torch
    >>> numel(torch.zeros(2, 3))
    6
    """
    want_tensor("numel", input)
    return input._array.size


def element_size(self: Tensor) -> int:
    """Return the bytes of one number."""
    return self._array.itemsize


# ---------------------------------------------------------------- in memory


def strides_of(array: np.ndarray[Any, Any]) -> tuple[int, ...]:
    if array.size:
        strides = [s // array.itemsize for s in array.strides]
        if 0 not in strides:
            return tuple(strides)
    else:
        strides = [0] * array.ndim  # NumPy has none for what has no numbers
    behind = 1
    for k in range(array.ndim - 1, -1, -1):
        if not strides[k] and (array.shape[k] == 1 or not array.size):  # not of repeated numbers
            strides[k] = behind
        behind = strides[k] * max(array.shape[k], 1)
    return tuple(strides)


def stride(self: Tensor, dim: Any = None) -> Any:
    """Return how many numbers lie between neighbours in each dimension, or in one."""
    strides = strides_of(self._array)
    return strides if dim is None else strides[dimension_of("stride", dim, len(strides))]


def storage_offset(self: Tensor) -> int:
    """Return how many numbers lie before the first of this one in the memory that it shares."""
    return (address(self._array) - address(root_of(self._array))) // self._array.itemsize


def address(array: np.ndarray[Any, Any]) -> int:
    return int(array.__array_interface__["data"][0])


def data_ptr(self: Tensor) -> int:
    """Return the address of the first number."""
    return address(self._array) if self._array.size else 0


def is_contiguous(self: Tensor, memory_format: Any = None) -> bool:
    """Return whether the numbers lie in memory in order, without gaps.

    The order is that of the dimensions, or that of the memory format that is given.
    """
    if memory_format is None:
        return self._array.flags.c_contiguous
    if not isinstance(memory_format, format_type):
        raise TypeError(
            "is_contiguous(): argument 'memory_format' must be torch.memory_format, not "
            f"{title_of(memory_format)}"
        )
    array = self._array
    channels_behind = {"channels_last": 4, "channels_last_3d": 5}.get(str(memory_format)[6:])
    if channels_behind is None:
        if str(memory_format) == "torch.preserve_format":
            raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
        return array.flags.c_contiguous
    return array.ndim == channels_behind and np.moveaxis(array, 1, -1).flags.c_contiguous


def dim_order(self: Tensor) -> tuple[int, ...]:
    """Return the dimensions by their steps in memory, the longest first."""
    strides = strides_of(self._array)
    return tuple(sorted(range(len(strides)), key=lambda k: -strides[k]))


# ---------------------------------------------------------------- kind and place


def is_tensor(obj: Any) -> bool:
    """Return whether `obj` is a tensor.

    >>> is_tensor(1.5)
    False
    """
    return isinstance(obj, Tensor)


def is_floating_point(input: Tensor) -> bool:
    """Return whether the numbers are floating-point numbers; complex ones are not."""
    want_tensor("is_floating_point", input)
    return bool(input._array.dtype.kind == "f")


def is_complex(input: Tensor) -> bool:
    """Return whether the numbers are complex."""
    want_tensor("is_complex", input)
    return bool(input._array.dtype.kind == "c")


def is_signed(input: Tensor) -> bool:
    """Return whether the numbers can be negative."""
    want_tensor("is_signed", input)
    return bool(input._array.dtype.kind in "ifc")


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Return whether both tensors have the same lengths."""
    want_tensor("is_same_size", input)
    want_tensor("is_same_size", other, "other", 2)
    return bool(input._array.shape == other._array.shape)


def is_conj(input: Tensor) -> bool:
    """Return False: conjugates are computed at once, none waits to be."""
    want_tensor("is_conj", input)
    return False


def is_neg(input: Tensor) -> bool:
    """Return False: negatives are computed at once, none waits to be."""
    want_tensor("is_neg", input)
    return False


def typename(obj: Any, /) -> str:
    """Return the name of the type of `obj`, with its module; of a tensor, that of its type.

    >>> import chainrule.torch as torch
    >>> typename(torch.ones(2)), typename(1)
    ('torch.FloatTensor', 'int')
    """
    if isinstance(obj, Tensor):
        return type_name(obj._array.dtype)
    if not hasattr(obj, "__qualname__"):
        obj = type(obj)
    module = getattr(obj, "__module__", None)
    if module is None or module == "builtins":
        return str(obj.__qualname__)
    return f"{module}.{obj.__qualname__}".removeprefix("chainrule.")  # as PyTorch's are named


def is_pinned(self: Tensor, device: Any = None) -> bool:
    """Return False: no memory here is pinned for an accelerator."""
    return False


def pin_memory(self: Tensor, device: Any = None) -> Tensor:
    """Raise RuntimeError: there is no accelerator to pin memory for."""
    raise RuntimeError(NO_ACCELERATOR)


def get_device(input: Tensor) -> int:
    """Return -1, which stands for the CPU."""
    return -1


def grad_dtype(self: Tensor) -> dtype | None:
    """Return the type that the gradient of this leaf has, that of its numbers; None: any."""
    if not self.is_leaf:
        raise RuntimeError("grad_dtype can only be accessed on leaf tensors.")
    return None if "_any_grad_dtype" in self.__dict__ else of_numpy(self._array.dtype)


def set_grad_dtype(self: Tensor, kind: Any) -> None:
    if not self.is_leaf:
        raise RuntimeError("grad_dtype can only be set on leaf tensors.")
    if not (kind is None or isinstance(kind, dtype)):
        raise RuntimeError(f"grad_dtype must be a torch.dtype or None, but got {title_of(kind)}")
    self.__dict__.pop("_any_grad_dtype", None)
    if kind is None:
        self.__dict__["_any_grad_dtype"] = True
    elif kind is not of_numpy(self._array.dtype):
        raise NotImplementedError(
            "gradients have the type of their tensor here; cast x.grad once it is there."
        )


METHODS: dict[str, Any] = {
    "const_data_ptr": data_ptr,
    "data_ptr": data_ptr,
    "dim": dim,
    "dim_order": dim_order,
    "element_size": element_size,
    "get_device": get_device,
    "grad_dtype": property(grad_dtype, set_grad_dtype),
    "is_complex": is_complex,
    "is_conj": is_conj,
    "is_contiguous": is_contiguous,
    "is_floating_point": is_floating_point,
    "is_neg": is_neg,
    "is_pinned": is_pinned,
    "is_same_size": is_same_size,
    "is_signed": is_signed,
    "ndimension": dim,
    "nelement": numel,
    "numel": numel,
    "pin_memory": pin_memory,
    "size": size,
    "storage_offset": storage_offset,
    "stride": stride,
}
