"""Layers that leave numbers out at random while training, and pass all on in evaluation."""

from __future__ import annotations

from typing import Any

from .. import functional as F
from .module import Module

__all__ = [
    "AlphaDropout",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Dropout3d",
    "FeatureAlphaDropout",
]


class _DropoutNd(Module):
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p, self.inplace = p, inplace

    def extra_repr(self) -> str:
        """Return the probability, and whether it writes over its input."""
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_DropoutNd):
    """Zeroes each number with probability `p` while training; the others are divided by 1 - p.

    The stream is PyTorch's. Source: Srivastava et al. (2014), "Dropout". Raises ValueError for a
    probability that is none.

    >>> import chainrule.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> layer = torch.nn.Dropout()
    >>> layer(torch.ones(6))
    tensor([0., 0., 2., 0., 0., 0.])
    >>> layer.eval()(torch.ones(3))
    tensor([1., 1., 1.])
    """

    def forward(self, input: Any) -> Any:
        """Return `input` without some of its numbers."""
        return F.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_DropoutNd):
    """Zeroes whole channels, of shape (L,), with probability `p` while training."""

    def forward(self, input: Any) -> Any:
        """Return `input` without some of its channels."""
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_DropoutNd):
    """Zeroes whole channels, of shape (H, W), with probability `p` while training."""

    def forward(self, input: Any) -> Any:
        """Return `input` without some of its channels."""
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_DropoutNd):
    """Zeroes whole channels, of shape (D, H, W), with probability `p` while training."""

    def forward(self, input: Any) -> Any:
        """Return `input` without some of its channels."""
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_DropoutNd):
    """Sets numbers to SELU's lowest value, and keeps mean and variance level.

    Source: Klambauer et al. (2017), "Self-normalizing neural networks".
    """

    def forward(self, input: Any) -> Any:
        """Return `input` without some of its numbers."""
        return F.alpha_dropout(input, self.p, self.training)


class FeatureAlphaDropout(_DropoutNd):
    """Does as `AlphaDropout`, with whole channels."""

    def forward(self, input: Any) -> Any:
        """Return `input` without some of its channels."""
        return F.feature_alpha_dropout(input, self.p, self.training)
