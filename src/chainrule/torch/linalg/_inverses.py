"""Inverses, and what comes nearest to them where there are none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._rules.linear_algebra import (  # noqa: F401  (state the rules)
    pseudo_inverse,
    square,
)

from .._checks import check_tensors
from .._functions.results import result_type
from .._kinds.dtypes import type_name
from .._tape.plans import Op, op_named
from .._tape.recording import recorded
from .._tensor import Tensor, made
from ._checks import by_columns, check_square, delivered, failed_at, numbered

__all__ = ["inv", "inv_ex", "pinv", "tensorinv", "zero_pivot"]

INV = Op("LinalgInvExBackward0", np.linalg.inv, ("result",), "A")
PINV = Op("LinalgPinvBackward0", np.linalg.pinv, ("A result",), "A")
op_named(np.linalg.inv, INV)
op_named(np.linalg.pinv, PINV)


def zero_pivot(x: Any) -> int:
    """Return which pivot of the elimination, counted from 1, is the first that is 0; 0 if none."""
    rows = np.array(x, np.result_type(x.dtype, np.float64))
    for k in range(len(rows)):
        pivot = k + int(np.argmax(np.abs(rows[k:, k])))
        if rows[pivot, k] == 0:
            return k + 1
        rows[[k, pivot]] = rows[[pivot, k]]
        rows[k + 1 :] -= np.outer(rows[k + 1 :, k] / rows[k, k], rows[k])
    return 0


def info_of(x: Any) -> int:
    try:
        np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return zero_pivot(x) or len(x)
    return 0


def zero_on_diagonal(n: int) -> str:
    return (
        f"The diagonal element {n} is zero, the inversion could not be completed because the "
        "input matrix is singular."
    )


def inverted(x: Any) -> Any:
    return by_columns(np.linalg.inv(x))


def inv(A: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the inverse of a square matrix, or of each in a stack.

    Raises a RuntimeError, `torch.linalg.LinAlgError`, if it has none.

    >>> import chainrule.torch as torch
    >>> torch.linalg.inv(torch.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    check_tensors("linalg_inv", A=A)
    check_square("linalg.inv", A)
    try:
        result = recorded(INV, (A,), {}, inverted, None)
    except np.linalg.LinAlgError:
        raise numbered("linalg.inv", failed_at(A._array, info_of), zero_on_diagonal) from None
    return delivered("linalg_inv", result, out)


def inv_ex(A: Tensor, *, check_errors: bool = False) -> Any:
    """Return the inverse, and 0 beside it; of a singular matrix nan, and where that was seen.

    >>> import chainrule.torch as torch
    >>> torch.linalg.inv_ex(torch.zeros(1, 1)).info
    tensor(1, dtype=torch.int32)
    """
    check_tensors("linalg_inv_ex", A=A)
    check_square("linalg.inv_ex", A)
    infos = np.zeros(A._array.shape[:-2], np.int32)

    def call(x: Any) -> Any:
        nonlocal infos
        try:
            return inverted(x)
        except np.linalg.LinAlgError:
            infos = failed_at(x, info_of)
            failed = infos[..., None, None] != 0
            regular = np.linalg.inv(np.where(failed, np.eye(x.shape[-1], dtype=x.dtype), x))
            return by_columns(np.where(failed, x.dtype.type(math.nan), regular))

    result = recorded(INV, (A,), {}, call, None)
    if check_errors and infos.any():
        raise numbered("linalg.inv_ex", infos, zero_on_diagonal)
    return result_type("linalg_inv_ex", "inverse", "info")((result, made(infos)))


def pinv(
    A: Tensor,
    rcond: Any = None,
    hermitian: bool = False,
    *,
    atol: Any = None,
    rtol: Any = None,
    out: Tensor | None = None,
) -> Any:
    """Return the pseudo-inverse of a matrix: `pinv(A) @ b` is the least-squares solution.

    Singular values that are not above the larger of `atol` and `rtol` times the largest of them
    count as 0. Without both, `rtol` is the rounding of the longer side.

    >>> import chainrule.torch as torch
    >>> torch.linalg.pinv(torch.tensor([[2.0], [0.0]]))
    tensor([[0.5000, 0.0000]])
    """
    check_tensors("linalg_pinv", A=A)
    x = A._array
    if x.ndim < 2 or x.dtype.kind not in "fc":
        raise RuntimeError(
            f"linalg.pinv({type_name(x.dtype).replace('torch.', '').replace('Tensor', '')}"
            f"{{{list(x.shape)}}}): expected a tensor with 2 or more dimensions of float, double, "
            "cfloat or cdouble types"
        )
    rtol = rcond if rtol is None else rtol
    cut = tolerance(x, atol, rtol, hermitian)
    # the gradient is that of any matrix, as in PyTorch: not made symmetric
    call = lambda x, rcond: np.linalg.pinv(x, rcond, bool(hermitian))
    return delivered("linalg_pinv", recorded(PINV, (A,), {"rcond": cut}, call, None), out)


def tolerance(x: Any, atol: Any, rtol: Any, hermitian: bool) -> Any:
    """Return the part of the largest singular value up to which others count as 0."""
    atol, rtol = (v._array if isinstance(v, Tensor) else v for v in (atol, rtol))
    if rtol is None:
        rounding = max(x.shape[-2:]) * float(np.finfo(x.dtype).eps)
        rtol = rounding if atol is None else np.where(np.asarray(atol) > 0, 0.0, rounding)
    if atol is None or not x.size:
        return rtol
    largest = np.linalg.svd(x, compute_uv=False, hermitian=hermitian).max(-1)
    with np.errstate(all="ignore"):
        return np.maximum(np.where(largest > 0, atol / largest, 0), rtol)


def tensorinv(A: Tensor, ind: int = 2, *, out: Tensor | None = None) -> Any:
    """Return the inverse of the matrix that the first `ind` dimensions, and the others, number.

    >>> import chainrule.torch as torch
    >>> torch.linalg.tensorinv(torch.eye(4).reshape(4, 2, 2), ind=1).shape
    torch.Size([2, 2, 4])
    """
    check_tensors("linalg_tensorinv", A=A)
    if ind <= 0:
        raise RuntimeError(f"Expected a strictly positive integer for 'ind', but got {ind}")
    rows, columns = A._array.shape[:ind], A._array.shape[ind:]
    count = math.prod(rows)
    if count != math.prod(columns):
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == "
            f"prod(self.shape[:ind]), but got {math.prod(columns)} != {count}"
        )
    t: Any = A
    result = inv(t.reshape(count, count)).reshape(*columns, *rows)
    return delivered("linalg_tensorinv", result, out)
