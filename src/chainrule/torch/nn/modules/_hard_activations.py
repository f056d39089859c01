"""Activations of straight pieces as modules; activation.py offers them."""

from __future__ import annotations

import warnings
from typing import Any

from .. import functional as F
from ._rectifiers import InPlace
from .module import Module

__all__ = [
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "ReLU6",
    "Softshrink",
    "Threshold",
]


class Hardtanh(Module):
    """Each number, or the nearer bound beyond `min_val` and `max_val`."""

    def __init__(
        self,
        min_val: float = -1.0,
        max_val: float = 1.0,
        inplace: bool = False,
        min_value: float | None = None,
        max_value: float | None = None,
    ) -> None:
        super().__init__()
        for name, v in (("min", min_value), ("max", max_value)):
            if v is not None:
                warnings.warn(
                    f"keyword argument `{name}_value` is deprecated and renamed to `{name}_val`",
                    FutureWarning,
                    stacklevel=2,
                )
        self.min_val = min_val if min_value is None else min_value
        self.max_val = max_val if max_value is None else max_value
        self.inplace = inplace
        text = f"max_val ({self.max_val}) must be greater than min_val ({self.min_val})"
        assert self.max_val > self.min_val, text  # the class of PyTorch's error

    def forward(self, input: Any) -> Any:
        """Return each number between the bounds."""
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        """Return the bounds, and whether it writes over its input."""
        bounds = f"min_val={self.min_val}, max_val={self.max_val}"
        return bounds + ", inplace=True" * self.inplace


class ReLU6(Hardtanh):
    """Each number where it is positive, 0 elsewhere, and 6 at most."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0.0, 6.0, inplace)

    def forward(self, input: Any) -> Any:
        """Return each number between 0 and 6."""
        return F.relu6(input, self.inplace)

    def extra_repr(self) -> str:
        """Return whether it writes over its input."""
        return "inplace=True" if self.inplace else ""


class Hardsigmoid(InPlace):
    """x / 6 + 1/2 between -3 and 3, and 0 and 1 beyond."""

    def forward(self, input: Any) -> Any:
        """Return the activation of each number."""
        return F.hardsigmoid(input, self.inplace)

    def extra_repr(self) -> str:
        """Return nothing."""
        return ""


class Hardswish(InPlace):
    """Each number times its hard sigmoid."""

    def forward(self, input: Any) -> Any:
        """Return the activation of each number."""
        return F.hardswish(input, self.inplace)

    def extra_repr(self) -> str:
        """Return nothing."""
        return ""


class Hardshrink(Module):
    """Each number, and 0 from -lambd to lambd."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Any) -> Any:
        """Return the numbers that are far enough from 0."""
        return F.hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        """Return the bound."""
        return f"{self.lambd}"


class Softshrink(Module):
    """Each number moved towards 0 by `lambd`, but not beyond."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Any) -> Any:
        """Return the numbers nearer to 0."""
        return F.softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        """Return how far they are moved."""
        return str(self.lambd)


class Threshold(Module):
    """Each number above the threshold, and `value` elsewhere."""

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__()
        self.threshold, self.value, self.inplace = threshold, value, inplace

    def forward(self, input: Any) -> Any:
        """Return the numbers above the threshold, and what stands for others."""
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        """Return the threshold and the value, and whether it writes over its input."""
        said = f"threshold={self.threshold}, value={self.value}"
        return said + ", inplace=True" * self.inplace
