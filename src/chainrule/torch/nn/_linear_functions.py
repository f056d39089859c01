"""The affine map of a layer."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.traces import summed, tick
from chainrule._rules.weighted import weighted_affine

from .._checks import argument_error, expand_error
from .._functions.orders import T
from .._kinds.dtypes import scalar_name
from .._tape.plans import Op, op_named
from .._tape.quiet import QUIET, hush, unhush
from .._tape.recording import recorded
from .._tape.values import as_taped, recording, taped
from .._tensor import Tensor

__all__ = ["linear"]

NAMES = ("input", "weight", "bias")
ADDMM = Op("AddmmBackward0", weighted_affine, ("", "mat2", "mat1"), "self mat1 mat2")
op_named(weighted_affine, ADDMM)
RULE = ADDMM.stated()
affine = weighted_affine.__wrapped__  # type: ignore[attr-defined]
ndarray, new, is_recording = np.ndarray, object.__new__, recording.get


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
        b = None if bias is None else bias._array
    except AttributeError:
        for k, (name, v) in enumerate(zip(NAMES, (input, weight, bias), strict=True), 1):
            if not isinstance(v, Tensor):
                raise argument_error("linear", name, k, v) from None
        raise
    if b is None:
        return without_bias(input, weight)
    kind = x.dtype
    if (
        x.ndim == 2
        and w.ndim == 2
        and x.shape[1] == w.shape[1]
        and b.shape == w.shape[:1]
        and kind is w.dtype
        and kind is b.dtype
        and kind.kind == "f"
    ):
        return common(input, weight, bias, x, w, b)  # type: ignore[no-any-return]
    return unusual(input, weight, bias)


def without_bias(input: Any, weight: Any) -> Tensor:
    x, w = input._array, weight._array
    if w.ndim != 2 or x.ndim == 0:
        return input.matmul(weight.t() if w.ndim else weight)  # type: ignore[no-any-return]
    check_products(x, w)
    return input.matmul(weight.t())  # type: ignore[no-any-return]


# ---------------------------------------------------------------- the common call, written out


def sum_of_rows(g: Any, kept: None) -> Any:
    """What reaches the bias, which was stretched over the rows."""
    return summed(g, 0)


def product_for_weight(g: Any, x: Any) -> Any:
    """What reaches the transposed weight, laid out as the weight is: a leaf need not turn it."""
    return (g.T @ x).T


PLANS = [None, *(ADDMM.plan(mask) for mask in range(1, 8))]
PULL_X = RULE.argument(1)[0]  # type: ignore[index]
PULL_T, KEEP_T = T.stated().argument(0)  # type: ignore[misc]
T_PLAN, T_KEPT = T.plan(1), KEEP_T(0, None, None)


def common(input: Any, weight: Any, bias: Any, x: Any, w: Any, b: Any) -> Any:
    """Record an affine map of rows as PyTorch does: a product with the transposed weight."""
    m = w.T
    token = hush(QUIET)
    try:
        y = affine(b, x, m)
    finally:
        unhush(token)
    out = new(Tensor)
    out._array, out._writes, out._node = y, [0], None
    xn, wn, bn = input._node, weight._node, bias._node
    if (wn is None and bn is None and xn is None) or not is_recording():
        return out
    more: Any = None
    watch: tuple[Any, ...] = ()
    mask = 0
    if bn is not None:
        more, mask = (sum_of_rows, bn, None, None), 1
    if xn is not None:
        more, mask = (PULL_X, xn, (m, 1), more), mask | 2
        watch = (weight._writes, weight._writes[0], 2)
    if wn is not None:
        wn = [tick(), PULL_T, wn, T_KEPT, None, T_PLAN, None, None, None]
        more, mask = (product_for_weight, wn, x, more), mask | 4
        watch += (input._writes, input._writes[0], 1)
    transposed = m if wn is None else as_taped(m, wn, weight._writes)
    held: Any = ((taped(bias), taped(input), transposed), {}, y)
    out._node = [tick(), *more, PLANS[mask], watch or None, held, None]
    return out


# ---------------------------------------------------------------- all other calls


def unusual(input: Any, weight: Any, bias: Any) -> Tensor:
    """Answer for inputs of another rank than 2, for a bias that broadcasts, and for mistakes."""
    x, w = input._array, weight._array
    if x.ndim == 0 or w.ndim == 0:
        raise RuntimeError(
            f"both arguments to linear need to be at least 1D, but they are {x.ndim}D and {w.ndim}D"
        )
    if w.ndim == 1:
        if x.ndim == 2:
            raise RuntimeError("mat2 must be a matrix, got 1-D tensor")
        return input.matmul(weight) + bias  # type: ignore[no-any-return]
    rows = math.prod(x.shape[:-1])
    check_products(x, w)
    check_types(x, w, bias._array)
    shape = (*x.shape[:-1], w.shape[0])
    b = bias._array.shape
    if b != w.shape[:1]:
        pairs = zip(b[::-1], (w.shape[0], rows), strict=False)
        if len(b) > 2 or any(n not in (1, m) for n, m in pairs):
            raise expand_error((rows, w.shape[0]), b)
    if b != w.shape[:1] or (x.ndim > 2 and not x.flags.c_contiguous):
        return input.matmul(weight.t()) + bias  # type: ignore[no-any-return]
    flat = input if x.ndim == 2 else input.reshape(rows, x.shape[-1])
    y = recorded(ADDMM, (bias, flat, weight.t()), {}, RULE.call, None)
    return y if x.ndim == 2 else y.view(shape)  # type: ignore[no-any-return]


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
