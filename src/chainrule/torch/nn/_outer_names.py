"""Functions of layers that `torch` itself has too, with arguments of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._tensor import Tensor
from . import _dropout_functions as dropouts
from . import _embedding_functions as embeddings
from . import _example_norms as example_norms
from . import _hard_activations as hard
from . import _norm_functions as norms
from . import _rectifiers as rectifiers

# fmt: off
__all__ = [
    "alpha_dropout", "alpha_dropout_", "batch_norm", "celu", "dropout", "dropout_", "embedding",
    "feature_alpha_dropout", "feature_alpha_dropout_", "feature_dropout", "feature_dropout_",
    "group_norm", "instance_norm", "layer_norm", "rrelu", "selu", "threshold",
]
# fmt: on


def leaving_out(name: str, call: Callable[..., Any], said: str) -> Callable[..., Any]:
    in_place = name.endswith("_")

    def function(input: Tensor, p: float, train: bool) -> Tensor:
        if not 0 <= p <= 1:
            raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {p:g}")
        return call(input, p, train, in_place)  # type: ignore[no-any-return]

    function.__name__ = function.__qualname__ = name
    function.__doc__ = said
    return function


def by_feature(input: Any, p: float, train: bool, in_place: bool) -> Any:
    return dropouts.by_channels("feature_dropout", input, p, train, in_place)


LEFT_OUT = "Return `input` with numbers left out by chance, as `nn.functional.{}` does."
OVER = "Leave numbers of `input` out by chance, as `nn.functional.{}` does; return it."

dropout = leaving_out("dropout", dropouts.dropout, LEFT_OUT.format("dropout"))
dropout_ = leaving_out("dropout_", dropouts.dropout, OVER.format("dropout"))
alpha_dropout = leaving_out(
    "alpha_dropout", dropouts.alpha_dropout, LEFT_OUT.format("alpha_dropout")
)
alpha_dropout_ = leaving_out("alpha_dropout_", dropouts.alpha_dropout, OVER.format("alpha_dropout"))
feature_dropout = leaving_out(
    "feature_dropout", by_feature, "Return `input` with whole channels left out by chance."
)
feature_dropout_ = leaving_out(
    "feature_dropout_", by_feature, "Leave whole channels of `input` out by chance; return it."
)
feature_alpha_dropout = leaving_out(
    "feature_alpha_dropout",
    dropouts.feature_alpha_dropout,
    LEFT_OUT.format("feature_alpha_dropout"),
)
feature_alpha_dropout_ = leaving_out(
    "feature_alpha_dropout_",
    dropouts.feature_alpha_dropout,
    OVER.format("feature_alpha_dropout"),
)


def batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """Return `nn.functional.batch_norm` of the same tensors, which come in another order."""
    return norms.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


def instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """Return `nn.functional.instance_norm` of the same tensors, which come in another order."""
    return example_norms.instance_norm(
        input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps
    )


def layer_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Tensor:
    """Return `nn.functional.layer_norm`; `cudnn_enable` changes nothing."""
    return norms.layer_norm(input, normalized_shape, weight, bias, eps)


def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Tensor:
    """Return `nn.functional.group_norm`; `cudnn_enabled` changes nothing."""
    return example_norms.group_norm(input, num_groups, weight, bias, eps)


def embedding(
    weight: Tensor,
    indices: Tensor,
    padding_idx: int = -1,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Return the rows of `weight` that `indices` name; a `padding_idx` below 0 is none."""
    padding = None if padding_idx < 0 else padding_idx
    return embeddings.embedding(
        indices, weight, padding, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse
    )


def celu(input: Tensor, alpha: float = 1.0) -> Tensor:
    """Return `nn.functional.celu` of `input`."""
    return rectifiers.celu(input, alpha)


def selu(input: Tensor) -> Tensor:
    """Return `nn.functional.selu` of `input`."""
    return rectifiers.selu(input)


def rrelu(
    input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False
) -> Tensor:
    """Return `nn.functional.rrelu` of `input`."""
    return rectifiers.rrelu(input, lower, upper, training)


def threshold(input: Tensor, threshold: float, value: float) -> Tensor:
    """Return `nn.functional.threshold` of `input`."""
    return hard.threshold(input, threshold, value)
