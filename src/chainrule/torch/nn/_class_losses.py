"""Losses of several classes: of the class that a target names, or of probabilities of them all."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.values import numbers
from chainrule._rules import losses

from .._checks import argument_error, not_implemented
from .._functions.choices import where
from .._kinds.dtypes import scalar_name
from .._tape.recording import operation
from .._tensor import Tensor
from ._activation_functions import log_softmax
from ._binary_losses import constant_weight
from ._reduction import check_reduction, reduction_of
from ._scalars import divided

__all__ = ["cross_entropy", "nll_loss"]

OF_ROWS, OF_BLOCKS = (
    operation(
        name,
        losses.negative_log_likelihood,
        saves="self",  # the targets and weights have no gradient, and so no edges in the graph
        inputs="self",
    )
    for name in ("NllLoss", "NllLoss2D")
)

INDICES = np.dtype(np.int64), np.dtype(np.uint8)


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Return minus the log-probability, in `input`, of the class that each target names.

    `input` has shape (classes,), (rows, classes) or (rows, classes, …), and `target` that without
    the classes, in whole numbers. `weight` weighs the classes, and divides a mean; rows with the
    target `ignore_index` do not count. Raises IndexError for a target that is no class.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.nll_loss(torch.tensor([[-0.1, -2.4]]), torch.tensor([0]))
    tensor(0.1000)
    """
    if size_average is not None or reduce is not None:
        reduction = reduction_of(reduction, size_average, reduce)
    check_reduction(reduction)
    for k, (name, v) in enumerate((("input", input), ("target", target)), 1):
        if not isinstance(v, Tensor):
            raise argument_error("nll_loss_nd", name, k, v)
    x, t = input._array, target._array
    check_targets(x, t, weight)
    check_classes(t, x.shape[1] if x.ndim > 1 else x.shape[0], ignore_index)
    if x.ndim == 1 and t.ndim == 1:
        target = target.reshape(())  # type: ignore[attr-defined]
    weight = constant_weight("nll_loss_forward", "weight", weight, x.dtype)
    call = OF_ROWS if x.ndim < 3 else OF_BLOCKS
    loss = call(input, target, weight, ignore_index=ignore_index, reduction=reduction)
    if reduction == "none" and x.ndim > 2 and x.ndim != 4:
        return loss.view(t.shape)  # type: ignore[no-any-return]  # PyTorch knows images only
    return loss  # type: ignore[no-any-return]


def check_targets(x: Any, t: Any, weight: Any) -> None:
    """Raise where shapes or number types do not fit."""
    if x.ndim == 0:
        raise ValueError(f"Expected 1 or more dimensions (got {x.ndim})")
    if t.dtype.kind == "f" and x.ndim == 1:
        raise unfit(t)
    if x.ndim == 1 and t.ndim == 1 and t.shape != (1,):
        raise ValueError(
            f"For 1D input, 1D target must have size 1, but got target size: {t.shape[0]}"
        )
    if x.ndim > 1 and t.ndim and x.shape[0] != t.shape[0]:
        raise ValueError(
            f"Expected input batch_size ({x.shape[0]}) to match target batch_size ({t.shape[0]})."
        )
    if x.ndim < 3 and t.ndim > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if x.ndim > 2 and t.shape != (x.shape[0], *x.shape[2:]):
        raise RuntimeError(
            f"Expected target size {[x.shape[0], *x.shape[2:]]}, got {list(t.shape)}"
        )
    if t.dtype not in INDICES:
        raise unfit(t)
    if x.dtype.kind != "f":
        not_implemented("nll_loss_out_frame", x.dtype)
    if weight is not None:
        count = x.shape[1] if x.ndim > 1 else x.shape[0]
        if weight._array.shape != (count,):
            raise RuntimeError(
                f"weight tensor should be defined either for all {count} classes or no classes "
                f"but got weight tensor of shape: {list(weight._array.shape)}"
            )
        if weight._array.dtype != x.dtype:
            raise RuntimeError(
                f"expected scalar type {scalar_name(x.dtype)} but found "
                f"{scalar_name(weight._array.dtype)}"
            )


