"""Optimisers: what changes the parameters of a model by their gradients."""

from __future__ import annotations

from .._missing import lookup
from .adam import Adam, AdamW
from .optimizer import Optimizer
from .sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]

__getattr__ = lookup(globals(), "torch.optim", {})
