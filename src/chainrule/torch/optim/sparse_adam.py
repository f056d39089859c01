"""SparseAdam: there, so that it can say what to use instead."""

from __future__ import annotations

from typing import Any

from .optimizer import Optimizer
from .stepping import check_betas, check_sizes

__all__ = ["SparseAdam"]


class SparseAdam(Optimizer):
    """Adam for sparse gradients, of which there are none in chainrule: a step raises RuntimeError.

    PyTorch says the same of gradients that are not sparse. Raises ValueError for options out of
    their range.
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        maximize: bool = False,
    ) -> None:
        check_sizes(lr, eps=eps)
        check_betas(betas)
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "maximize": maximize})

    def update(self, group: dict[str, Any]) -> None:
        """Raise for the first gradient that there is."""
        if any(p.grad is not None for p in group["params"]):
            raise RuntimeError(
                "SparseAdam does not support dense gradients, please consider Adam instead"
            )
