"""Classes of users' own that are tensors: what their methods return is of the class, too."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from ._arguments import title_of
from ._tensor import Tensor, made

__all__ = ["METHODS", "keep_kind"]

NOT_KEPT = {
    "__array__", "__deepcopy__", "__dir__", "__dlpack__", "__format__", "__hash__",
    "__reduce_ex__", "__repr__", "as_subclass", "backward", "names_of_tensor",
}  # fmt: skip


def keep_kind(cls: type[Tensor]) -> None:
    """Let the methods and operators of `cls`, a class derived from Tensor, return tensors of it.

    Functions such as `torch.exp` return plain tensors.
    """
    above = [one for one in cls.__mro__[1:] if issubclass(one, Tensor) and one is not Tensor]
    if any(one._opening == Tensor._opening for one in above):
        return  # of parameters: what is computed from them is none
    cls._opening = f"{cls.__name__}("
    if above:
        return
    for name, function in list(vars(Tensor).items()):
        if isinstance(function, types.FunctionType) and name not in NOT_KEPT | vars(cls).keys():
            setattr(cls, name, keeping(function))


def keeping(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def method(self: Any, *inputs: Any, **options: Any) -> Any:
        result = function(self, *inputs, **options)
        if type(result) is Tensor:
            if not any(result is one for one in inputs):
                result.__class__ = type(self)
        elif isinstance(result, tuple):
            for one in result:
                if type(one) is Tensor:
                    one.__class__ = type(self)
        return result

    return method


def as_subclass(self: Tensor, cls: type[Tensor]) -> Any:
    """Return this tensor, with its history, as one of the class `cls`."""
    if not (isinstance(cls, type) and issubclass(cls, Tensor)):
        raise TypeError("cls must be a type (got " + title_of(cls) + ")")
    out = made(self._array, cls)
    out._writes, out._node = self._writes, self._node
    if self._view is not None:
        out._view = self._view
    return out


def _make_subclass(cls: type[Tensor], data: Tensor, require_grad: bool = False) -> Any:
    out = made(data._array, cls)
    out._writes = data._writes
    if require_grad:
        out.requires_grad = True
    return out


METHODS: dict[str, Any] = {
    "_make_subclass": staticmethod(_make_subclass),
    "as_subclass": as_subclass,
}
