"""From a tensor to what is none: Python's numbers and lists, NumPy's arrays, text, parts of it.

The types, copies and properties of tensors stand in `_casts.py`, `_copies.py`, `_attributes.py`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chainrule._core.values import BATCHES, Batched

from .. import _tensor
from .._arguments import title_of
from .._checks import broadcast_error
from .._creation.data import cast_array, checked_array
from .._printing import suffixes_of, text_of
from .._tape.nodes import PLAN
from .._tape.quiet import QUIET, hush, unhush
from .._tape.recording import operation
from .._tape.values import recording
from .._tensor import Tensor, made
from . import attributes as _attributes
from . import casts as _casts
from . import copies as _copies
from .attributes import get_device, is_complex, is_floating_point, is_tensor, numel
from .casts import cast_tensor
from .copies import clone, detach

__all__ = [
    "cast_tensor",
    "clone",
    "detach",
    "get_device",
    "is_complex",
    "is_floating_point",
    "is_nonzero",
    "is_tensor",
    "numel",
]

NO_NUMPY = "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
NOT_ONE = "only one element tensors can be converted to Python scalars"
NO_INDEX = "only integer tensors of a single element can be converted to an index"
LOSES_GRADIENT = (
    "Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior.\n"
    "Consider using tensor.detach() first."
)


flipped = operation("Flip", np.flip, inputs="self", call=lambda x, axis: np.flip(x, axis).copy())


NO_ITEM = (
    "vmap: It looks like you're calling .item() on a Tensor. We don't support vmap over calling "
    ".item() on a Tensor, please try to rewrite what you're doing with other operations. If error "
    "is occurring somewhere inside PyTorch internals, please file a bug report."
)
NO_CHOICE = (
    "vmap: It looks like you're attempting to use a Tensor in some data-dependent control flow. We "
    "don't support that yet, please file an issue at https://github.com/pytorch/pytorch/issues ."
)

# ---------------------------------------------------------------- numbers


def item(self: Tensor) -> Any:
    """Return the only number of this tensor, as one of Python's."""
    array: Any = self._array
    if type(array) is Batched:
        raise RuntimeError(NO_ITEM)
    if array.size != 1:
        raise RuntimeError(f"a Tensor with {array.size} elements cannot be converted to Scalar")
    return array.item()


def tolist(self: Tensor) -> Any:
    """Return the numbers as nested lists of Python's numbers; one number, without dimensions."""
    return stored(self).tolist()


def only(self: Tensor, warns: bool = False) -> Any:
    if self._array.size != 1:
        raise ValueError(NOT_ONE)
    if warns and self.requires_grad:
        warnings.warn(LOSES_GRADIENT, UserWarning, stacklevel=3)
    return item(self)


def real_part(v: Any, kind: str) -> Any:
    if isinstance(v, complex):
        if v.imag:
            raise RuntimeError(f"value cannot be converted to type {kind} without overflow")
        return v.real
    return v


def __float__(self: Tensor) -> float:
    return float(real_part(only(self, warns=True), "double"))


def __int__(self: Tensor) -> int:
    return int(real_part(only(self), "int64_t"))


def __complex__(self: Tensor) -> complex:
    return complex(only(self, warns=True))


def __bool__(self: Tensor) -> bool:
    array: Any = self._array
    if array.size != 1:
        many = "more than one value" if array.size else "no values"
        raise RuntimeError(f"Boolean value of Tensor with {many} is ambiguous")
    if type(array) is Batched:
        raise RuntimeError(NO_CHOICE)
    return bool(array.item())


def __index__(self: Tensor) -> int:
    array = self._array
    if array.size != 1 or array.dtype.kind not in "biu":
        raise TypeError(NO_INDEX)
    return int(item(self))


def is_nonzero(input: Tensor) -> bool:
    """Return whether the only number of `input` is not zero."""
    return bool(input)


# ---------------------------------------------------------------- arrays


def numpy(self: Tensor, *, force: bool = False) -> np.ndarray[Any, Any]:
    """Return the NumPy array that this tensor keeps its numbers in: they share their memory.

    A tensor that requires its gradient raises a RuntimeError, unless `force` is True or it is
    under `no_grad`.
    """
    if force is not True:
        if force is not False:
            raise TypeError(f"numpy(): argument 'force' must be bool, not {title_of(force)}")
        if self.requires_grad and recording.get():
            raise RuntimeError(NO_NUMPY)
    return stored(self)


