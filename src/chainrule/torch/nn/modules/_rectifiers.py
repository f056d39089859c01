"""Activations that let a number through above 0, as modules; activation.py offers them."""

from __future__ import annotations

from typing import Any

from .. import functional as F
from ..parameter import Parameter
from .module import Module

__all__ = ["CELU", "ELU", "SELU", "InPlace", "LeakyReLU", "PReLU", "RReLU", "ReLU"]


class InPlace(Module):
    """An activation that can write over its input, and has no other option."""

    inplace: bool

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        """Return whether it writes over its input."""
        return "inplace=True" if self.inplace else ""


class ReLU(InPlace):
    """Each number where it is positive, 0 elsewhere; `inplace=True` writes over the input."""

    def forward(self, input: Any) -> Any:
        """Return the positive part of each number."""
        return F.relu(input, inplace=self.inplace)


class SELU(InPlace):
    """`functional.selu`: a scaled exponential below 0, which keeps mean 0 and variance 1."""

    def forward(self, input: Any) -> Any:
        """Return the activation of each number."""
        return F.selu(input, self.inplace)


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


class PReLU(Module):
    """Each number where it is positive, and a learnt part of it elsewhere.

    `num_parameters` parts, 1 or one for each channel, begin at `init`.

    >>> import chainrule.torch as torch
    >>> torch.nn.PReLU().weight
    Parameter containing:
    tensor([0.2500], requires_grad=True)
    """

    def __init__(
        self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None
    ) -> None:
        from ..._creation.filled import empty

        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Parameter(empty(num_parameters, device=device, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the parts to what they begin at."""
        self.weight._array[...] = self.init

    def forward(self, input: Any) -> Any:
        """Return each number, or the learnt part of it."""
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        """Return the number of parts."""
        return f"num_parameters={self.num_parameters}"


class RReLU(Module):
    """Each number where it is positive, and a random part of it elsewhere: `functional.rrelu`."""

    def __init__(
        self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False
    ) -> None:
        super().__init__()
        self.lower, self.upper, self.inplace = lower, upper, inplace

    def forward(self, input: Any) -> Any:
        """Return each number, or a part of it, which is random in training."""
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        """Return between what the parts lie, and whether it writes over its input."""
        return f"lower={self.lower}, upper={self.upper}" + ", inplace=True" * self.inplace


class ELU(Module):
    """Each number where it is positive, and `alpha * (exp(x) - 1)` elsewhere."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input: Any) -> Any:
        """Return the activation of each number."""
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        """Return alpha, and whether it writes over its input."""
        return f"alpha={self.alpha}" + ", inplace=True" * self.inplace


class CELU(Module):
    """Each number where it is positive, and `alpha * (exp(x / alpha) - 1)` elsewhere."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input: Any) -> Any:
        """Return the activation of each number."""
        return F.celu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        """Return alpha, and whether it writes over its input."""
        return f"alpha={self.alpha}" + ", inplace=True" * self.inplace
