"""Layers that normalise over a batch, and keep running moments for evaluation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..._creation.filled import empty, ones, zeros
from ..._creation.from_data import tensor
from ..._kinds.dtypes import int64
from .. import functional as F
from .. import init
from ..parameter import Parameter, UninitializedBuffer, UninitializedParameter
from .lazy import LazyModuleMixin
from .module import Module

__all__ = [
    "BatchNorm1d",
    "BatchNorm2d",
    "BatchNorm3d",
    "LazyBatchNorm1d",
    "LazyBatchNorm2d",
    "LazyBatchNorm3d",
]


class _NormBase(Module):
    """Weights, biases and running moments, one of each a channel."""

    _version = 2  # since when batches are counted

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        made = {"device": device, "dtype": dtype}
        for name, wanted in (("weight", affine), ("bias", affine and bias)):
            parameter = Parameter(empty(num_features, **made)) if wanted else None
            self.register_parameter(name, parameter)
        tracked = track_running_stats
        self.register_buffer("running_mean", zeros(num_features, **made) if tracked else None)
        self.register_buffer("running_var", ones(num_features, **made) if tracked else None)
        self.register_buffer("num_batches_tracked", tensor(0, dtype=int64) if tracked else None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Forget the batches."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Forget the batches; set the weights to one and the biases to zero."""
        self.reset_running_stats()
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def _check_input_dim(self, input: Any) -> None:
        raise NotImplementedError

    def extra_repr(self) -> str:
        """Return the number of channels, and the options."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, *rest: Any
    ) -> None:
        key = prefix + "num_batches_tracked"
        old = (local_metadata.get("version") or 0) < 2
        if old and self.track_running_stats and key not in state_dict:
            state_dict[key] = self.num_batches_tracked
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *rest)


class _BatchNorm(_NormBase):
    def forward(self, input: Any) -> Any:
        """Return `input`, normalised by the batch's moments, or, in evaluation, the running."""
        self._check_input_dim(input)
        momentum = 0.0 if self.momentum is None else self.momentum
        if self.training and self.track_running_stats and self.num_batches_tracked is not None:
            count_one(self.num_batches_tracked)
            if self.momentum is None:  # the average of all batches
                momentum = 1.0 / float(self.num_batches_tracked)
        running = not self.training or self.track_running_stats
        return F.batch_norm(
            input,
            self.running_mean if running else None,
            self.running_var if running else None,
            self.weight,
            self.bias,
            self.training or (self.running_mean is None and self.running_var is None),
            momentum,
            self.eps,
        )


def count_one(count: Any) -> None:
    """Add 1 in place: written out, in a twentieth of the time that the operation takes."""
    if type(count._array) is np.ndarray and count._array.flags.writeable:
        count._array += 1
        count._writes[0] += 1
    else:
        count.add_(1)


def check_rank(input: Any, ranks: tuple[int, ...]) -> None:
    if input.dim() not in ranks:
        wanted = " or ".join(f"{n}D" for n in ranks)
        raise ValueError(f"expected {wanted} input (got {input.dim()}D input)")


class BatchNorm1d(_BatchNorm):
    """Normalises each channel of a batch of shape (N, C) or (N, C, L), then scales and shifts it.

    While training by the moments of the batch, of which running averages are kept; in evaluation
    by these. `momentum=None` averages all batches alike. Source: Ioffe and Szegedy (2015), "Batch
    normalization". Raises ValueError for other ranks, and for a batch of one while training.

    >>> import chainrule.torch as torch
    >>> layer = torch.nn.BatchNorm1d(2)
    >>> layer(torch.tensor([[1.0, 2.0], [3.0, 6.0]])).detach()
    tensor([[-1.0000, -1.0000],
            [ 1.0000,  1.0000]])
    >>> layer.running_mean
    tensor([0.2000, 0.4000])
    """

    def _check_input_dim(self, input: Any) -> None:
        check_rank(input, (2, 3))


class BatchNorm2d(_BatchNorm):
    """Normalises each channel of a batch of images, of shape (N, C, H, W)."""

    def _check_input_dim(self, input: Any) -> None:
        check_rank(input, (4,))


class BatchNorm3d(_BatchNorm):
    """Normalises each channel of a batch of volumes, of shape (N, C, D, H, W)."""

    def _check_input_dim(self, input: Any) -> None:
        check_rank(input, (5,))


# ---------------------------------------------------------------- sizes from the first input


class _LazyNormBase(LazyModuleMixin, _BatchNorm):
    def __init__(
        self,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(0, eps, momentum, False, False)
        self.affine, self.track_running_stats = affine, track_running_stats
        made = {"device": device, "dtype": dtype}
        if affine:
            self.weight = UninitializedParameter(**made)
            if bias:
                self.bias = UninitializedParameter(**made)
        if track_running_stats:
            self.running_mean = UninitializedBuffer(**made)
            self.running_var = UninitializedBuffer(**made)
            self.num_batches_tracked = tensor(0, dtype=int64)

    def reset_parameters(self) -> None:
        """Set weights and biases, once they have their shapes."""
        if not self.has_uninitialized_params() and self.num_features != 0:
            super().reset_parameters()

    def initialize_parameters(self, input: Any) -> None:
        """Give weights, biases and moments the shapes that fit `input`."""
        if self.has_uninitialized_params():
            self.num_features = input.shape[1]
            for held in (self.weight, self.bias, self.running_mean, self.running_var):
                if held is not None:
                    held.materialize((self.num_features,))
            self.reset_parameters()


class LazyBatchNorm1d(_LazyNormBase):
    """A `BatchNorm1d` that learns `num_features` from its first input."""

    cls_to_become = BatchNorm1d
    _check_input_dim = BatchNorm1d._check_input_dim


class LazyBatchNorm2d(_LazyNormBase):
    """A `BatchNorm2d` that learns `num_features` from its first input."""

    cls_to_become = BatchNorm2d
    _check_input_dim = BatchNorm2d._check_input_dim


class LazyBatchNorm3d(_LazyNormBase):
    """A `BatchNorm3d` that learns `num_features` from its first input."""

    cls_to_become = BatchNorm3d
    _check_input_dim = BatchNorm3d._check_input_dim
