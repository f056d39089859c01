"""The handle that takes a hook off again."""

from __future__ import annotations

from .._missing import lookup
from ..autograd._hooks import RemovableHandle

__all__ = ["RemovableHandle"]

__getattr__ = lookup(globals(), "torch.utils.hooks", {})
