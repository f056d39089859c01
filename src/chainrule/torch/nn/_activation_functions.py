"""Activations: the sigmoids, and shares of several sums."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from chainrule._rules.learning import log_sigmoid as log_sigmoid_rule
from chainrule._rules.learning import log_softmax as log_softmax_rule
from chainrule._rules.learning import softmax as softmax_rule

from .._checks import argument_error, dimension, not_implemented
from .._functions import operations as _operations
from .._tape.recording import operation
from .._tensor import Tensor, made
from ..random import default_generator
from ._applied import check_input

__all__ = ["gumbel_softmax", "log_softmax", "logsigmoid", "sigmoid", "softmax", "softmin", "tanh"]

SOFTMAX = operation("Softmax", softmax_rule, saves="result", inputs="self")
LOG_SOFTMAX = operation("LogSoftmax", log_softmax_rule, saves="result", inputs="self")
LOG_SIGMOID = operation("LogSigmoid", log_sigmoid_rule, saves="self", inputs="self")


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


def logsigmoid(input: Tensor) -> Tensor:
    """Return log(sigmoid(input)), with all digits where it is near 0 or far below."""
    check_input("log_sigmoid", "log_sigmoid_cpu", input)
    return LOG_SIGMOID(input)  # type: ignore[no-any-return]


def chosen_dimension(name: str, input: Any, level: int) -> int:
    """Return the dimension that PyTorch chose when it was not yet to be said."""
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include "
        "dim=X as an argument.",
        UserWarning,
        stacklevel=level,
    )
    return 0 if input.dim() in (0, 1, 3) else 1


def share(name: str, op: Any, input: Any, dim: int | None, level: int, dtype: Any) -> Tensor:
    """Call `softmax` or `log_softmax` along a dimension, chosen as PyTorch chose it if None."""
    if dim is None:
        dim = chosen_dimension(name, input, level + 1)
    if not isinstance(input, Tensor):  # PyTorch calls its method
        raise AttributeError(f"'{type(input).__name__}' object has no attribute '{name}'")
    if dtype is not None and input.dtype is not dtype:
        input = input.to(dtype)  # type: ignore[attr-defined]
    if not hasattr(dim, "__index__"):
        raise argument_error(name, "dim", 1, dim, "int")
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


def softmin(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """Return softmax(-input): shares, of which the smallest number has the largest.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.softmin(torch.tensor([0.0, 0.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    if dim is None:
        dim = chosen_dimension("softmin", input, _stacklevel)
    return share("softmax", SOFTMAX, -input, dim, _stacklevel, dtype)


def gumbel_softmax(
    logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1
) -> Tensor:
    """Return random shares along `dim`, each the largest as often as `softmax(logits)` says.

    `tau` is the temperature: the lower, the nearer to a single one. With `hard` the result is a
    single one, and the gradient that of the shares. Jang, Gu and Poole (2016).

    >>> import chainrule.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.functional.gumbel_softmax(torch.zeros(4), hard=True)
    tensor([0., 0., 1., 0.])
    """
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", UserWarning, stacklevel=2)
    if not isinstance(logits, Tensor):
        raise argument_error("empty_like", "input", 1, logits)
    x = logits._array
    uniform = default_generator.uniform(x.shape, np.float64)
    gumbels = made(-np.log(-np.log1p(-uniform).astype(x.dtype)))
    soft: Any = softmax((logits + gumbels) / tau, dim)
    if not hard:
        return soft  # type: ignore[no-any-return]
    one = np.zeros_like(x)
    axis = dimension(dim, x.ndim)
    np.put_along_axis(one, np.argmax(soft._array, axis, keepdims=True), 1, axis)
    return made(one) - soft.detach() + soft  # type: ignore[no-any-return]
