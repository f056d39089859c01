"""Functions between two bounds, and back: their slopes from the value alone, as PyTorch has them.

Users of the tape face see PyTorch's digits, 0 for the slope of tanh at 20. NumPy's own `tanh` has
a rule that is right to the last digits everywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.stating import elementwise
from chainrule._core.values import recordable

from .learning import one_of

__all__ = ["bounded_tanh", "log_odds"]


@recordable
def bounded_tanh(x: Any) -> Any:
    """Return tanh(x)."""
    return np.tanh(x)


elementwise(bounded_tanh, lambda g, y: g * (one_of(y) - y * y))


@recordable
def log_odds(x: Any) -> Any:
    """Return log(x / (1 - x))."""
    return np.log(x / (1 - x))


elementwise(  # not a number outside of 0 and 1, and inf at both, from either side
    log_odds,
    lambda g, x: g / np.where((x >= 0) & (x <= 1), np.absolute(x * (1 - x)), np.nan),
)
