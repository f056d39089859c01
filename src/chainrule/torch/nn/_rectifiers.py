"""Activations that let a number through above 0, and little of it below."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules.activations import elu as elu_rule
from chainrule._rules.learning import leaky_relu as leaky_relu_rule

from .._checks import argument_error, not_implemented
from .._functions import operations as _operations
from .._kinds.dtypes import scalar_name
from .._tape.recording import operation, recorded
from .._tensor import Tensor
from ..random import default_generator
from ._applied import applied, check_input, number, over

# fmt: off
__all__ = [
    "celu", "celu_", "elu", "elu_", "leaky_relu", "leaky_relu_", "prelu", "relu", "relu_", "rrelu",
    "rrelu_", "selu", "selu_",
]
# fmt: on

LEAKY_RELU = operation("LeakyRelu", leaky_relu_rule, saves="self", inputs="self")
RRELU = operation("RreluWithNoise", leaky_relu_rule, saves="self", inputs="self")
PRELU = operation("PreluKernel", leaky_relu_rule, saves="self weight", inputs="self weight")
ELU = operation("Elu", elu_rule, saves="self", inputs="self")
CELU = operation("Celu", elu_rule, saves="self", inputs="self")

# The fixed point of mean 0 and variance 1: Klambauer and others, Self-Normalizing Neural Networks
# (2017), equation 14.
SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return `input` where it is positive and 0 elsewhere; `inplace` writes over it.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.relu(torch.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    if inplace:
        return input.relu_()  # type: ignore[attr-defined, no-any-return]
    return _operations.relu(input)  # type: ignore[no-any-return]


def relu_(input: Tensor) -> Tensor:
    """Write `relu(input)` over `input`; return it."""
    return relu(input, inplace=True)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """Return `input` where it is positive, and `negative_slope * input` elsewhere.

    The slope at 0 is `negative_slope`. Maas, Hannun and Ng (2013).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.leaky_relu(torch.tensor([-1.0, 2.0]))
    tensor([-0.0100,  2.0000])
    """
    check_input("leaky_relu", "leaky_relu_cpu", input)
    slope = number("leaky_relu", "negative_slope", 2, negative_slope)
    if not inplace:
        return LEAKY_RELU(input, slope)  # type: ignore[no-any-return]
    return over(input, lambda before: LEAKY_RELU(before, slope), "LeakyRelu")  # type: ignore[no-any-return]


def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """Write `leaky_relu(input)` over `input`; return it."""
    return leaky_relu(input, negative_slope, True)


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """Return `input` where it is positive, and `weight * input` elsewhere.

    `weight` has one number, or one for each channel: for each place along dimension 1. Raises
    RuntimeError for another count or number type. He and others (2015).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.prelu(torch.tensor([-1.0, 2.0]), torch.tensor([0.25]))
    tensor([-0.2500,  2.0000])
    """
    for position, (name, v) in enumerate((("input", input), ("weight", weight)), 1):
        if not isinstance(v, Tensor):
            raise argument_error("prelu", name, position, v)
    x, w = input._array, weight._array
    if x.dtype != w.dtype:
        raise RuntimeError(
            "prelu: Type promoting not supported. Got "
            f"{scalar_name(x.dtype)} and {scalar_name(w.dtype)}"
        )
    if w.ndim > 1:
        raise RuntimeError(
            f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {w.ndim}"
        )
    channels = x.shape[1] if x.ndim > 1 else 1
    if w.size not in (1, channels):
        raise RuntimeError(
            "Mismatch of parameter numbers and input channel size. Found parameter numbers = "
            f"{w.size} and channel size = {channels}."
        )
    check_input("prelu", "prelu_cpu", input)
    shape = (1, w.size, *(1,) * (x.ndim - 2)) if x.ndim > 1 else (1,) * x.ndim
    if w.shape != shape:
        weight = weight.view(shape)  # type: ignore[attr-defined]
    return PRELU(input, weight)  # type: ignore[no-any-return]


def rrelu(
    input: Tensor,
    lower: float = 1.0 / 8,
    upper: float = 1.0 / 3,
    training: bool = False,
    inplace: bool = False,
) -> Tensor:
    """Return `input` where it is positive, and `input` times a random number elsewhere.

    In `training` these are evenly spread over [lower, upper); else they are its middle.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.rrelu(torch.tensor([-1.0, 2.0]))
    tensor([-0.2292,  2.0000])
    """
    kernel = "rrelu_with_noise_out_cpu" if training else "leaky_relu_cpu"
    check_input("rrelu", kernel, input)
    if training and input._array.dtype == np.float16:
        not_implemented(kernel, input._array.dtype)
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    if not training:
        slope: Any = (lower + upper) / 2
        make: Any = lambda before: RRELU(before, slope)
    else:
        noise = noise_below(input._array, lower, upper)
        slope = noise.astype(input._array.dtype)
        # the product is rounded once, from double precision
        once = lambda x, slope: (x * noise).astype(x.dtype)
        make = lambda before: recorded(RRELU.op, (before, slope), {}, once, None)  # type: ignore[attr-defined]
    return over(input, make, "RreluWithNoise") if inplace else make(input)  # type: ignore[no-any-return]


def noise_below(x: Any, lower: float, upper: float) -> Any:
    """Return a factor for each number: 1 above 0, and for the others, in turn, a random one."""
    noise = np.ones(x.shape)
    below = np.less_equal(x, 0)
    draws = default_generator.uniform(int(np.count_nonzero(below)), np.float64)
    noise[below] = draws * (upper - lower) + lower
    return noise


def rrelu_(
    input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False
) -> Tensor:
    """Write `rrelu(input)` over `input`; return it."""
    return rrelu(input, lower, upper, training, True)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Return `input` where it is positive, and `alpha * (exp(input) - 1)` elsewhere.

    Clevert, Unterthiner and Hochreiter (2015).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.elu(torch.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    check_input("elu", "elu_cpu", input)
    alpha = number("elu", "alpha", 2, alpha)
    return applied(ELU, input, inplace, "Elu", alpha=alpha, scale=1, rate=1)  # type: ignore[no-any-return]


def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """Write `elu(input)` over `input`; return it."""
    return elu(input, alpha, True)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return a scaled `elu`, which keeps mean 0 and variance 1 from layer to layer.

    Klambauer and others, Self-Normalizing Neural Networks (2017).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.selu(torch.tensor([-1.0, 1.0]))
    tensor([-1.1113,  1.0507])
    """
    check_input("selu", "elu_cpu", input)
    return applied(  # type: ignore[no-any-return]
        ELU, input, inplace, "Elu", alpha=SELU_ALPHA, scale=SELU_SCALE, rate=1
    )


def selu_(input: Tensor) -> Tensor:
    """Write `selu(input)` over `input`; return it."""
    return selu(input, True)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Return `input` where it is positive, and `alpha * (exp(input / alpha) - 1)` elsewhere.

    So its slope has no jump, whatever `alpha` is. Barron (2017).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.celu(torch.tensor([-1.0, 2.0]), 2.0)
    tensor([-0.7869,  2.0000])
    """
    if not isinstance(input, Tensor):
        raise argument_error("celu", "input", 1, input)
    alpha = number("celu", "alpha", 2, alpha)
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    check_input("celu", "elu_cpu", input)
    return applied(CELU, input, inplace, "Celu", alpha=alpha, scale=1, rate=1 / alpha)  # type: ignore[no-any-return]


def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """Write `celu(input)` over `input`; return it."""
    return celu(input, alpha, True)
