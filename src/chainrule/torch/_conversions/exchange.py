"""Memory that is shared with other libraries by DLPack, which NumPy speaks, and by buffers."""

from __future__ import annotations

import enum
import warnings
from typing import Any

import numpy as np

from .._arguments import number_type, settled
from .._creation.sharing import shared
from .._kinds.device import checked_device
from .._kinds.dtypes import type_name
from .._tensor import Tensor, made

__all__ = ["from_dlpack", "frombuffer", "to_dlpack"]

READ_ONLY = (
    "The given buffer is not writable, and PyTorch does not support non-writable tensors. This "
    "means you can write to the underlying (supposedly non-writable) buffer using the tensor. You "
    "may want to copy the buffer to protect its data or make it writable before converting it to a "
    "tensor. This type of warning will be suppressed for the rest of this program."
)
NO_CAPSULE = (
    "from_dlpack received an invalid capsule. Note that DLTensor capsules can be consumed only "
    "once, so you might have already constructed a tensor from it once."
)


class DLDeviceType(enum.IntEnum):
    """The numbers by which DLPack names devices."""

    kDLCPU = 1
    kDLCUDA = 2
    kDLCUDAHost = 3
    kDLOpenCL = 4
    kDLVulkan = 7
    kDLMetal = 8
    kDLVPI = 9
    kDLROCM = 10
    kDLROCMHost = 11
    kDLExtDev = 12
    kDLCUDAManaged = 13
    kDLOneAPI = 14


CPU = (DLDeviceType.kDLCPU, 0)


def __dlpack_device__(self: Tensor) -> tuple[DLDeviceType, int]:
    return CPU


def __dlpack__(
    self: Tensor,
    *,
    stream: Any = -1,
    max_version: tuple[int, int] | None = None,
    dl_device: tuple[int, int] | None = None,
    copy: bool | None = None,
) -> Any:
    if self.requires_grad:
        raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
    if stream not in (None, -1):
        raise AssertionError("stream should be None on cpu.")
    if dl_device is not None and dl_device[0] != DLDeviceType.kDLCPU:
        raise NotImplementedError("the numbers are on the CPU; other devices are not here.")
    array = self._array.copy() if copy else self._array
    if max_version is not None:
        try:
            return array.__dlpack__(max_version=max_version)
        except TypeError:  # NumPy 2.0 does not know it yet
            pass
    return array.__dlpack__()


class Capsule:
    """Lets NumPy read a DLPack capsule, which it takes from objects alone."""

    def __init__(self, capsule: Any) -> None:
        self.capsule = capsule

    def __dlpack__(self, **_: Any) -> Any:
        return self.capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return CPU


def from_dlpack(ext_tensor: Any, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """Return a tensor that shares the memory of an object that speaks DLPack, or of a capsule.

    With copy=True it has memory of its own.

    >>> from_dlpack(np.arange(3.0))
    tensor([0., 1., 2.], dtype=torch.float64)
    """
    if device is not None:
        checked_device(device)
    if not hasattr(ext_tensor, "__dlpack__"):
        if type(ext_tensor).__name__ != "PyCapsule":
            raise RuntimeError(NO_CAPSULE)
        try:
            return made(np.from_dlpack(Capsule(ext_tensor)))  # type: ignore[no-any-return]
        except ValueError:
            raise RuntimeError(NO_CAPSULE) from None
    if isinstance(ext_tensor, np.ndarray):  # what NumPy reads from itself it takes for read-only
        array = shared(ext_tensor)
    else:
        array = np.from_dlpack(ext_tensor)
        if not array.flags.writeable and isinstance(ext_tensor, Tensor):
            array = ext_tensor._array
    return made(array.copy() if copy else array)  # type: ignore[no-any-return]


def to_dlpack(tensor: Tensor) -> Any:
    """Return a DLPack capsule of the memory of `tensor`, which can be read once.

    >>> import chainrule.torch as torch
    >>> from_dlpack(to_dlpack(torch.ones(2)))
    tensor([1., 1.])
    """
    return __dlpack__(tensor)


def frombuffer(
    buffer: Any,
    *,
    dtype: Any,
    count: int = -1,
    offset: int = 0,
    requires_grad: bool = False,
) -> Tensor:
    """Return a tensor that shares the bytes of `buffer`: `count` numbers, from byte `offset` on.

    >>> import chainrule.torch as torch
    >>> frombuffer(bytearray([1, 0, 2, 0]), dtype=torch.int16)
    tensor([1, 2], dtype=torch.int16)
    """
    kind = number_type("frombuffer", dtype)
    try:
        view = memoryview(buffer)
    except TypeError:
        raise ValueError("object does not implement Python buffer protocol.") from None
    size, item = view.nbytes, kind.itemsize
    if size <= 0 or count == 0:
        raise ValueError(f"both buffer length ({size}) and count ({count}) must not be 0")
    if not 0 <= offset < size:
        raise ValueError(
            f"offset ({offset} bytes) must be non-negative and no greater than buffer length "
            f"({size} bytes) minus 1"
        )
    if count < 0 and (size - offset) % item:
        raise ValueError(
            f"buffer length ({size - offset} bytes) after offset ({offset} bytes) must be a "
            f"multiple of element size ({item})"
        )
    if count > 0 and offset + count * item > size:
        raise ValueError(
            f"requested buffer length ({count} * {item} bytes) after offset ({offset} bytes) must "
            f"not be greater than actual buffer length ({size} bytes)"
        )
    if view.readonly:
        warnings.warn(READ_ONLY, UserWarning, stacklevel=2)
    array = np.frombuffer(buffer, kind, count, offset)
    return settled("frombuffer", array, None, requires_grad)


@property  # type: ignore[misc]
def __cuda_array_interface__(self: Any) -> Any:
    raise AttributeError(
        "Can't get __cuda_array_interface__ on non-CUDA tensor type: "
        f"{type_name(self._array.dtype)} If CUDA data is required use tensor.cuda() to copy tensor "
        "to device memory."
    )


METHODS: dict[str, Any] = {
    "__cuda_array_interface__": __cuda_array_interface__,
    "__dlpack__": __dlpack__,
    "__dlpack_device__": __dlpack_device__,
}
