"""Layers that normalise each example by itself."""

from __future__ import annotations

from typing import Any

from ..._creation.filled import empty
from .. import functional as F
from .. import init
from ..parameter import Parameter
from .module import Module

__all__ = ["GroupNorm", "LayerNorm", "RMSNorm"]


def shape_of(normalized_shape: Any) -> tuple[int, ...]:
    """Return the lengths of the dimensions that are normalised over."""
    if isinstance(normalized_shape, int):
        return (normalized_shape,)
    return tuple(normalized_shape)


class _Scaled(Module):
    """A weight of ones and a bias of zeros, each if it is wanted."""

    def _give(
        self, shape: Any, weight: bool, bias: bool, device: Any, dtype: Any, both: bool = True
    ) -> None:
        for name, wanted in (("weight", weight), ("bias", bias))[: 1 + both]:
            parameter = Parameter(empty(shape, device=device, dtype=dtype)) if wanted else None
            self.register_parameter(name, parameter)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weight to one and the bias to zero."""
        parameters = self._parameters
        if (weight := parameters["weight"]) is not None:
            init.ones_(weight)
        if (bias := parameters.get("bias")) is not None:
            init.zeros_(bias)


class LayerNorm(_Scaled):
    """Normalises over the last dimensions, of lengths `normalized_shape`, then scales and shifts.

    Source: Ba, Kiros and Hinton (2016), "Layer normalization".

    >>> import chainrule.torch as torch
    >>> torch.nn.LayerNorm(2)(torch.tensor([[1.0, 5.0]])).detach()
    tensor([[-1.0000,  1.0000]])
    """

    def __init__(
        self,
        normalized_shape: Any,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = shape_of(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        affine = elementwise_affine
        self._give(self.normalized_shape, affine, affine and bias, device, dtype)

    def forward(self, input: Any) -> Any:
        """Return `input`, normalised."""
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Return the lengths and the options."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


class RMSNorm(_Scaled):
    """Divides by the root of the mean square over the last dimensions, then scales.

    Source: Zhang and Sennrich (2019), "Root mean square layer normalization". `eps=None` takes the
    precision of the input's number type.
    """

    def __init__(
        self,
        normalized_shape: Any,
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = shape_of(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self._give(self.normalized_shape, elementwise_affine, False, device, dtype, both=False)

    def forward(self, x: Any) -> Any:
        """Return `x`, divided by its root mean square."""
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        """Return the lengths and the options."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        )


class GroupNorm(_Scaled):
    """Normalises groups of channels of each example, of shape (N, C, …), then scales and shifts.

    Source: Wu and He (2018), "Group normalization". Raises ValueError unless the groups are equal.
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(
                f"num_channels ({num_channels}) must be divisible by num_groups ({num_groups})"
            )
        self.num_groups, self.num_channels, self.eps = num_groups, num_channels, eps
        self.affine = affine
        self._give(num_channels, affine, affine and bias, device, dtype)

    def forward(self, input: Any) -> Any:
        """Return `input`, normalised."""
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Return the groups, the channels and the options."""
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )
