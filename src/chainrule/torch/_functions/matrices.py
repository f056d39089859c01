"""What stands in `torch.linalg`, under its older names; that file is loaded when one is called."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from .._checks import check_tensors
from .._tensor import Tensor, made
from .results import result_type

__all__ = [
    "chain_matmul",
    "cholesky",
    "cross",
    "det",
    "inverse",
    "logdet",
    "matrix_exp",
    "matrix_power",
    "pinverse",
    "qr",
    "slogdet",
    "svd",
]

CHOLESKY = """\
torch.cholesky is deprecated in favor of torch.linalg.cholesky and will be removed in a future \
PyTorch release.
L = torch.cholesky(A)
should be replaced with
L = torch.linalg.cholesky(A)
and
U = torch.cholesky(A, upper=True)
should be replaced with
U = torch.linalg.cholesky(A).mH
This transform will produce equivalent results for all valid (symmetric positive definite) \
inputs."""
QR = """\
torch.qr is deprecated in favor of torch.linalg.qr and will be removed in a future PyTorch release.
The boolean parameter 'some' has been replaced with a string parameter 'mode'.
Q, R = torch.qr(A, some)
should be replaced with
Q, R = torch.linalg.qr(A, 'reduced' if some else 'complete')"""
CHAIN = (
    "torch.chain_matmul is deprecated and will be removed in a future PyTorch release. Use "
    "torch.linalg.multi_dot instead, which accepts a list of two or more tensors rather than "
    "multiple parameters."
)
CROSS = """\
Using torch.cross without specifying the dim arg is deprecated.
Please either pass the dim explicitly or simply use torch.linalg.cross.
The default value of dim will change to agree with that of linalg.cross in a future release."""


def part(name: str) -> Any:
    """Return a file of `torch.linalg`."""
    return import_module(f"..linalg.{name}", __package__)


def warn(text: str) -> None:
    warnings.warn(text, UserWarning, stacklevel=3)


def det(input: Tensor) -> Any:
    """Return the determinant of a square matrix, or of each in a stack.

    >>> import chainrule.torch as torch
    >>> torch.det(torch.tensor([[2.0, 1.0], [0.0, 4.0]]))
    tensor(8.)
    """
    check_tensors("det", input=input)
    return part("_determinants").det(input)


def slogdet(input: Tensor) -> Any:
    """Return the sign of the determinant, and the logarithm of its size.

    >>> import chainrule.torch as torch
    >>> torch.slogdet(torch.eye(2) * 1e30).logabsdet
    tensor(138.1551)
    """
    check_tensors("slogdet", input=input)
    return part("_determinants").sign_and_logarithm("linalg.slogdet", "slogdet", input)


def logdet(input: Tensor) -> Any:
    """Return the logarithm of the determinant: -inf if that is 0, nan if it is below.

    >>> import chainrule.torch as torch
    >>> torch.logdet(torch.eye(2) * 1e30)
    tensor(138.1551)
    """
    check_tensors("logdet", input=input)
    sign, logarithm = part("_determinants").sign_and_logarithm("logdet", "slogdet", input)
    if sign._array.dtype.kind == "c":
        return sign.log() + logarithm
    from .choices import where

    return where(made(sign._array == -1), math.nan, logarithm)


def inverse(input: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the inverse of a square matrix, or of each in a stack.

    >>> import chainrule.torch as torch
    >>> torch.inverse(torch.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    check_tensors("inverse", input=input)
    return part("_inverses").inv(input, out=out)


def pinverse(input: Tensor, rcond: float = 1e-15) -> Any:
    """Return the pseudo-inverse of a matrix.

    >>> import chainrule.torch as torch
    >>> torch.pinverse(torch.tensor([[2.0], [0.0]]))
    tensor([[0.5000, 0.0000]])
    """
    check_tensors("pinverse", input=input)
    return part("_inverses").pinv(input, rcond)


def cholesky(input: Tensor, upper: bool = False, *, out: Tensor | None = None) -> Any:
    """Return the lower triangle L for which `L @ L.mH` is `input`; with `upper`, its transpose.

    PyTorch warns that `torch.linalg.cholesky` has taken its place.
    """
    check_tensors("cholesky", input=input)
    warn(CHOLESKY)
    file = part("_factors")
    result = file.triangle("cholesky", input, upper, file.OLD_CHOLESKY)
    return part("_checks").delivered("cholesky", result, out)


def qr(input: Tensor, some: bool = True, *, out: Any = None) -> Any:
    """Return Q and R, whose product is `input`; Q is square if `some` is false.

    PyTorch warns that `torch.linalg.qr` has taken its place.
    """
    check_tensors("qr", input=input)
    warn(QR)
    result = part("_factors").factors("qr", input, "reduced" if some else "complete")
    return part("_spectra").written(result, out)


def svd(input: Tensor, some: bool = True, compute_uv: bool = True, *, out: Any = None) -> Any:
    """Return U, S and V for which `U @ diag(S) @ V.mH` is `input`.

    >>> import chainrule.torch as torch
    >>> torch.svd(torch.tensor([[3.0, 0.0], [0.0, -4.0]])).S
    tensor([4., 3.])
    """
    check_tensors("svd", input=input)
    file = part("_spectra")
    left, sizes, right = file.three_parts(input, not some and compute_uv)
    if compute_uv:
        right = right.mH if right._array.dtype.kind == "c" else right.mT
        right._view, right._writes = None, [0]
    else:
        front, (m, n) = input._array.shape[:-2], input._array.shape[-2:]
        left, right = (made(np.zeros((*front, k, k), input._array.dtype)) for k in (m, n))
    return file.written(result_type("svd", "U", "S", "V")((left, sizes, right)), out)


def matrix_power(input: Tensor, n: int, *, out: Tensor | None = None) -> Any:
    """Return the square matrix multiplied n times by itself; for n below 0, its inverse.

    >>> import chainrule.torch as torch
    >>> torch.matrix_power(torch.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
    tensor([[1., 5.],
            [0., 1.]])
    """
    check_tensors("matrix_power", input=input)
    return part("_products").matrix_power(input, n, out=out)


def matrix_exp(input: Tensor) -> Any:
    """Return the exponential of a square matrix, the sum of all input**n / n!.

    >>> import chainrule.torch as torch
    >>> torch.matrix_exp(torch.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    check_tensors("matrix_exp", input=input)
    return part("_products").matrix_exp(input)


def chain_matmul(*matrices: Any, out: Tensor | None = None) -> Any:
    """Return the product of matrices, in the order that takes fewest multiplications.

    PyTorch warns that `torch.linalg.multi_dot` has taken its place.
    """
    given = matrices[0] if len(matrices) == 1 and isinstance(matrices[0], list) else matrices
    for k, one in enumerate(given):
        check_tensors("chain_matmul", **{f"matrix {k}": one})
        if one._array.ndim != 2:
            raise RuntimeError(f"Tensor dimension is {one._array.ndim}, expected 2 instead.")
    warn(CHAIN)
    if not given:
        raise RuntimeError("chain_matmul(): Expected one or more matrices")
    if len(given) == 1:
        return given[0].clone()
    result = part("_products").chained("multi_dot", given)
    return part("_checks").delivered("chain_matmul", result, out)


def cross(
    input: Tensor, other: Tensor, dim: int | None = None, *, out: Tensor | None = None
) -> Any:
    """Return the cross products of vectors along `dim`, by default the first of three numbers.

    >>> import chainrule.torch as torch
    >>> torch.cross(torch.tensor([1.0, 0.0, 0.0]), torch.tensor([0.0, 1.0, 0.0]), dim=0)
    tensor([0., 0., 1.])
    """
    check_tensors("cross", input=input, other=other)
    if dim is None:
        warn(CROSS)
        shape = input._array.shape
        if input._array.ndim == other._array.ndim and 3 not in shape:
            raise RuntimeError("no dimension of size 3 in input")
        dim = shape.index(3) if 3 in shape else -1
    result = part("_products").in_space(input, other, dim)
    return part("_checks").delivered("cross", result, out)


METHODS: dict[str, Callable[..., Any]] = {
    name: globals()[name] for name in __all__ if name != "chain_matmul"
}
