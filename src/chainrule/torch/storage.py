"""The memory behind tensors: its bytes, which views and NumPy's arrays share.

Memory belongs to the array of NumPy's that a tensor's array is a part of. It is one storage, and
the same object as long as somebody holds it.
"""

from __future__ import annotations

import warnings
import weakref
from typing import Any

import numpy as np

from ._kinds.device import device
from ._kinds.dtypes import dtype as dtype_type
from ._kinds.dtypes import of_numpy
from ._missing import lookup
from ._tensor import Tensor

__all__ = ["TypedStorage", "UntypedStorage", "is_storage"]

Array = np.ndarray[Any, Any]
OLD = (
    "TypedStorage is deprecated. It will be removed in the future and UntypedStorage will be the "
    "only storage class. This should only matter to you if you are using storages directly.  To "
    "access UntypedStorage directly, use tensor.untyped_storage() instead of tensor.storage()"
)
FIXED = (
    "the memory of a storage is NumPy's and cannot be resized; make a new tensor and copy to it."
)


class Bytes:
    """Tells NumPy of the bytes that an array lies in, however they are ordered there."""

    def __init__(self, array: Array) -> None:
        self.array = array
        start, stop = np.lib.array_utils.byte_bounds(array) if array.size else (0, 0)
        self.__array_interface__ = {
            "version": 3,
            "shape": (stop - start,),
            "typestr": "|u1",
            "data": (start, not array.flags.writeable),
        }


def root_of(array: Array) -> Array:
    """Return the array that owns the numbers of `array`, or `array` itself."""
    while True:
        base = array.base
        if not isinstance(base, np.ndarray):
            base = getattr(base, "base", None)  # as_strided puts something in between
            if not isinstance(base, np.ndarray):
                return array
        array = base


class _Storage:
    """What both kinds of storage can say of their place."""

    __slots__ = ()

    device = device("cpu")
    is_cuda = is_sparse = is_sparse_csr = is_hpu = False
    _untyped: UntypedStorage

    def nbytes(self) -> int:
        """Return how many bytes there are."""
        return self._untyped._bytes.size

    def data_ptr(self) -> int:
        """Return the address of the first byte."""
        return int(self._untyped._bytes.__array_interface__["data"][0]) if self.nbytes() else 0

    def get_device(self) -> int:
        """Return -1, which stands for the CPU."""
        return -1

    def is_pinned(self, device: Any = None) -> bool:
        """Return False: no memory here is pinned for an accelerator."""
        return False

    def resize_(self, size: int) -> Any:
        """Raise RuntimeError: NumPy's memory stays as long as it is."""
        raise RuntimeError(FIXED)


class UntypedStorage(_Storage):
    """The memory of a tensor as bytes; `tensor.untyped_storage()` returns it.

    >>> import chainrule.torch as torch
    >>> a = torch.zeros(2, 3)
    >>> a.untyped_storage() == a[1].untyped_storage(), a[1].untyped_storage().nbytes()
    (True, 24)
    """

    __slots__ = ("__weakref__", "_bytes", "_root")

    _root: Array
    _bytes: Array

    def __new__(cls, data: Any = 0, **_: Any) -> UntypedStorage:
        lengths = isinstance(data, int)
        array = np.zeros(data, np.uint8) if lengths else np.array(data, np.uint8)
        return storage_of(array)

    @property
    def _untyped(self) -> UntypedStorage:  # type: ignore[override]
        return self

    def size(self) -> int:
        """Return how many bytes there are."""
        return self._bytes.size

    def element_size(self) -> int:
        """Return 1: a byte."""
        return 1

    def is_shared(self) -> bool:
        """Return whether `share_memory_` was asked for."""
        return _shared.get(id(self._root)) is self._root

    def share_memory_(self) -> UntypedStorage:
        """Remember that it was asked for; the memory stays that of this process and its threads."""
        _shared[id(self._root)] = self._root
        return self

    def untyped(self) -> UntypedStorage:
        """Return this storage."""
        return self

    def tolist(self) -> list[int]:
        """Return the bytes."""
        return self._bytes.tolist()  # type: ignore[no-any-return]

    def clone(self) -> UntypedStorage:
        """Return a storage of its own with these bytes."""
        return storage_of(self._bytes.copy())

    def copy_(self, source: Any, non_blocking: bool = False) -> UntypedStorage:
        """Write the bytes of another storage over these; return this one."""
        self._bytes[...] = source._untyped._bytes
        return self

    def fill_(self, value: int) -> UntypedStorage:
        """Write one byte over all; return this storage."""
        self._bytes[...] = value
        return self

    def __len__(self) -> int:
        return self._bytes.size

    def __getitem__(self, at: Any) -> Any:
        found = self._bytes[at]
        return storage_of(found) if isinstance(at, slice) else int(found)

    def __setitem__(self, at: Any, value: int) -> None:
        self._bytes[at] = value

    def __repr__(self) -> str:
        lines = "".join(f" {one}\n" for one in self.tolist())
        return f"{lines}[torch.storage.UntypedStorage(device=cpu) of size {len(self)}]"


