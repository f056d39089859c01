"""What PyTorch says of matrices that will not do, and the error for those that are singular."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._checks import check_tensors
from .._kinds.dtypes import scalar_name
from .._tensor import Tensor
from .._writing.out import into_out

__all__ = [
    "LinAlgError",
    "by_columns",
    "check_floats",
    "check_matrices",
    "check_square",
    "delivered",
    "failed_at",
    "numbered",
]


class LinAlgError(RuntimeError):
    """A matrix that has no inverse."""


LinAlgError.__name__ = LinAlgError.__qualname__ = "_LinAlgError"


def check_matrices(function: str, A: Any, name: str = "A") -> None:
    """Raise if a tensor is no matrix, and no stack of them."""
    if A._array.ndim < 2:
        raise RuntimeError(f"{function}: The input tensor {name} must have at least 2 dimensions.")


def check_square(function: str, A: Any, *, floats: bool = True) -> None:
    """Raise if a tensor is no square matrix, and no stack of them, of real or complex numbers."""
    check_matrices(function, A)
    rows, columns = A._array.shape[-2:]
    if rows != columns:
        raise RuntimeError(
            f"{function}: A must be batches of square matrices, but they are "
            f"{rows} by {columns} matrices"
        )
    if floats:
        check_floats(function, A)


def check_floats(function: str, A: Any) -> None:
    kind = A._array.dtype
    if kind.kind not in "fc":
        raise RuntimeError(
            f"{function}: Expected a floating point or complex tensor as input. Got "
            f"{scalar_name(kind)}"
        )
    if kind.char == "e":  # float16; the name of a type takes 4 us
        raise RuntimeError(f"{function}: Low precision dtypes not supported. Got Half")


# ---------------------------------------------------------------- matrices that fail


def failed_at(x: Any, info: Callable[[Any], int]) -> Any:
    """Return `info` of every matrix of a stack: 0, or a number that says where it failed."""
    found = [info(one) for one in x.reshape(-1, *x.shape[-2:])]
    return np.array(found, np.int32).reshape(x.shape[:-2])


def numbered(function: str, infos: Any, what: Callable[[int], str]) -> LinAlgError:
    """Return the error for the first matrix of a stack that failed."""
    at = int(np.flatnonzero(infos)[0])
    which = f"(Batch element {at}): " if infos.ndim else ""
    return LinAlgError(f"{function}: {which}{what(int(infos.reshape(-1)[at]))}")


# ---------------------------------------------------------------- results


def by_columns(y: Any) -> Any:
    """Return matrices whose columns lie one after the other in memory, as LAPACK leaves them."""
    if y.ndim == 2:
        return np.asfortranarray(y)
    return np.ascontiguousarray(y.mT).mT if y.ndim > 2 else y


def delivered(name: str, result: Any, out: Tensor | None) -> Any:
    """Return a result, in the tensor `out` if there is one."""
    if out is None:
        return result
    check_tensors(name, out=out)
    return into_out(name, result, out)