def __array__(self: Tensor, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
    if self.requires_grad and recording.get():
        raise RuntimeError(NO_NUMPY)
    array = stored(self)
    kind = array.dtype if dtype is None else np.dtype(dtype)
    if copy is False and kind != array.dtype:
        raise ValueError(
            f"a tensor of {self.dtype} cannot be an array of {kind} without being copied."
        )
    return cast_array(array, kind, copy=bool(copy))


def __array_wrap__(
    self: Tensor, array: Any, context: Any = None, return_scalar: bool = False
) -> Any:
    array = np.asarray(array)
    if array.dtype.kind == "b":  # as PyTorch, which had no truth values when it learned this
        array = array.astype(np.uint8)
    return made(checked_array(array))


# ---------------------------------------------------------------- a container


def __len__(self: Tensor) -> int:
    if not self._array.ndim:
        raise TypeError("len() of a 0-d tensor")
    return int(self._array.shape[0])


def __iter__(self: Tensor) -> Iterator[Any]:
    if not self._array.ndim:
        raise TypeError("iteration over a 0-d tensor")
    from .._functions.splitting import unbind

    return iter(unbind(self, 0))


def __reversed__(self: Tensor) -> Any:
    return flipped(self, axis=0) if self._array.ndim else self


def __contains__(self: Tensor, element: Any) -> bool:
    if isinstance(element, Tensor):
        other: Any = element._array
    elif isinstance(element, (int, float, complex, np.number, np.bool_)):
        other = element.item() if isinstance(element, np.generic) else element
    else:
        raise RuntimeError(
            "Tensor.__contains__ only supports Tensor or scalar, but you passed in a "
            f"{type(element)}."
        )
    token = hush(QUIET)
    try:
        return bool(np.equal(other, self._array).any())
    except ValueError:
        raise broadcast_error(other.shape, self._array.shape) from None
    finally:
        unhush(token)


# ---------------------------------------------------------------- text


def __repr__(self: Tensor, *, tensor_contents: Any = None) -> str:
    array: Any = self._array
    if type(array) is Batched:
        return batched_text(array)
    node = self._node
    name = node[PLAN].name if node is not None and node[1] is not None else None
    suffixes = suffixes_of(array, self.requires_grad, name)
    if _tensor.leaves.duals is not None:
        suffixes = _tensor.leaves.duals.shown_tangent(self, suffixes)
    return text_of(array, suffixes=suffixes, opening=self._opening)


def batched_text(x: Any) -> str:
    """Return the text of what stands for one example inside of `vmap`: it shows all."""
    level = len(BATCHES) - BATCHES.index(x.level)
    inner = x.value
    text = batched_text(inner) if type(inner) is Batched else text_of(inner, suffixes=[])
    text = text.replace("\n", "\n    ")
    return f"BatchedTensor(lvl={level}, bdim=0, value=\n    {text}\n)"


def stored(self: Tensor) -> np.ndarray[Any, Any]:
    """Return the array, which is to be one and no batch."""
    array: Any = self._array
    if type(array) is Batched:
        raise RuntimeError("Cannot access data pointer of Tensor that doesn't have storage")
    return self._array


def __format__(self: Tensor, spec: str) -> str:
    if not self._array.ndim and type(self) is Tensor:
        return format(item(self), spec)
    return object.__format__(self, spec)


METHODS: dict[str, Callable[..., Any]] = {
    "__array__": __array__,
    "__array_wrap__": __array_wrap__,
    "__bool__": __bool__,
    "__complex__": __complex__,
    "__contains__": __contains__,
    "__float__": __float__,
    "__format__": __format__,
    "__index__": __index__,
    "__int__": __int__,
    "__iter__": __iter__,
    "__len__": __len__,
    "__repr__": __repr__,
    "__reversed__": __reversed__,
    "is_nonzero": is_nonzero,
    "item": item,
    "numpy": numpy,
    "tolist": tolist,
    **_attributes.METHODS,
    **_casts.METHODS,
    **_copies.METHODS,
}
