"""Eigenvalues and singular values, and the vectors that belong to them.

A gradient is right for what does not depend on the sign, or phase, of a vector.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules.linear_algebra import eigen, singular  # noqa: F401  (state the rules)

from .._checks import check_tensors, not_implemented
from .._functions.results import result_type
from .._kinds.dtypes import scalar_name
from .._tape.plans import Op, op_named
from .._tape.several import recorded_several
from .._tensor import Tensor
from ._checks import by_columns, check_floats, check_matrices, check_square, delivered

__all__ = ["eig", "eigh", "eigvals", "eigvalsh", "svd", "svdvals", "three_parts"]

EIGH = Op("LinalgEighBackward0", np.linalg.eigh, ("eigenvalues eigenvectors",), "A")
EIG = Op("LinalgEigBackward0", np.linalg.eig, ("eigenvalues eigenvectors",), "self")
SVD = Op("LinalgSvdBackward0", np.linalg.svd, ("U S Vh",), "A")
for _op in (EIGH, EIG, SVD):
    op_named(_op.function, _op)


# ---------------------------------------------------------------- Hermitian


def spectrum(x: Any, UPLO: Any) -> Any:
    y = np.linalg.eigh(x, UPLO)
    return type(y)(y.eigenvalues, by_columns(y.eigenvectors))


def hermitian(function: str, A: Any, UPLO: str) -> list[Any]:
    check_square(function, A, floats=False)
    if UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    if A._array.dtype.kind not in "fc" or A._array.dtype.char == "e":
        not_implemented("linalg_eigh_cpu", A._array.dtype)
    return recorded_several(EIGH, (A,), {"UPLO": UPLO.upper()}, spectrum)


def eigh(A: Tensor, UPLO: str = "L", *, out: Any = None) -> Any:
    """Return eigenvalues, ascending, and eigenvectors, columns, of a symmetric matrix.

    Of a complex one, a Hermitian matrix. Only the lower triangle is looked at, or the upper one
    with UPLO="U".

    >>> import chainrule.torch as torch
    >>> torch.linalg.eigh(torch.tensor([[0.0, 2.0], [2.0, 0.0]])).eigenvalues
    tensor([-2.,  2.])
    """
    check_tensors("linalg_eigh", input=A)
    names = ("eigenvalues", "eigenvectors")
    return written(result_type("linalg_eigh", *names)(hermitian("linalg.eigh", A, UPLO)), out)


def written(result: Any, out: Any) -> Any:
    """Return several results, in the tensors `out` if there are any."""
    if out is None:
        return result
    name = type(result).__name__
    return type(result)(delivered(name, part, into) for part, into in zip(result, out, strict=True))


def eigvalsh(A: Tensor, UPLO: str = "L", *, out: Tensor | None = None) -> Any:
    """Return the eigenvalues of a symmetric, or Hermitian, matrix; they ascend.

    >>> import chainrule.torch as torch
    >>> torch.linalg.eigvalsh(torch.tensor([[0.0, 2.0], [2.0, 0.0]]))
    tensor([-2.,  2.])
    """
    check_tensors("linalg_eigvalsh", input=A)
    values, _ = hermitian("linalg.eigvalsh", A, UPLO)
    return delivered("linalg_eigvalsh", values, out)


# ---------------------------------------------------------------- general


def complex_spectrum(x: Any) -> Any:
    """PyTorch's eigenvalues are complex, whatever they are."""
    y = np.linalg.eig(x)
    kind = np.result_type(x.dtype, np.complex64)
    return type(y)(y.eigenvalues.astype(kind), by_columns(y.eigenvectors.astype(kind)))


def general(function: str, A: Any) -> list[Any]:
    check_square(function, A, floats=False)
    kind = A._array.dtype
    if kind.kind not in "fc":
        raise RuntimeError(f"Unknown Complex ScalarType for {scalar_name(kind)}")
    check_floats(function, A)
    return recorded_several(EIG, (A,), {}, complex_spectrum)


def eig(A: Tensor, *, out: Any = None) -> Any:
    """Return the eigenvalues of a square matrix, complex ones, and its eigenvectors, columns.

    >>> import chainrule.torch as torch
    >>> torch.linalg.eig(torch.tensor([[2.0, 0.0], [0.0, 3.0]])).eigenvalues
    tensor([2.+0.j, 3.+0.j])
    """
    check_tensors("linalg_eig", input=A)
    names = ("eigenvalues", "eigenvectors")
    return written(result_type("linalg_eig", *names)(general("linalg.eig", A)), out)


def eigvals(A: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the eigenvalues of a square matrix, complex ones.

    >>> import chainrule.torch as torch
    >>> torch.linalg.eigvals(torch.tensor([[0.0, -1.0], [1.0, 0.0]])).imag.abs()
    tensor([1., 1.])
    """
    check_tensors("linalg_eigvals", input=A)
    values, _ = general("linalg.eigvals" if A._node is None else "linalg.eig", A)
    return delivered("linalg_eigvals", values, out)


# ---------------------------------------------------------------- singular values


def parts_by_size(x: Any, full_matrices: bool) -> Any:
    y = np.linalg.svd(x, full_matrices)
    return type(y)(by_columns(y.U), y.S, by_columns(y.Vh))


def three_parts(A: Any, full_matrices: bool) -> list[Any]:
    check_matrices("linalg.svd", A)
    check_floats("linalg.svd", A)
    return recorded_several(SVD, (A,), {"full_matrices": bool(full_matrices)}, parts_by_size)


def check_driver(function: str, driver: Any) -> None:
    if driver is not None:
        raise RuntimeError(
            f"torch.linalg.{function}: keyword argument `driver=` is only supported on CUDA inputs "
            "with cuSOLVER backend."
        )


def svd(A: Tensor, full_matrices: bool = True, *, driver: Any = None, out: Any = None) -> Any:
    """Return U, S and Vh for which `U @ diag(S) @ Vh` is `A`: singular vectors and values.

    The values descend. With full_matrices=False, U and Vh have no more vectors than S has values.

    >>> import chainrule.torch as torch
    >>> torch.linalg.svd(torch.tensor([[3.0, 0.0], [0.0, -4.0]])).S
    tensor([4., 3.])
    """
    check_tensors("linalg_svd", A=A)
    check_driver("svd", driver)
    result = result_type("linalg_svd", "U", "S", "Vh")(three_parts(A, full_matrices))
    return written(result, out)


def svdvals(A: Tensor, *, driver: Any = None, out: Tensor | None = None) -> Any:
    """Return the singular values of a matrix; they descend.

    >>> import chainrule.torch as torch
    >>> torch.linalg.svdvals(torch.tensor([[3.0, 0.0], [0.0, -4.0]]))
    tensor([4., 3.])
    """
    check_tensors("linalg_svdvals", A=A)
    check_driver("svd", driver)
    return delivered("linalg_svdvals", three_parts(A, False)[1], out)
