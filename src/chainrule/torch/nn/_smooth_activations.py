"""Activations without a corner: a number times a share of it, or the area under a sigmoid."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules import activations as rules

from .._checks import argument_error, dimension, not_implemented
from .._tape.recording import operation
from .._tensor import Tensor
from ._applied import applied, check_input, number

__all__ = ["gelu", "glu", "mish", "silu", "softplus", "softsign", "tanhshrink"]

GELU, GELU_BY_TANH = (
    operation("Gelu", rule, saves="self", inputs="self")
    for rule in (rules.gelu, rules.gelu_by_tanh)
)
SILU = operation("Silu", rules.silu, saves="self", inputs="self")
MISH = operation("Mish", rules.mish, saves="self", inputs="self")
SOFTPLUS = operation("Softplus", rules.softplus, saves="self", inputs="self")
GLU = operation("Glu", rules.gated, saves="self", inputs="self")


def gelu(input: Tensor, *, approximate: str = "none") -> Tensor:
    """Return `input` times the probability that a normal number is below it.

    `approximate="tanh"` takes a hyperbolic tangent for that, which is near. Hendrycks and Gimpel,
    Gaussian Error Linear Units (2016).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.gelu(torch.tensor([-1.0, 2.0]))
    tensor([-0.1587,  1.9545])
    """
    if not isinstance(input, Tensor):
        raise argument_error("gelu", "input", 1, input)
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    check_input("gelu", "GeluKernelImpl", input)
    return (GELU if approximate == "none" else GELU_BY_TANH)(input)  # type: ignore[no-any-return]


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return input * sigmoid(input). Elfwing, Uchibe and Doya (2017).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.silu(torch.tensor([-1.0, 2.0]))
    tensor([-0.2689,  1.7616])
    """
    check_input("silu", "silu_cpu", input, "fc")
    return applied(SILU, input, inplace)  # type: ignore[no-any-return]


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """Return input * tanh(softplus(input)). Misra (2019).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.mish(torch.tensor([-1.0, 2.0]))
    tensor([-0.3034,  1.9440])
    """
    check_input("mish", "mish_cpu", input)
    return applied(MISH, input, inplace)  # type: ignore[no-any-return]


def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """Return log(1 + exp(beta * input)) / beta, and `input` where beta * input > threshold.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.softplus(torch.tensor([0.0, 100.0]))
    tensor([  0.6931, 100.0000])
    """
    check_input("softplus", "softplus_cpu", input)
    slope: Any = number("softplus", "beta", 2, beta)
    threshold = number("softplus", "threshold", 3, threshold)
    if slope == 0:  # divided by with infinity as the result, and not with an exception
        slope = np.float64(0) if input._array.dtype.itemsize > 4 else np.float32(0)
    return SOFTPLUS(input, beta=slope, threshold=threshold)  # type: ignore[no-any-return]


def softsign(input: Any) -> Tensor:
    """Return input / (1 + |input|), between -1 and 1.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.softsign(torch.tensor([-1.0, 3.0]))
    tensor([-0.5000,  0.7500])
    """
    return input / (input.abs() + 1)  # type: ignore[no-any-return]


def tanhshrink(input: Any) -> Tensor:
    """Return input - tanh(input)."""
    return input - input.tanh()  # type: ignore[no-any-return]


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """Return the first half of `input` along `dim`, times the sigmoid of the other half.

    Raises RuntimeError for an odd number of halves. Dauphin and others (2016).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.glu(torch.tensor([1.0, 2.0, 0.0, 0.0]))
    tensor([0.5000, 1.0000])
    """
    if input.dim() == 0:  # type: ignore[attr-defined]
        raise RuntimeError("glu does not support scalars because halving size must be even")
    x = input._array
    axis = dimension(dim, x.ndim)
    if x.shape[axis] % 2:
        raise RuntimeError(
            f"Halving dimension must be even, but dimension {axis} is size {x.shape[axis]}"
        )
    if x.dtype.kind != "f":
        not_implemented("glu_cpu", x.dtype)
    return GLU(input, axis=axis)  # type: ignore[no-any-return]
