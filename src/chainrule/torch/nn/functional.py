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
from ._linear_functions import linear
from ._number_losses import l1_loss, mse_loss

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "l1_loss",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsigmoid",
    "mse_loss",
    "nll_loss",
    "relu",
    "relu_",
    "sigmoid",
    "softmax",
    "tanh",
]

__getattr__ = lookup(globals(), "torch.nn.functional", {})
