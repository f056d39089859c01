"""Losses of numbers: the squared and the absolute error."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from chainrule._rules import losses

from .._checks import broadcast_error, not_implemented
from .._kinds.dtypes import of_numpy, promote_types
from .._tape.recording import operation
from .._tensor import Tensor
from ._binary_losses import BOTH
from ._reduction import check_reduction, reduction_of

__all__ = ["l1_loss", "mse_loss"]

SQUARED = operation("MseLoss", losses.mean_squared_error, saves=BOTH, inputs=BOTH)


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
    if reduction == "none":
        return errors  # type: ignore[no-any-return]
    return errors.mean() if reduction == "mean" else errors.sum()  # type: ignore[no-any-return]
