"""Losses of two classes: the cross entropy of probabilities, and of scores."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.traces import tick
from chainrule._rules import losses

from .._checks import broadcast_error, not_implemented
from .._kinds.dtypes import scalar_name
from .._tape.quiet import QUIET, hush, unhush
from .._tape.recording import operation
from .._tape.values import recording, taped
from .._tensor import Tensor, made
from ._reduction import check_reduction, reduction_of

__all__ = ["BOTH", "binary_cross_entropy", "binary_cross_entropy_with_logits", "constant_weight"]

BOTH = "self target"  # a weight has no gradient, and so no edge in the graph
CROSS_ENTROPY = operation(
    "BinaryCrossEntropy", losses.binary_cross_entropy, saves=BOTH, inputs=BOTH
)
WITH_LOGITS = losses.binary_cross_entropy_with_logits


def of_target_type(x: Any, target: Any, *weights: Any, reduction: Any) -> Any:
    """Compute the losses: of two number types the target's is that of the result."""
    y = WITH_LOGITS.__wrapped__(x, target, *weights, reduction=reduction)  # type: ignore[attr-defined]
    return y if y.dtype is target.dtype else y.astype(target.dtype)


FROM_LOGITS = operation(
    "BinaryCrossEntropyWithLogits", WITH_LOGITS, saves=BOTH, inputs=BOTH, call=of_target_type
)


def constant_weight(function: str, name: str, weight: Any, like: Any) -> Any:
    """Return a weight as numbers of the input's type: it is not learnt."""
    if weight is None:
        return None
    if recording.get() and weight.requires_grad:
        raise RuntimeError(
            f"The function '{function}' is not differentiable with respect to argument '{name}'. "
            "This input cannot have requires_grad True."
        )
    return made(weight._array.astype(like, copy=False))


