"""Determinants."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules.linear_algebra import determinants  # noqa: F401  (states the rules)

from .._checks import check_tensors, not_implemented
from .._functions.results import result_type
from .._tape.plans import Op, op_named
from .._tape.recording import recorded
from .._tape.several import recorded_several
from .._tensor import Tensor
from ._checks import check_square, delivered

__all__ = ["det", "sign_and_logarithm", "slogdet"]

DET = Op("LinalgDetBackward0", np.linalg.det, ("A result",), "A")
SLOGDET = Op("LinalgSlogdetBackward0", np.linalg.slogdet, ("A",), "A")
op_named(np.linalg.det, DET)
op_named(np.linalg.slogdet, SLOGDET)


def det(A: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the determinant of a square matrix, or of each in a stack.

    >>> import chainrule.torch as torch
    >>> torch.linalg.det(torch.tensor([[2.0, 1.0], [0.0, 4.0]]))
    tensor(8.)
    """
    check_tensors("linalg_det", A=A)
    if A._array.dtype.char == "e":
        not_implemented("lu_cpu", A._array.dtype)
    check_square("linalg.det", A)
    return delivered("linalg_det", recorded(DET, (A,), {}, np.linalg.det, None), out)


def slogdet(A: Tensor) -> Any:
    """Return the sign of the determinant, and the logarithm of its size.

    These stand where the determinant itself would overflow, or be rounded to 0.

    >>> import chainrule.torch as torch
    >>> torch.linalg.slogdet(torch.eye(2) * 1e30)
    torch.return_types.linalg_slogdet(
    sign=tensor(1.),
    logabsdet=tensor(138.1551))
    """
    check_tensors("linalg_slogdet", A=A)
    return sign_and_logarithm("linalg.slogdet", "linalg_slogdet", A)


def sign_and_logarithm(function: str, kind: str, A: Any) -> Any:
    check_square(function, A)
    return result_type(kind, "sign", "logabsdet")(recorded_several(SLOGDET, (A,), {}))
