"""For tests of programs with tensors: comparison with tolerances, and tensors to try things on."""

from __future__ import annotations

from .._missing import lookup
from ._comparison import assert_close
from ._making import make_tensor

__all__ = ["assert_close", "make_tensor"]

__getattr__ = lookup(globals(), "torch.testing", {})
