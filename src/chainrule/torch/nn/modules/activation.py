"""Activations as modules."""

from __future__ import annotations

from typing import Any

from ..._functions import operations as _operations
from .. import functional as F
from ._hard_activations import (
    Hardshrink,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    ReLU6,
    Softshrink,
    Threshold,
)
from ._rectifiers import CELU, ELU, SELU, LeakyReLU, PReLU, ReLU, RReLU
from ._smooth_activations import GELU, GLU, Mish, SiLU, Softplus, Softsign, Tanhshrink
from .module import Module

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GLU",
    "SELU",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "LeakyReLU",
    "LogSigmoid",
    "LogSoftmax",
    "Mish",
    "PReLU",
    "RReLU",
    "ReLU",
    "ReLU6",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softmax2d",
    "Softmin",
    "Softplus",
    "Softshrink",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "Threshold",
]  # fmt: skip

for _one in __all__:
    if _one in globals():
        globals()[_one].__module__ = __name__  # as types and messages print it


class Sigmoid(Module):
    """1 / (1 + exp(-x)) of each number: a score becomes a probability.

    >>> import chainrule.torch as torch
    >>> torch.nn.Sigmoid()(torch.tensor(0.0))
    tensor(0.5000)
    """

    def forward(self, input: Any) -> Any:
        """Return the sigmoid of each number."""
        return _operations.sigmoid(input)


class Tanh(Module):
    """The hyperbolic tangent of each number."""

    def forward(self, input: Any) -> Any:
        """Return the hyperbolic tangent of each number."""
        return _operations.tanh(input)


class LogSigmoid(Module):
    """The logarithm of the sigmoid of each number."""

    def forward(self, input: Any) -> Any:
        """Return the logarithm of the sigmoid of each number."""
        return F.logsigmoid(input)


class _AlongDim(Module):
    dim: int | None

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def extra_repr(self) -> str:
        """Return the dimension."""
        return f"dim={self.dim}"


class Softmax(_AlongDim):
    """exp(x) divided by its sum along `dim`: scores become probabilities of classes.

    >>> import chainrule.torch as torch
    >>> torch.nn.Softmax(dim=0)(torch.zeros(4))
    tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """

    def forward(self, input: Any) -> Any:
        """Return the shares along `dim`."""
        return F.softmax(input, self.dim, _stacklevel=5)


class LogSoftmax(_AlongDim):
    """The logarithm of the softmax along `dim`."""

    def forward(self, input: Any) -> Any:
        """Return the logarithms of the shares along `dim`."""
        return F.log_softmax(input, self.dim, _stacklevel=5)


class Softmin(_AlongDim):
    """The softmax of the negative numbers along `dim`: the smallest has the largest share."""

    def forward(self, input: Any) -> Any:
        """Return the shares along `dim`."""
        return F.softmin(input, self.dim, _stacklevel=5)


class Softmax2d(Module):
    """The softmax over the channels, at each place of an image: dimension -3 of 3 or 4."""

    def forward(self, input: Any) -> Any:
        """Return the shares of the channels."""
        if input.dim() not in (3, 4):
            raise ValueError(
                f"Softmax2d: expected input to be 3D or 4D, got {input.dim()}D instead"
            )
        return F.softmax(input, -3, _stacklevel=5)
