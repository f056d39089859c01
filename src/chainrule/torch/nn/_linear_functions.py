"""The affine map of a layer."""

from __future__ import annotations

import math
from typing import Any

from chainrule._rules.learning import affine

from .._checks import argument_error, expand_error
from .._tape import operation
from .._tensor import Tensor
from .._types import scalar_name

__all__ = ["linear"]

NAMES = ("input", "weight", "bias")
AFFINE = operation("Addmm", affine, saves=("weight", "input", ""), inputs="input weight bias")


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return `input @ weight.T + bias`, for `weight` of shape (out_features, in_features).

    `input` is of shape (…, in_features), the result of shape (…, out_features). Raises
    RuntimeError where shapes or number types do not fit.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.linear(torch.ones(2), torch.ones(3, 2), torch.tensor([0.0, 1.0, 2.0]))
    tensor([2., 3., 4.])
    """
    try:
        x, w = input._array, weight._array
        if bias is None:
            return without_bias(input, weight)
        b = bias._array
    except AttributeError:
        for k, (name, v) in enumerate(zip(NAMES, (input, weight, bias), strict=True), 1):
            if not isinstance(v, Tensor):
                raise argument_error("linear", name, k, v) from None
        raise
    kind = x.dtype
    if (
        x.ndim == 2
        and w.ndim == 2
        and x.shape[1] == w.shape[1]
        and b.shape == w.shape[:1]
        and kind is w.dtype
        and kind is b.dtype
    ):
        return AFFINE(input, weight, bias)  # type: ignore[no-any-return]
    return unusual(input, weight, bias)


def without_bias(input: Any, weight: Any) -> Tensor:
    x, w = input._array, weight._array
    if w.ndim != 2 or x.ndim == 0:
        return input.matmul(weight.t() if w.ndim else weight)  # type: ignore[no-any-return]
    check_products(x, w)
    return input.matmul(weight.t())  # type: ignore[no-any-return]


def unusual(input: Any, weight: Any, bias: Any) -> Tensor:
    """Answer for inputs of another rank than 2, for a bias that broadcasts, and for mistakes."""
    x, w = input._array, weight._array
    if x.ndim == 0 or w.ndim == 0:
        raise RuntimeError(
            f"both arguments to linear need to be at least 1D, but they are {x.ndim}D and {w.ndim}D"
        )
    if w.ndim == 1:
        return input.matmul(weight) + bias  # type: ignore[no-any-return]
    rows = math.prod(x.shape[:-1])
    check_products(x, w)
    check_types(x, w, bias._array)
    shape = (*x.shape[:-1], w.shape[0])
    b = bias._array.shape
    if b != w.shape[:1]:
        if len(b) > 2 or any(
            n not in (1, m) for n, m in zip(b[::-1], (w.shape[0], rows), strict=False)
        ):
            raise expand_error((rows, w.shape[0]), b)
        return input.matmul(weight.t()) + bias  # type: ignore[no-any-return]
    if x.ndim == 2:
        return AFFINE(input, weight, bias)  # type: ignore[no-any-return]
    return AFFINE(input.reshape(rows, x.shape[-1]), weight, bias).view(shape)  # type: ignore[no-any-return]


def check_products(x: Any, w: Any) -> None:
    if x.shape[-1] != w.shape[-1]:
        rows = math.prod(x.shape[:-1])
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({rows}x{x.shape[-1]} and "
            f"{w.shape[1]}x{w.shape[0]})"
        )


def check_types(x: Any, w: Any, b: Any) -> None:
    if x.dtype != w.dtype:
        raise RuntimeError(
            f"mat1 and mat2 must have the same dtype, but got {scalar_name(x.dtype)} and "
            f"{scalar_name(w.dtype)}"
        )
    if b.dtype != x.dtype:
        raise RuntimeError(
            f"self and mat2 must have the same dtype, but got {scalar_name(b.dtype)} and "
            f"{scalar_name(w.dtype)}"
        )
