"""How near vectors are to one another, and losses that move them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.linear_algebra.norms import vector_norm as norm_rule

from .._checks import argument_error, broadcast_error
from .._functions.choices import clamp_min, minimum, where
from .._functions.spreads import vector_norm
from .._kinds.dtypes import get_default_dtype, of_numpy, promote_types, scalar_name
from .._tape.recording import operation
from .._tensor import Tensor, made
from ._reduction import checked, finished, reduction_of
from ._scalars import less, plus

__all__ = [
    "cosine_embedding_loss",
    "cosine_similarity",
    "normalize",
    "pairwise_distance",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]

NORM = operation("NormBackward1", norm_rule, saves="self result", inputs="self")


def check_pair(function: str, x1: Any, x2: Any) -> None:
    for position, (name, v) in enumerate((("x1", x1), ("x2", x2)), 1):
        if not isinstance(v, Tensor):
            raise argument_error(function, name, position, v)
    try:
        np.broadcast_shapes(x1._array.shape, x2._array.shape)
    except ValueError:
        raise broadcast_error(x1._array.shape, x2._array.shape) from None


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """Return the cosine of the angle between vectors along `dim`: 1 if they point the same way.

    A vector shorter than `eps` counts as that long. Other shapes broadcast.

    >>> import chainrule.torch as torch
    >>> a, b = torch.tensor([[1.0, 0.0]]), torch.tensor([[2.0, 2.0]])
    >>> torch.nn.functional.cosine_similarity(a, b)
    tensor([0.7071])
    """
    check_pair("cosine_similarity", x1, x2)
    kind = promote_types(of_numpy(x1._array.dtype), of_numpy(x2._array.dtype))
    if kind.numpy.kind not in "fc":
        raise RuntimeError(
            "expected common dtype to be floating point, yet common dtype is "
            f"{scalar_name(kind.numpy)}"
        )
    shape = np.broadcast_shapes(x1._array.shape, x2._array.shape)
    units = []
    for v in (x1, x2):
        t: Any = v if v.dtype is kind else v.to(kind)  # type: ignore[attr-defined]
        t = t if t._array.shape == shape else t.expand(shape)
        length = vector_norm(t, 2, dim, True, None).clone()
        np.maximum(length._array, eps, out=length._array)  # which the gradient does not see
        units.append(t / length)
    return (units[0] * units[1]).sum(dim)  # type: ignore[no-any-return]


def pairwise_distance(
    x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Tensor:
    """Return the `p`-norm of x1 - x2 + eps along the last dimension.

    `eps` keeps the gradient of equal vectors away from 0 / 0.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.pairwise_distance(torch.tensor([3.0, 0.0]), torch.tensor([0.0, 4.0]))
    tensor(5.)
    """
    check_pair("pairwise_distance", x1, x2)
    d: Any = x1 - x2  # type: ignore[operator]
    if d._array.dtype.kind not in "fc":
        d = d.to(get_default_dtype())
    d = plus(d, eps)
    return NORM(d, order=p, axis=-1 if d.dim() else None, keepdims=keepdim)  # type: ignore[no-any-return]


def normalize(
    input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12, out: Tensor | None = None
) -> Tensor:
    """Return `input` divided by its `p`-norm along `dim`: vectors of length 1.

    A norm below `eps` counts as `eps`.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.normalize(torch.tensor([[3.0, 4.0]]))
    tensor([[0.6000, 0.8000]])
    """
    x: Any = input
    length = clamp_min(x.norm(p, dim, keepdim=True), eps).expand_as(x)
    if out is None:
        return x / length  # type: ignore[no-any-return]
    from .._functions.arithmetic import div

    return div(x, length, out=out)  # type: ignore[no-any-return]


# ---------------------------------------------------------------- losses

LEAST = 1e-12


def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Return the mean of 1 - cos where `target` is 1, and of max(0, cos - margin) where it is -1.

    The inputs have shape (rows, n) with a target a row, or (n,) with one target; RuntimeError else.

    >>> import chainrule.torch as torch
    >>> a, b = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])
    >>> torch.nn.functional.cosine_embedding_loss(a, b, torch.tensor([1]))
    tensor(1.)
    """
    reduction = checked(reduction, size_average, reduce)
    a: Any = input1
    b: Any = input2
    t: Any = target
    if t.dim() not in (0, 1):
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if not a.dim() == b.dim() == t.dim() + 1:
        raise RuntimeError(
            f"{t.dim()}D target tensor expects {t.dim() + 1}D input tensors, but found inputs with "
            f"sizes {list(a.size())} and {list(b.size())}."
        )
    dim = t.dim()
    lengths = [plus((v * v).sum(dim), LEAST) for v in (a, b)]
    cosine = (a * b).sum(dim) / (lengths[0] * lengths[1]).sqrt()
    zeros = made(np.zeros_like(cosine._array))
    close = where(made(t._array == 1), made(np.ones_like(cosine._array)) - cosine, zeros)
    apart = where(made(t._array == -1), clamp_min(less(cosine, margin), 0), zeros)
    return finished(close + apart, reduction)  # type: ignore[no-any-return]


def check_triplet(anchor: Any, positive: Any, negative: Any, margin: float) -> None:
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    ranks = [v.dim() for v in (anchor, positive, negative)]
    if len(set(ranks)) > 1:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of "
            f"dimensions, but got: anchor {ranks[0]}D, positive {ranks[1]}D, and negative "
            f"{ranks[2]}D inputs"
        )


def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Return the mean of max(0, |anchor - positive| - |anchor - negative| + margin).

    With `swap` the negative is measured from the positive, if that is nearer. Raises ValueError
    for a margin not above 0, RuntimeError for different ranks. Balntas and others (2016).

    >>> import chainrule.torch as torch
    >>> a, b = torch.zeros(1, 2), torch.tensor([[3.0, 4.0]])
    >>> torch.nn.functional.triplet_margin_loss(a, b, b)
    tensor(1.)
    """
    if size_average is not None or reduce is not None:
        reduction = reduction_of(reduction, size_average, reduce)
    check_triplet(anchor, positive, negative, margin)
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = minimum(far, pairwise_distance(positive, negative, p, eps))
    each = clamp_min(plus(near, margin) - far, 0)
    return finished(each, checked(reduction, None, None))  # type: ignore[no-any-return]


def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """Return `triplet_margin_loss` with a distance of one's own, `pairwise_distance` if None."""
    checked(reduction, None, None)
    check_triplet(anchor, positive, negative, margin)
    distance: Any = distance_function or pairwise_distance
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = minimum(far, distance(positive, negative))
    return finished(clamp_min(margin + near - far, 0), reduction)  # type: ignore[no-any-return]
