"""Looking for NaN in a backward pass: PyTorch's module of these names."""

from __future__ import annotations

from .._missing import lookup
from ._anomaly import detect_anomaly, set_detect_anomaly

__all__ = ["detect_anomaly", "set_detect_anomaly"]
__getattr__ = lookup(globals(), "torch.autograd.anomaly_mode", {})