# by the identity of the array that owns the numbers, which arrays, having no hash, cannot be asked
_known: weakref.WeakValueDictionary[int, UntypedStorage] = weakref.WeakValueDictionary()
_shared: weakref.WeakValueDictionary[int, Array] = weakref.WeakValueDictionary()


def storage_of(array: Array) -> UntypedStorage:
    """Return the memory that `array` lies in: one object for all arrays that share it."""
    root = root_of(array)
    found = _known.get(id(root))
    if found is None or found._root is not root:
        found = object.__new__(UntypedStorage)
        found._root, found._bytes = root, np.asarray(Bytes(root))
        _known[id(root)] = found
    return found


class TypedStorage(_Storage):
    """The memory of a tensor as numbers of its type, which PyTorch gives up: each use warns."""

    __slots__ = ("_untyped", "dtype")

    dtype: dtype_type

    def __init__(self, *, wrap_storage: UntypedStorage, dtype: dtype_type) -> None:
        self._untyped, self.dtype = wrap_storage, dtype

    def _numbers(self) -> Array:
        return self._untyped._bytes.view(self.dtype.numpy)

    def size(self) -> int:
        """Return how many numbers there are."""
        return self._numbers().size

    def element_size(self) -> int:
        """Return the bytes of one number."""
        return self.dtype.itemsize

    def is_shared(self) -> bool:
        """Return whether `share_memory_` was asked for."""
        return self._untyped.is_shared()

    def untyped(self) -> UntypedStorage:
        """Return the same memory as bytes."""
        return self._untyped

    def tolist(self) -> list[Any]:
        """Return the numbers."""
        return self._numbers().tolist()  # type: ignore[no-any-return]

    def __len__(self) -> int:
        return self.size()

    def __getitem__(self, at: int) -> Any:
        return self._numbers()[at].item()

    def __setitem__(self, at: Any, value: Any) -> None:
        self._numbers()[at] = value

    def __repr__(self) -> str:
        lines = "".join(f" {one}\n" for one in self.tolist())
        kind = f"dtype={self.dtype}, device=cpu"
        return f"{lines}[torch.storage.TypedStorage({kind}) of size {len(self)}]"


for _kind in (UntypedStorage, TypedStorage):
    _kind.__module__ = "torch.storage"


def is_storage(obj: Any, /) -> bool:
    """Return whether `obj` is the memory of a tensor.

    >>> is_storage(UntypedStorage(3))
    True
    """
    return isinstance(obj, _Storage)


def untyped_storage(self: Tensor) -> UntypedStorage:
    """Return the memory that the numbers lie in, which views share."""
    return storage_of(self._array)


def storage(self: Tensor) -> TypedStorage:
    """Return the memory that the numbers lie in, as numbers; it warns."""
    warnings.warn(OLD, UserWarning, stacklevel=2)
    return TypedStorage(wrap_storage=storage_of(self._array), dtype=of_numpy(self._array.dtype))


def is_set_to(self: Tensor, tensor: Tensor) -> bool:
    """Return whether both are the same numbers in memory, in the same shape."""
    from ._arguments import want_tensor

    want_tensor("is_set_to", tensor, "tensor", 1)
    a, b = self._array, tensor._array
    return (
        root_of(a) is root_of(b)
        and a.__array_interface__["data"] == b.__array_interface__["data"]
        and a.shape == b.shape
        and a.strides == b.strides
    )


def is_shared(self: Tensor) -> bool:
    """Return whether `share_memory_` was asked for, for this memory."""
    return storage_of(self._array).is_shared()


def share_memory_(self: Tensor) -> Tensor:
    """Remember that sharing was asked for, and return this tensor.

    Threads share all memory anyway; other processes do not see it.
    """
    storage_of(self._array).share_memory_()
    return self


METHODS = {
    "is_set_to": is_set_to,
    "is_shared": is_shared,
    "share_memory_": share_memory_,
    "storage": storage,
    "untyped_storage": untyped_storage,
}

__getattr__ = lookup(globals(), "torch.storage", {})
