"""Losses that are 0 once a prediction is right by a margin."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules import margins

from .._checks import argument_error, broadcast_error, check_tensors, not_implemented
from .._functions.choices import clamp_min, where
from .._kinds.dtypes import scalar_name
from .._tape.recording import operation
from .._tape.values import recording
from .._tensor import Tensor, made
from ._activation_functions import logsigmoid
from ._binary_losses import constant_weight
from ._reduction import checked, finished, reduction_of
from ._scalars import plus

__all__ = [
    "hinge_embedding_loss",
    "margin_ranking_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "soft_margin_loss",
]

SOFT = operation("SoftMarginLoss", margins.soft_margin, saves="self", inputs="self")
MULTI = operation("MultiMarginLoss", margins.multi_margin, saves="self", inputs="self")
MULTILABEL = operation(
    "MultilabelMarginLoss", margins.multilabel_margin, saves="self", inputs="self"
)


def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Return the mean of `input` where `target` is 1, and of max(0, margin - input) where it is -1.

    >>> import chainrule.torch as torch
    >>> F = torch.nn.functional
    >>> F.hinge_embedding_loss(torch.tensor([0.2, 0.4]), torch.tensor([1, -1]))
    tensor(0.4000)
    """
    reduction = checked(reduction, size_average, reduce)
    check_tensors("hinge_embedding_loss", input=input, target=target)
    t, kind = target._array, input._array.dtype
    a, b = t.shape, input._array.shape
    try:
        np.broadcast_shapes(a, b)
    except ValueError:
        raise broadcast_error(a, b) from None
    zeros = made(np.zeros(b, kind))
    missing: Any = clamp_min(made(np.asarray(margin, kind)) - input, 0)
    apart = where(made(t != 1), missing, zeros)
    close = where(made(t != -1), input, zeros)
    return finished(apart + close, reduction)  # type: ignore[no-any-return]


def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Return the mean of max(0, -target * (input1 - input2) + margin).

    So `input1` learns to be the larger one where `target` is 1, and the smaller where it is -1.
    Raises RuntimeError for tensors of different ranks.

    >>> import chainrule.torch as torch
    >>> F = torch.nn.functional
    >>> F.margin_ranking_loss(torch.tensor([1.0]), torch.tensor([3.0]), torch.tensor([1.0]))
    tensor(2.)
    """
    reduction = checked(reduction, size_average, reduce)
    if not input1.dim() == input2.dim() == target.dim():  # type: ignore[attr-defined]
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.size()}, input2: {input2.size()}, target: {target.size()} "  # type: ignore[attr-defined]
        )
    each = clamp_min(plus((-target) * (input1 - input2), margin), 0)  # type: ignore[operator]
    return finished(each, reduction)  # type: ignore[no-any-return]


def constant_target(function: str, target: Any) -> Any:
    if recording.get() and target.requires_grad:
        raise RuntimeError(
            f"The function '{function}' is not differentiable with respect to argument 'target'. "
            "This input cannot have requires_grad True."
        )
    return target._array


def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Return the mean of log(1 + exp(-target * input)), for targets 1 and -1.

    Large scores do not overflow, as they do in PyTorch.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.soft_margin_loss(torch.tensor([0.0]), torch.tensor([1.0]))
    tensor(0.6931)
    """
    reduction = checked(reduction, size_average, reduce)
    check_tensors("soft_margin_loss", input=input, target=target)
    x, t = input._array, constant_target("soft_margin_loss", target)
    if x.dtype.kind != "f":
        raise RuntimeError(
            f"result type Float can't be cast to the desired output type {scalar_name(x.dtype)}"
        )
    try:
        np.broadcast_shapes(x.shape, t.shape)
    except ValueError:
        raise broadcast_error(x.shape, t.shape) from None
    return SOFT(input, made(t.astype(x.dtype, copy=False)), reduction=reduction)  # type: ignore[no-any-return]


