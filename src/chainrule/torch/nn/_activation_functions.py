"""Activations: what a neuron makes of its sum, and shares of several sums."""

from __future__ import annotations

import warnings
from typing import Any

from chainrule._rules.learning import leaky_relu as leaky_relu_rule
from chainrule._rules.learning import log_sigmoid as log_sigmoid_rule
from chainrule._rules.learning import log_softmax as log_softmax_rule
from chainrule._rules.learning import softmax as softmax_rule

from .._checks import check_tensors, dimension, not_implemented
from .._functions import operations as _operations
from .._tape.promotion import floating
from .._tape.recording import operation
from .._tensor import Tensor

__all__ = ["leaky_relu", "log_softmax", "logsigmoid", "relu", "relu_", "sigmoid", "softmax", "tanh"]

SOFTMAX = operation("Softmax", softmax_rule, saves="result", inputs="self")
LOG_SOFTMAX = operation("LogSoftmax", log_softmax_rule, saves="result", inputs="self")
LEAKY_RELU = operation("LeakyRelu", leaky_relu_rule, saves="self", inputs="self negative_slope")
LOG_SIGMOID = operation("LogSigmoid", log_sigmoid_rule, saves="self", inputs="self", to=floating)


def sigmoid(input: Tensor) -> Tensor:
    """Return 1 / (1 + exp(-input)), between 0 and 1.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.sigmoid(torch.tensor([0.0, 100.0]))
    tensor([0.5000, 1.0000])
    """
    return _operations.sigmoid(input)  # type: ignore[no-any-return]


def tanh(input: Tensor) -> Tensor:
    """Return the hyperbolic tangent, between -1 and 1."""
    return _operations.tanh(input)  # type: ignore[no-any-return]


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

    The slope at 0 is `negative_slope`.
    """
    check_tensors("leaky_relu", input=input)
    if input._array.dtype.kind != "f":
        not_implemented("leaky_relu_cpu", input._array.dtype)
    y = LEAKY_RELU(input, negative_slope)
    if inplace:
        from .._writing.in_place import check_write, write

        check_write(input)
        return write(input, y)  # type: ignore[no-any-return]
    return y  # type: ignore[no-any-return]


def logsigmoid(input: Tensor) -> Tensor:
    """Return log(sigmoid(input)), with all digits where it is near 0 or far below."""
    check_tensors("log_sigmoid", input=input)
    return LOG_SIGMOID(input)  # type: ignore[no-any-return]


def share(name: str, op: Any, input: Any, dim: int | None, level: int, dtype: Any) -> Tensor:
    """Call `softmax` or `log_softmax` along a dimension, chosen as PyTorch chose it if None."""
    if dim is None:
        warnings.warn(
            f"Implicit dimension choice for {name} has been deprecated. Change the call to include "
            "dim=X as an argument.",
            UserWarning,
            stacklevel=level,
        )
        dim = 0 if input.dim() in (0, 1, 3) else 1
    if not isinstance(input, Tensor):  # PyTorch calls its method
        raise AttributeError(f"'{type(input).__name__}' object has no attribute '{name}'")
    if dtype is not None and input.dtype is not dtype:
        input = input.to(dtype)  # type: ignore[attr-defined]
    ndim = input._array.ndim
    axis = dimension(dim, ndim)
    if input._array.dtype.kind != "f":
        last = "lastdim_" if axis == max(ndim, 1) - 1 else ""
        not_implemented(f"{name}_{last}kernel_impl", input._array.dtype)
    return op(input, axis=axis)  # type: ignore[no-any-return]


def softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None
) -> Tensor:
    """Return exp(input) divided by its sum along `dim`: shares that add up to 1.

    `dtype` converts the input first. Without `dim`, warns and takes dimension 0 of 0, 1 or 3
    dimensions, else 1.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.softmax(torch.tensor([0.0, 0.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return share("softmax", SOFTMAX, input, dim, _stacklevel, dtype)


def log_softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None
) -> Tensor:
    """Return log(softmax(input, dim)), with all digits where a share is near 0."""
    return share("log_softmax", LOG_SOFTMAX, input, dim, _stacklevel, dtype)
