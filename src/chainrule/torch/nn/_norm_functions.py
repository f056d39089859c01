"""Normalising layers: numbers less their mean, in units of their spread."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._rules.normalizing import Known, in_own_units, normalized, standardized

from .._checks import argument_error, not_implemented
from .._tape.quiet import QUIET, hush, unhush
from .._tape.recording import operation, recorded
from .._tape.values import recording
from .._tensor import Tensor
from ._scalars import plus

__all__ = ["batch_norm", "by_moments", "check_parameters", "layer_norm", "rms_norm"]

AFFINE = "input weight bias"
SAVES = ("input weight", "input", "")
BATCH, LAYER = (
    operation(name, normalized, saves=SAVES, inputs=AFFINE)
    for name in ("NativeBatchNorm", "NativeLayerNorm")
)
WITH_GIVEN = operation("NativeBatchNorm", standardized, saves=SAVES, inputs=AFFINE)
COMPUTE = normalized.__wrapped__  # type: ignore[attr-defined]


def by_moments(
    call: Any,
    input: Any,
    weight: Any,
    bias: Any,
    axes: tuple[int, ...],
    laid: tuple[int, ...],
    eps: float,
    parted: tuple[int, ...] | None = None,
) -> tuple[Any, Any, Any]:
    """Return the normalised tensor, and the moments by which it was."""
    x = input._array
    parted = x.shape if parted is None else parted
    token = hush(QUIET)
    try:
        y, mean, variance, per = in_own_units(wide(x).reshape(parted), axes, eps)
    finally:
        unhush(token)
    known = Known(x, mean, per, y)
    options = {"axes": axes, "laid": laid, "eps": float(eps), "parted": parted, "known": known}
    return recorded(call.op, (input, weight, bias), options, COMPUTE, None), mean, variance


def wide(x: Any) -> Any:
    """Half precision as single, in which its moments are computed."""
    return x.astype(np.float32) if x.itemsize == 2 else x


# ---------------------------------------------------------------- over a batch


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Return each channel of `input`, of shape (N, C, …), less its mean, in units of its spread.

    In `training` the moments are those of the batch, by which the running ones are moved on, a
    part `momentum` of the way; else the running ones serve. `weight` and `bias` have a number for
    each channel. Raises RuntimeError where lengths or number types do not fit, and ValueError for
    one value a channel. Ioffe and Szegedy, Batch Normalization (2015).

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([[1.0], [3.0]])
    >>> torch.nn.functional.batch_norm(x, None, None, training=True)
    tensor([[-1.0000],
            [ 1.0000]])
    """
    if training:
        check_batch(input.size(), eps)  # type: ignore[attr-defined]
    x = input._array
    if x.size == 0:
        return of_nothing(input, weight, bias)
    check_channels(x, running_mean, running_var, weight, bias, training)
    laid = (x.shape[1], *(1,) * (x.ndim - 2))
    if not training:
        assert running_mean is not None and running_var is not None
        mean = running_mean._array.reshape(laid).copy()  # training may go on
        per = 1 / np.sqrt(running_var._array.reshape(laid) + eps)
        return WITH_GIVEN(input, weight, bias, laid=laid, known=Known(None, mean, per))  # type: ignore[no-any-return]
    axes = (0, *range(2, x.ndim))
    y, mean, variance = by_moments(BATCH, input, weight, bias, axes, laid, eps)
    if running_mean is not None and running_var is not None:
        count = x.size // max(x.shape[1], 1)
        unbiased = variance * (count / (count - 1) if count > 1 else math.nan)
        for old, new in ((running_mean._array, mean), (running_var._array, unbiased)):
            old *= old.dtype.type(1 - momentum)
            old += (new * new.dtype.type(momentum)).reshape(-1)
    return y  # type: ignore[no-any-return]


def of_nothing(input: Any, weight: Any, bias: Any) -> Tensor:
    """PyTorch's batch norm of no numbers: each parameter by its first number, as it comes."""
    y = input.clone() if weight is None and bias is None else input
    y = y if weight is None else y * weight[0]
    return y if bias is None else y + bias[0]  # type: ignore[no-any-return]


def check_batch(size: Any, eps: float) -> None:
    if eps <= 0.0:
        raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
    if len(size) and size[0] * math.prod(size[2:]) == 1:
        raise ValueError(
            f"Expected more than 1 value per channel when training, got input size {size}"
        )