def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Return by how much other classes come within a margin of the target's score, to the power p.

    `input` has shape (classes,) or (rows, classes), `target` names a class a row; the sum over the
    other classes is divided by the number of classes. Raises RuntimeError for what does not fit,
    ValueError for another `p` than 1 and 2. Crammer and Singer (2001).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.multi_margin_loss(torch.tensor([1.0, 0.5]), torch.tensor(0))
    tensor(0.2500)
    """
    reduction = checked(reduction, size_average, reduce)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    check_tensors("multi_margin_loss", input=input, target=target)
    x, t = input._array, target._array
    classes, rows = x.shape[-1] if x.ndim else 1, x.shape[0] if x.ndim > 1 else 1
    if weight is not None and weight._array.shape != (classes,):
        raise RuntimeError(
            f"inconsistent weight size, expected {classes} but got {list(weight._array.shape)}"
        )
    if t.ndim > 1 or t.size != rows:
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input "
            f"samples (batch size). Expected target size [{rows}], but got {list(t.shape)}. Input "
            f"has shape {list(x.shape)}."
        )
    if x.dtype.kind != "f":
        not_implemented("multi_margin_loss", x.dtype)
    if t.size == 0:  # nothing in PyTorch's loop over them asks for their type
        t = t.astype(np.int64)
    if t.dtype != np.int64:
        raise RuntimeError(f"expected scalar type Long but found {scalar_name(t.dtype)}")
    if t.size and (t.min() < 0 or t.max() >= classes):
        raise RuntimeError("target out of range")
    weight = constant_weight("multi_margin_loss", "weight", weight, x.dtype)
    loss = MULTI(
        input, made(t.reshape(x.shape[:-1])), weight, p=p, margin=margin, reduction=reduction
    )
    return loss if reduction != "none" or t.shape == x.shape[:-1] else loss.view(t.shape)  # type: ignore[no-any-return]


def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Return by how much other classes come within 1 of the scores of those that are right.

    `target` has the shape of `input`, and names in each row the classes that are right, up to the
    first -1. Raises RuntimeError for another shape, or a number that names no class.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.multilabel_margin_loss(torch.tensor([1.0, 0.5]), torch.tensor([0, -1]))
    tensor(0.2500)
    """
    reduction = checked(reduction, size_average, reduce)
    check_tensors("multilabel_margin_loss", input=input, target=target)
    x, t = input._array, target._array
    if x.ndim > 2:
        raise RuntimeError(
            f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: "
            f"{list(x.shape)}"
        )
    if t.shape != x.shape:
        raise RuntimeError(
            f"inconsistent target size: {list(t.shape)} for input of size: {list(x.shape)}"
        )
    if t.size and (t.min() < -1 or t.max() >= x.shape[-1]):
        raise RuntimeError("argument #2 'target' is out of range")
    if x.dtype.kind != "f":
        not_implemented("multilabel_margin_loss_forward_out_frame", x.dtype)
    if t.dtype != np.int64:
        raise RuntimeError(f"expected scalar type Long but found {scalar_name(t.dtype)}")
    return MULTILABEL(input, target.detach(), reduction=reduction)  # type: ignore[attr-defined, no-any-return]


def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Return the binary cross entropy of each class's score, averaged over the classes.

    The last dimension is that of the classes, to which `weight` belongs; `target` is 0 or 1.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.multilabel_soft_margin_loss(torch.zeros(1, 2), torch.tensor([[0, 1]]))
    tensor(0.6931)
    """
    if size_average is not None or reduce is not None:
        reduction = reduction_of(reduction, size_average, reduce)
    x: Any = input
    if not isinstance(input, Tensor):
        raise argument_error("log_sigmoid", "input", 1, input)
    loss = -(target * logsigmoid(x) + (1 - target) * logsigmoid(-x))  # type: ignore[operator]
    if weight is not None:
        loss = loss * weight
    loss = loss.sum(loss.dim() - 1) / x.size(x.dim() - 1)
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{reduction} is not valid")
    return finished(loss, reduction)  # type: ignore[no-any-return]
