"""DLPack: memory that libraries share."""

from __future__ import annotations

from .._conversions.exchange import DLDeviceType, from_dlpack, to_dlpack
from .._missing import lookup

__all__ = ["DLDeviceType", "from_dlpack", "to_dlpack"]

__getattr__ = lookup(globals(), "torch.utils.dlpack", {})
