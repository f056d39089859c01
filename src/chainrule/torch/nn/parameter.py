"""Parameters: the tensors that a module learns; and buffers, those that it merely keeps."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._kinds.dtypes import get_default_dtype
from .._tensor import Tensor, made
from ..autograd._leaves import ONLY_FLOATS, make_leaf

__all__ = ["Buffer", "Parameter"]


class Parameter(Tensor):
    """A tensor that a `Module` counts among its parameters when it is assigned to it.

    It is a leaf that requires its gradient, unless `requires_grad=False`, and shares the numbers
    of `data`, a tensor; without one it is empty. Raises RuntimeError for whole numbers that are to
    require a gradient.

    >>> import chainrule.torch as torch
    >>> torch.nn.Parameter(torch.ones(2))
    Parameter containing:
    tensor([1., 1.], requires_grad=True)
    """

    __slots__ = ()

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Any:
        if data is None:
            data = made(np.empty(0, get_default_dtype().numpy))
        elif not isinstance(data, Tensor):
            raise AttributeError(f"'{type(data).__name__}' object has no attribute 'detach'")
        if not isinstance(requires_grad, bool):
            raise TypeError(
                "_make_subclass(): argument 'require_grad' (position 3) must be bool, not "
                f"{type(requires_grad).__name__}"
            )
        out = made(data._array, cls)
        out._writes = data._writes  # one count for one array
        if requires_grad:
            if data._array.dtype.kind not in "fc":
                raise RuntimeError(ONLY_FLOATS)
            make_leaf(out)
        return out

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            copy = Parameter(made(self._array.copy()), self.requires_grad)
            if self.grad is not None:
                copy.grad = made(self.grad._array.copy())
            memo[id(self)] = copy
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> Any:
        return parameter_of, (self._array, self.requires_grad)


def parameter_of(array: Any, requires_grad: bool) -> Parameter:
    """Return a parameter around an array: how one is unpickled."""
    return Parameter(made(array), requires_grad)  # type: ignore[no-any-return]


class _Buffers(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, Tensor) and getattr(instance, "_is_buffer", False)


class Buffer(metaclass=_Buffers):
    """A tensor that a `Module` counts among its buffers when it is assigned to it.

    What comes back is `data` itself, marked; `persistent=False` leaves it out of the state dict.

    >>> import chainrule.torch as torch
    >>> torch.nn.Buffer(torch.ones(2))
    tensor([1., 1.])
    """

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Any:
        if data is None:
            data = made(np.empty(0, get_default_dtype().numpy))
        out = made(data._array)
        out._writes = data._writes
        out._is_buffer, out.persistent = True, persistent
        return out
