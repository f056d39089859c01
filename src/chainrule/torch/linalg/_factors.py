"""Matrices as products: of a triangle with itself, and of an orthogonal one with a triangle."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules.linear_algebra import orthogonal, triangular  # noqa: F401  (state the rules)

from .._checks import check_tensors
from .._functions.results import result_type
from .._tape.plans import Op, op_named
from .._tape.recording import recorded
from .._tape.several import recorded_several
from .._tensor import Tensor, made
from ._checks import (
    by_columns,
    check_floats,
    check_matrices,
    check_square,
    delivered,
    failed_at,
    numbered,
)
from ._refusing import refusing

__all__ = ["cholesky", "cholesky_ex", "factors", "qr", "triangle"]

CHOLESKY = Op("LinalgCholeskyExBackward0", np.linalg.cholesky, ("result",), "self")
OLD_CHOLESKY = Op("CholeskyBackward0", np.linalg.cholesky, ("result",), "self")
QR = Op("LinalgQrBackward0", np.linalg.qr, ("Q R",), "A")
op_named(np.linalg.cholesky, CHOLESKY)
op_named(np.linalg.qr, QR)


def leading(x: Any) -> int:
    """Return the order of the first leading minor that is not positive definite; 0 if none is."""
    for k in range(1, len(x) + 1):
        try:
            np.linalg.cholesky(x[:k, :k])
        except np.linalg.LinAlgError:
            return k
    return 0


def not_definite(n: int) -> str:
    return (
        "The factorization could not be completed because the input is not positive-definite (the "
        f"leading minor of order {n} is not positive-definite)."
    )


def factored(x: Any, upper: bool) -> Any:
    return by_columns(np.linalg.cholesky(x, upper=upper))


def triangle(function: str, A: Any, upper: bool, op: Op = CHOLESKY) -> Any:
    """Return Cholesky's factor of a matrix, or raise in the name of `function`."""
    check_square(function, A)
    try:
        return recorded(op, (A,), {"upper": bool(upper)}, factored, None)
    except np.linalg.LinAlgError:
        raise numbered(function, failed_at(A._array, leading), not_definite) from None


def cholesky(A: Tensor, *, upper: bool = False, out: Tensor | None = None) -> Any:
    """Return the lower triangle L for which `L @ L.mH` is `A`, a positive definite matrix.

    With `upper`, its transpose. Raises a RuntimeError, `torch.linalg.LinAlgError`, if there is
    none.

    >>> import chainrule.torch as torch
    >>> torch.linalg.cholesky(torch.tensor([[4.0, 2.0], [2.0, 2.0]]))
    tensor([[2., 0.],
            [1., 1.]])
    """
    check_tensors("linalg_cholesky", input=A)
    return delivered("linalg_cholesky", triangle("linalg.cholesky", A, upper), out)


def cholesky_ex(A: Tensor, *, upper: bool = False, check_errors: bool = False) -> Any:
    """Return Cholesky's factor, and 0 beside it, or the order of the minor where it ended.

    >>> import chainrule.torch as torch
    >>> torch.linalg.cholesky_ex(-torch.eye(2)).info
    tensor(1, dtype=torch.int32)
    """
    check_tensors("linalg_cholesky_ex", input=A)
    check_square("linalg.cholesky_ex", A)
    infos = np.zeros(A._array.shape[:-2], np.int32)

    def call(x: Any, upper: bool) -> Any:
        nonlocal infos
        try:
            return factored(x, upper)
        except np.linalg.LinAlgError:
            infos = failed_at(x, leading)
            failed = infos[..., None, None] != 0
            some = np.where(failed, np.eye(x.shape[-1], dtype=x.dtype), x)
            rest = np.triu(x) if upper else np.tril(x)
            return by_columns(np.where(failed, rest, np.linalg.cholesky(some, upper=upper)))

    result = recorded(CHOLESKY, (A,), {"upper": bool(upper)}, call, None)
    if check_errors and infos.any():
        raise numbered("linalg.cholesky_ex", infos, not_definite)
    return result_type("linalg_cholesky_ex", "L", "info")((result, made(infos)))


# ---------------------------------------------------------------- orthogonal ones


def orthogonal_first(x: Any, mode: Any) -> Any:
    y = np.linalg.qr(x, mode)
    return type(y)(*map(by_columns, y))


def qr(A: Tensor, mode: str = "reduced", *, out: Any = None) -> Any:
    """Return Q, whose columns are orthogonal and of length 1, and the upper triangle R.

    `Q @ R` is `A`. With mode="complete" Q is square; with mode="r" it is empty, and no gradient
    passes. None passes a complete one either, of a matrix with more rows than columns.

    >>> import chainrule.torch as torch
    >>> Q, R = torch.linalg.qr(torch.tensor([[0.0, 2.0], [3.0, 4.0]]))
    >>> R.abs()
    tensor([[3., 4.],
            [0., 2.]])
    """
    check_tensors("linalg_qr", A=A)
    result = factors("linalg_qr", A, mode)
    if out is None:
        return result
    parts = [delivered("linalg_qr", part, into) for part, into in zip(result, out, strict=True)]
    return type(result)(parts)


def factors(kind: str, A: Any, mode: str) -> Any:
    check_matrices("linalg.qr", A)
    check_floats("linalg.qr", A)
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), "
            "'r', or 'complete'"
        )
    x = A._array
    if mode == "r":
        why = (
            "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please "
            "use linalg.qr(A, mode='reduced') if you are going to differentiate through linalg.qr."
        )
        arrays = (np.empty(0, x.dtype), by_columns(np.linalg.qr(x, "reduced")[1]))
        parts: list[Any] = refusing(QR.name, A, why, arrays)
    elif mode == "complete" and x.shape[-2] > x.shape[-1]:
        why = "The QR decomposition is not differentiable when mode='complete' and nrows > ncols."
        parts = refusing(QR.name, A, why, orthogonal_first(x, mode))
    else:
        parts = recorded_several(QR, (A,), {"mode": mode}, orthogonal_first)
    return result_type(kind, "Q", "R")(parts)
