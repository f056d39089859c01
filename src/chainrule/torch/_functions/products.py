"""Products of vectors and matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.traces import tick

from .._checks import check_tensors
from .._tape.plans import NAMED, Op
from .._tape.quiet import QUIET, hush, unhush
from .._tape.recording import recorded
from .._tape.values import as_array, recording
from .._tensor import Tensor
from .._writing.out import into_out
from .._writing.views import reshaped
from .product_checks import check_bmm, check_dot, check_matmul, check_mm, check_mv
from .unit_dimensions import unsqueeze

__all__ = ["bmm", "dot", "matmul", "mm", "mv", "vdot"]

asarray, ndarray, new, is_recording = as_array, np.ndarray, object.__new__, recording.get

MM = Op("MmBackward0", np.matmul, ("mat2", "self"), "self mat2")
MV = Op("MvBackward0", np.matmul, ("vec", "self"), "self vec")
DOT = Op("DotBackward0", np.matmul, ("tensor", "self"), "self tensor")
VDOT = Op("VdotBackward0", np.matmul, ("other", "self"), "self other")
BMM = Op("BmmBackward0", np.matmul, ("mat2", "self"), "self mat2")
# PyTorch spells these by the others; the last node of the spelling gives them their names.
ROW = Op("MmBackward0", np.matmul, ("mat2", "self"), "self mat2")
SQUEEZED = Op("SqueezeBackward4", np.reshape, ("",), "self")
STACKS = Op("UnsafeViewBackward0", np.matmul, ("mat2", "self"), "self mat2")
BY_RANKS = {(2, 2): MM, (2, 1): MV, (1, 1): DOT, (1, 2): ROW}
PLANS = {op: (None, op.plan(1), op.plan(2), op.plan(3)) for op in (MM, MV, DOT, ROW, VDOT)}
EDGES: Any = [MM.stated().argument(i) for i in range(2)]
(LEFT, KEEP_LEFT), (RIGHT, KEEP_RIGHT) = EDGES
NAMED[np.matmul] = lambda values: BY_RANKS.get((np.ndim(values[0]), np.ndim(values[1])), BMM)


def small(op: Op, a: Any, b: Any) -> Any:
    """Record the product of vectors and matrices of one dtype, whose shapes are known to fit."""
    x, y, left, right = a._array, b._array, a._node, b._node
    token = hush(QUIET)
    try:
        z = x.dot(y)
    finally:
        unhush(token)
    out = new(Tensor)
    out._array = z = z if type(z) is ndarray else asarray(z)
    out._writes = [0]
    out._node = None
    if (left is None and right is None) or not is_recording():
        return out
    edge: Any = None
    if left is not None:
        edge = (LEFT, left, KEEP_LEFT(0, z, x, y), None)
    if right is not None:
        edge = (RIGHT, right, KEEP_RIGHT(1, z, x, y), edge)
    mask = (left is not None) + 2 * (right is not None)
    watch = [] if mask == 1 else [a._writes, a._writes[0], 0]
    if mask != 2:
        watch += [b._writes, b._writes[0], 1]
    held = (x, left, a._writes, y, right, b._writes, z)
    out._node = [tick(), *edge, PLANS[op][mask], watch, held, None]
    return out


def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the matrix product: of two vectors a number, of matrices a matrix.

    Of more dimensions the last two are the matrices, and those before broadcast. Both have one
    number type; RuntimeError where the shapes do not fit.

    >>> import chainrule.torch as torch
    >>> torch.matmul(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    try:
        x, y = input._array, other._array
    except AttributeError:
        check_tensors("matmul", input=input, other=other)
        raise
    op = BY_RANKS.get((x.ndim, y.ndim))
    if op is None or x.dtype is not y.dtype or x.shape[-1] != y.shape[0] or x.dtype.kind == "b":
        check_matmul(x, y)
    if op is None:
        result = recorded(STACKS, (input, other), {}, np.matmul, None)
    elif op is ROW:
        result = reshaped(small(MM, unsqueeze(input, 0), other), y.shape[1:], SQUEEZED)
        result._view = None  # nobody else knows of the row that it was
    else:
        result = small(op, input, other)
    return result if out is None else into_out("matmul", result, out)


def times_matrix(self: Tensor, other: Any) -> Any:
    return matmul(self, other) if isinstance(other, Tensor) else NotImplemented


def times_matrix_swapped(self: Tensor, other: Any) -> Any:
    return matmul(other, self) if isinstance(other, Tensor) else NotImplemented


def mm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the product of two matrices.

    >>> import chainrule.torch as torch
    >>> torch.mm(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0], [4.0]]))
    tensor([[11.]])
    """
    if type(input) is not Tensor or type(mat2) is not Tensor:
        check_tensors("mm", input=input, mat2=mat2)
    for name, v in (("self", input), ("mat2", mat2)):
        if v._array.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix")
    check_mm(input._array, mat2._array)
    result = small(MM, input, mat2)
    return result if out is None else into_out("mm", result, out)


def mv(input: Tensor, vec: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the product of a matrix and a vector.

    >>> import chainrule.torch as torch
    >>> torch.mv(torch.tensor([[1.0, 2.0]]), torch.tensor([3.0, 4.0]))
    tensor([11.])
    """
    if type(input) is not Tensor or type(vec) is not Tensor:
        check_tensors("mv", input=input, vec=vec)
    check_mv(input._array, vec._array)
    result = small(MV, input, vec)
    return result if out is None else into_out("mv", result, out)


def dot(input: Tensor, tensor: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the sum of the products of two vectors' numbers.

    >>> import chainrule.torch as torch
    >>> torch.dot(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
    tensor(11.)
    """
    if type(input) is not Tensor or type(tensor) is not Tensor:
        check_tensors("dot", input=input, tensor=tensor)
    check_dot(input._array, tensor._array)
    result = small(DOT, input, tensor)
    return result if out is None else into_out("dot", result, out)


def vdot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the sum of the products of two vectors' numbers; complex ones of `input` conjugated.

    >>> import chainrule.torch as torch
    >>> torch.vdot(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
    tensor(11.)
    """
    check_tensors("vdot", input=input, other=other)
    check_dot(input._array, other._array)
    if input._array.dtype.kind == "c":
        from .contractions import spelled

        result = spelled(np.vdot, input, other)
    else:
        result = small(VDOT, input, other)
    return result if out is None else into_out("vdot", result, out)


def bmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the products of two stacks of as many matrices, one by one.

    >>> import chainrule.torch as torch
    >>> torch.bmm(torch.ones(5, 2, 3), torch.ones(5, 3, 4)).shape
    torch.Size([5, 2, 4])
    """
    check_tensors("bmm", input=input, mat2=mat2)
    check_bmm(input._array, mat2._array)
    result = recorded(BMM, (input, mat2), {}, np.matmul, None)
    return result if out is None else into_out("bmm", result, out)


METHODS: dict[str, Callable[..., Any]] = {
    "__matmul__": times_matrix, "__rmatmul__": times_matrix_swapped, "bmm": bmm, "dot": dot,
    "matmul": matmul, "mm": mm, "mv": mv, "vdot": vdot,
}  # fmt: skip
