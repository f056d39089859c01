"""Activations as modules."""

from __future__ import annotations

from typing import Any

from ..._functions import operations as _operations
from .. import functional as F
from .module import Module

__all__ = ["LeakyReLU", "LogSigmoid", "LogSoftmax", "ReLU", "Sigmoid", "Softmax", "Tanh"]


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


class ReLU(Module):
    """Each number where it is positive, 0 elsewhere; `inplace=True` writes over the input."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """Return the positive part of each number."""
        return F.relu(input, inplace=self.inplace)

    def extra_repr(self) -> str:
        """Return whether it writes over its input."""
        return "inplace=True" if self.inplace else ""


class LeakyReLU(Module):
    """Each number where it is positive, and `negative_slope` times it elsewhere."""

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope, self.inplace = negative_slope, inplace

    def forward(self, input: Any) -> Any:
        """Return each number, or a part of it."""
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        """Return the slope, and whether it writes over its input."""
        return f"negative_slope={self.negative_slope}" + ", inplace=True" * self.inplace


class Softmax(Module):
    """exp(x) divided by its sum along `dim`: scores become probabilities of classes.

    >>> import chainrule.torch as torch
    >>> torch.nn.Softmax(dim=0)(torch.zeros(4))
    tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Any) -> Any:
        """Return the shares along `dim`."""
        return F.softmax(input, self.dim, _stacklevel=5)

    def extra_repr(self) -> str:
        """Return the dimension."""
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """The logarithm of the softmax along `dim`."""

    def forward(self, input: Any) -> Any:
        """Return the logarithms of the shares along `dim`."""
        return F.log_softmax(input, self.dim, _stacklevel=5)
