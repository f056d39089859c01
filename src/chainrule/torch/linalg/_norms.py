"""Norms of vectors and matrices, and what their singular values tell."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._checks import check_tensors, combination_error
from .._functions.reductions import axes
from .._functions.spreads import vector_norm as lengths
from .._kinds.dtypes import scalar_name
from .._tensor import Tensor, made
from ._checks import check_matrices, check_square, delivered
from ._inverses import inv_ex, tolerance
from ._spectra import eigvalsh, svdvals

__all__ = ["cond", "matrix_norm", "matrix_rank", "norm", "vector_norm"]

MATRIX_NORM = (
    "Tensor input, Number ord, tuple of ints dim = {-2,-1}, bool keepdim = False, *, torch.dtype "
    "dtype = None, Tensor out = None",
    'Tensor input, str ord = "fro", tuple of ints dim = {-2,-1}, bool keepdim = False, *, '
    "torch.dtype dtype = None, Tensor out = None",
)
SUMS = (1, -1, math.inf, -math.inf)


def vector_norm(
    x: Tensor,
    ord: float = 2,
    dim: Any = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    out: Tensor | None = None,
) -> Any:
    """Return sum(|x|**ord) ** (1 / ord) of all numbers, or along `dim`.

    `ord` may be inf, for the largest size, and 0, for the count of what is not 0.

    >>> import chainrule.torch as torch
    >>> torch.linalg.vector_norm(torch.tensor([3.0, -4.0])), torch.linalg.norm(torch.ones(2), 1)
    (tensor(5.), tensor(2.))
    """
    check_tensors("linalg_vector_norm", x=x)
    return lengths(x, 2 if ord == 2 else float(ord), dim, keepdim, dtype, out)


def matrix_norm(
    A: Tensor,
    ord: Any = "fro",
    dim: Any = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: Any = None,
    out: Tensor | None = None,
) -> Any:
    """Return the norm of the matrices in two dimensions: the root of the sum of squares.

    `ord` 1 and inf are the largest sum of sizes in a column and in a row, 2 the largest singular
    value, with a minus sign the smallest; "nuc" is the sum of the singular values.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([[1.0, -2.0], [2.0, 4.0]])
    >>> torch.linalg.matrix_norm(x), torch.linalg.matrix_norm(x, 1)
    (tensor(5.), tensor(6.))
    """
    check_tensors("linalg_matrix_norm", A=A)
    check_matrices("linalg.matrix_norm", A)
    if not isinstance(dim, (tuple, list)):
        raise combination_error("linalg_matrix_norm", (A,), MATRIX_NORM, dim=dim)
    if A._array.dtype.kind not in "fc":
        raise RuntimeError(
            "linalg.matrix_norm: Expected a floating point or complex tensor as input. Got "
            f"{scalar_name(A._array.dtype)}"
        )
    if len(dim) != 2:
        raise RuntimeError(
            f"linalg.matrix_norm: dim must be a 2-tuple. Got {' '.join(map(str, dim))}"
        )
    if dim[0] % A._array.ndim == dim[1] % A._array.ndim:
        raise RuntimeError(f"linalg.matrix_norm: dims must be different. Got ({dim[0]}, {dim[1]})")
    rows, columns = axes("linalg_matrix_norm", A, dim)
    if ord == "fro":
        return lengths(A, 2, (rows, columns), keepdim, dtype, out)
    if ord in SUMS:
        along, over = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums: Any = lengths(A, 1.0, along, keepdim, dtype)
        over -= over > along and not keepdim
        result = sums.amax(over, keepdim) if ord > 0 else sums.amin(over, keepdim)
    elif ord in (2, -2, "nuc"):
        result = by_singular_values(A, ord, rows, columns, keepdim, dtype)
    else:
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    return delivered("linalg_matrix_norm", result, out)


def by_singular_values(A: Any, ord: Any, rows: int, columns: int, keepdim: bool, dtype: Any) -> Any:
    if dtype is not None:
        A = A.to(dtype)
    rest = [d for d in range(A.ndim) if d not in (rows, columns)]
    order = [*rest, rows, columns]
    values = svdvals(A if order == list(range(A.ndim)) else A.permute(order))
    if ord == "nuc":
        result = values.sum(-1)
    else:
        result = values.amax(-1) if ord == 2 else values.amin(-1)
    if not keepdim:
        return result
    back = sorted(range(A.ndim), key=order.__getitem__)
    return result.unsqueeze(-1).unsqueeze(-1).permute(back)


def norm(
    A: Tensor,
    ord: Any = None,
    dim: Any = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    out: Tensor | None = None,
) -> Any:
    """Return the norm of a vector or matrix; without `ord`, the root of the sum of squares.

    >>> import chainrule.torch as torch
    >>> torch.linalg.norm(torch.tensor([[3.0, 4.0], [6.0, 8.0]]), dim=1)
    tensor([ 5., 10.])
    """
    check_tensors("linalg_norm", A=A)
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype, out=out)
    ndim = A._array.ndim
    if dim is None and ndim not in (1, 2):
        raise RuntimeError(
            "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got "
            f"{ndim}D."
        )
    if isinstance(ord, str):
        dims = (-2, -1) if dim is None else dim if isinstance(dim, (tuple, list)) else (dim,)
        return matrix_norm(A, ord, dims, keepdim, dtype=dtype, out=out)
    if (dim is None and ndim == 2) or (isinstance(dim, (tuple, list)) and len(dim) == 2):
        dims = (-2, -1) if dim is None else dim
        return matrix_norm(A, ord, dims, keepdim, dtype=dtype, out=out)
    return vector_norm(A, ord, dim, keepdim, dtype=dtype, out=out)


# ---------------------------------------------------------------- conditions and ranks


def cond(A: Tensor, p: Any = None, *, out: Tensor | None = None) -> Any:
    """Return how much an inverse can enlarge an error: the norm of a matrix times its inverse's.

    `p` is the norm, by default 2: the largest singular value over the smallest.

    >>> import chainrule.torch as torch
    >>> torch.linalg.cond(torch.tensor([[100.0, 0.0], [0.0, 1.0]]))
    tensor(100.)
    """
    check_tensors("linalg_cond", input=A)
    if A._array.ndim < 2:
        raise RuntimeError("linalg.cond: The input tensor must have at least 2 dimensions.")
    if p is None or p in (2, -2):
        values = svdvals(A)
        last, first = values.narrow(-1, -1, 1), values.narrow(-1, 0, 1)
        ratio = last / first if p == -2 else first / last
        result = ratio.squeeze(-1)
        result._view, result._writes = None, [0]
    elif p in (*SUMS, "fro", "nuc"):
        check_square(f"linalg.cond(ord={p})", A)
        result = matrix_norm(A, p) * matrix_norm(inv_ex(A).inverse, p)
        if p != "nuc":
            result = result.nan_to_num(math.inf, math.inf, -math.inf)
    else:
        raise RuntimeError(f"linalg.cond got an invalid norm type: {p}")
    return delivered("linalg_cond", result, out)


def matrix_rank(
    A: Tensor,
    tol: Any = None,
    hermitian: bool = False,
    *,
    atol: Any = None,
    rtol: Any = None,
    out: Tensor | None = None,
) -> Any:
    """Return how many singular values are above the larger of `atol` and `rtol` times the largest.

    Without both, `rtol` is the rounding of the longer side.

    >>> import chainrule.torch as torch
    >>> torch.linalg.matrix_rank(torch.tensor([[1.0, 2.0], [2.0, 4.0]]))
    tensor(1)
    """
    check_tensors("linalg_matrix_rank", input=A)
    x = A._array
    check_matrices("torch.linalg.matrix_rank", A, "input")
    if x.dtype.kind not in "fc":
        raise RuntimeError("This function doesn't handle types other than float and double")
    if tol is not None:
        atol, rtol = tol, 0.0
    plain: Any = made(x)
    sizes = eigvalsh(plain).abs()._array if hermitian else svdvals(plain)._array
    if not sizes.shape[-1]:
        return delivered("linalg_matrix_rank", made(np.zeros(x.shape[:-2], np.int64)), out)
    cut = np.asarray(tolerance(x, atol, rtol, hermitian)) * sizes.max(-1)
    rank = np.sum(sizes > cut[..., None], -1, dtype=np.int64)
    return delivered("linalg_matrix_rank", made(np.asarray(rank)), out)
