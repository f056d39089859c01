"""The functions behind the layers: activations, losses, the affine map."""

from __future__ import annotations

from .._missing import lookup
from ._activation_functions import (
    gumbel_softmax,
    log_softmax,
    logsigmoid,
    sigmoid,
    softmax,
    softmin,
    tanh,
)
from ._attention_functions import bilinear, scaled_dot_product_attention
from ._bag_functions import embedding_bag
from ._binary_losses import binary_cross_entropy, binary_cross_entropy_with_logits
from ._class_losses import cross_entropy, nll_loss
from ._distance_functions import (
    cosine_embedding_loss,
    cosine_similarity,
    normalize,
    pairwise_distance,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from ._dropout_functions import (
    alpha_dropout,
    dropout,
    dropout1d,
    dropout2d,
    dropout3d,
    feature_alpha_dropout,
)
from ._embedding_functions import embedding, one_hot
from ._example_norms import group_norm, instance_norm
from ._hard_activations import (
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    hardtanh_,
    relu6,
    softshrink,
    threshold,
    threshold_,
)
from ._likelihood_losses import gaussian_nll_loss, kl_div, poisson_nll_loss
from ._linear_functions import linear
from ._margin_losses import (
    hinge_embedding_loss,
    margin_ranking_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    soft_margin_loss,
)
from ._norm_functions import batch_norm, layer_norm, rms_norm
from ._number_losses import huber_loss, l1_loss, mse_loss, smooth_l1_loss
from ._pad_functions import pad
from ._pool_functions import avg_pool1d, max_pool1d
from ._rectifiers import (
    celu,
    celu_,
    elu,
    elu_,
    leaky_relu,
    leaky_relu_,
    prelu,
    relu,
    relu_,
    rrelu,
    rrelu_,
    selu,
    selu_,
)
from ._smooth_activations import gelu, glu, mish, silu, softplus, softsign, tanhshrink

__all__ = [
    "alpha_dropout",
    "avg_pool1d",
    "batch_norm",
    "bilinear",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "celu",
    "celu_",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "elu",
    "elu_",
    "embedding",
    "embedding_bag",
    "feature_alpha_dropout",
    "gaussian_nll_loss",
    "gelu",
    "glu",
    "group_norm",
    "gumbel_softmax",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hardtanh_",
    "hinge_embedding_loss",
    "huber_loss",
    "instance_norm",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "leaky_relu_",
    "linear",
    "log_softmax",
    "logsigmoid",
    "margin_ranking_loss",
    "max_pool1d",
    "mish",
    "mse_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "nll_loss",
    "normalize",
    "one_hot",
    "pad",
    "pairwise_distance",
    "poisson_nll_loss",
    "prelu",
    "relu",
    "relu6",
    "relu_",
    "rms_norm",
    "rrelu",
    "rrelu_",
    "scaled_dot_product_attention",
    "selu",
    "selu_",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "soft_margin_loss",
    "softmax",
    "softmin",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
    "threshold_",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]

__getattr__ = lookup(globals(), "torch.nn.functional", {})
