"""Parametrizations that are ready to use: a length and a direction, a spectral norm of one."""

from __future__ import annotations

from typing import Any

from ...autograd._modes import no_grad
from ..functional import normalize
from ..modules.module import Module
from .parametrize import register_parametrization
from .weight_norm import lengths

__all__ = ["spectral_norm", "weight_norm"]


class _WeightNorm(Module):
    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Any, weight_v: Any) -> Any:
        """Return the direction times the length."""
        return weight_v * (weight_g / lengths(weight_v, self.dim))

    def right_inverse(self, weight: Any) -> tuple[Any, Any]:
        """Return the length and the direction."""
        return lengths(weight, self.dim), weight


def weight_norm(module: Any, name: str = "weight", dim: int | None = 0) -> Any:
    """Let a weight be a direction times a length, each learnt by itself; return the module.

    One length for each part along `dim`, or one in all for None. Source: Salimans and Kingma
    (2016), "Weight normalization".
    """
    return register_parametrization(module, name, _WeightNorm(dim), unsafe=True)


class _SpectralNorm(Module):
    START = 15  # steps of power iteration before the first call

    def __init__(self, weight: Any, n_power_iterations: int, dim: int, eps: float) -> None:
        super().__init__()
        if n_power_iterations <= 0:
            raise ValueError(
                "Expected n_power_iterations to be positive, but got "
                f"n_power_iterations={n_power_iterations}"
            )
        self.dim = dim if dim >= 0 else dim + weight.dim()
        self.n_power_iterations, self.eps = n_power_iterations, eps
        if weight.dim() > 1:
            matrix = self.as_matrix(weight)
            with no_grad():
                for name, n in zip(("_u", "_v"), matrix.size(), strict=True):
                    drawn = matrix.new_empty(n).normal_(0, 1)
                    self.register_buffer(name, normalize(drawn, dim=0, eps=eps))
                self.iterate(matrix, self.START)

    def as_matrix(self, weight: Any) -> Any:
        """Return the weight as a matrix, `dim` first."""
        if self.dim != 0:
            rest = [d for d in range(weight.dim()) if d != self.dim]
            weight = weight.permute(self.dim, *rest)
        return weight.flatten(1)

    def iterate(self, matrix: Any, times: int) -> None:
        """Improve the singular vectors."""
        with no_grad():
            for _ in range(times):
                self._u.copy_(normalize(matrix.mv(self._v), dim=0, eps=self.eps))
                self._v.copy_(normalize(matrix.t().mv(self._u), dim=0, eps=self.eps))

    def forward(self, weight: Any) -> Any:
        """Return the weight, divided by its largest singular value."""
        if weight.dim() == 1:
            return normalize(weight, dim=0, eps=self.eps)
        matrix = self.as_matrix(weight)
        if self.training:
            self.iterate(matrix, self.n_power_iterations)
        u, v = self._u.clone(), self._v.clone()
        return weight / u.dot(matrix.mv(v))

    def right_inverse(self, value: Any) -> Any:
        """Return `value`: which of its multiples it was made of is not known."""
        return value


def spectral_norm(
    module: Any,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> Any:
    """Let a weight be divided by its largest singular value; return the module.

    Power iteration improves the singular vectors at each access while training. Source: Miyato et
    al. (2018), "Spectral normalization for generative adversarial networks".
    """
    weight = getattr(module, name)
    parametrization = _SpectralNorm(weight, n_power_iterations, dim or 0, eps)
    return register_parametrization(module, name, parametrization)
