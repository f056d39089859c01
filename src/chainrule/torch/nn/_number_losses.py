"""Losses of numbers: the squared and the absolute error, and what lies between."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from chainrule._rules import losses, robust

from .._checks import broadcast_error, not_implemented
from .._kinds.dtypes import of_numpy, promote_types, scalar_name
from .._tape.recording import operation
from .._tensor import Tensor
from ._binary_losses import BOTH
from ._reduction import check_reduction, checked, finished, reduction_of

__all__ = ["huber_loss", "l1_loss", "mse_loss", "smooth_l1_loss"]

SQUARED = operation("MseLoss", losses.mean_squared_error, saves=BOTH, inputs=BOTH)
SMOOTH = operation("SmoothL1Loss", robust.smooth_absolute_error, saves=BOTH, inputs=BOTH)
HUBER = operation("HuberLoss", robust.huber, saves=BOTH, inputs=BOTH)


def alike(input: Any, target: Any) -> tuple[Any, Any]:
    """Return both in the type that PyTorch's promotion gives them together."""
    if input._array.dtype is target._array.dtype:
        return input, target
    kind = promote_types(of_numpy(input._array.dtype), of_numpy(target._array.dtype))
    return tuple(v if v.dtype is kind else v.to(kind) for v in (input, target))


def warn_of_sizes(input: Any, target: Any) -> None:
    if target.size() != input.size():
        warnings.warn(
            f"Using a target size ({target.size()}) that is different to the input size "
            f"({input.size()}). This will likely lead to incorrect results due to broadcasting. "
            "Please ensure they have the same size.",
            UserWarning,
            stacklevel=3,
        )


def expanded(input: Any, target: Any) -> tuple[Any, Any]:
    """Return both in the shape that they broadcast to."""
    a, b = input._array.shape, target._array.shape
    if a == b:
        return input, target
    try:
        shape = np.broadcast_shapes(a, b)
    except ValueError:
        raise broadcast_error(a, b) from None
    return tuple(v if v.shape == shape else v.expand(shape) for v in (input, target))


def weighted(errors: Any, weight: Any, input: Any, reduction: str) -> Any:
    """Reduce errors with a weight each; a mean is divided by the sum of the weights."""
    if weight.size() != input.size():
        raise ValueError("Weights and input must have the same size.")
    errors = errors * weight
    if reduction == "none":
        return errors
    return errors.sum() if reduction == "sum" else errors.sum() / weight.sum()


def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """Return the mean of the squares of `input - target`, or their sum, or each.

    Other shapes broadcast, with a UserWarning: a column and a row of n numbers have n * n
    differences.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.mse_loss(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 4.0]))
    tensor(2.)
    """
    warn_of_sizes(input, target)
    if size_average is not None or reduce is not None:
        reduction = reduction_of(reduction, size_average, reduce)
    input, target = alike(*expanded(input, target))
    if weight is not None:
        check_reduction(reduction)
        return weighted(mse_loss(input, target, reduction="none"), weight, input, reduction)  # type: ignore[no-any-return]
    check_reduction(reduction)
    if input._array.dtype.kind not in "fc":
        not_implemented("mse_cpu", input._array.dtype)
    return SQUARED(input, target, reduction=reduction)  # type: ignore[no-any-return]


def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """Return the mean of the sizes of `input - target`, or their sum, or each.

    Other shapes broadcast, with a UserWarning.
    """
    warn_of_sizes(input, target)
    if size_average is not None or reduce is not None:
        reduction = reduction_of(reduction, size_average, reduce)
    check_reduction(reduction)
    input, target = expanded(input, target)
    errors: Any = (input - target).abs()  # type: ignore[operator]
    if weight is not None:
        return weighted(errors, weight, input, reduction)  # type: ignore[no-any-return]
    return finished(errors, reduction)  # type: ignore[no-any-return]


def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """Return |input - target| - beta / 2, or a square where it is below `beta`, or their sum.

    Other shapes broadcast, with a UserWarning. Girshick, Fast R-CNN (2015).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.smooth_l1_loss(torch.tensor([1.0, 5.0]), torch.zeros(2))
    tensor(2.5000)
    """
    warn_of_sizes(input, target)
    reduction = checked(reduction, size_average, reduce)
    input, target = expanded(input, target)
    if beta == 0.0:
        return l1_loss(input, target, reduction=reduction)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    input, target = alike(input, target)
    if input._array.dtype.kind != "f":
        not_implemented("smooth_l1_cpu", input._array.dtype)
    return SMOOTH(input, target, beta=beta, reduction=reduction)  # type: ignore[no-any-return]


def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """Return half the square of `input - target`, or a line where it is above `delta`.

    Other shapes broadcast, with a UserWarning. Huber (1964).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.huber_loss(torch.tensor([1.0, 5.0]), torch.zeros(2))
    tensor(2.5000)
    """
    warn_of_sizes(input, target)
    input, target = expanded(input, target)
    if weight is not None:
        check_reduction(reduction)
        if weight.size() != input.size():  # type: ignore[attr-defined]
            raise ValueError("Weights and input must have the same size.")
        # unlike those of `mse_loss`, the weights do not divide a mean
        return finished(huber_loss(input, target, "none", delta) * weight, reduction)  # type: ignore[no-any-return, operator]
    check_reduction(reduction)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    kind = input._array.dtype
    if kind.kind != "f":
        if (other := target._array.dtype).kind == "f":
            raise RuntimeError(
                f"result type {scalar_name(other)} can't be cast to the desired output type "
                f"{scalar_name(kind)}"
            )
        not_implemented("huber_cpu", kind)
    if target._array.dtype != kind:
        target = target.to(input.dtype)  # type: ignore[attr-defined]
    return HUBER(input, target, delta=delta, reduction=reduction)  # type: ignore[no-any-return]
