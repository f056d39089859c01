"""Systems of linear equations, and the nearest to a solution where there are too many of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._rules.linear_algebra import linear_systems  # noqa: F401  (states the rule)

from .._checks import broadcast_error, check_tensors
from .._functions.results import result_type
from .._functions.spelling import called
from .._kinds.dtypes import scalar_name
from .._tape.plans import Op, op_named
from .._tape.recording import recorded
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
from ._inverses import info_of, pinv

__all__ = ["lstsq", "solve", "solve_ex", "solve_triangular", "tensorsolve"]

SOLVE = Op("LinalgSolveExBackward0", np.linalg.solve, ("A result", "A"), "A B")
TRIANGULAR = Op("LinalgSolveTriangularBackward0", np.linalg.solve, ("A result", "A"), "A B")
op_named(np.linalg.solve, SOLVE)


def are_vectors(a: Any, b: Any) -> bool:
    """Say whether `b` is a vector for each matrix, and not a matrix."""
    return bool(b.ndim == 1 or (a.ndim - 1 == b.ndim and b.shape == a.shape[:-1]))


def check_system(function: str, A: Any, B: Any, left: bool) -> None:
    a, b = A._array, B._array
    check_square(function, A)
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"{function}: Expected A and B to have the same dtype, but found A of type "
            f"{scalar_name(a.dtype)} and B of type {scalar_name(b.dtype)} instead"
        )
    n = a.shape[-1]
    vectors = function != "linalg.solve_triangular" and are_vectors(a, b)
    shape = (*b.shape, 1) if vectors else b.shape
    if len(shape) < 2:
        check_matrices(function, B, "B")
    if shape[-2 if left else -1] != n:
        equation = "AX = B" if left else "XA = B"
        raise RuntimeError(
            f"{function}: Incompatible shapes of A and B for the equation {equation} "
            f"({n}x{n} and {shape[-2]}x{shape[-1]})"
        )
    try:
        np.broadcast_shapes(a.shape[:-2], shape[:-2])
    except ValueError:
        raise broadcast_error(a.shape[:-2], shape[:-2]) from None


def solved(a: Any, b: Any) -> Any:
    if not are_vectors(a, b):
        return by_columns(np.linalg.solve(a, b))
    y = np.linalg.solve(a, b[..., None])[..., 0]
    return by_columns(y)


def singular(_: int) -> str:
    return "The solver failed because the input matrix is singular."


def solve(A: Tensor, B: Tensor, *, left: bool = True, out: Tensor | None = None) -> Any:
    """Return the X for which `A @ X` is `B`: a vector, or the columns of a matrix.

    With left=False, `X @ A` is `B`. Raises a RuntimeError, `torch.linalg.LinAlgError`, if A is
    singular.

    >>> import chainrule.torch as torch
    >>> torch.linalg.solve(torch.tensor([[2.0, 0.0], [0.0, 4.0]]), torch.tensor([2.0, 2.0]))
    tensor([1.0000, 0.5000])
    """
    check_tensors("linalg_solve", A=A, B=B)
    try:
        result = solution("linalg.solve", A, B, left)
    except np.linalg.LinAlgError:
        infos = failed_at(A._array, info_of)
        raise numbered("torch.linalg.solve", infos, singular) from None
    return delivered("linalg_solve", result, out)


def solution(function: str, A: Any, B: Any, left: bool) -> Any:
    check_system(function, A, B, left)
    if left:
        return recorded(SOLVE, (A, B), {}, solved, None)
    turned = recorded(SOLVE, (A.mT, B.mT), {}, solved, None)
    return called(SOLVE.name, turned.mT.clone())


def solve_ex(A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False) -> Any:
    """Return the solution, and 0 beside it; for a singular matrix nan, and where that was seen.

    >>> import chainrule.torch as torch
    >>> torch.linalg.solve_ex(torch.zeros(1, 1), torch.ones(1)).info
    tensor(1, dtype=torch.int32)
    """
    check_tensors("linalg_solve_ex", A=A, B=B)
    infos = np.zeros(A._array.shape[:-2], np.int32)
    try:
        result = solution("linalg.solve_ex", A, B, left)
    except np.linalg.LinAlgError:
        infos = failed_at(A._array, info_of)
        if check_errors:
            raise numbered("torch.linalg.solve_ex", infos, singular) from None
        failed = made(infos[..., None, None] != 0)
        given: Any = A
        some = given.masked_fill(failed, 0.0) + made(failed._array * np.eye(given.shape[-1]))
        result = solution("linalg.solve_ex", some.to(given.dtype), B, left)
        vectors = are_vectors(A._array, B._array)
        result = result.masked_fill(failed.squeeze(-1) if vectors else failed, math.nan)
    return result_type("linalg_solve_ex", "result", "info")((result, made(infos)))


# ---------------------------------------------------------------- triangles


def substituted(a: Any, b: Any, upper: bool) -> Any:
    """Return the x with a @ x = b, row by row; dividing by 0 gives what IEEE's rules say."""
    n = a.shape[-1]
    front = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    x = np.empty((*front, *b.shape[-2:]), b.dtype)
    for k in range(n - 1, -1, -1) if upper else range(n):
        known = slice(k + 1, n) if upper else slice(0, k)
        met = a[..., k : k + 1, known] @ x[..., known, :]
        x[..., k : k + 1, :] = (b[..., k : k + 1, :] - met) / a[..., k : k + 1, k : k + 1]
    return by_columns(x)


