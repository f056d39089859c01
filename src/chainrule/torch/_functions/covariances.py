"""Distances, covariances and correlations; slices made no longer than a bound; both extremes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.distances import distance, shortened

from .._checks import check_tensors, dimension, not_implemented
from .._conversions.casts import as_kind
from .._kinds.dtypes import scalar_name
from .._tape.plans import Op, op_named
from .._tape.promotion import common
from .._tape.recording import recorded
from .._tensor import Tensor, made
from .._writing.out import into_out
from .arithmetic import div, mul, sub
from .choices import clamp
from .extremes import MAX, MIN
from .joint import joint
from .products import matmul
from .reductions import axes, check_input, sum
from .results import answered, result_type

__all__ = ["aminmax", "corrcoef", "cov", "dist", "renorm"]

DIST = Op("DistBackward0", distance, ("self other result",), "self other")
RENORM = Op("RenormBackward0", shortened, ("self",), "self")
SQUEEZED = Op("SqueezeBackward0", np.reshape, ("",), "self")
BOTH = {kind: Op("AminmaxBackward0", kind.amounts.function, ("self result",), "self")
        for kind in (MIN, MAX)}  # fmt: skip
op_named(distance, DIST)
op_named(shortened, RENORM)
Ends = result_type("aminmax", "min", "max")

# ---------------------------------------------------------------- lengths


def dist(input: Tensor, other: Tensor, p: float = 2) -> Any:
    """Return the norm of `input - other`, taken as one vector; its slope is 0 where it is.

    >>> import chainrule.torch as torch
    >>> torch.dist(torch.tensor([3.0, 0.0]), torch.tensor([0.0, 4.0]))
    tensor(5.)
    """
    check_tensors("dist", input=input, other=other)
    dtype = common([input._array, other._array])[0].dtype
    if dtype.kind == "b":
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or "
            "`logical_xor()` operator instead."
        )
    if dtype.kind not in "fc":
        raise RuntimeError(
            "norm(): input dtype should be either floating point or complex. Got "
            f"{scalar_name(dtype)} instead."
        )
    return joint(DIST, (input, other), {"order": 2 if p == 2 else float(p)})


def renorm(input: Tensor, p: float, dim: int, maxnorm: float, *, out: Tensor | None = None) -> Any:
    """Return the slices along `dim`, those whose `p`-norm is larger scaled down to `maxnorm`.

    >>> import chainrule.torch as torch
    >>> torch.renorm(torch.tensor([[3.0, 4.0], [0.3, 0.4]]), 2, 0, 1)
    tensor([[0.6000, 0.8000],
            [0.3000, 0.4000]])
    """
    check_tensors("renorm", input=input)
    x = input._array
    if p <= 0:
        raise RuntimeError("renorm: non-positive-norm not supported")
    if maxnorm < 0:
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {maxnorm:g}")
    if x.ndim < 2:
        raise RuntimeError(f"renorm: input needs at least 2 dimensions, got {x.ndim} dimensions")
    axis = dimension(dim, x.ndim)
    if x.dtype.kind not in "fc":
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{scalar_name(x.dtype)}"
        )
    options = {"order": 2 if p == 2 else float(p), "axis": axis, "most": maxnorm}
    result = recorded(RENORM, (input,), options, RENORM.stated().call, None)
    return result if out is None else into_out("renorm", result, out)


# ---------------------------------------------------------------- how rows go together


def check_weights(name: str, w: Any, kind: str, count: int) -> None:
    x = w._array
    if x.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} with "
            f"{x.ndim} dimensions"
        )
    right = x.dtype.kind in ("iu" if kind == "integral" else "f")
    if not right:
        raise RuntimeError(
            f"cov(): expected {name} to have {kind} dtype but got {name} with "
            f"{scalar_name(x.dtype)} dtype"
        )
    if x.size != count:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the "
            f"input but got {x.size} != {count}"
        )
    if x.size and x.min() < 0:
        raise RuntimeError(f"cov(): {name} cannot be negative")


def cov(
    input: Tensor,
    *,
    correction: int = 1,
    fweights: Tensor | None = None,
    aweights: Tensor | None = None,
) -> Any:
    """Return the covariances of the rows, whose columns are observations; of a vector, one.

    The sums of products are divided by the number of observations less `correction`. `fweights`
    says how often each observation was made, `aweights` how much it counts.

    >>> import chainrule.torch as torch
    >>> torch.cov(torch.tensor([[0.0, 2.0], [1.0, 5.0]]))
    tensor([[2., 4.],
            [4., 8.]])
    """
    check_input("cov", input)
    x = input._array
    if x.ndim > 2:
        raise RuntimeError(
            f"cov(): expected input to have two or fewer dimensions but got an input with "
            f"{x.ndim} dimensions"
        )
    if x.dtype.kind == "b":
        raise RuntimeError("cov(): bool dtype is not supported for input")
    rows: Any = input if x.ndim == 2 else input.reshape(1, -1)  # type: ignore[attr-defined]
    count = rows._array.shape[1]
    weights: Any = None
    for name, w, kind in (
        ("fweights", fweights, "integral"),
        ("aweights", aweights, "floating point"),
    ):
        if w is not None:
            check_weights(name, w, kind, count)
            weights = w if weights is None else mul(weights, w)
    if weights is None:
        total: Any = count
        mean = div(sum(rows, 1), made(np.asarray(count)))
    else:
        total = sum(weights)
        mean = div(sum(mul(rows, weights), 1), total)
    apart = sub(rows, mean.unsqueeze(1))
    if weights is None:
        free: Any = count - correction
    elif correction == 0 or aweights is None:
        free = total._array - correction
    else:
        squares = weights._array * aweights._array
        free = total._array - correction * np.sum(squares) / total._array
    free = made(np.asarray(np.maximum(free, 0)))
    other = apart.t() if weights is None else mul(apart, weights).t()
    if other._array.dtype.kind == "c":
        other = other.conj()
    found = div(matmul(apart, other), as_kind(free, apart._array.real.dtype))
    shape = tuple(n for n in found._array.shape if n != 1)
    return recorded(SQUEEZED, (found,), {"shape": shape}, np.reshape, None)


def corrcoef(input: Tensor) -> Any:
    """Return the correlations of the rows, whose columns are observations, from -1 to 1.

    >>> import chainrule.torch as torch
    >>> torch.corrcoef(torch.tensor([[0.0, 1.0, 2.0], [5.0, 4.0, 3.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    check_input("corrcoef", input)
    if input._array.ndim > 2:
        raise RuntimeError(
            "corrcoef(): expected input to have two or fewer dimensions but got an input with "
            f"{input._array.ndim} dimensions"
        )
    found = cov(input)
    if not found._array.ndim:
        return div(found, found)
    deviations = found.diagonal().sqrt()
    shares = div(div(found, deviations.unsqueeze(1)), deviations.unsqueeze(0))
    return clamp(shares, -1, 1) if shares._array.dtype.kind == "f" else shares


# ---------------------------------------------------------------- both ends


def aminmax(
    input: Tensor, *, dim: int | None = None, keepdim: bool = False, out: Any = None
) -> Any:
    """Return the smallest and the largest number, of all or along `dim`; equals share gradients.

    >>> import chainrule.torch as torch
    >>> torch.aminmax(torch.tensor([3.0, 1.0, 2.0])).max
    tensor(3.)
    """
    check_input("aminmax", input)
    x = input._array
    if x.dtype.kind == "c":
        not_implemented("aminmax_cpu", x.dtype)
    axis = axes("aminmax", input, dim, several=False)
    if axis is None and not x.size:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no "
            "identity."
        )
    if axis is not None and not x.shape[axis]:
        raise IndexError(f"aminmax: Expected reduction dim {axis} to have non-zero size.")
    options = {"axis": axis, "keepdims": bool(keepdim)}
    ends = [recorded(BOTH[kind], (input,), options, kind.call, None) for kind in (MIN, MAX)]
    return answered(Ends, ends, out)


METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__}
