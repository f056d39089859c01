"""A weight divided by its largest singular value, which power iteration follows."""

from __future__ import annotations

from typing import Any

from ...autograd._modes import no_grad
from ..functional import normalize
from ..parameter import Parameter
from .weight_norm import hooked

__all__ = ["remove_spectral_norm", "spectral_norm"]


class SpectralNorm:
    """What computes the weight anew before each call."""

    def __init__(self, name: str, iterations: int, dim: int, eps: float) -> None:
        self.name, self.iterations, self.dim, self.eps = name, iterations, dim, eps

    def as_matrix(self, weight: Any) -> Any:
        """Return the weight as a matrix, `dim` first."""
        if self.dim != 0:
            rest = [d for d in range(weight.dim()) if d != self.dim]
            weight = weight.permute(self.dim, *rest)
        return weight.reshape(weight.size(0), -1)

    def compute_weight(self, module: Any, iterate: bool) -> Any:
        """Return the weight, divided."""
        weight = getattr(module, self.name + "_orig")
        u, v = getattr(module, self.name + "_u"), getattr(module, self.name + "_v")
        matrix = self.as_matrix(weight)
        if iterate:
            with no_grad():
                for _ in range(self.iterations):
                    v.copy_(normalize(matrix.t().mv(u), dim=0, eps=self.eps))
                    u.copy_(normalize(matrix.mv(v), dim=0, eps=self.eps))
                u, v = u.clone(), v.clone()  # what the tape keeps is not written to
        return weight / u.dot(matrix.mv(v))

    def __call__(self, module: Any, inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module, module.training))


def spectral_norm(
    module: Any,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> Any:
    """Let the module divide its weight by its largest singular value; return the module.

    Each call while training improves the singular vectors by power iteration. Source: Miyato et
    al. (2018), "Spectral normalization for generative adversarial networks".
    """
    if hooked(module, SpectralNorm, name) is not None:
        raise RuntimeError(f"Cannot register two spectral_norm hooks on the same parameter {name}")
    if n_power_iterations <= 0:
        raise ValueError(
            "Expected n_power_iterations to be positive, but got "
            f"n_power_iterations={n_power_iterations}"
        )
    weight = module._parameters[name]
    if weight is None:
        raise ValueError(f"`SpectralNorm` cannot be applied as parameter `{name}` is None")
    hook = SpectralNorm(name, n_power_iterations, dim or 0, eps)
    with no_grad():
        rows, columns = hook.as_matrix(weight).size()
        u = normalize(weight.new_empty(rows).normal_(0, 1), dim=0, eps=eps)
        v = normalize(weight.new_empty(columns).normal_(0, 1), dim=0, eps=eps)
    delattr(module, name)
    module.register_parameter(name + "_orig", weight)
    setattr(module, name, weight.data)  # until the first call
    module.register_buffer(name + "_u", u)
    module.register_buffer(name + "_v", v)
    module.register_forward_pre_hook(hook)
    return module


def remove_spectral_norm(module: Any, name: str = "weight") -> Any:
    """Let the module learn its weight as it is again; return the module."""
    number = hooked(module, SpectralNorm, name)
    if number is None:
        raise ValueError(f"spectral_norm of '{name}' not found in {module}")
    hook = module._forward_pre_hooks.pop(number)[0]
    with no_grad():
        weight = hook.compute_weight(module, False)
    for one in (name, name + "_u", name + "_v", name + "_orig"):
        delattr(module, one)
    module.register_parameter(name, Parameter(weight.detach()))
    return module