def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Return the cross entropy of probabilities: what they cost, given the targets.

    Each element costs -(t * log(p) + (1 - t) * log(1 - p)), times its weight; a logarithm counts
    as -100 at least. `reduction` is "mean", "sum" or "none". Raises ValueError for other shapes
    of input and target, RuntimeError for other number types and for values beyond 0 and 1.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.binary_cross_entropy(torch.tensor([0.5]), torch.tensor([1.0]))
    tensor(0.6931)
    """
    if size_average is not None or reduce is not None:
        reduction = reduction_of(reduction, size_average, reduce)
    try:
        p, t = input._array, target._array
    except AttributeError:
        raise_for_size(input, target)
    if reduction not in ("mean", "sum", "none"):
        check_reduction(reduction)
    if weight is None and p.shape == t.shape and p.dtype is t.dtype and p.dtype.kind == "f":
        loss = without_weight(input, target, p, t, reduction)
    else:
        weight = checked_weight(input, target, weight)
        loss = CROSS_ENTROPY(input, target, weight, reduction=reduction)
    total = loss._array
    suspect = reduction == "none" or total != total  # a probability beyond 0 and 1 gives nan
    if (suspect and not between(p)) or not between(t):
        raise_for_first(p, t)
    return loss  # type: ignore[no-any-return]


OP = CROSS_ENTROPY.op  # type: ignore[attr-defined]
EDGES = [OP.stated().argument(k) for k in range(2)]
compute = losses.binary_cross_entropy.__wrapped__  # type: ignore[attr-defined]


def without_weight(input: Any, target: Any, p: Any, t: Any, reduction: str) -> Any:
    """Record the common call, written out: the last step of most training loops."""
    token = hush(QUIET)
    try:
        y = np.asarray(compute(p, t, None, reduction))
    finally:
        unhush(token)
    out = made(y)
    if (input._node is None and target._node is None) or not recording.get():
        return out
    more: Any = None
    mask = 0
    for k, v in enumerate((input, target)):
        if v._node is not None:
            pull, keep = EDGES[k]
            more = (pull, v._node, keep(k, y, p, t, None, reduction=reduction), more)
            mask |= 1 << k
    watch = (input._writes, input._writes[0], 0, target._writes, target._writes[0], 1)
    held = ((taped(input), taped(target), None), {"reduction": reduction}, y)
    out._node = [tick(), *more, OP.plan(mask), watch, held, None]
    return out


def raise_for_size(input: Any, target: Any) -> None:
    """Fail on what is no tensor as PyTorch does: by asking for its size."""
    target.size()
    input.size()
    raise TypeError("input and target must be tensors")


def checked_weight(input: Any, target: Any, weight: Any) -> Any:
    p, t = input._array, target._array
    if p.shape != t.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}) is deprecated. Please ensure they have the same size."
        )
    if p.dtype != t.dtype:
        raise RuntimeError(
            f"Found dtype {scalar_name(t.dtype)} but expected {scalar_name(p.dtype)}"
        )
    if p.dtype.kind != "f":
        not_implemented("binary_cross_entropy", p.dtype)
    if weight is not None:
        for k in range(-1, -weight.ndim - 1, -1):
            n = t.shape[k] if -k <= t.ndim else 1
            if weight._array.shape[k] not in (1, n):
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {weight._array.shape[k]} at "
                    f"{k}! Mismatching argument at index 1 had {weight.shape}; but expected shape "
                    f"should be broadcastable to {list(t.shape)}"
                )
    return constant_weight("binary_cross_entropy", "weight", weight, p.dtype)


BITS = {4: (np.uint32, 0x3F800000), 8: (np.uint64, 0x3FF0000000000000)}


def between(x: Any) -> bool:
    """Return whether all numbers are between 0 and 1.

    Read as whole numbers, the floating-point numbers from 0 to 1 are those from 0 to the bits of
    1: one comparison, where two would take twice as long. -0.0 fails it, and is looked at again.
    """
    kind, one = BITS.get(x.itemsize, (None, 0))
    if kind and x.size and np.maximum.reduce(x.view(kind), None) <= one:
        return True
    return bool(((x >= 0) & (x <= 1)).all())


def raise_for_first(p: Any, t: Any) -> None:
    """Name which of the two has the first number beyond 0 and 1, as PyTorch's loop meets it."""
    bad_p, bad_t = (~((x >= 0) & (x <= 1)).reshape(-1) for x in (p, t))
    name = "input" if bad_p[np.argmax(bad_p | bad_t)] else "target"
    raise RuntimeError(f"all elements of {name} should be between 0 and 1")


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """Return the cross entropy of sigmoid(input): right, and differentiable, for any score.

    `pos_weight` weighs the targets' ones; it broadcasts, as `weight` does. Raises ValueError for
    other shapes of input and target.

    >>> import chainrule.torch as torch
    >>> F = torch.nn.functional
    >>> F.binary_cross_entropy_with_logits(torch.tensor([0.0, 1000.0]), torch.tensor([1.0, 0.0]))
    tensor(500.3466)
    """
    if size_average is not None or reduce is not None:
        reduction = reduction_of(reduction, size_average, reduce)
    if target.size() != input.size():  # type: ignore[attr-defined]
        raise ValueError(
            f"Target size ({target.shape}) must be the same as input size ({input.shape})"
        )
    check_reduction(reduction)
    x, t = input._array, target._array
    if t.dtype.kind in "biu" and x.dtype.kind == "f":
        raise RuntimeError(
            f"result type Float can't be cast to the desired output type {scalar_name(t.dtype)}"
        )
    if x.dtype.kind != "f":
        not_implemented("log_sigmoid_cpu", x.dtype)
    for w, of in ((pos_weight, "pos_weight"), (weight, "weight")):
        if w is not None:
            check_fit(w._array.shape, x.shape, of)
    name = "binary_cross_entropy_with_logits"
    kind = input._array.dtype
    return FROM_LOGITS(  # type: ignore[no-any-return]
        input,
        target,
        constant_weight(name, "weight", weight, kind),
        constant_weight(name, "pos_weight", pos_weight, kind),
        reduction=reduction,
    )


def check_fit(weight: tuple[int, ...], shape: tuple[int, ...], name: str) -> None:
    """Raise unless a weight broadcasts to the shape of the losses."""
    try:
        together = np.broadcast_shapes(weight, shape)
    except ValueError:
        first, second = (weight, shape) if name == "pos_weight" else (shape, weight)
        raise broadcast_error(first, second) from None
    if together != shape:
        raise RuntimeError(
            f"output with shape {list(shape)} doesn't match the broadcast shape {list(together)}"
        )
