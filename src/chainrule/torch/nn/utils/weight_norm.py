"""A weight as a direction times a length, each learnt by itself."""

from __future__ import annotations

import warnings
from typing import Any

from ..parameter import Parameter

__all__ = ["remove_weight_norm", "weight_norm"]


def lengths(v: Any, dim: int | None) -> Any:
    """Return the lengths of the parts of `v` along `dim`; of all of it for None or -1."""
    if dim is None or dim == -1:
        return v.norm()
    others = tuple(k for k in range(v.dim()) if k != dim % v.dim())
    return v.pow(2).sum(others, keepdim=True).sqrt() if others else v.abs()


class WeightNorm:
    """What computes the weight anew before each call."""

    def __init__(self, name: str, dim: int | None) -> None:
        self.name, self.dim = name, dim

    def compute_weight(self, module: Any) -> Any:
        """Return the weight: the direction times the length."""
        g, v = getattr(module, self.name + "_g"), getattr(module, self.name + "_v")
        return v * (g / lengths(v, self.dim))

    def __call__(self, module: Any, inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module))


def hooked(module: Any, kind: type, name: str) -> int | None:
    """Return the number of the hook of one kind on a parameter, if there is one."""
    for number, (hook, _) in module._forward_pre_hooks.items():
        if isinstance(hook, kind) and hook.name == name:  # type: ignore[attr-defined]
            return number  # type: ignore[no-any-return]
    return None


def weight_norm(module: Any, name: str = "weight", dim: int | None = 0) -> Any:
    """Let the module learn its weight as a length `weight_g` and a direction `weight_v`.

    One length for each part along `dim`, or one in all for None. Return the module. Source:
    Salimans and Kingma (2016), "Weight normalization".
    """
    warnings.warn(
        "`torch.nn.utils.weight_norm` is deprecated in favor of "
        "`torch.nn.utils.parametrizations.weight_norm`.",
        FutureWarning,
        stacklevel=2,
    )
    if hooked(module, WeightNorm, name) is not None:
        raise RuntimeError(f"Cannot register two weight_norm hooks on the same parameter {name}")
    weight = getattr(module, name)
    hook = WeightNorm(name, -1 if dim is None else dim)
    del module._parameters[name]
    module.register_parameter(name + "_g", Parameter(lengths(weight, hook.dim).data))
    module.register_parameter(name + "_v", Parameter(weight.data))
    setattr(module, name, hook.compute_weight(module))
    module.register_forward_pre_hook(hook)
    return module


def remove_weight_norm(module: Any, name: str = "weight") -> Any:
    """Let the module learn its weight as it is again; return the module."""
    number = hooked(module, WeightNorm, name)
    if number is None:
        raise ValueError(f"weight_norm of '{name}' not found in {module}")
    hook = module._forward_pre_hooks.pop(number)[0]
    weight = hook.compute_weight(module)
    delattr(module, name)
    del module._parameters[name + "_g"], module._parameters[name + "_v"]
    setattr(module, name, Parameter(weight.data))
    return module