def check_channels(
    x: Any, running_mean: Any, running_var: Any, weight: Any, bias: Any, training: bool
) -> None:
    """Raise where the lengths or number types of the channels' numbers do not fit."""
    running = {"running_mean": running_mean, "running_var": running_var}
    count = x.shape[1] if x.ndim > 1 else 0
    for name, v in (*running.items(), ("weight", weight), ("bias", bias)):
        if v is None and name in running and not training:
            raise RuntimeError(f"{name} must be defined in evaluation mode")
        if v is not None and v._array.size != count:
            raise RuntimeError(f"{name} should contain {count} elements not {v._array.size}")
    if training and (running_mean is None) != (running_var is None):
        raise ValueError("running_mean and running_var must either both be None or neither be None")
    for name, v in running.items():
        if v is not None and v.requires_grad and recording.get():
            raise RuntimeError(
                "The function 'native_batch_norm' is not differentiable with respect to argument "
                f"'{name}'. This input cannot have requires_grad True."
            )
    if x.dtype.kind != "f":
        not_implemented("batch_norm", x.dtype)
    check_parameters(x, running_mean, running_var, weight, bias)


def check_parameters(x: Any, *parameters: Any) -> None:
    """Raise unless the parameters have the type of `x`, or, beside half precision, single."""
    for v in parameters:
        if v is None or v._array.dtype == x.dtype:
            continue
        if x.dtype == np.float16 and v._array.dtype == np.float32:
            continue
        if x.dtype == np.float32 or x.dtype == np.float16:
            raise RuntimeError("mixed dtype (CPU): expect parameter to have scalar type of Float")
        raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")


# ---------------------------------------------------------------- over an example


def layer_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Return `input` less its mean over the last dimensions, in units of its spread there.

    `normalized_shape` are their lengths, and the shape of `weight` and `bias`. Raises RuntimeError
    where shapes or number types do not fit. Ba, Kiros and Hinton, Layer Normalization (2016).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.layer_norm(torch.tensor([[1.0, 3.0]]), (2,))
    tensor([[-1.0000,  1.0000]])
    """
    if not isinstance(input, Tensor):
        raise argument_error("layer_norm", "input", 1, input)
    x = input._array
    if isinstance(normalized_shape, (tuple, list)):  # else that is told first
        check_parameters(x, weight, bias)
    shape = checked_shape("layer_norm", x, normalized_shape, weight, bias)
    if x.dtype.kind != "f":
        not_implemented("LayerNormKernelImpl", x.dtype)
    axes = tuple(range(x.ndim - len(shape), x.ndim))
    return by_moments(LAYER, input, weight, bias, axes, shape, eps)[0]  # type: ignore[no-any-return]


def checked_shape(
    function: str, x: Any, normalized_shape: Any, weight: Any, bias: Any = None
) -> tuple[int, ...]:
    """Return the lengths of the dimensions to be normalised over."""
    if not isinstance(normalized_shape, (tuple, list)):
        raise argument_error(function, "normalized_shape", 2, normalized_shape, "tuple of ints")
    shape = tuple(normalized_shape)
    for k, n in enumerate(shape):
        if not hasattr(n, "__index__"):
            raise TypeError(
                f"{function}(): argument 'normalized_shape' (position 2) must be tuple of ints, "
                f"but found element of type {type(n).__name__} at pos {k}"
            )
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one "
            "element, but got normalized_shape = []"
        )
    for name, v in (("weight", weight), ("bias", bias)):
        if v is not None and v._array.shape != shape:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                f"{list(v._array.shape)} and normalized_shape = {list(shape)}"
            )
    if x.shape[max(x.ndim - len(shape), 0) :] != shape:
        between = "" if function == "rms_norm" else ", "
        wanted = f"*{between}" + ", ".join(map(str, shape))
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [{wanted}], but got "
            f"input of size{list(x.shape)}"
        )
    return shape


def rms_norm(
    input: Tensor, normalized_shape: Any, weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """Return `input` divided by the root of its mean square over the last dimensions.

    `eps`, added to the mean, is by default what 1 is exact to in its number type. Zhang and
    Sennrich, Root Mean Square Layer Normalization (2019).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.rms_norm(torch.tensor([[1.0, 7.0]]), (2,))
    tensor([[0.2000, 1.4000]])
    """
    if not isinstance(input, Tensor):
        raise argument_error("rms_norm", "input", 1, input)
    shape = checked_shape("rms_norm", input._array, normalized_shape, weight)
    if input._array.dtype.kind not in "fc":
        not_implemented("rms_norm", input._array.dtype)
    if eps is None:
        eps = float(np.finfo(input._array.dtype).eps)
    x: Any = input
    axes = tuple(range(-len(shape), 0))
    y = x * plus(x.pow(2).mean(axes, keepdim=True), eps).rsqrt()
    return y if weight is None else y * weight  # type: ignore[no-any-return]
