"""Linear layers, and the one that passes on what it is given."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..._checks import argument_error  # noqa: F401
from ..._kinds.device import checked_device
from ..._kinds.dtypes import get_default_dtype
from ..._tensor import made
from .. import init
from ..functional import linear
from ..parameter import Parameter
from .module import Module

__all__ = ["Identity", "Linear"]


class Identity(Module):
    """Returns its input; whatever it is made with is ignored."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()

    def forward(self, input: Any) -> Any:
        """Return `input`."""
        return input


class Linear(Module):
    """The affine map x @ weight.T + bias, for x of shape (…, in_features).

    `weight` has shape (out_features, in_features) and `bias` (out_features,); both are drawn
    uniformly within 1 / sqrt(in_features) of 0, from PyTorch's own stream: the same seed gives the
    same layer. `bias=False` leaves the bias out.

    >>> import chainrule.torch as torch
    >>> _ = torch.manual_seed(1)
    >>> torch.nn.Linear(2, 1).weight
    Parameter containing:
    tensor([[ 0.3643, -0.3121]], requires_grad=True)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        checked_device(device)
        kind = (get_default_dtype() if dtype is None else dtype).numpy
        for n in (in_features, out_features):
            check_size(n, [out_features, in_features])
        self.weight = Parameter(made(np.empty((out_features, in_features), kind)))
        if bias:
            self.bias = Parameter(made(np.empty(out_features, kind)))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weight and the bias anew."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features) if self.in_features > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Any) -> Any:
        """Return `input @ weight.T + bias`."""
        own = self._parameters  # attributes would be looked for in three places
        try:
            weight: Any = own["weight"]
            bias = own["bias"]
        except KeyError:  # somebody has put something else there
            weight, bias = self.weight, self.bias
        return linear(input, weight, bias)

    def extra_repr(self) -> str:
        """Return the sizes, and whether there is a bias."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )


def check_size(n: Any, shape: list[Any]) -> None:
    if not isinstance(n, (int, np.integer)):
        raise TypeError(
            f"empty(): argument 'size' failed to unpack the object at pos "
            f'{len(shape) - shape[::-1].index(n)} with error "type must be tuple of ints,but got '
            f'{type(n).__name__}"'
        )
    if n < 0:
        raise RuntimeError(
            f"Trying to create tensor with negative dimension {n}: {[int(k) for k in shape]}"
        )
