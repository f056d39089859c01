"""`Variable`: what a tensor that requires its gradient was called before PyTorch 0.4."""

from __future__ import annotations

import warnings
from typing import Any

from .._tensor import Tensor
from ._leaves import ONLY_FLOATS, make_leaf

__all__ = ["Variable"]


class _Kind(type):
    """Lets every tensor be one."""

    def __instancecheck__(cls, v: Any) -> bool:
        return isinstance(v, Tensor)


class Variable(metaclass=_Kind):
    """Return the tensor given, as one that requires its gradient or does not.

    >>> import chainrule.torch as torch
    >>> torch.autograd.Variable(torch.ones(2), requires_grad=True)
    tensor([1., 1.], requires_grad=True)
    """

    def __new__(cls, data: Any = None, requires_grad: bool = False, volatile: bool = False) -> Any:
        from .._conversions.copies import detach

        if data is None:
            data = Tensor()
        if not isinstance(data, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
        if volatile:
            warnings.warn(
                "volatile was removed and now has no effect. Use `with torch.no_grad():` instead.",
                UserWarning,
                stacklevel=2,
            )
        if requires_grad and data._array.dtype.kind not in "fc":
            raise RuntimeError(ONLY_FLOATS)
        out = detach(data)
        return make_leaf(out) if requires_grad else out


Variable.__module__ = "torch.autograd.variable"
__test__ = {"Variable": Variable}
