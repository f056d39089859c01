"""The functions behind the layers: activations, losses, the affine map."""

from __future__ import annotations

from .._missing import lookup
from ._activation_functions import (
    leaky_relu,
    log_softmax,
    logsigmoid,
    relu,
    relu_,
    sigmoid,
    softmax,
    tanh,
)
from ._binary_losses import binary_cross_entropy, binary_cross_entropy_with_logits
from ._class_losses import cross_entropy, nll_loss
from ._dropout_functions import (
    alpha_dropout,
    dropout,
    dropout1d,
    dropout2d,
    dropout3d,
    feature_alpha_dropout,
)
from ._embedding_functions import embedding, one_hot
from ._linear_functions import linear
from ._norm_functions import batch_norm, layer_norm
from ._number_losses import l1_loss, mse_loss

__all__ = [
    "alpha_dropout",
    "batch_norm",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "embedding",
    "feature_alpha_dropout",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsigmoid",
    "mse_loss",
    "nll_loss",
    "one_hot",
    "relu",
    "relu_",
    "sigmoid",
    "softmax",
    "tanh",
]

__getattr__ = lookup(globals(), "torch.nn.functional", {})
