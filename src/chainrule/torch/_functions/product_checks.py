"""What PyTorch says about matrices and vectors that cannot be multiplied."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .._checks import broadcast_error, not_implemented
from .._kinds.c_names import c_name
from .._kinds.dtypes import scalar_name

__all__ = ["check_bmm", "check_dot", "check_matmul", "check_mm", "check_mv"]


def check_mm(a: Any, b: Any) -> None:
    """Raise if the matrices `a` and `b` cannot be multiplied."""
    if a.shape[1] != b.shape[0]:
        raise RuntimeError(
            "mat1 and mat2 shapes cannot be multiplied "
            f"({a.shape[0]}x{a.shape[1]} and {b.shape[0]}x{b.shape[1]})"
        )
    if a.dtype != b.dtype:
        raise RuntimeError(
            "expected m1 and m2 to have the same dtype, but got: "
            f"{c_name(a.dtype)} != {c_name(b.dtype)}"
        )
    if a.dtype.kind == "b":
        not_implemented("addmm_impl_cpu_", a.dtype)


def check_mv(a: Any, b: Any) -> None:
    """Raise if the matrix `a` and the vector `b` cannot be multiplied."""
    if a.ndim != 2 or b.ndim != 1:
        rank = 1 if a.ndim else 0
        raise RuntimeError(f"vector + matrix @ vector expected, got {rank}, {a.ndim}, {b.ndim}")
    rows, columns = a.shape
    if columns != b.shape[0]:
        raise RuntimeError(
            f"size mismatch, got input ({rows}), mat ({rows}x{columns}), vec ({b.shape[0]})"
        )
    if a.dtype != b.dtype:
        first, second = scalar_name(b.dtype), scalar_name(a.dtype)
        raise RuntimeError(
            f"addmv input tensors must have the same dtype, but got {first}, {second}, and {first}"
        )
    if a.dtype.kind == "b":
        not_implemented("addmv_impl_cpu", a.dtype)


def check_dot(a: Any, b: Any) -> None:
    """Raise if the vectors `a` and `b` have no product."""
    if a.ndim != 1 or b.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {a.ndim}D and {b.ndim}D tensors")
    if a.dtype != b.dtype:
        raise RuntimeError(
            "dot : expected both vectors to have same dtype, but found "
            f"{scalar_name(a.dtype)} and {scalar_name(b.dtype)}"
        )
    if a.size != b.size:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{a.size}] and src [{b.size}] to have the "
            f"same number of elements, but got {a.size} and {b.size} elements respectively"
        )
    if a.dtype.kind == "b":
        not_implemented("dot", a.dtype)


def check_bmm(a: Any, b: Any) -> None:
    """Raise if stacks of matrices, `a` and `b`, cannot be multiplied one by one."""
    for k, v in enumerate((a, b), 1):
        if v.ndim != 3:
            raise RuntimeError(f"batch{k} must be a 3D tensor")
    check_stacks(a.dtype, b.dtype, a.shape, b.shape)


def check_stacks(a_kind: Any, b_kind: Any, a: Sequence[int], b: Sequence[int]) -> None:
    if a[0] != b[0] or a[2] != b[1]:
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"[{a[0]}, {a[2]}] but got: [{b[0]}, {b[1]}]."
        )
    if a_kind != b_kind:
        raise RuntimeError(
            f"expected scalar type {scalar_name(a_kind)} but found {scalar_name(b_kind)}"
        )


def check_matmul(a: Any, b: Any) -> None:
    """Raise if `a @ b` has no value; the words are those of the product that it comes down to."""
    if not a.ndim or not b.ndim:
        raise RuntimeError(
            f"both arguments to matmul need to be at least 1D, but they are {a.ndim}D and {b.ndim}D"
        )
    if a.ndim == 1 and b.ndim == 1:
        check_dot(a, b)
    elif a.ndim >= 2 and b.ndim == 1:
        check_mv(a.reshape(-1, a.shape[-1]) if a.ndim > 2 else a, b)
    elif a.ndim <= 2 and b.ndim == 2:
        check_mm(a if a.ndim == 2 else a[None], b)
    elif b.ndim == 2:
        shape = (math.prod(a.shape[:-1]), a.shape[-1])
        check_mm(np.broadcast_to(np.empty((), a.dtype), shape), b)
    else:
        try:
            stack = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        except ValueError:
            raise broadcast_error(a.shape[:-2], b.shape[:-2]) from None
        count = math.prod(stack)
        rows = a.shape[-2] if a.ndim > 1 else 1
        check_stacks(
            a.dtype, b.dtype, (count, rows, a.shape[-1]), (count, b.shape[-2], b.shape[-1])
        )
