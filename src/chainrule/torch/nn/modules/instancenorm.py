"""Layers that normalise each channel of each example."""

from __future__ import annotations

import warnings
from typing import Any

from .. import functional as F
from .batchnorm import _NormBase, check_rank

__all__ = ["InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"]


class _InstanceNorm(_NormBase):
    spatial: int

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )

    def forward(self, input: Any) -> Any:
        """Return `input`, each channel of each example normalised by itself."""
        check_rank(input, (self.spatial + 1, self.spatial + 2))
        single = input.dim() == self.spatial + 1
        at = 0 if single else 1
        if input.size(at) != self.num_features:
            if self.affine:
                raise ValueError(
                    f"expected input's size at dim={at} to match num_features "
                    f"({self.num_features}), but got: {input.size(at)}."
                )
            warnings.warn(
                f"input's size at dim={at} does not match num_features. You can silence this "
                "warning by not passing in num_features, which is not used because affine=False",
                UserWarning,
                stacklevel=3,
            )
        out: Any = F.instance_norm(
            input.unsqueeze(0) if single else input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum,
            self.eps,
        )
        return out.squeeze(0) if single else out


class InstanceNorm1d(_InstanceNorm):
    """Normalises each channel of examples of shape (C, L), or of a batch of them.

    Source: Ulyanov, Vedaldi and Lempitsky (2016), "Instance normalization".

    >>> import chainrule.torch as torch
    >>> torch.nn.InstanceNorm1d(1)(torch.tensor([[1.0, 5.0]]))
    tensor([[-1.0000,  1.0000]])
    """

    spatial = 1


class InstanceNorm2d(_InstanceNorm):
    """Normalises each channel of images of shape (C, H, W), or of a batch of them."""

    spatial = 2


class InstanceNorm3d(_InstanceNorm):
    """Normalises each channel of volumes of shape (C, D, H, W), or of a batch of them."""

    spatial = 3
