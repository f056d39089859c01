"""Something plus a product of matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.weighted import weighted_affine

from .._checks import check_tensors, expand_error
from .._kinds.dtypes import scalar_name, type_name
from .._tape.plans import Op, op_named
from .._tape.recording import recorded
from .._tensor import Tensor
from .._writing.out import into_out
from .product_checks import check_mm, check_mv, check_stacks
from .spelling import called

__all__ = ["addbmm", "addmm", "addmv", "addr", "baddbmm"]

ADDMM = Op("AddmmBackward0", weighted_affine, ("", "mat2", "mat1"), "self mat1 mat2")
ADDMV = Op("AddmvBackward0", weighted_affine, ("", "vec", "mat"), "self mat vec")
BADDBMM = Op("BaddbmmBackward0", weighted_affine, ("", "batch2", "batch1"), "self batch1 batch2")
ADDBMM = Op("AddbmmBackward0", weighted_affine, ("", "batch2", "batch1"), "self batch1 batch2")
op_named(weighted_affine, ADDMM)


def check_added(input: Any, other: Any, shape: tuple[int, ...]) -> None:
    """Raise if `input` cannot be added to a product of `shape`, one of whose factors is `other`."""
    if input.dtype != other.dtype:
        raise RuntimeError(
            "self and mat2 must have the same dtype, but got "
            f"{scalar_name(input.dtype)} and {scalar_name(other.dtype)}"
        )
    try:
        fits = np.broadcast_shapes(input.shape, shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise expand_error(shape, input.shape, type_name(input.dtype))


def whole(v: Any) -> Any:
    """Return a weight; 1.0 as 1, by which nothing is multiplied."""
    return int(v) if v in (0, 1) else v


def addmm(
    input: Tensor,
    mat1: Tensor,
    mat2: Tensor,
    *,
    beta: Any = 1,
    alpha: Any = 1,
    out: Tensor | None = None,
) -> Any:
    """Return `beta * input + alpha * (mat1 @ mat2)`; `input` is expanded to the product's shape.

    >>> import chainrule.torch as torch
    >>> torch.addmm(torch.tensor([0.0, 10.0]), torch.ones(2, 3), torch.ones(3, 2))
    tensor([[ 3., 13.],
            [ 3., 13.]])
    """
    check_tensors("addmm", input=input, mat1=mat1, mat2=mat2)
    a, b = mat1._array, mat2._array
    for name, v in (("mat1", a), ("mat2", b)):
        if v.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, got {v.ndim}-D tensor")
    if a.shape[1] == b.shape[0]:
        check_added(input._array, b, (a.shape[0], b.shape[1]))
    check_mm(a, b)
    return added(ADDMM, "addmm", (input, mat1, mat2), beta, alpha, out)


def addmv(
    input: Tensor,
    mat: Tensor,
    vec: Tensor,
    *,
    beta: Any = 1,
    alpha: Any = 1,
    out: Tensor | None = None,
) -> Any:
    """Return `beta * input + alpha * (mat @ vec)`; `input` is expanded to the product's shape.

    >>> import chainrule.torch as torch
    >>> torch.addmv(torch.tensor([0.0, 10.0]), torch.ones(2, 3), torch.ones(3))
    tensor([ 3., 13.])
    """
    check_tensors("addmv", input=input, mat=mat, vec=vec)
    check_mv(mat._array, vec._array)
    check_added(input._array, vec._array, mat._array.shape[:1])
    column = vec.unsqueeze(-1)  # type: ignore[attr-defined]
    beside = input.unsqueeze(-1) if input._array.ndim else input  # type: ignore[attr-defined]
    result = added(ADDMV, "addmv", (beside, mat, column), beta, alpha, None).squeeze(-1)
    result = called(ADDMV.name, result)
    return result if out is None else into_out("addmv", result, out)


def baddbmm(
    input: Tensor,
    batch1: Tensor,
    batch2: Tensor,
    *,
    beta: Any = 1,
    alpha: Any = 1,
    out: Tensor | None = None,
) -> Any:
    """Return `beta * input + alpha * (batch1 @ batch2)`, for stacks of matrices.

    >>> import chainrule.torch as torch
    >>> torch.baddbmm(torch.zeros(2), torch.ones(1, 1, 3), torch.ones(1, 3, 2))
    tensor([[[3., 3.]]])
    """
    check_tensors("baddbmm", input=input, batch1=batch1, batch2=batch2)
    a, b = batch1._array, batch2._array
    for k, v in enumerate((a, b), 1):
        if v.ndim != 3:
            raise RuntimeError(f"batch{k} must be a 3D tensor")
    check_stacks(a.dtype, b.dtype, a.shape, b.shape)
    check_added(input._array, b, (a.shape[0], a.shape[1], b.shape[2]))
    return added(BADDBMM, "baddbmm", (input, batch1, batch2), beta, alpha, out)


def addbmm(
    input: Tensor,
    batch1: Any,
    batch2: Any,
    *,
    beta: Any = 1,
    alpha: Any = 1,
    out: Tensor | None = None,
) -> Any:
    """Return `beta * input` plus `alpha` times the sum of all products of two stacks' matrices.

    >>> import chainrule.torch as torch
    >>> torch.addbmm(torch.zeros(1, 1), torch.ones(2, 1, 3), torch.ones(2, 3, 1))
    tensor([[6.]])
    """
    check_tensors("addbmm", input=input, batch1=batch1, batch2=batch2)
    a, b = batch1._array, batch2._array
    for k, v in enumerate((a, b), 1):
        if v.ndim != 3:
            raise RuntimeError(f"batch{k} must be a 3D tensor")
    if a.shape[0] != b.shape[0]:
        raise RuntimeError(
            f"batch1 and batch2 must have same number of batches, got {a.shape[0]} and {b.shape[0]}"
        )
    if a.shape[2] != b.shape[1]:
        raise RuntimeError(
            "Incompatible matrix sizes for bmm "
            f"({a.shape[1]}x{a.shape[2]} and {b.shape[1]}x{b.shape[2]})"
        )
    rows, columns = a.shape[1], b.shape[2]
    check_added(input._array, b, (rows, columns))
    wide = batch1.permute(1, 0, 2).reshape(rows, -1)  # the sum over the stack is one product
    tall = batch2.reshape(-1, columns)
    result = added(ADDBMM, "addbmm", (input, wide, tall), beta, alpha, None)
    return result if out is None else into_out("addbmm", result, out)


def addr(
    input: Tensor,
    vec1: Any,
    vec2: Any,
    *,
    beta: Any = 1,
    alpha: Any = 1,
    out: Tensor | None = None,
) -> Any:
    """Return `beta * input` plus `alpha` times all products of the numbers of two vectors.

    >>> import chainrule.torch as torch
    >>> torch.addr(torch.zeros(2, 2), torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    check_tensors("addr", input=input, vec1=vec1, vec2=vec2)
    for name, v in (("vec1", vec1), ("vec2", vec2)):
        if v._array.ndim != 1:
            raise RuntimeError(f"addr: Expected 1-D argument {name}, but got {v._array.ndim}-D")
    shape = (vec1._array.size, vec2._array.size)
    try:
        np.broadcast_to(input._array, shape)
    except ValueError:
        raise expand_error(shape, input._array.shape, type_name(input._array.dtype)) from None
    products = vec1.unsqueeze(1) * vec2
    before: Any = input
    weighted = products if alpha == 1 else products * alpha
    result = called("AddrBackward0", (before if beta == 1 else before * beta) + weighted)
    return result if out is None else into_out("addr", result, out)


def added(op: Op, function: str, inputs: Any, beta: Any, alpha: Any, out: Any) -> Any:
    options = {"beta": whole(beta), "alpha": whole(alpha)}
    result = recorded(op, inputs, options, op.stated().call, None)
    return result if out is None else into_out(function, result, out)


METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__}
