"""Activations without a corner, as modules; activation.py offers them."""

from __future__ import annotations

from typing import Any

from .. import functional as F
from ._rectifiers import InPlace
from .module import Module

__all__ = ["GELU", "GLU", "Mish", "SiLU", "Softplus", "Softsign", "Tanhshrink"]


class GELU(Module):
    """Each number times the probability that a normal number is below it."""

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Any) -> Any:
        """Return the activation of each number."""
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self) -> str:
        """Return how the probability is computed."""
        return f"approximate={self.approximate!r}"


class SiLU(InPlace):
    """Each number times its sigmoid."""

    def forward(self, input: Any) -> Any:
        """Return the activation of each number."""
        return F.silu(input, inplace=self.inplace)


class Mish(InPlace):
    """Each number times the hyperbolic tangent of its softplus."""

    def forward(self, input: Any) -> Any:
        """Return the activation of each number."""
        return F.mish(input, inplace=self.inplace)


class Softplus(Module):
    """log(1 + exp(beta * x)) / beta: positive, and nearly x where that is large.

    >>> import chainrule.torch as torch
    >>> torch.nn.Softplus()(torch.tensor([0.0, 30.0]))
    tensor([ 0.6931, 30.0000])
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, input: Any) -> Any:
        """Return the activation of each number."""
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        """Return beta and the threshold."""
        return f"beta={self.beta}, threshold={self.threshold}"


class Softsign(Module):
    """x / (1 + |x|), between -1 and 1."""

    def forward(self, input: Any) -> Any:
        """Return the activation of each number."""
        return F.softsign(input)


class Tanhshrink(Module):
    """x - tanh(x)."""

    def forward(self, input: Any) -> Any:
        """Return the activation of each number."""
        return F.tanhshrink(input)


class GLU(Module):
    """The first half along `dim`, times the sigmoid of the other half."""

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Any) -> Any:
        """Return the half that is let through."""
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        """Return the dimension."""
        return f"dim={self.dim}"