def solve_triangular(
    A: Tensor,
    B: Tensor,
    *,
    upper: bool,
    left: bool = True,
    unitriangular: bool = False,
    out: Tensor | None = None,
) -> Any:
    """Return the X for which `A @ X` is `B`, where only one triangle of `A` is looked at.

    With `unitriangular` its diagonal counts as ones. With left=False, `X @ A` is `B`.

    >>> import chainrule.torch as torch
    >>> A = torch.tensor([[2.0, 9.0], [1.0, 4.0]])
    >>> torch.linalg.solve_triangular(A, torch.tensor([[2.0], [5.0]]), upper=False)
    tensor([[1.],
            [1.]])
    """
    check_tensors("linalg_solve_triangular", A=A, B=B)
    a, b = A._array, B._array
    check_matrices("linalg.solve_triangular", A)
    check_matrices("linalg.solve_triangular", B, "B")
    if a.dtype.kind not in "fc" and a.shape[-1] == a.shape[-2] and a.dtype == b.dtype:
        from .._checks import not_implemented

        not_implemented("triangular_solve_cpu", a.dtype)
    check_system("linalg.solve_triangular", A, B, left)
    t: Any = A
    t = (t.triu if upper else t.tril)(int(unitriangular) * (1 if upper else -1))
    if unitriangular:
        t = t + made(np.eye(a.shape[-1], dtype=a.dtype))
    v: Any = B
    if left:
        result = recorded(TRIANGULAR, (t, v), {}, lambda x, y: substituted(x, y, upper), None)
    else:
        pair = (t.mT, v.mT)
        turned = recorded(TRIANGULAR, pair, {}, lambda x, y: substituted(x, y, not upper), None)
        result = called(TRIANGULAR.name, turned.mT.clone())
    return delivered("linalg_solve_triangular", result, out)


# ---------------------------------------------------------------- least squares

DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


def lstsq(A: Tensor, B: Tensor, rcond: Any = None, *, driver: str | None = None) -> Any:
    """Return the X for which the length of `B - A @ X` is least; of several the shortest.

    Beside it stand the squares of that length, the rank of `A`, and its singular values, those of
    them that PyTorch's `driver` finds.

    >>> import chainrule.torch as torch
    >>> A = torch.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    >>> torch.linalg.lstsq(A, torch.tensor([[1.0], [3.0], [5.0]])).solution
    tensor([[1.0000],
            [2.0000]])
    """
    check_tensors("linalg_lstsq", input=A, b=B)
    function = "torch.linalg.lstsq"
    a, b = A._array, B._array
    if a.ndim < 2:
        raise RuntimeError(f"{function}: input must have at least 2 dimensions.")
    if b.ndim < 1:
        raise RuntimeError(f"{function}: other must have at least 1 dimension.")
    if a.dtype != b.dtype:
        raise RuntimeError(f"{function}: Expected input and other to have the same dtype, but got "
                           f"input's dtype {scalar_name(a.dtype)} and other's dtype "
                           f"{scalar_name(b.dtype)}")  # fmt: skip
    vectors = a.ndim - 1 == b.ndim
    if b.shape[-1 if vectors else -2] != a.shape[-2]:
        at = "-1" if vectors else "-2"
        raise RuntimeError(f"{function}: input.size(-2) should match other.size({at})")
    check_floats("linalg.lstsq", A)
    chosen = driver or "gelsy"
    if chosen not in DRIVERS:
        raise RuntimeError(
            f"{function}: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)"
        )
    target: Any = B
    target = target.unsqueeze(-1) if vectors else target
    inverse = pinv(A, rtol=rcond)
    x = called("LinalgLstsqBackward0", inverse @ target)
    sizes = np.linalg.svd(a, compute_uv=False)
    cut = rcond if rcond is not None else max(a.shape[-2:]) * float(np.finfo(a.dtype).eps)
    rank = np.sum(sizes > cut * sizes[..., :1], -1)
    squares: Any = made(np.empty(0, a.dtype))
    full = a.shape[-2] > a.shape[-1] and (chosen == "gels" or (rank == a.shape[-1]).all())
    if chosen != "gelsy" and full:
        given: Any = A
        left = target - given @ x
        squares = called("LinalgLstsqBackward0", squared(left).sum(-2))
    x = called("LinalgLstsqBackward0", x.squeeze(-1)) if vectors else x
    parts = (
        x,
        squares,
        made(np.empty(0, np.int64) if chosen == "gels" else np.asarray(rank, np.int64)),
        made(sizes if chosen in ("gelsd", "gelss") else np.empty(0, sizes.dtype)),
    )
    names = ("solution", "residuals", "rank", "singular_values")
    return result_type("linalg_lstsq", *names)(parts)


def squared(v: Any) -> Any:
    return v * v.conj() if v._array.dtype.kind == "c" else v * v


def tensorsolve(A: Tensor, B: Tensor, dims: Any = None, *, out: Tensor | None = None) -> Any:
    """Return the X for which `tensordot(A, X, X.ndim)` is `B`.

    >>> import chainrule.torch as torch
    >>> torch.linalg.tensorsolve(torch.eye(4).reshape(2, 2, 4), torch.ones(2, 2))
    tensor([1., 1., 1., 1.])
    """
    check_tensors("linalg_tensorsolve", A=A, B=B)
    t: Any = A
    v: Any = B
    if dims is not None:
        last = [d % t.ndim for d in dims]
        t = t.permute([d for d in range(t.ndim) if d not in last] + last)
    unknown = t.shape[v.ndim :]
    count = math.prod(unknown)
    if count != math.prod(t.shape[: v.ndim]):
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == "
            f"prod(self.shape[:other.ndim]), but got {count} != {math.prod(t.shape[: v.ndim])}"
        )
    result = solve(t.reshape(count, count), v.reshape(-1)).reshape(unknown)
    return delivered("linalg_tensorsolve", result, out)
