"""Layers that put numbers around the last dimensions."""

from __future__ import annotations

from typing import Any

from .. import functional as F
from .module import Module
from .utils import _ntuple

__all__ = [
    "ConstantPad1d",
    "ConstantPad2d",
    "ConstantPad3d",
    "ZeroPad1d",
    "ZeroPad2d",
    "ZeroPad3d",
]


class _ConstantPadNd(Module):
    spatial: int

    def __init__(self, padding: Any, value: float) -> None:
        super().__init__()
        self.padding, self.value = _ntuple(2 * self.spatial, "parse")(padding), value

    def forward(self, input: Any) -> Any:
        """Return `input` with numbers around it."""
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        """Return how many numbers, and which."""
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPadNd):
    """Puts `value` before and after the last dimension, `padding` = (left, right) times."""

    spatial = 1


class ConstantPad2d(_ConstantPadNd):
    """Puts `value` around the last two dimensions: `padding` = (left, right, top, bottom)."""

    spatial = 2


class ConstantPad3d(_ConstantPadNd):
    """Puts `value` around the last three dimensions; `padding` begins with the last of them."""

    spatial = 3


class _ZeroPadNd(_ConstantPadNd):
    def __init__(self, padding: Any) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        """Return how many zeros."""
        return f"{self.padding}"


class ZeroPad1d(_ZeroPadNd):
    """Puts zeros before and after the last dimension."""

    spatial = 1


class ZeroPad2d(_ZeroPadNd):
    """Puts zeros around the last two dimensions: `padding` = (left, right, top, bottom).

    >>> import chainrule.torch as torch
    >>> torch.nn.ZeroPad2d((1, 0, 0, 0))(torch.ones(1, 1, 2))
    tensor([[[0., 1., 1.]]])
    """

    spatial = 2


class ZeroPad3d(_ZeroPadNd):
    """Puts zeros around the last three dimensions; `padding` begins with the last of them."""

    spatial = 3
