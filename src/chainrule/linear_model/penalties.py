"""Penalties: what large weights cost, so that a model does not follow every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

__all__ = ["Penalty", "Ridge"]


class Penalty(Protocol):
    """What a fit needs to know of a penalty: its cost, as plain NumPy that differentiates."""

    @property
    def strength(self) -> float:
        """How strong it is; 0 for none."""

    def cost(self, weights: Any) -> Any:
        """Return the cost of weights of any shape; intercepts are not among them."""


@dataclass(frozen=True)
class Ridge:
    """Half the sum of squared weights, times `strength` (scikit-learn's 1/C).

    >>> float(Ridge(2.0).cost(np.array([3.0, 4.0])))
    25.0
    """

    strength: float = 1.0

    def cost(self, weights: Any) -> Any:
        return self.strength / 2 * np.sum(weights * weights)