def unfit(t: Any) -> RuntimeError:
    return RuntimeError(f"expected target dtype to be Long or Byte, but got {scalar_name(t.dtype)}")


def check_classes(t: Any, count: int, ignore_index: int) -> None:
    """Raise for the first target that is no class."""
    t = numbers(t)
    if t.size and (t.min() < 0 or t.max() >= count):
        for k in t.ravel().tolist():
            if k != ignore_index and not 0 <= k < count:
                raise IndexError(f"Target {k} is out of bounds.")


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Return the cross entropy of softmax(input) and the targets.

    `target` names classes, as for `nll_loss`, or has the shape of `input` and gives probabilities
    of them. `label_smoothing` moves that part of a target evenly to all classes.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.cross_entropy(torch.tensor([[0.0, 0.0]]), torch.tensor([1]))
    tensor(0.6931)
    """
    if size_average is not None or reduce is not None:
        reduction = reduction_of(reduction, size_average, reduce)
    check_reduction(reduction)
    for k, (name, v) in enumerate((("input", input), ("target", target)), 1):
        if not isinstance(v, Tensor):
            raise argument_error("cross_entropy_loss", name, k, v)
    axis = 1 if input.ndim > 1 else 0
    if input._array.shape == target._array.shape:
        check_probabilities(target, ignore_index)
    if not 0.0 <= label_smoothing <= 1.0:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing:g}")
    if input._array.shape == target._array.shape:
        return of_probabilities(input, target, weight, axis, reduction, label_smoothing)
    log_p = log_softmax(input, axis)
    loss = nll_loss(log_p, target, weight, None, ignore_index, None, reduction)
    if label_smoothing == 0.0:
        return loss
    even = evenly(log_p, target, weight, axis, ignore_index, reduction)
    part = label_smoothing / input._array.shape[axis]
    return loss * (1 - label_smoothing) + even * part  # type: ignore[operator, no-any-return]


def check_probabilities(target: Any, ignore_index: int) -> None:
    if target._array.dtype.kind != "f":
        raise RuntimeError(
            "Expected floating point type for target with class probabilities, got "
            f"{scalar_name(target._array.dtype)}"
        )
    if ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")


def of_probabilities(
    input: Any, target: Any, weight: Any, axis: int, reduction: str, smooth: float
) -> Tensor:
    shape = input._array.shape
    if not shape:
        raise IndexError("Dimension specified as 1 but tensor has no dimensions")
    if weight is not None and weight._array.shape != (shape[axis],):
        raise RuntimeError(
            f"cross_entropy: weight tensor should be defined either for all {shape[axis]} classes "
            f"or no classes but got weight tensor of shape: {list(weight._array.shape)}"
        )
    if smooth > 0.0:
        target = target * (1 - smooth) + smooth / shape[axis]
    terms = log_softmax(input, axis) * target
    if weight is not None:
        terms = terms * along(weight, shape, axis)
    if reduction == "none":
        return -terms.sum(axis)  # type: ignore[no-any-return]
    if reduction == "sum":
        return -terms.sum()  # type: ignore[no-any-return]
    return divided(-terms.sum(), float(max(math.prod(shape) // shape[axis], 1)))  # type: ignore[no-any-return]


def along(weight: Any, shape: tuple[int, ...], axis: int) -> Any:
    """Return the weights of the classes in a shape that broadcasts along their axis."""
    return weight.view([-1 if k == axis else 1 for k in range(len(shape))])


def evenly(
    log_p: Any, target: Any, weight: Any, axis: int, ignore_index: int, reduction: str
) -> Any:
    """Return the loss of a target that gives all classes alike, times their number."""
    terms = log_p if weight is None else log_p * along(weight, log_p._array.shape, axis)
    each = -terms.sum(axis)
    ignored = target.reshape(each.shape) == ignore_index
    each = where(ignored, 0.0, each)
    if reduction == "none":
        return each
    if reduction == "sum":
        return each.sum()
    met = (~ignored._array).sum()
    if weight is None:
        return each.sum() / int(met)
    named = target._array[target._array != ignore_index]
    return each.sum() / float(weight._array[named].sum())
